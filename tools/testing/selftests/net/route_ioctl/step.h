/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One step of a sequence that is run against two implementations. It holds all
 * that it needs, so that a sequence stays one when others are taken out.
 */
#ifndef STEP_H
#define STEP_H

#include <stdbool.h>
#include <stdio.h>

#include "entry.h"
#include "rtnl.h"

#define STEP_NETS	2
#define STEP_NAME	24

enum step_kind {
	STEP_REQUEST,		/* a routing ioctl */
	STEP_ROUTE,		/* a route by rtnetlink */
	STEP_ADDRESS,
	STEP_UP,
	STEP_MASTER,
	STEP_MTU,
	STEP_DUMP,		/* changes nothing: all tables are compared */
};

/* Where bytes lie that the kernel is to read. */
struct place {
	enum {
		/* The first @count bytes can be read, what follows cannot. */
		PLACE_BEFORE,
		/* The first @count bytes cannot be read, what follows can. */
		PLACE_BEHIND,
		/* At @address, where nothing is. */
		PLACE_NOWHERE,
	} kind;
	unsigned int count;
	unsigned long address;
};

struct step_request {
	int family;		/* of the socket */
	unsigned long cmd;
	union argument argument; /* but for rt_dev: @name_place decides */
	struct place place;
	/* For IPv4: */
	char name[STEP_NAME];
	struct place name_place;
	bool unprivileged;
};

/* A change by rtnetlink: the fields that its kind of step is about. */
struct step_change {
	bool add;		/* or delete; or set up, or down */
	unsigned int flags;
	const char *dev;
	const char *master;
	__u32 mtu;
	struct rtnl_route route;
	const struct rtnl_address *address;
};

struct step {
	enum step_kind kind;
	int net;
	struct step_request request;
	struct step_change change;
};

void step_print(FILE *file, const struct step *step);

#endif /* STEP_H */
