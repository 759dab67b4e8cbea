// SPDX-License-Identifier: GPL-2.0
/*
 * What a command costs as a process: launch COMMAND [ARG...]
 *
 * Runs COMMAND and writes two numbers to stderr: nanoseconds, from fork() until
 * it has been waited for, and the most memory in KiB that it has used (VmHWM).
 *
 * Built on nolibc, so that the fork copies next to nothing and the launcher's
 * own memory, from which a child's count starts, is less than any command's.
 */

#include "nolibc.h"

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

int main(int argc, char **argv)
{
	long long start = now();
	struct rusage usage;
	siginfo_t end;
	int pid;

	if (argc < 2)
		return 2;
	pid = fork();
	if (pid == 0) {
		execve(argv[1], argv + 1, environ);
		exit(complain(argv[1]));
	}
	if (pid < 0 || _sys_waitid(P_PID, pid, &end, WEXITED, &usage) < 0)
		return complain(argv[1]);
	fprintf(stderr, "%lld %ld\n", now() - start, usage.ru_maxrss);
	return end.si_status;
}
