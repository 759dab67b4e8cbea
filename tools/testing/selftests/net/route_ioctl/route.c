// SPDX-License-Identifier: GPL-2.0
/* What a request makes of a route: type, priority, metrics, and its place. */
#include <limits.h>

#include "route_ioctl.h"

#define LINK(dev) "unicast 10.9.0.0/16 dev " dev " table main proto boot scope link"
#define VIA "unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global"
#define REJECT "unreachable 10.9.0.0/16 table main proto boot scope host"

FIXTURE(route)
{
	struct host host;
};

FIXTURE_SETUP(route)
{
	host_setup(_metadata, &self->host);
}

FIXTURE_TEARDOWN(route)
{
}

TEST_F(route, priority)
{
	static const struct {
		short metric;
		const char *route;
	} test[] = {
		{ 0, LINK("d0") },
		{ 1, LINK("d0") },
		{ 2, LINK("d0") " metric 1" },
		{ 256, LINK("d0") " metric 255" },
		{ 32767, LINK("d0") " metric 32766" },
		{ -1, LINK("d0") " metric 4294967294" },
		{ -32768, LINK("d0") " metric 4294934527" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test); i++) {
		struct rtentry rt = RT("10.9.0.0/16", .dev = "d0",
				       .metric = test[i].metric);

		EXPECT_ADD(rt, test[i].route);
		EXPECT_DELETE(rt, test[i].route);
	}
}

TEST_F(route, reject)
{
	struct rtentry rt = RT("10.9.0.0/16", .flags = RTF_REJECT);

	EXPECT_ADD(rt, REJECT);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, REJECT);
	EXPECT_DELETE_ERROR(ESRCH, rt);

	rt.rt_metric = 11;
	EXPECT_ADD(rt, REJECT " metric 10");
	EXPECT_DELETE(rt, REJECT " metric 10");

	EXPECT_ADD(RT("0.0.0.0/0", .flags = RTF_REJECT),
		   "unreachable 0.0.0.0/0 table main proto boot scope host");
	EXPECT_ADD(RT("10.9.0.1/32", .flags = RTF_REJECT | RTF_HOST),
		   "unreachable 10.9.0.1/32 table main proto boot scope host");
}

/* Not even an unreadable device name matters. */
TEST_F(route, reject_ignores_the_next_hop)
{
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.99.0.1",
			       .dev = (char *)1, .mtu = 1500, .window = 5,
			       .irtt = 5,
			       .flags = RTF_REJECT | RTF_GATEWAY | RTF_MTU |
					RTF_WINDOW | RTF_IRTT);

	EXPECT_ADD(rt, REJECT);
	EXPECT_DELETE(rt, REJECT);

	rt.rt_dev = "nodev";
	rt.rt_gateway = inet_sockaddr(INADDR_ANY);
	EXPECT_ADD(rt, REJECT);
	EXPECT_DELETE(rt, REJECT);
}

TEST_F(route, reject_is_a_type)
{
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .flags = RTF_REJECT));
	EXPECT_DELETE(RT("10.9.0.0/16"), LINK("d0"));

	EXPECT_ADD(RT("10.9.0.0/16", .flags = RTF_REJECT), REJECT);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "d0"));
}

/*
 * The route of the request has no table of its own and is put into main; the
 * same route with main as its table is another one to the kernel.
 */
