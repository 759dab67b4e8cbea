// SPDX-License-Identifier: GPL-2.0
/*
 * A module that serves the calls comes and goes while they are made. Each call
 * is served, by the module or by the kernel's own code, and nobody can tell.
 */
#include "workers.h"

#define NAMESPACES	2
#define WORKERS		2	/* in each namespace */

FIXTURE(reload)
{
	struct workers workers;
	int watch;
	bool loaded;	/* whether it was before the test */
};

static bool has_route(int family, const char *route, bool *has)
{
	struct fib fib;
	int i;

	if (fib_read(family, &fib))
		return false;
	*has = false;
	for (i = 0; i < fib.count; i++)
		*has |= !strcmp(fib.route[i], route);
	return true;
}

/*
 * A route of its own, which must come and go as the calls say. One half of the
 * workers does so with IPv4, the other with IPv6.
 */
static bool work(struct tally *tally, int number)
{
	const int family = number % 2 ? AF_INET6 : AF_INET;
	int sock = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	static const struct {
		unsigned long cmd;
		int err;
		bool has;
	} step[] = {
		{ SIOCADDRT, 0, true },
		{ SIOCADDRT, EEXIST, true },
		{ SIOCDELRT, 0, false },
		{ SIOCDELRT, ESRCH, false },
	};
	char dst[32], route[FIB_TEXT];
	union argument rt;
	bool has;
	int err;
	size_t i;

	snprintf(dst, sizeof(dst), family == AF_INET6 ? "2001:db8:%d::/48" :
		 "10.%d.0.0/16", 16 + number);
	snprintf(route, sizeof(route), family == AF_INET6 ?
		 "unicast %s dev d0 table main proto boot scope global metric 1024" :
		 "unicast %s dev d0 table main proto boot scope link", dst);
	rt = argument_of(&(struct entry){ .dst = dst, .dev = "d0" });

	while (!workers_stopped(tally)) {
		for (i = 0; i < ARRAY_SIZE(step); i++) {
			err = workers_call(tally, sock, step[i].cmd, &rt);
			if (err == step[i].err &&
			    has_route(family, route, &has) &&
			    has == step[i].has)
				continue;
			fprintf(stderr, "# worker %d, step %zu: %s\n", number,
				i, strerror(err));
			return false;
		}
	}
	return true;
}

static bool are_gone(void)
{
	return !if_nametoindex("ns0") && !if_nametoindex("ns1");
}

FIXTURE_SETUP(reload)
{
	int i, j, err;

	self->loaded = module_is_loaded();
	err = module_load();
	if (err)
		SKIP(return, "cannot load " MODULE ": %s", strerror(-err));
	if (!module_is_loaded())
		SKIP(return, MODULE " is built in");
	ASSERT_EQ(0, module_unload());

	workers_init(_metadata, &self->workers);
	self->watch = watch_open(_metadata);
	for (i = 0; i < NAMESPACES; i++) {
		struct host host;
		char name[8];

		host_setup(_metadata, &host);
		close(host.sock);
		close(host.monitor);
		snprintf(name, sizeof(name), "ns%d", i);
		watch(_metadata, self->watch, name);
		for (j = 0; j < WORKERS; j++)
			workers_add(_metadata, &self->workers, work);
	}
	ASSERT_EQ(0, setns(self->watch, CLONE_NEWNET));
}

FIXTURE_TEARDOWN(reload)
{
	module_enable(true);
	EXPECT_EQ(0, self->loaded ? module_load() : module_unload());
}

TEST_F_TIMEOUT(reload, under_calls, 3600)
{
	unsigned long before = module_calls(), by_module, calls;
	unsigned int cycles = rounds(50), in_use = 0, i;
	int err;

	for (i = 0; i < cycles; i++) {
		ASSERT_EQ(0, module_load());
		/* Sooner or later, so that unloading meets any part of a call. */
		sleep_ms(i % 8 * 2);
		err = module_try_unload(O_NONBLOCK);
		if (!err)
			continue;
		ASSERT_EQ(-EAGAIN, err);
		in_use++;
		ASSERT_EQ(0, module_unload());
	}

	ASSERT_EQ(0, module_load());
	workers_stop(_metadata, &self->workers);
	by_module = module_calls() - before;
	calls = self->workers.tally->calls;

	/* No call is left that would hold the module. */
	EXPECT_EQ(0, module_try_unload(O_NONBLOCK));

	/* Nobody has kept hold of the namespaces. */
	EXPECT_TRUE(WAIT_FOR(are_gone(), 30));

	TH_LOG("%u cycles, %u of them in use, %lu calls, %lu by the module",
	       cycles, in_use, calls, by_module);
	EXPECT_LT(0, by_module);
	EXPECT_LT(by_module, calls);
}

/* How an administrator gets rid of a module that is never out of use. */
TEST_F_TIMEOUT(reload, by_hand, 120)
{
	const struct tally *tally = self->workers.tally;
	unsigned long by_module, calls;

	ASSERT_EQ(0, module_load());
	by_module = module_calls();
	ASSERT_TRUE(WAIT_FOR(module_calls() > by_module, 10));

	/* It takes no longer than the calls that it is serving do. */
	ASSERT_EQ(0, module_enable(false));
	ASSERT_TRUE(WAIT_FOR(!module_try_unload(O_NONBLOCK), 10));

	/* C serves, and goes on when the module is there again, */
	calls = tally->calls;
	ASSERT_TRUE(WAIT_FOR(tally->calls > calls + 100, 30));
	by_module = module_calls();
	ASSERT_EQ(0, module_load());
	calls = tally->calls;
	ASSERT_TRUE(WAIT_FOR(tally->calls > calls + 100, 30));
	EXPECT_EQ(by_module, module_calls());

	/* until the module may serve. */
	ASSERT_EQ(0, module_enable(true));
	EXPECT_TRUE(WAIT_FOR(module_calls() > by_module, 10));
	workers_stop(_metadata, &self->workers);
}

TEST_HARNESS_MAIN
