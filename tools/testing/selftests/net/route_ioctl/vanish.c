// SPDX-License-Identifier: GPL-2.0
/* What a call speaks of goes away while it is made: devices and namespaces. */
#include "workers.h"

FIXTURE(device_vanishes)
{
	struct host host;
	struct workers workers;
	int here;
	int elsewhere;
};

#define CHANGES	4

static void ipv4_requests(union argument *rt, int number)
{
	char dst[32];

	snprintf(dst, sizeof(dst), "10.%d.0.0/16", 16 + number);
	rt[0].rt = RT(dst, .dev = "dev");
	rt[1].rt = RT(dst, .dev = "dev:1", .metric = 2);
	rt[2].rt = RT(dst, .dev = "dev", .gateway = "10.3.0.2", .metric = 3,
		      .flags = RTF_GATEWAY);
	rt[3].rt = RT(dst, .gateway = "10.3.0.2", .metric = 4,
		      .flags = RTF_GATEWAY);
}

/* A device is known by the index that it has at the time. */
static void ipv6_requests(union argument *rt, int number)
{
	char dst[32];

	snprintf(dst, sizeof(dst), "2001:db8:%d::/48", 16 + number);
	rt[0].rtmsg = RT6(dst, .dev = "dev", .metric = 1);
	rt[1].rtmsg = RT6(dst, .dev = "dev", .metric = 2, .gateway = "fe80::2",
			  .flags = RTF_GATEWAY | RTF_HOST);
	rt[2].rtmsg = RT6(dst, .dev = "dev", .metric = 3,
			  .gateway = "2001:db8:3::2", .flags = RTF_GATEWAY);
	rt[3].rtmsg = RT6(dst, .gateway = "2001:db8:3::2", .metric = 4,
			  .flags = RTF_GATEWAY);
}

/*
 * Routes by a device that may be there or not, be called so or not, and be up
 * or not. A route goes with its device, so there may be nothing to delete; one
 * of IPv6 even after it was found, which is ENOENT.
 */
static bool change_routes(struct tally *tally, int number)
{
	const int family = number % 2 ? AF_INET6 : AF_INET;
	const int unreachable = number % 2 ? EHOSTUNREACH : ENETUNREACH;
	int sock = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	union argument rt[CHANGES];
	size_t i;

	ipv4_requests(rt, number);
	while (!workers_stopped(tally)) {
		if (family == AF_INET6)
			ipv6_requests(rt, number);
		for (i = 0; i < CHANGES; i++) {
			int add, del;

			add = workers_call(tally, sock, SIOCADDRT, &rt[i]);
			del = workers_call(tally, sock, SIOCDELRT, &rt[i]);
			if ((!add || add == EEXIST || add == ENODEV ||
			     add == ENETDOWN || add == unreachable) &&
			    (!del || del == ESRCH ||
			     del == (family == AF_INET6 ? ENOENT : ENODEV)))
				continue;
			fprintf(stderr, "# worker %d, route %zu: add: %s, delete: %s\n",
				number, i, strerror(add), strerror(del));
			return false;
		}
	}
	return true;
}

FIXTURE_SETUP(device_vanishes)
{
	int i;

	self->elsewhere = watch_open(_metadata);
	host_setup_ipv6(_metadata, &self->host);
	self->here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->here);

	workers_init(_metadata, &self->workers);
	for (i = 0; i < 4; i++)
		workers_add(_metadata, &self->workers, change_routes);
}

FIXTURE_TEARDOWN(device_vanishes)
{
}

TEST_F_TIMEOUT(device_vanishes, under_calls, 3600)
{
	const struct rtnl_address address = {
		.dev = "dev", .local = "10.3.0.1/24", .label = "dev:1",
	}, ipv6_address = {
		.dev = "dev", .local = "2001:db8:3::1/64",
	};
	const unsigned long *result = self->workers.tally->result;
	unsigned int count = rounds(50), i;
	struct fib before, after;

	ASSERT_EQ(0, fib_read(AF_UNSPEC, &before));
	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, rtnl_link_add("dev", "dummy"));
		ASSERT_EQ(0, rtnl_link_up("dev", true));
		ASSERT_EQ(0, rtnl_address_add(&address));
		ASSERT_EQ(0, rtnl_address_add(&ipv6_address));
		sleep_ms(i % 4);

		ASSERT_EQ(0, rtnl_link_rename("dev", "other"));
		ASSERT_EQ(0, rtnl_link_rename("other", "dev"));
		ASSERT_EQ(0, rtnl_link_up("dev", false));
		ASSERT_EQ(0, rtnl_link_up("dev", true));
		sleep_ms(i % 4);

		/* It leaves its addresses behind, and its routes. */
		ASSERT_EQ(0, rtnl_link_move("dev", self->elsewhere));
		ASSERT_EQ(0, setns(self->elsewhere, CLONE_NEWNET));
		ASSERT_EQ(0, rtnl_link_move("dev", self->here));
		ASSERT_EQ(0, setns(self->here, CLONE_NEWNET));
		ASSERT_EQ(0, rtnl_link_up("dev", true));
		ASSERT_EQ(0, rtnl_address_add(&address));
		ASSERT_EQ(0, rtnl_address_add(&ipv6_address));
		sleep_ms(i % 4);

		ASSERT_EQ(0, rtnl_link_delete("dev"));
	}
	workers_stop(_metadata, &self->workers);
	ASSERT_EQ(0, fib_read(AF_UNSPEC, &after));
	EXPECT_TRUE(fib_equal(&before, &after)) {
		fib_print(&after);
	}

	TH_LOG("%u devices, %lu calls, %lu successes, %lu ENODEV, %lu ENETDOWN",
	       count, self->workers.tally->calls, result[0], result[ENODEV],
	       result[ENETDOWN]);
	EXPECT_LT(0, result[0]);
	EXPECT_LT(0, result[ENODEV]);
}