TEST_F(route, reject_beside_netlink)
{
	const struct rtnl_route twin = {
		.dst = "10.9.0.0/16", .table = RT_TABLE_MAIN,
		.protocol = RTPROT_BOOT, .scope = RT_SCOPE_HOST,
		.type = RTN_UNREACHABLE,
	};
	struct rtentry rt = RT("10.9.0.0/16", .flags = RTF_REJECT);

	EXPECT_ADD(rt, REJECT);
	ASSERT_EQ(0, rtnl_route_add(&twin, 0));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, REJECT);
	EXPECT_DELETE(rt, REJECT);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(route, metrics)
{
	static const struct {
		struct entry entry;
		const char *metrics;
	} test[] = {
		{ { .flags = RTF_MTU, .mtu = 1500 }, " advmss 1460" },
		{ { .flags = RTF_MTU, .mtu = 41 }, " advmss 1" },
		{ { .flags = RTF_MTU, .mtu = 40 }, "" },
		/* Wraps, and is cut to the largest segment of IPv4. */
		{ { .flags = RTF_MTU, .mtu = 39 }, " advmss 65495" },
		{ { .flags = RTF_MTU, .mtu = 0 }, " advmss 65495" },
		{ { .flags = RTF_MTU, .mtu = 65534 }, " advmss 65494" },
		{ { .flags = RTF_MTU, .mtu = 65535 }, " advmss 65495" },
		{ { .flags = RTF_MTU, .mtu = 65536 }, " advmss 65495" },
		{ { .flags = RTF_MTU, .mtu = ULONG_MAX }, " advmss 65495" },
#if ULONG_MAX > UINT_MAX
		/* Only 32 bits count. */
		{ { .flags = RTF_MTU, .mtu = 0x1000005dcUL }, " advmss 1460" },
		{ { .flags = RTF_MTU, .mtu = 0x100000028UL }, "" },
		{ { .flags = RTF_WINDOW, .window = 0x100000007UL },
		  " window 7" },
#endif
		{ { .flags = RTF_WINDOW, .window = 1 }, " window 1" },
		{ { .flags = RTF_WINDOW, .window = 0 }, "" },
		{ { .flags = RTF_WINDOW, .window = UINT_MAX },
		  " window 4294967295" },
		{ { .flags = RTF_IRTT, .irtt = 1 }, " rtt 8" },
		{ { .flags = RTF_IRTT, .irtt = 0 }, "" },
		{ { .flags = RTF_IRTT, .irtt = 65535 }, " rtt 524280" },
		{ { .flags = RTF_MTU | RTF_WINDOW, .mtu = 1500, .window = 5,
		    .irtt = 6 }, " window 5 advmss 1460" },
		{ { .flags = RTF_WINDOW | RTF_IRTT, .mtu = 1500, .window = 5,
		    .irtt = 6 }, " window 5 rtt 48" },
		{ { .flags = RTF_MTU | RTF_IRTT, .mtu = 1500, .window = 5,
		    .irtt = 6 }, " rtt 48 advmss 1460" },
		{ { .flags = RTF_MTU | RTF_WINDOW | RTF_IRTT, .mtu = 1500,
		    .window = 5, .irtt = 6 },
		  " window 5 rtt 48 advmss 1460" },
		{ { .mtu = 1500, .window = 5, .irtt = 6 }, "" },
	};
	char route[FIB_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test); i++) {
		struct entry entry = test[i].entry;
		struct rtentry rt;

		entry.dst = "10.9.0.0/16";
		entry.dev = "d0";
		rt = rtentry_of(&entry);
		snprintf(route, sizeof(route), LINK("d0") "%s",
			 test[i].metrics);
		EXPECT_ADD(rt, route);
		EXPECT_ADD_ERROR(EEXIST, rt);

		/* A delete asks for no metrics. */
		rt.rt_flags = RTF_UP | RTF_MTU | RTF_WINDOW | RTF_IRTT;
		rt.rt_mtu = 999;
		rt.rt_window = 999;
		rt.rt_irtt = 999;
		EXPECT_DELETE(rt, route);
	}
}

TEST_F(route, metrics_with_gateway)
{
	const char *route = VIA " metric 4 window 5 rtt 48 advmss 1460";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.2",
			       .metric = 5, .mtu = 1500, .window = 5,
			       .irtt = 6,
			       .flags = RTF_GATEWAY | RTF_MTU | RTF_WINDOW |
					RTF_IRTT);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

TEST_F(route, duplicate)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");

	EXPECT_ADD(rt, LINK("d0"));
	EXPECT_ADD_ERROR(EEXIST, rt);

	/* Another priority makes it another route, */
	rt.rt_metric = 1;
	EXPECT_ADD_ERROR(EEXIST, rt);
	rt.rt_metric = 2;
	EXPECT_ADD(rt, LINK("d0") " metric 1");
	EXPECT_ADD_ERROR(EEXIST, rt);

	/* as does another next hop or metric, */
	rt = RT("10.9.0.0/16", .dev = "d1");
	EXPECT_ADD_BESIDE(rt, LINK("d1"));
	EXPECT_ADD_ERROR(EEXIST, rt);
	rt = RT("10.9.0.0/16", .dev = "d0", .flags = RTF_MTU, .mtu = 1500);
	EXPECT_ADD_BESIDE(rt, LINK("d0") " advmss 1460");
	EXPECT_ADD_ERROR(EEXIST, rt);

	/* another type, */
	rt = RT("10.9.0.0/16", .flags = RTF_REJECT);
	EXPECT_ADD_BESIDE(rt, REJECT);
	EXPECT_ADD_ERROR(EEXIST, rt);

	/* or another length. */
	EXPECT_ADD(RT("10.9.0.0/24", .dev = "d0"),
		   "unicast 10.9.0.0/24 dev d0 table main proto boot scope link");
}

