// SPDX-License-Identifier: GPL-2.0
/*
 * What a command costs as a process: launch RUNS COMMAND [ARG...]
 *
 * Runs COMMAND that often, one after the other, and writes two numbers to stderr: the
 * nanoseconds of one run on average, from fork() until it has been waited for, and the most
 * memory in KiB that one of them has used (VmHWM). A % in an argument stands for the number of
 * the run, so that each can add a route of its own.
 *
 * Built on nolibc, so that the fork copies next to nothing and the launcher's own memory, from
 * which a child's count starts, is less than any command's.
 */

#include "nolibc.h"

#define ARGS_MAX 32
#define ARG_SIZE 128

static char words[ARGS_MAX][ARG_SIZE];
static char *args[ARGS_MAX + 1];

static int complain(const char *what)
{
	fprintf(stderr, "launch: %s: %m\n", what);
	return 1;
}

static long long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Writes @word into @arg, with @run for each %. */
static void fill(char *arg, const char *word, int run)
{
	size_t used = 0;

	for (; *word && used < ARG_SIZE - 12; word++) {
		if (*word == '%')
			used += snprintf(arg + used, 12, "%d", run);
		else
			arg[used++] = *word;
	}
	arg[used] = '\0';
}

/* The nanoseconds of one run, or -1; the memory it used is in @usage. */
static long long launch(struct rusage *usage)
{
	long long start = now();
	siginfo_t end;
	int pid;

	pid = fork();
	if (pid < 0)
		return -1;
	if (pid == 0) {
		execve(args[0], args, environ);
		exit(complain(args[0]));
	}
	if (_sys_waitid(P_PID, pid, &end, WEXITED, usage) < 0 || end.si_status != 0)
		return -1;
	return now() - start;
}

int main(int argc, char **argv)
{
	long long took, total = 0, memory = 0;
	struct rusage usage;
	int runs, run, i;

	if (argc < 3 || argc - 2 > ARGS_MAX || atoi(argv[1]) <= 0) {
		fprintf(stderr, "launch: RUNS COMMAND [ARG...]\n");
		return 2;
	}
	runs = atoi(argv[1]);
	for (run = 0; run < runs; run++) {
		for (i = 2; i < argc; i++) {
			fill(words[i - 2], argv[i], run);
			args[i - 2] = words[i - 2];
		}
		took = launch(&usage);
		if (took < 0) {
			fprintf(stderr, "launch: %s has failed\n", args[0]);
			return 1;
		}
		total += took;
		if (usage.ru_maxrss > memory)
			memory = usage.ru_maxrss;
	}
	fprintf(stderr, "%lld %lld\n", total / runs, memory);
	return 0;
}
