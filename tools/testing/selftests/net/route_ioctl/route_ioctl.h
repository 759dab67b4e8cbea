/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the routing ioctls share: a network namespace for each
 * test, requests in one line, and a check of all that a call may change.
 */
#ifndef ROUTE_IOCTL_H
#define ROUTE_IOCTL_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "../../kselftest_harness.h"
#include "entry.h"
#include "fib.h"
#include "module.h"
#include "rtnl.h"

/* For what the kernel may be configured not to have; _leave as SKIP() has it. */
#define ASSERT_SUPPORTED(_leave, _call)					\
	do {								\
		int __err = (_call);					\
									\
		if (__err == -EOPNOTSUPP || __err == -EAFNOSUPPORT)	\
			SKIP(_leave, "this kernel cannot " #_call);	\
		ASSERT_EQ(0, __err);					\
	} while (0)

/*
 * The devices d0 and d1 are up and have 10.1.0.1/24 and 10.2.0.1/24, or of IPv6
 * 2001:db8:1::1/64 and 2001:db8:2::1/64. It hears of the routes of its family.
 */
struct host {
	int family;
	int sock;
	int monitor;
};

/* Whether a 64-bit kernel runs this 32-bit program. */
static inline bool is_compat(void)
{
	struct utsname name;

	return sizeof(long) == 4 && !uname(&name) &&
	       (strstr(name.machine, "64") || !strcmp(name.machine, "s390x"));
}

static inline void host_open(struct __test_metadata *_metadata,
			     struct host *host, int family)
{
	host->family = family;
	host->sock = socket(family, SOCK_DGRAM, 0);
	ASSERT_LE(0, host->sock);
	host->monitor = fib_monitor(family);
	ASSERT_LE(0, host->monitor);
}

/* No address comes by itself, at a time of its own, in this network. */
static inline void no_autoconf(struct __test_metadata *_metadata)
{
	FILE *file = fopen("/proc/sys/net/ipv6/conf/default/addr_gen_mode",
			   "w");

	ASSERT_TRUE(!!file);
	ASSERT_LT(0, fputs("1", file));
	ASSERT_EQ(0, fclose(file));
}

/* Fills the network namespace that the caller has entered. */
static inline void host_fill(struct __test_metadata *_metadata,
			     struct host *host, int family)
{
	static const struct rtnl_address inet[] = {
		{ .dev = "d0", .local = "10.1.0.1/24" },
		{ .dev = "d1", .local = "10.2.0.1/24" },
	};
	static const struct rtnl_address inet6[] = {
		{ .dev = "d0", .local = "2001:db8:1::1/64" },
		{ .dev = "d1", .local = "2001:db8:2::1/64" },
	};
	const struct rtnl_address *address = family == AF_INET6 ? inet6 : inet;
	int i;

	if (family == AF_INET6)
		no_autoconf(_metadata);
	ASSERT_EQ(0, rtnl_link_up("lo", true));
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, rtnl_link_add(address[i].dev, "dummy"));
		ASSERT_EQ(0, rtnl_link_up(address[i].dev, true));
		ASSERT_EQ(0, rtnl_address_add(&address[i]));
	}

	host_open(_metadata, host, family);
}

static inline void host_setup_family(struct __test_metadata *_metadata,
				     struct host *host, int family)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	host_fill(_metadata, host, family);
}

static inline void host_setup(struct __test_metadata *_metadata,
			      struct host *host)
{
	host_setup_family(_metadata, host, AF_INET);
}

static inline void host_setup_ipv6(struct __test_metadata *_metadata,
				   struct host *host)
{
	host_setup_family(_metadata, host, AF_INET6);
}

/* For what a test changes by other means than the ioctls. */
static inline void host_forget_events(struct __test_metadata *_metadata,
				      const struct host *host)
{
	ASSERT_LE(0, fib_events(host->monitor, NULL, 0));
}

/* A call holds the module that serves it, and no longer. */
static inline void expect_no_reference(struct __test_metadata *_metadata,
				       int line)
{
	EXPECT_EQ(0, module_references()) {
		TH_LOG("line %d: something holds " MODULE, line);
	}
}

/*
 * The call must succeed, make @route the only difference between the tables
 * before and after, and notify of it once, as @noted.
 */
