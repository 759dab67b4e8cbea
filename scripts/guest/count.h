/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What programs share that count instructions: to be run under icount, where
 * the time stamp counter counts them.
 */
#ifndef COUNT_H
#define COUNT_H

#include <err.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <x86intrin.h>

/* What it takes to read the clock twice. */
static __u64 clock_cost;

/* The instructions since the clock was read. */
static inline __u64 cost(__u64 start)
{
	return __rdtsc() - start - clock_cost;
}

static inline void calibrate(void)
{
	__u64 found, least = UINT64_MAX;
	int i;

	for (i = 0; i < 100; i++) {
		found = cost(__rdtsc());
		if (found < least)
			least = found;
	}
	clock_cost = least;
}

static inline void run(const char *format, ...)
{
	char command[200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	if (system(command))
		errx(1, "%s failed", command);
}

/* Enters a network namespace with its loopback device up. */
static inline void enter_namespace(void)
{
	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	run("ip link set lo up");
}

/* @address is in network byte order. */
static inline struct sockaddr inet_address(__u32 address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = address,
	};
	struct sockaddr sa;

	memcpy(&sa, &in, sizeof(sa));
	return sa;
}

static inline __u32 random_bits(void)
{
	static __u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 32;
}

#endif /* COUNT_H */
