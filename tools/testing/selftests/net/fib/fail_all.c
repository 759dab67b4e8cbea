// SPDX-License-Identifier: GPL-2.0
/*
 * Changes by a task that gets no memory at all. What takes routes away does so
 * all the same; what adds one is refused, and nothing has changed.
 *
 * The requests are ioctls: those of rtnetlink are messages, which need memory.
 */
#include <linux/if_vlan.h>
#include <linux/sockios.h>

#include "../route_ioctl/random.h"
#include "../route_ioctl/workers.h"
#include "memory_faults.h"

/* For those who ask for it, and only them. */
static const struct fault_setting nothing_left[] = {
	{ FAILSLAB "task-filter", "Y" },
	{ FAILSLAB "interval", "1" },
	{ FAILSLAB "times", "-1" },
	{ FAILSLAB "probability", "100" },
};

FIXTURE(fail_all)
{
	struct host host;
	int make_it_fail;
	struct fault_setting settings[ARRAY_SIZE(memory_faults)];
	struct fault_setting nothing_left[ARRAY_SIZE(nothing_left)];
};

FIXTURE_SETUP(fail_all)
{
	const char *missing;

	self->make_it_fail = open("/proc/thread-self/make-it-fail",
				  O_RDWR | O_CLOEXEC);
	if (self->make_it_fail < 0)
		SKIP(return, "this kernel injects no faults");
	host_setup(_metadata, &self->host);
	memcpy(self->settings, memory_faults, sizeof(memory_faults));
	missing = fault_settings_apply(self->settings,
				       ARRAY_SIZE(memory_faults));
	if (missing)
		SKIP(return, "cannot set %s", missing);
	memcpy(self->nothing_left, nothing_left, sizeof(nothing_left));
	missing = fault_settings_apply(self->nothing_left,
				       ARRAY_SIZE(nothing_left));
	if (missing)
		SKIP(return, "cannot set %s", missing);
}

FIXTURE_TEARDOWN(fail_all)
{
	EXPECT_TRUE(fault_settings_restore(self->nothing_left,
					   ARRAY_SIZE(nothing_left)));
	EXPECT_TRUE(fault_settings_restore(self->settings,
					   ARRAY_SIZE(memory_faults)));
}

static bool starve(int make_it_fail, bool on)
{
	return pwrite(make_it_fail, on ? "1" : "0", 1, 0) == 1;
}

/* Returns 0 or the errno of an ioctl of a task without memory. */
#define STARVED(_cmd, _argument)					\
	({								\
		int __err;						\
									\
		ASSERT_TRUE(starve(self->make_it_fail, true));		\
		__err = ioctl(self->host.sock, (_cmd), (_argument)) ?	\
			errno : 0;					\
		ASSERT_TRUE(starve(self->make_it_fail, false));		\
		__err;							\
	})

static const struct rtnl_route routes[] = {
	{ .dst = "10.9.0.0/16", .gateway = "10.1.0.2" },
	{ .dst = "10.9.0.0/16", .gateway = "10.1.0.3", .priority = 1 },
	{ .dst = "10.9.0.0/16", .gateway = "10.2.0.3", .priority = 2 },
	{ .dst = "10.9.0.0/16", .gateway = "10.2.0.4", .priority = 2,
	  .tos = 0x10 },
	{ .dst = "10.9.0.0/24", .gateway = "10.1.0.2", .advmss = 1400 },
	{ .dst = "10.9.0.1/32", .gateway = "10.1.0.2" },
	{ .dst = "10.9.0.2/32", .hops = { "10.1.0.2", "10.2.0.2" } },
	{ .dst = "10.10.0.0/15", .gateway = "10.1.0.5" },
	{ .dst = "0.0.0.0/0", .gateway = "10.1.0.2" },
	{ .dst = "0.0.0.0/0", .gateway = "10.1.0.3", .priority = 4 },
};

static void add_all(struct __test_metadata *_metadata)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(routes); i++) {
		struct rtnl_route route = routes[i];

		route.table = RT_TABLE_MAIN;
		route.protocol = RTPROT_STATIC;
		route.type = RTN_UNICAST;
		ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
	}
}

/* The one route that @before has and @after lacks, or NULL. */
static const char *gone(const struct fib *before, const struct fib *after)
{
	int i;

	for (i = 0; i < before->count; i++)
		if (fib_differs_by(before, after, before->route[i]))
			return before->route[i];
	return NULL;
}

