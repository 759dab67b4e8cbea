// SPDX-License-Identifier: GPL-2.0
/*
 * The same sequences of requests, and of changes by other means, given to C and
 * to Rust, each time in fresh network namespaces. Errors, notifications and
 * tables must be the same. If they are not, the shortest sequence is sought
 * that still shows it.
 *
 *   differential [-s SEED] [-n REQUESTS] [-i SEQUENCE]
 *
 * runs at least so many requests, or one sequence only.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "../../kselftest.h"
#include "server.h"
#include "world.h"

/* Sequences that run before the module is loaded or unloaded again. */
#define BATCH	64
#define ERRORS	134

struct trace {
	struct outcome outcome[SEQUENCE_STEPS];
};

static struct sequence sequence;
/* C's, of as many runs as a batch or a search for fewer steps may take. */
static struct trace traces[SEQUENCE_STEPS];
static struct trace trace;

/* What C answered so far: a test in which little succeeds says little. */
static unsigned long answers[ERRORS];
static unsigned long changes;
/* Of all that, so that runs on two machines of one byte order can be compared. */
static __u64 checksum;

static void run_without(int from, int to, struct trace *trace, bool as_text)
{
	struct world world;
	int i;

	world_open(&world, &sequence);
	for (i = 0; i < sequence.count; i++) {
		if (i >= from && i < to)
			trace->outcome[i] = (struct outcome){};
		else
			world_apply(&world, &sequence.step[i],
				    &trace->outcome[i], as_text);
	}
	world_close(&world);
}

static void run(struct trace *trace, bool as_text)
{
	run_without(0, 0, trace, as_text);
}

/*
 * C reads the argument before it asks for the capability, Rust does not: the
 * one difference that is meant.
 */
static bool is_same(const struct step *step, const struct outcome *c,
		    const struct outcome *rust)
{
	if (c->hash != rust->hash)
		return false;
	return c->error == rust->error ||
	       (step->kind == STEP_REQUEST && step->request.unprivileged &&
		c->error == EFAULT && rust->error == EPERM);
}

/* Returns the first step whose outcome differs, or -1. */
static int difference(const struct trace *c, const struct trace *rust)
{
	int i;

	for (i = 0; i < sequence.count; i++)
		if (!is_same(&sequence.step[i], &c->outcome[i],
			     &rust->outcome[i]))
			return i;
	return -1;
}

static void remove_steps(int from, int to)
{
	memmove(&sequence.step[from], &sequence.step[to],
		(sequence.count - to) * sizeof(sequence.step[0]));
	sequence.count -= to - from;
}

/* Takes out @size steps somewhere, if a difference remains. */
static bool shrink_by(int size)
{
	int from, found = -1;

	server_switch(SERVER_C);
	for (from = 0; from < sequence.count; from += size)
		run_without(from, from + size, &traces[from], false);

	server_switch(SERVER_RUST);
	for (from = 0; found < 0 && from < sequence.count; from += size) {
		run_without(from, from + size, &trace, false);
		found = difference(&traces[from], &trace);
	}
	if (found < 0)
		return false;

	sequence.count = found + 1;
	from -= size;
	if (from < sequence.count)
		remove_steps(from, from + size < sequence.count ? from + size :
			     sequence.count);
	return true;
}

static void print_outcome(const char *who, const char *text)
{
	ksft_print_msg("    %s: %s\n", who, text);
}

static void shrink_and_print(int first)
{
	char *text;
	size_t size;
	FILE *file;
	int i;

	sequence.count = first + 1;
	ksft_print_msg("a difference after %d steps, looking for fewer\n",
		       sequence.count);
	for (i = sequence.count / 2; i; i /= 2)
		while (sequence.count > 1 && shrink_by(i))
			;

	server_switch(SERVER_C);
	run(&traces[0], true);
	server_switch(SERVER_RUST);
	run(&trace, true);
	for (i = 0; i < sequence.count; i++) {
		const struct outcome *c = &traces[0].outcome[i];
		const struct outcome *rust = &trace.outcome[i];

		file = open_memstream(&text, &size);
		step_print(file, &sequence.step[i]);
		fclose(file);
		ksft_print_msg("%d. %s", i + 1, text);
		free(text);
		if (is_same(&sequence.step[i], c, rust)) {
			print_outcome("both", c->text);
		} else {
			print_outcome("C", c->text);
			print_outcome("Rust", rust->text);
		}
	}
}

