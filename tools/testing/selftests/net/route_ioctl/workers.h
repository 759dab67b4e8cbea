/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that call without pause while a test does something to the ground
 * that they stand on.
 */
#ifndef WORKERS_H
#define WORKERS_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "route_ioctl.h"

#define WORKERS_MAX	8
/* The greatest errno that any of these calls may end with. */
#define RESULTS		256

struct workers {
	int count;
	pid_t pid[WORKERS_MAX];
	struct tally *tally;
};

/* What all workers share. */
struct tally {
	bool stop;
	unsigned long calls;
	unsigned long result[RESULTS];	/* [0] is success, [n] is errno n */
};

/* How often to do what a test does; more often than @usual if asked for. */
static inline unsigned int rounds(unsigned int usual)
{
	const char *wanted = getenv("ROUTE_IOCTL_ROUNDS");

	return wanted ? strtoul(wanted, NULL, 0) : usual;
}

static inline void workers_init(struct __test_metadata *_metadata,
				struct workers *workers)
{
	workers->count = 0;
	workers->tally = mmap(NULL, sizeof(*workers->tally),
			      PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(workers->tally != MAP_FAILED);
}

static inline bool workers_stopped(const struct tally *tally)
{
	return __atomic_load_n(&tally->stop, __ATOMIC_RELAXED);
}

/* Returns 0 or the errno of the call, which it counts. */
static inline int workers_call(struct tally *tally, int sock,
			       unsigned long cmd, const void *rt)
{
	int err = ioctl(sock, cmd, rt) ? errno : 0;

	__atomic_add_fetch(&tally->calls, 1, __ATOMIC_RELAXED);
	if (err < RESULTS)
		__atomic_add_fetch(&tally->result[err], 1, __ATOMIC_RELAXED);
	return err;
}

/* @work returns whether all went well. */
static inline void workers_add(struct __test_metadata *_metadata,
			       struct workers *workers,
			       bool (*work)(struct tally *tally, int number))
{
	pid_t pid;

	ASSERT_GT(WORKERS_MAX, workers->count);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(!work(workers->tally, workers->count));
	}
	workers->pid[workers->count++] = pid;
}

static inline void workers_stop(struct __test_metadata *_metadata,
				struct workers *workers)
{
	int i, status;

	__atomic_store_n(&workers->tally->stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < workers->count; i++) {
		ASSERT_EQ(workers->pid[i],
			  waitpid(workers->pid[i], &status, 0));
		EXPECT_EQ(0, status) {
			TH_LOG("worker %d", i);
		}
	}
}

/* By poll(): the others need what not every kernel has for 32 bits. */
static inline void sleep_ms(int ms)
{
	poll(NULL, 0, ms);
}

/* Waits at most @seconds. */
#define WAIT_FOR(_condition, _seconds)					\
	({								\
		time_t __end = time(NULL) + (_seconds);			\
		bool __met;						\
									\
		while (!(__met = (_condition)) && time(NULL) < __end)	\
			sleep_ms(10);					\
		__met;							\
	})

/*
 * A network namespace that watches others: each of them gets one end of a
 * veth, and the end that is here vanishes with it.
 */
static inline int watch_open(struct __test_metadata *_metadata)
{
	int netns;

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, netns);
	return netns;
}

/* To be called in the namespace to be watched, for which @name stands. */
static inline void watch(struct __test_metadata *_metadata, int netns,
			 const char *name)
{
	ASSERT_EQ(0, rtnl_link_add(name, "veth"));
	ASSERT_EQ(0, rtnl_link_move(name, netns));
}

#endif /* WORKERS_H */