FIXTURE(namespace_vanishes)
{
	struct host host;
	struct workers workers;
	int watch;
};

FIXTURE_VARIANT(namespace_vanishes)
{
	int family;
};

FIXTURE_VARIANT_ADD(namespace_vanishes, ipv4)
{
	.family = AF_INET,
};

FIXTURE_VARIANT_ADD(namespace_vanishes, ipv6)
{
	.family = AF_INET6,
};

/* That of the variant, for the workers. */
static int family;

FIXTURE_SETUP(namespace_vanishes)
{
	family = variant->family;
	self->watch = watch_open(_metadata);
	host_fill(_metadata, &self->host, family);
	workers_init(_metadata, &self->workers);
}

FIXTURE_TEARDOWN(namespace_vanishes)
{
}

/*
 * Adds and deletes until told to end; none may fail, though IPv6 searches what
 * it is to delete while others change the tree.
 */
static bool add_and_delete(struct tally *tally, int number)
{
	int sock = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	union argument rt;
	char dst[32];

	snprintf(dst, sizeof(dst), family == AF_INET6 ? "2001:db8:%d::/48" :
		 "10.%d.0.0/16", 16 + number);
	rt = argument_of(&(struct entry){ .dst = dst, .dev = "d0" });
	while (!workers_stopped(tally))
		if (workers_call(tally, sock, SIOCADDRT, &rt) ||
		    workers_call(tally, sock, SIOCDELRT, &rt))
			return false;
	return true;
}

/*
 * The socket is all that is left of its namespace, and its last call leaves a
 * route behind.
 */
static bool call_last(struct tally *tally, int sock)
{
	union argument rt, reject;
	int i;

	if (family == AF_INET6) {
		rt.rtmsg = RT6("2001:db8:9::/48", .dev = "d0");
		reject.rtmsg = RT6("2001:db8:a::/48", .flags = RTF_REJECT);
	} else {
		rt.rt = RT("10.9.0.0/16", .dev = "d0");
		reject.rt = RT("10.10.0.0/16", .flags = RTF_REJECT);
	}

	for (i = 0; i < 8; i++)
		if (workers_call(tally, sock, SIOCADDRT, &rt) ||
		    workers_call(tally, sock, SIOCADDRT, &reject) ||
		    workers_call(tally, sock, SIOCDELRT, &rt) ||
		    workers_call(tally, sock, SIOCDELRT, &reject))
			return false;
	return !workers_call(tally, sock, SIOCADDRT, &rt) &&
	       !workers_call(tally, sock, SIOCADDRT, &reject);
}

TEST_F_TIMEOUT(namespace_vanishes, under_calls, 3600)
{
	const unsigned long *result = self->workers.tally->result;
	unsigned int count = rounds(50), i;
	struct host host;
	char name[16];
	int status;

	for (i = 0; i < 2; i++)
		workers_add(_metadata, &self->workers, add_and_delete);

	for (i = 0; i < count; i++) {
		pid_t caller;

		host_setup_family(_metadata, &host, family);
		snprintf(name, sizeof(name), "ns%u", i);
		watch(_metadata, self->watch, name);
		ASSERT_EQ(0, setns(self->watch, CLONE_NEWNET));
		close(host.monitor);

		caller = fork();
		ASSERT_LE(0, caller);
		if (!caller)
			_exit(!call_last(self->workers.tally, host.sock));
		close(host.sock);
		ASSERT_EQ(caller, waitpid(caller, &status, 0));
		ASSERT_EQ(0, status);
	}

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "ns%u", i);
		ASSERT_TRUE(WAIT_FOR(!if_nametoindex(name), 30)) {
			TH_LOG("namespace %u has not gone", i);
		}
	}
	workers_stop(_metadata, &self->workers);
	TH_LOG("%u namespaces, %lu calls, %lu missed", count,
	       self->workers.tally->calls, result[ESRCH]);
	EXPECT_EQ(self->workers.tally->calls, result[0]);
}

TEST_HARNESS_MAIN
