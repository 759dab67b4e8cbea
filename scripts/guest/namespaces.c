// SPDX-License-Identifier: GPL-2.0
/*
 * Counts what network namespaces cost: with nothing but lo, which is down or up.
 *
 *   namespaces [COUNT]
 *
 * To be run under icount with one CPU, where the time stamp counter counts
 * instructions. Says, for lo down and for lo up, a line each: the instructions
 * to make a namespace, those to take one down, and the bytes of memory that one
 * takes.
 *
 * What takes a namespace down are threads of the kernel and callbacks of RCU,
 * which wait a lot. Meanwhile this runs a loop that is known to take so many
 * instructions: all others are theirs.
 */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <x86intrin.h>

/* Turns of the loop, after each of which it looks at the clock. */
#define SPIN		100000
/* Instructions in which all comes to rest: by far more than are needed. */
#define REST		1000000000ULL
#define WARM_UP		100

static void spin(void)
{
	for (int i = 0; i < SPIN; i++)
		asm volatile("");
}

/* What the loop costs: an interrupt makes it dearer, nothing cheaper. */
static unsigned long long spin_cost(void)
{
	unsigned long long least = ~0ULL;

	for (int i = 0; i < 100; i++) {
		unsigned long long start = __rdtsc(), cost;

		spin();
		cost = __rdtsc() - start;
		if (cost < least)
			least = cost;
	}
	return least;
}

/* The instructions that others take until all rests. */
static unsigned long long settle(unsigned long long cost)
{
	unsigned long long start = __rdtsc(), now, spun = 0;

	do {
		spin();
		spun += cost;
		now = __rdtsc();
	} while (now - start < REST);
	return now - start - spun;
}

static unsigned long long free_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long long kib = 0;
	char line[256];

	if (!file)
		err(1, "/proc/meminfo");
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "MemFree: %llu kB", &kib) == 1)
			break;
	fclose(file);
	return kib * 1024;
}

static void lo_up(void)
{
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &ifr))
		err(1, "lo");
	close(sock);
}

static void make(int *namespaces, int count, bool up)
{
	for (int i = 0; i < count; i++) {
		if (unshare(CLONE_NEWNET))
			err(1, "unshare");
		if (up)
			lo_up();
		namespaces[i] = open("/proc/self/ns/net", O_RDONLY);
		if (namespaces[i] < 0)
			err(1, "/proc/self/ns/net");
	}
}

static void unmake(int *namespaces, int count, int home)
{
	if (setns(home, CLONE_NEWNET))
		err(1, "setns");
	for (int i = 0; i < count; i++)
		close(namespaces[i]);
}

int main(int argc, char **argv)
{
	const int count = argc > 1 ? atoi(argv[1]) : 1000;
	const int home = open("/proc/self/ns/net", O_RDONLY);
	const struct rlimit files = { count + 64, count + 64 };
	int *namespaces = calloc(count, sizeof(*namespaces));
	unsigned long long cost, start, made, unmade, before, after;

	if (count < WARM_UP || !namespaces || home < 0 ||
	    setrlimit(RLIMIT_NOFILE, &files))
		err(1, "%d namespaces", count);
	cost = spin_cost();
	/* What all of it needs once. */
	make(namespaces, WARM_UP, true);
	unmake(namespaces, WARM_UP, home);
	settle(cost);

	for (int up = 0; up < 2; up++) {
		unsigned long long idle = settle(cost);

		before = free_memory();
		start = __rdtsc();
		make(namespaces, count, up);
		made = __rdtsc() - start;
		made += settle(cost) - idle;
		after = free_memory();
		start = __rdtsc();
		unmake(namespaces, count, home);
		unmade = __rdtsc() - start;
		unmade += settle(cost) - idle;
		printf("lo %s: made %llu, taken down %llu, bytes %llu\n",
		       up ? "up" : "down",
		       made / count, unmade / count,
		       (before - after) / count);
	}
	return 0;
}
