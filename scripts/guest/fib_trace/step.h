/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A step of a sequence depends on nothing but the seed and its number: it stays
 * the same when others are left out.
 */
#ifndef STEP_H
#define STEP_H

#include <stdbool.h>

#include "message.h"
#include "random.h"

/* As many as a slow dump has, with its changes and lookups. */
#define STEP_MESSAGES	6
#define STEP_FILE	64

/* The devices of the world, which have these indexes. */
#define LO		1
#define D0		2
#define DEVICES		3
#define VRF		9
#define VRF_TABLE	100

enum step_kind {
	STEP_CHANGE,	/* a message */
	STEP_CARRIER,	/* the same; the kernel does it later */
	STEP_LOOKUP,	/* lookups alone */
	STEP_DUMP,
	STEP_SLOW_DUMP,	/* changes come between its parts */
	STEP_FLUSH,	/* what a dump tells is deleted */
	STEP_FILE_READ,	/* /proc/net/@file */
	STEP_FILE_WRITE,/* /proc/sys/net/ipv4/@file */
};

/*
 * From @lookups on, messages are lookups. What changes something has one around
 * it, and more behind it.
 */
struct step {
	enum step_kind kind;
	int lookups;
	int count;
	union message message[STEP_MESSAGES];
	char file[STEP_FILE];
	char value[12];
};

enum salt {
	SALT_KIND,
	SALT_KEY,
	SALT_ROUTE,
	SALT_LOOKUP,
	SALT_OTHER,
	SALT_POOL,
	SALT_WORLD,
};

/* Whence all that is random of a step comes. */
struct random step_random(__u64 seed, __u32 number, enum salt salt);

void step_make(struct step *step, __u64 seed, __u32 number);
/* Whether it changes something, or may. */
bool step_changes(const struct step *step);

/* Of which worlds there is one with a VRF. */
bool step_has_vrf(__u64 seed);

/* What a route is about: what is equal in two that are the same. */
struct key {
	__u32 dst;
	unsigned char length;
	unsigned char tos;
	__u32 table;
	int priority;	/* -1: none */
};

struct key make_key(__u64 seed, __u32 number);
/* A route to what @key says; the rest comes from @random. */
void make_route(union message *message, struct random *random,
		const struct key *key, unsigned short flags);
/* The deletion of a route, of which it says as much as is left to chance. */
void make_delete(union message *message, struct random *random,
		 const union message *route);
void make_lookup(union message *message, struct random *random, __u64 seed,
		 const struct key *near);
/* One of the prefixes of a sequence. */
void pick_prefix(struct random *random, __u64 seed, __u32 *dst,
		 unsigned char *length);
__u32 pick_table(struct random *random);

/* What is no route. */
void make_link(union message *message, struct random *random);
void make_carrier(union message *message, struct random *random);
void make_device(union message *message, struct random *random);
void make_master(union message *message, struct random *random);
void make_address(union message *message, struct random *random);
void make_rule(union message *message, struct random *random, __u64 seed);
void make_nexthop(union message *message, struct random *random);
void make_neighbour(union message *message, struct random *random);
void make_dump(union message *message, struct random *random);

/* Addresses of the device of a number, from 0 on: 172.16.NUMBER.HOST. */
__u32 device_address(int number, int host);

#endif /* STEP_H */