static void count_answers(const struct trace *trace)
{
	int i;

	for (i = 0; i < sequence.count; i++) {
		const struct outcome *c = &trace->outcome[i];

		checksum = checksum * 31 + c->error;
		checksum = checksum * 31 + c->hash;
		if (sequence.step[i].kind == STEP_REQUEST)
			answers[c->error % ERRORS]++;
		else if (sequence.step[i].kind != STEP_DUMP)
			changes++;
	}
}

static void print_answers(void)
{
	int i;

	for (i = 0; i < ERRORS; i++)
		if (answers[i])
			ksft_print_msg("  %9lu %s\n", answers[i],
				       i ? strerror(i) : "Success");
	ksft_print_msg("  %9lu changes by rtnetlink\n", changes);
	ksft_print_msg("checksum of what came of them: %016llx\n",
		       (unsigned long long)checksum);
}

static bool test_boundaries(unsigned int number)
{
	int first;

	sequence_boundaries(&sequence, number);
	server_switch(SERVER_C);
	run(&traces[0], false);
	server_switch(SERVER_RUST);
	run(&trace, false);
	first = difference(&traces[0], &trace);
	if (first >= 0)
		shrink_and_print(first);
	return first < 0;
}

/*
 * Runs sequences from number *@next on until they hold @wanted requests or the
 * batch is full. Returns whether both gave the same answers.
 */
static bool test_batch(unsigned int seed, unsigned int *next,
		       unsigned long wanted, unsigned long *requests)
{
	unsigned int i, from = *next;
	unsigned long given = 0;
	int first;

	server_switch(SERVER_C);
	for (i = from; i < from + BATCH && given < wanted; i++) {
		sequence_random(&sequence, seed, i);
		run(&traces[i - from], false);
		count_answers(&traces[i - from]);
		given += sequence_requests(&sequence);
	}
	*next = i;

	server_switch(SERVER_RUST);
	for (i = from; i < *next; i++) {
		sequence_random(&sequence, seed, i);
		run(&trace, false);
		*requests += sequence_requests(&sequence);
		first = difference(&traces[i - from], &trace);
		if (first >= 0) {
			ksft_print_msg("seed %u, sequence %u:\n", seed, i);
			shrink_and_print(first);
			return false;
		}
	}
	return true;
}

static unsigned long parse_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (end == text || *end)
		ksft_exit_fail_msg("no number: %s\n", text);
	return value;
}

int main(int argc, char **argv)
{
	unsigned long wanted = 2000, requests = 0;
	unsigned int seed = 1, next = 0;
	bool same;
	int option, i;

	while ((option = getopt(argc, argv, "s:n:i:")) != -1) {
		switch (option) {
		case 's':
			seed = parse_number(optarg);
			break;
		case 'n':
			wanted = parse_number(optarg);
			break;
		case 'i':
			next = parse_number(optarg);
			wanted = 1;
			break;
		default:
			return KSFT_FAIL;
		}
	}

	ksft_print_header();
	server_open();
	ksft_set_plan(3);

	for (i = 0; i < 2; i++)
		ksft_test_result(test_boundaries(i),
				 "page boundaries, %s: %d requests\n",
				 i ? "IPv6" : "IPv4",
				 sequence_requests(&sequence));

	do {
		same = test_batch(seed, &next, wanted - requests, &requests);
		ksft_print_msg("%lu of %lu requests\n", requests, wanted);
	} while (same && requests < wanted);
	print_answers();
	ksft_test_result(same, "seed %u: %lu requests\n", seed, requests);

	server_close();
	ksft_finished();
}
