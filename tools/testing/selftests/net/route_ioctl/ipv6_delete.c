// SPDX-License-Identifier: GPL-2.0
/* Which route a delete of IPv6 takes, if there is none, one, or several. */
#include "route_ioctl.h"

#define PREFIX "2001:db8:9::/48"
#define MAIN " table main proto boot scope global metric "
#define STATIC " table main proto static scope global"
#define METRIC(dev, metric) "unicast " PREFIX " dev " dev MAIN metric
#define LINK(dev) METRIC(dev, "1024")
#define VIA(gw, dev) "unicast " PREFIX " via " gw " dev " dev MAIN "1024"
#define GW(gw, ...) RT6(PREFIX, .gateway = (gw), .flags = RTF_GATEWAY, \
			##__VA_ARGS__)

FIXTURE(ipv6_delete)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_delete)
{
	host_setup_ipv6(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_delete)
{
}

TEST_F(ipv6_delete, none)
{
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));

	EXPECT_ADD(RT6(PREFIX, .dev = "d0", .metric = 5), METRIC("d0", "5"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:8::/47"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:9::/49"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:9::/128", .flags = RTF_HOST));
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:a::/48"));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .dev = "d1"));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .metric = 4));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .metric = 1024));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .metric = -1));
	EXPECT_DELETE_ERROR(ESRCH, GW("2001:db8:1::2"));
	EXPECT_DELETE_ERROR(ESRCH, GW("2001:db8:1::2", .dev = "d0"));
}

/* Each field of the request alone, and all together, match the route. */
TEST_F(ipv6_delete, one)
{
	const char *route = VIA("2001:db8:1::2", "d0");
	const struct entry request[] = {
		{},
		{ .dev = "d0" },
		{ .metric = 1024 },
		{ .gateway = "2001:db8:1::3" },
		{ .gateway = "2001:db8:1::2", .flags = RTF_GATEWAY },
		{ .gateway = "2001:db8:1::2", .flags = RTF_GATEWAY,
		  .dev = "d0", .metric = 1024 },
		/* What it is not asked about. */
		{ .flags = RTF_REJECT | RTF_HOST | RTF_ADDRCONF },
		{ .type = 7 },
		{ .info = 5 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(request); i++) {
		struct entry entry = request[i];

		EXPECT_ADD(GW("2001:db8:1::2"), route);
		entry.dst = PREFIX;
		EXPECT_DELETE(in6_rtmsg_of(&entry), route);
	}
}

/* The flag without an address asks for a route without a gateway. */
TEST_F(ipv6_delete, by_no_gateway)
{
	EXPECT_ADD(GW("2001:db8:1::2"), VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD_BESIDE(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	EXPECT_DELETE(GW("::"), LINK("d0"));
	EXPECT_DELETE_ERROR(ESRCH, GW("::"));
}

TEST_F(ipv6_delete, by_gateway)
{
	EXPECT_ADD(GW("2001:db8:1::2"), VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD(GW("2001:db8:1::3", .metric = 5),
		   "unicast " PREFIX " via 2001:db8:1::3 dev d0" MAIN "5");

	EXPECT_DELETE_ERROR(ESRCH, GW("2001:db8:1::2", .dev = "d1"));
	EXPECT_DELETE_ERROR(ESRCH, GW("2001:db8:1::2", .metric = 5));
	EXPECT_DELETE_ERROR(ESRCH, GW("2001:db8:1::4"));
	EXPECT_DELETE(GW("2001:db8:1::2"), VIA("2001:db8:1::2", "d0"));
}

/* The first, as they were added. */
TEST_F(ipv6_delete, several)
{
	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	EXPECT_ADD_BESIDE(RT6(PREFIX, .dev = "d1"), LINK("d1"));
	EXPECT_ADD_BESIDE(RT6(PREFIX, .dev = "lo"), LINK("lo"));

	EXPECT_DELETE(RT6(PREFIX, .dev = "d1"), LINK("d1"));
	EXPECT_DELETE(RT6(PREFIX), LINK("d0"));
	EXPECT_DELETE(RT6(PREFIX), LINK("lo"));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
}

/* The one with the lowest metric, if the request has none. */
TEST_F(ipv6_delete, several_metrics)
{
	EXPECT_ADD(RT6(PREFIX, .dev = "d0", .metric = 4294967295),
		   METRIC("d0", "4294967295"));
	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	EXPECT_ADD(RT6(PREFIX, .dev = "d1", .metric = 5), METRIC("d1", "5"));
	EXPECT_ADD(RT6(PREFIX, .dev = "d0", .metric = 1), METRIC("d0", "1"));

	EXPECT_DELETE(RT6(PREFIX, .metric = 1024), LINK("d0"));
	EXPECT_DELETE(RT6(PREFIX), METRIC("d0", "1"));
	EXPECT_DELETE(RT6(PREFIX, .dev = "d0"), METRIC("d0", "4294967295"));
	EXPECT_DELETE(RT6(PREFIX), METRIC("d1", "5"));
}

TEST_F(ipv6_delete, connected)
{
	const char *connected =
		"unicast 2001:db8:1::/64 dev d0 table main proto kernel scope global metric 256";

	EXPECT_DELETE(RT6("2001:db8:1::/64", .dev = "d0"), connected);
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:1::/64", .dev = "d0"));
}

/* Only main is within reach: no address of the host is. */
TEST_F(ipv6_delete, other_tables)
{
	const struct rtnl_route route = {
		.dst = PREFIX, .dev = "d0", .table = 100,
		.protocol = RTPROT_BOOT, .type = RTN_UNICAST,
	};

	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:1::1/128"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("ff00::/8", .dev = "d0"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("::1/128"));

	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
}

/*
 * With RTF_CACHE it takes no route, but what the kernel has learned of the way
 * to one destination by the route to it, which may be nothing: in main, all is
 * well, since a route to nowhere is there always.
 */
TEST_F(ipv6_delete, cached)
{
	struct in6_rtmsg rt = RT6(PREFIX, .flags = RTF_CACHE);

	EXPECT_DELETE_ERROR(0, rt);
	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	EXPECT_DELETE_ERROR(0, rt);
	EXPECT_DELETE_ERROR(0, RT6("2001:db8:9::1/128", .flags = RTF_CACHE));
}

/* Whoever added a route, and by which protocol, either way deletes it. */
TEST_F(ipv6_delete, of_netlink)
{
	const struct rtnl_route by_netlink = {
		.dst = PREFIX, .dev = "d0", .prefsrc = "2001:db8:1::1",
		.table = RT_TABLE_MAIN, .priority = 7, .advmss = 1000,
		.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
	};
	const char *route = "unicast " PREFIX " dev d0" STATIC
		" src 2001:db8:1::1 advmss 1000 metric 7";

	ASSERT_EQ(0, rtnl_route_add(&by_netlink, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .metric = 8));
	EXPECT_DELETE(RT6(PREFIX, .dev = "d0", .metric = 7), route);
}

TEST_F(ipv6_delete, of_netlink_unreachable)
{
	const struct rtnl_route by_netlink = {
		.dst = PREFIX, .table = RT_TABLE_MAIN,
		.protocol = RTPROT_STATIC, .type = RTN_UNREACHABLE,
	};

	ASSERT_EQ(0, rtnl_route_add(&by_netlink, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE(RT6(PREFIX), "unreachable " PREFIX " dev lo" STATIC
		      " metric 1024");
}

TEST_F(ipv6_delete, by_netlink)
{
	const struct rtnl_route link = {
		.dst = PREFIX, .dev = "d0", .table = RT_TABLE_MAIN,
		.priority = 5, .protocol = RTPROT_BOOT, .type = RTN_UNICAST,
	};
	const struct rtnl_route reject = {
		.dst = PREFIX, .table = RT_TABLE_MAIN,
		.protocol = RTPROT_BOOT, .type = RTN_UNREACHABLE,
	};
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0", .metric = 5);

	EXPECT_ADD(rt, METRIC("d0", "5"));
	EXPECT_EQ(0, rtnl_route_delete(&link));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, rt);

	rt = RT6(PREFIX, .flags = RTF_REJECT);
	EXPECT_ADD(rt, LINK("lo"));
	EXPECT_EQ(0, rtnl_route_delete(&reject));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