/* One that differs in its protocol alone does not stand in the way. */
TEST_F(route, beside_netlink)
{
	struct rtnl_route route = {
		.dst = "10.9.0.0/16", .dev = "d0", .table = RT_TABLE_MAIN,
		.protocol = RTPROT_STATIC, .scope = RT_SCOPE_LINK,
		.type = RTN_UNICAST,
	};

	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));

	route.protocol = RTPROT_BOOT;
	EXPECT_EQ(-EEXIST, rtnl_route_add(&route, 0));
}

/* Only main is within reach, whatever the other tables hold. */
/* Asked in a network of its own: a rule changes the layout of the tables. */
static int have_tables(void)
{
	int status;

	switch (fork()) {
	case -1:
		return -errno;
	case 0:
		_exit(unshare(CLONE_NEWNET) ? errno : -rtnl_rule_add(100, 77));
	default:
		wait(&status);
		return -WEXITSTATUS(status);
	}
}

TEST_F(route, other_tables)
{
	static const __u32 table[] = {
		RT_TABLE_LOCAL, RT_TABLE_DEFAULT, 100, 1000,
	};
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	size_t i;

	ASSERT_SUPPORTED(return, have_tables());
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		const struct rtnl_route route = {
			.dst = "10.9.0.0/16", .dev = "d0", .table = table[i],
			.protocol = RTPROT_BOOT, .scope = RT_SCOPE_LINK,
			.type = RTN_UNICAST,
		};

		ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
		host_forget_events(_metadata, &self->host);
		EXPECT_DELETE_ERROR(ESRCH, rt);
		EXPECT_ADD(rt, LINK("d0"));
		EXPECT_DELETE(rt, LINK("d0"));
	}

	/* The routes that the host's addresses brought are of local. */
	EXPECT_DELETE_ERROR(ESRCH, RT("10.1.0.1/32", .dev = "d0",
				      .flags = RTF_HOST));
}

static int connect_error(int sock, const char *address)
{
	struct sockaddr sa = inet_sockaddr(inet_addr(address));

	return connect(sock, &sa, sizeof(sa)) ? errno : 0;
}

/* Nothing is up, so that there is no table yet. */
FIXTURE(new_network)
{
	struct host host;
};

FIXTURE_SETUP(new_network)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	host_open(_metadata, &self->host, AF_INET);
}

FIXTURE_TEARDOWN(new_network)
{
}

/* Brings table main into being; the local table joins it later. */
TEST_F(new_network, first_route)
{
	struct rtentry rt = RT("10.9.0.0/16", .flags = RTF_REJECT);

	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
	EXPECT_ADD_ERROR(ENETDOWN, RT("10.9.0.0/16", .dev = "lo"));
	EXPECT_ADD_ERROR(ENETUNREACH, RT("10.9.0.0/16", .gateway = "10.1.0.2",
					 .flags = RTF_GATEWAY));
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_EQ(ENETUNREACH, connect_error(self->host.sock, "10.9.0.1"));

	EXPECT_ADD(rt, REJECT);
	EXPECT_EQ(EHOSTUNREACH, connect_error(self->host.sock, "10.9.0.1"));

	EXPECT_EQ(ENETUNREACH, connect_error(self->host.sock, "127.0.0.1"));
	ASSERT_EQ(0, rtnl_link_up("lo", true));
	host_forget_events(_metadata, &self->host);
	EXPECT_EQ(0, connect_error(self->host.sock, "127.0.0.1"));
	EXPECT_ADD(RT("10.10.0.0/16", .gateway = "127.0.0.1",
		      .flags = RTF_GATEWAY),
		   "unicast 10.10.0.0/16 via 127.0.0.1 dev lo table main proto boot scope link");

	EXPECT_DELETE(rt, REJECT);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
