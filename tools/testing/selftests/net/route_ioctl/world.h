/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Fresh network namespaces to run a sequence in. Any failure to make them ends
 * the program.
 */
#ifndef WORLD_H
#define WORLD_H

#include "sequence.h"

/* A name as long as names can be. */
#define LONG_NAME	"dev-12345678901"
/* Of the VRF that has members. */
#define RED_TABLE	100

struct world {
	int family;
	struct {
		int ns;
		int sock;
		int monitor;
	} net[STEP_NETS];
	int current;
};

/* What came of a step. */
struct outcome {
	int error;
	__u64 hash;	/* of notifications and dumped routes, bit by bit */
	char *text;	/* the same, if asked for; to be freed */
};

void world_open(struct world *world, const struct sequence *sequence);
void world_apply(struct world *world, const struct step *step,
		 struct outcome *outcome, bool as_text);
void world_close(struct world *world);

/* One of the addresses that @net has or may get; any @number will do. */
const struct rtnl_address *world_address(int family, int net,
					 unsigned int number);

/* One of its devices, in the same way. */
const char *world_device(int net, unsigned int number);

/* The index that a device has in either namespace, if it is there. */
int world_ifindex(const char *dev);

#endif /* WORLD_H */
