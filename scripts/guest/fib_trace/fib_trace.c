// SPDX-License-Identifier: GPL-2.0
/*
 * Random sequences of changes of an IPv4 FIB, and of questions to it: the same
 * ones for the same seed, so that what comes of them can be compared between
 * kernels.
 *
 *   fib_trace [-v]
 *
 * reads lines from standard input, each a seed and the numbers of steps, such
 * as "7 0-99,105,108", runs each in a fresh network namespace, and prints
 *
 *   SEED: CHANGES changes, DONE of them done, HASH
 *
 * With -v, before that, all that comes of each step.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"
#include "world.h"

/* As long as a line may be. */
#define LINE	1000000

struct count {
	unsigned long changes;
	unsigned long done;
};

static void run_step(struct world *world, __u64 seed, unsigned long number,
		     struct record *record, struct count *count)
{
	static struct step step;
	bool done;

	step_make(&step, seed, number);
	done = world_apply(world, &step, record);
	if (step_changes(&step)) {
		count->changes++;
		count->done += done;
	}
}

static void run_line(char *line, bool as_text)
{
	struct record record = { .as_text = as_text };
	unsigned long seed, from, to;
	struct count count = {};
	struct world world;
	char *at;

	seed = strtoul(line, &at, 10);
	world_open(&world, seed);
	while (*at == ' ' || *at == ',') {
		from = strtoul(at + 1, &at, 10);
		to = *at == '-' ? strtoul(at + 1, &at, 10) : from;
		for (; from <= to; from++)
			run_step(&world, seed, from, &record, &count);
	}
	world_record(&world, &record);
	world_close(&world);
	printf("%lu: %lu changes, %lu of them done, %016llx\n", seed,
	       count.changes, count.done, (unsigned long long)record.hash);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	const bool as_text = argc > 1 && !strcmp(argv[1], "-v");
	static char line[LINE];

	while (fgets(line, sizeof(line), stdin))
		run_line(line, as_text);
	return 0;
}