/* Each in turn is the first to go. The ioctl takes any that has the prefix. */
TEST_F_TIMEOUT(fail_all, delete, 300)
{
	struct fib empty, before, after;
	size_t first, i;

	ASSERT_EQ(0, fib_read(AF_INET, &empty));
	for (first = 0; first < ARRAY_SIZE(routes); first++) {
		add_all(_metadata);
		for (i = 0; i < ARRAY_SIZE(routes); i++) {
			const struct rtnl_route *route =
				&routes[(first + i) % ARRAY_SIZE(routes)];
			struct rtentry rt = RT(route->dst);
			const char *text;

			/* Metric m is priority m - 1; 0 is any. */
			if (route->priority)
				rt.rt_metric = route->priority + 1;
			/* This one is no more than what is left to ask for. */
			if (route->tos)
				continue;
			ASSERT_EQ(0, fib_read(AF_INET, &before));
			ASSERT_EQ(0, STARVED(SIOCDELRT, &rt)) {
				TH_LOG("%s: %s", route->dst, strerror(errno));
			}
			ASSERT_EQ(0, fib_read(AF_INET, &after));
			text = gone(&before, &after);
			EXPECT_TRUE(text && strstr(text, route->dst)) {
				TH_LOG("%s: the tables before and after are",
				       route->dst);
				fib_print(&before);
				TH_LOG("and");
				fib_print(&after);
			}
		}
		/* That which has a TOS, of which the ioctl knows nothing. */
		ASSERT_EQ(0, fib_read(AF_INET, &after));
		if (!fib_equal(&empty, &after)) {
			struct rtnl_route route = routes[3];

			route.table = RT_TABLE_MAIN;
			route.scope = RT_SCOPE_NOWHERE;
			ASSERT_EQ(0, rtnl_route_delete(&route));
			ASSERT_EQ(0, fib_read(AF_INET, &after));
			EXPECT_TRUE(fib_equal(&empty, &after));
		}
	}
}

TEST_F_TIMEOUT(fail_all, add, 300)
{
	struct fib before, after;
	struct rtentry rt[] = {
		RT("10.9.0.0/16", .gateway = "10.1.0.9", .flags = RTF_GATEWAY),
		RT("10.9.0.3/32", .gateway = "10.1.0.2", .flags = RTF_GATEWAY),
		RT("10.99.0.0/16", .dev = "d0"),
		RT("0.0.0.0/0", .gateway = "10.1.0.9", .flags = RTF_GATEWAY),
	};
	size_t i;
	int err;

	add_all(_metadata);
	host_forget_events(_metadata, &self->host);
	ASSERT_EQ(0, fib_read(AF_INET, &before));
	for (i = 0; i < ARRAY_SIZE(rt); i++) {
		err = STARVED(SIOCADDRT, &rt[i]);
		EXPECT_TRUE(err == ENOBUFS || err == ENOMEM) {
			TH_LOG("route %zu: %s", i, strerror(err));
		}
		ASSERT_EQ(0, fib_read(AF_INET, &after));
		EXPECT_TRUE(fib_equal(&before, &after)) {
			fib_print(&after);
		}
		EXPECT_EQ(0, fib_events(self->host.monitor, NULL, 0));
	}
	for (i = 0; i < ARRAY_SIZE(rt); i++)
		EXPECT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &rt[i]));
}

static void count(const struct nlmsghdr *route, void *data)
{
	unsigned int *routes = data;

	(*routes)++;
}

static unsigned int count_routes(struct __test_metadata *_metadata)
{
	unsigned int routes = 0;

	ASSERT_EQ(0, fib_visit_routes(AF_INET, count, &routes));
	return routes;
}

/* A prime, so that each number of them is a multiple of any other. */
#define MANY	701

static struct rtentry many[MANY];

/* Near each other, so that some are at an address where others are. */
static void pick_many(void)
{
	struct random random = { .state = 1 };
	char dst[32];
	int i, length;
	__u32 address;

	for (i = 0; i < MANY; i++) {
		struct entry entry = {
			.dst = dst, .gateway = "10.1.0.9",
			.flags = RTF_GATEWAY,
			/* No two are the same. */
			.metric = 1 + i,
		};

		length = 12 + below(&random, 21);
		address = 0x14000000 | (next(&random) & 0xf1f1f);
		address &= ~0U << (32 - length);
		snprintf(dst, sizeof(dst), "%u.%u.%u.%u/%d", address >> 24,
			 address >> 16 & 255, address >> 8 & 255,
			 address & 255, length);
		many[i] = rtentry_of(&entry);
	}
}

/* What cannot be tidied up is no hindrance to what comes later. */
TEST_F_TIMEOUT(fail_all, delete_thousands, 900)
{
	const unsigned int before = count_routes(_metadata);
	unsigned int i, round;

	pick_many();
	for (round = 0; round < 2; round++) {
		for (i = 0; i < MANY; i++)
			ASSERT_EQ(0, ioctl(self->host.sock, SIOCADDRT,
					   &many[i]));
		EXPECT_EQ(before + MANY, count_routes(_metadata));
		/* Not in the order in which they came. */
		for (i = 0; i < MANY; i++)
			ASSERT_EQ(0, STARVED(SIOCDELRT,
					     &many[i * 7 % MANY]));
		EXPECT_EQ(before, count_routes(_metadata));
	}
	/* Half of them without memory, the rest with it. */
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &many[i]));
	for (i = 0; i < MANY; i++) {
		int err = i % 2 ? STARVED(SIOCDELRT, &many[i]) :
			  ioctl(self->host.sock, SIOCDELRT, &many[i]);

		ASSERT_EQ(0, err);
	}
	EXPECT_EQ(before, count_routes(_metadata));
}

