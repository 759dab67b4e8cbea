/* SPDX-License-Identifier: GPL-2.0 */
/* A fresh network namespace to run a sequence in. */
#ifndef WORLD_H
#define WORLD_H

#include "record.h"
#include "step.h"

struct world {
	int sock;
	int dump;
	int monitor;
};

/* Any failure to make it ends the program. */
void world_open(struct world *world, __u64 seed);
/* Returns whether the kernel has taken the change. */
bool world_apply(struct world *world, const struct step *step,
		 struct record *record);
/* Of all that can be read of it. */
void world_record(struct world *world, struct record *record);
void world_close(struct world *world);

#endif /* WORLD_H */