static inline void expect_change_noted(struct __test_metadata *_metadata,
				       int line, const struct host *host,
				       unsigned long cmd, const void *rt,
				       unsigned int flags, const char *route,
				       const char *noted)
{
	struct fib_event event = {};
	struct fib before, after;
	bool differs;

	ASSERT_EQ(0, fib_read(host->family, &before));
	ASSERT_EQ(0, ioctl(host->sock, cmd, rt)) {
		TH_LOG("line %d, %s: %s", line, route, strerror(errno));
	}
	ASSERT_EQ(0, fib_read(host->family, &after));

	differs = cmd == SIOCADDRT ? fib_differs_by(&after, &before, route) :
				     fib_differs_by(&before, &after, route);
	EXPECT_TRUE(differs) {
		TH_LOG("line %d, %s: the tables before and after are", line,
		       route);
		fib_print(&before);
		fprintf(stderr, "#  and\n");
		fib_print(&after);
	}

	EXPECT_EQ(1, fib_events(host->monitor, &event, 1)) {
		TH_LOG("line %d, %s", line, route);
	}
	EXPECT_STREQ(noted, event.route) {
		TH_LOG("line %d", line);
	}
	EXPECT_EQ(cmd == SIOCADDRT ? RTM_NEWROUTE : RTM_DELROUTE, event.type) {
		TH_LOG("line %d, %s", line, route);
	}
	EXPECT_EQ(flags, event.flags) {
		TH_LOG("line %d, %s", line, route);
	}
	/* No request of netlink's caused it. */
	EXPECT_EQ(0, event.seq);
	EXPECT_EQ(0, event.portid);
	expect_no_reference(_metadata, line);
}

static inline void expect_change(struct __test_metadata *_metadata, int line,
				 const struct host *host, unsigned long cmd,
				 const void *rt, unsigned int flags,
				 const char *route)
{
	expect_change_noted(_metadata, line, host, cmd, rt, flags, route,
			    route);
}

/* The call must fail, change no table, and notify of nothing. */
static inline void expect_error(struct __test_metadata *_metadata, int line,
				const struct host *host, unsigned long cmd,
				const void *rt, int error)
{
	struct fib before, after;
	struct fib_event event;
	int ret, err;

	ASSERT_EQ(0, fib_read(host->family, &before));
	ret = ioctl(host->sock, cmd, rt);
	err = ret ? errno : 0;
	ASSERT_EQ(0, fib_read(host->family, &after));

	EXPECT_EQ(error, err) {
		TH_LOG("line %d: want %s, got %s", line, strerror(error),
		       strerror(err));
	}
	EXPECT_TRUE(fib_equal(&before, &after)) {
		TH_LOG("line %d: the tables before and after are", line);
		fib_print(&before);
		fprintf(stderr, "#  and\n");
		fib_print(&after);
	}
	EXPECT_EQ(0, fib_events(host->monitor, &event, 1)) {
		TH_LOG("line %d: notified of %s", line, event.route);
	}
	expect_no_reference(_metadata, line);
}

/* For what is wrong whether a route comes or goes. */
static inline void expect_errors(struct __test_metadata *_metadata, int line,
				 const struct host *host, const void *rt,
				 int error)
{
	expect_error(_metadata, line, host, SIOCADDRT, rt, error);
	expect_error(_metadata, line, host, SIOCDELRT, rt, error);
}

/* For tests with a fixture that holds a struct host of this name. */
#define EXPECT_ADD(_rt, _route)						\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_change(_metadata, __LINE__, &self->host,		\
			      SIOCADDRT, &__rt,				\
			      NLM_F_CREATE | NLM_F_EXCL, (_route));	\
	} while (0)

/* A route that shares prefix and priority with one that is there already. */
#define EXPECT_ADD_BESIDE(_rt, _route)					\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_change(_metadata, __LINE__, &self->host,		\
			      SIOCADDRT, &__rt, NLM_F_CREATE, (_route)); \
	} while (0)

#define EXPECT_DELETE(_rt, _route)					\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_change(_metadata, __LINE__, &self->host,		\
			      SIOCDELRT, &__rt, 0, (_route));		\
	} while (0)

/* Nobody is told how long a route of IPv6 would have lived. */
#define EXPECT_DELETE_NOTED(_rt, _route, _noted)			\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_change_noted(_metadata, __LINE__, &self->host,	\
				    SIOCDELRT, &__rt, 0, (_route),	\
				    (_noted));				\
	} while (0)

#define EXPECT_ADD_ERROR(_error, _rt)					\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_error(_metadata, __LINE__, &self->host,		\
			     SIOCADDRT, &__rt, (_error));		\
	} while (0)

#define EXPECT_DELETE_ERROR(_error, _rt)				\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_error(_metadata, __LINE__, &self->host,		\
			     SIOCDELRT, &__rt, (_error));		\
	} while (0)

#define EXPECT_ERROR(_error, _rt)					\
	do {								\
		typeof(_rt) __rt = (_rt);				\
		expect_errors(_metadata, __LINE__, &self->host, &__rt,	\
			      (_error));				\
	} while (0)

/* The same for what is no readable argument. */
#define EXPECT_ERROR_AT(_error, _pointer)				\
	expect_errors(_metadata, __LINE__, &self->host, (_pointer), (_error))

#endif /* ROUTE_IOCTL_H */