/* Whether some route is by a device, and not by others as well. */
static bool any_by(const struct fib *fib, const char *dev)
{
	char by[32];
	int i;

	snprintf(by, sizeof(by), " dev %s ", dev);
	for (i = 0; i < fib->count; i++)
		if (strstr(fib->route[i], by) &&
		    !strstr(fib->route[i], " nexthop "))
			return true;
	return false;
}

TEST_F_TIMEOUT(fail_all, link_down, 300)
{
	struct ifreq ifr = { .ifr_name = "d0" };
	struct fib before, after;

	add_all(_metadata);
	ASSERT_EQ(0, fib_read(AF_INET, &before));
	EXPECT_TRUE(any_by(&before, "d0"));
	ASSERT_EQ(0, ioctl(self->host.sock, SIOCGIFFLAGS, &ifr));
	ifr.ifr_flags &= ~IFF_UP;
	EXPECT_EQ(0, STARVED(SIOCSIFFLAGS, &ifr));
	ASSERT_EQ(0, fib_read(AF_INET, &after));
	/* The address stays, which is local without the device as well. */
	EXPECT_TRUE(fib_has_local("10.1.0.1/32", "d0"));
	EXPECT_TRUE(!strstr(after.route[0], "10.1.0.2 dev d0"));
	EXPECT_GT(before.count, after.count);

	ASSERT_EQ(0, rtnl_link_up("d0", true));
	ASSERT_EQ(0, rtnl_link_delete("d0"));
	ASSERT_EQ(0, fib_read(AF_INET, &after));
	EXPECT_FALSE(any_by(&after, "d0"));
}

TEST_F_TIMEOUT(fail_all, address_delete, 300)
{
	struct ifreq ifr = { .ifr_name = "d0" };
	struct fib after;

	ifr.ifr_addr = inet_sockaddr(INADDR_ANY);
	add_all(_metadata);
	EXPECT_EQ(0, STARVED(SIOCSIFADDR, &ifr));
	EXPECT_FALSE(fib_has_local("10.1.0.1/32", "d0"));
	ASSERT_EQ(0, fib_read(AF_INET, &after));
	EXPECT_FALSE(any_by(&after, "d0")) {
		fib_print(&after);
	}
}

TEST_F_TIMEOUT(fail_all, device_delete, 300)
{
	struct vlan_ioctl_args vlan = {
		.cmd = ADD_VLAN_CMD, .device1 = "d0", .u.VID = 5,
	};
	const struct rtnl_address address = {
		.dev = "d0.5", .local = "10.5.0.1/24",
	};
	const struct rtnl_route route = {
		.dst = "10.6.0.0/16", .gateway = "10.5.0.2",
		.table = RT_TABLE_MAIN, .protocol = RTPROT_STATIC,
		.type = RTN_UNICAST,
	};
	struct fib before, after;

	add_all(_metadata);
	ASSERT_EQ(0, fib_read(AF_INET, &before));
	if (ioctl(self->host.sock, SIOCSIFVLAN, &vlan) && errno == ENOPKG)
		SKIP(return, "this kernel has no VLANs");
	ASSERT_EQ(0, rtnl_link_up("d0.5", true));
	ASSERT_EQ(0, rtnl_address_add(&address));
	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));

	vlan = (struct vlan_ioctl_args){
		.cmd = DEL_VLAN_CMD, .device1 = "d0.5",
	};
	EXPECT_EQ(0, STARVED(SIOCSIFVLAN, &vlan));
	ASSERT_EQ(0, fib_read(AF_INET, &after));
	EXPECT_TRUE(fib_equal(&before, &after)) {
		fib_print(&after);
	}
}

/* All that the kernel's own threads do, and whoever they start meanwhile. */
static int starve_kernel(bool on)
{
	char path[64], name[64];
	int count = 0;
	pid_t pid;

	for (pid = 2; pid < 4096; pid++) {
		snprintf(path, sizeof(path), "/proc/%d/comm", pid);
		if (access(path, F_OK) ||
		    !fault_file_read(path, name, sizeof(name)) ||
		    (pid != 2 && strncmp(name, "kworker/", 8)))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/make-it-fail", pid);
		count += fault_file_write(path, on ? "1" : "0");
	}
	return count;
}

/* A network namespace goes, with all of its tables, by a thread of the kernel. */
TEST_F_TIMEOUT(fail_all, namespace, 300)
{
	const int watching = watch_open(_metadata);
	unsigned int i;

	host_setup(_metadata, &self->host);
	watch(_metadata, watching, "watched");
	add_all(_metadata);
	pick_many();
	for (i = 0; i < MANY; i++)
		ASSERT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &many[i]));
	/* So that there are three, of which two were one. */
	ASSERT_EQ(0, rtnl_rule_add(100, 1000));
	ASSERT_EQ(0, rtnl_rule_add(101, RT_TABLE_DEFAULT));

	EXPECT_LT(1, starve_kernel(true));
	close(self->host.sock);
	close(self->host.monitor);
	EXPECT_EQ(0, setns(watching, CLONE_NEWNET));
	EXPECT_TRUE(WAIT_FOR(!if_nametoindex("watched"), 60));
	EXPECT_LT(1, starve_kernel(false));
}

TEST_HARNESS_MAIN
