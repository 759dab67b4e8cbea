// SPDX-License-Identifier: GPL-2.0
/* Next hops of IPv6: which gateways can be used, by which device, and when. */
#include "route_ioctl.h"

#define PREFIX "2001:db8:9::/48"
#define MAIN " table main proto boot scope global metric 1024"
#define VIA(gw, dev) "unicast " PREFIX " via " gw " dev " dev MAIN
#define DIRECT "unicast " PREFIX " dev d0" MAIN
#define GW(gw, ...) RT6(PREFIX, .gateway = (gw), .flags = RTF_GATEWAY, \
			##__VA_ARGS__)
#define ONLINK(gw, ...) RT6(PREFIX, .gateway = (gw), \
			    .flags = RTF_GATEWAY | RTF_HOST, ##__VA_ARGS__)

FIXTURE(ipv6_gateway)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_gateway)
{
	host_setup_ipv6(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_gateway)
{
}

static void add_address(struct __test_metadata *_metadata,
			const struct host *host, const char *dev,
			const char *local)
{
	const struct rtnl_address address = { .dev = dev, .local = local };

	ASSERT_EQ(0, rtnl_address_add(&address));
	host_forget_events(_metadata, host);
}

TEST_F(ipv6_gateway, on_link)
{
	struct in6_rtmsg rt = GW("2001:db8:1::2");

	EXPECT_ADD(rt, VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, VIA("2001:db8:1::2", "d0"));

	rt.rtmsg_ifindex = if_nametoindex("d0");
	EXPECT_ADD(rt, VIA("2001:db8:1::2", "d0"));
	EXPECT_DELETE(rt, VIA("2001:db8:1::2", "d0"));
}

TEST_F(ipv6_gateway, default_route)
{
	const char *route = "unicast ::/0 via 2001:db8:1::2 dev d0" MAIN;
	struct in6_rtmsg rt = RT6("::/0", .gateway = "2001:db8:1::2",
				  .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, route);
	/* That there is none is a route of its own to C. */
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_DELETE_ERROR(ENOENT, RT6("::/0"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("::/0", .dev = "d0"));
	EXPECT_DELETE_ERROR(ESRCH, RT6("::/0", .metric = 1024));
}

/* Without RTF_GATEWAY there is no gateway, whatever the address. */
TEST_F(ipv6_gateway, without_flag)
{
	struct in6_rtmsg rt = RT6(PREFIX, .gateway = "2001:db8:1::2");

	EXPECT_ADD_ERROR(ENODEV, rt);
	rt.rtmsg_ifindex = if_nametoindex("d0");
	EXPECT_ADD(rt, DIRECT);
	EXPECT_DELETE(rt, DIRECT);

	EXPECT_ADD(GW("2001:db8:1::2"), VIA("2001:db8:1::2", "d0"));
	rt.rtmsg_gateway = inet6_address("2001:db8:1::3");
	EXPECT_DELETE(rt, VIA("2001:db8:1::2", "d0"));
}

/* No address of a router. */
TEST_F(ipv6_gateway, invalid)
{
	static const char * const gateway[] = {
		"::",			/* none */
		"ff02::1",		/* multicast */
		"ff0e::1",
		"::1",			/* this host */
		"2001:db8:1::1",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(gateway); i++) {
		EXPECT_ADD_ERROR(EINVAL, GW(gateway[i]));
		EXPECT_ADD_ERROR(EINVAL, GW(gateway[i], .dev = "d0"));
		EXPECT_DELETE_ERROR(ESRCH, GW(gateway[i]));
	}
	/* An address of another device is this host's all the same. */
	EXPECT_ADD_ERROR(EINVAL, GW("2001:db8:2::1", .dev = "d0"));
}

TEST_F(ipv6_gateway, unreachable)
{
	EXPECT_ADD_ERROR(EHOSTUNREACH, GW("2001:db8:3::1"));
	EXPECT_ADD_ERROR(EHOSTUNREACH, GW("2001:db8:3::1", .dev = "d0"));
	EXPECT_ADD_ERROR(EHOSTUNREACH, GW("2001:db8:2::2", .dev = "d0"));
	EXPECT_ADD_ERROR(EHOSTUNREACH, GW("2001:db8:1::2", .dev = "lo"));
	EXPECT_ADD_ERROR(EHOSTUNREACH, GW("::ffff:192.0.2.1"));
}

/* A link says nothing without its device. */
TEST_F(ipv6_gateway, link_local)
{
	EXPECT_ADD_ERROR(EINVAL, GW("fe80::2"));
	EXPECT_ADD(GW("fe80::2", .dev = "d0"), VIA("fe80::2", "d0"));
	EXPECT_DELETE(GW("fe80::2"), VIA("fe80::2", "d0"));
	EXPECT_ADD_ERROR(EINVAL, GW("fe80::2", .dev = "lo"));

	/* An address of one link may be a neighbour's on another. */
	add_address(_metadata, &self->host, "d0", "fe80::1/64");
	EXPECT_ADD_ERROR(EINVAL, GW("fe80::1", .dev = "d0"));
	EXPECT_ADD(GW("fe80::1", .dev = "d1"), VIA("fe80::1", "d1"));
}

/* IPv4's in IPv6's clothes. */
TEST_F(ipv6_gateway, mapped)
{
	EXPECT_ADD(RT6("::ffff:192.0.2.0/120", .dev = "d0"),
		   "unicast ::ffff:192.0.2.0/120 dev d0" MAIN);
	EXPECT_ADD(GW("::ffff:192.0.2.1"), VIA("::ffff:192.0.2.1", "d0"));
	EXPECT_DELETE(GW("::ffff:192.0.2.1"), VIA("::ffff:192.0.2.1", "d0"));
}

/* A gateway must be on a network of this host, not behind another one. */
TEST_F(ipv6_gateway, behind_a_gateway)
{
	EXPECT_ADD(GW("2001:db8:1::2"), VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD_ERROR(EHOSTUNREACH,
			 RT6("2001:db8:a::/48", .gateway = "2001:db8:9::1",
			     .flags = RTF_GATEWAY));
}

TEST_F(ipv6_gateway, behind_a_device_route)
{
	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), DIRECT);
	EXPECT_ADD(RT6("2001:db8:a::/48", .gateway = "2001:db8:9::1",
		       .flags = RTF_GATEWAY),
		   "unicast 2001:db8:a::/48 via 2001:db8:9::1 dev d0" MAIN);
}

TEST_F(ipv6_gateway, rejected)
{
	EXPECT_ADD(RT6(PREFIX, .flags = RTF_REJECT),
		   "unicast " PREFIX " dev lo" MAIN);
	EXPECT_ADD_ERROR(EHOSTUNREACH,
			 RT6("2001:db8:a::/48", .gateway = "2001:db8:9::1",
			     .flags = RTF_GATEWAY));
}

/*
 * RTF_HOST is 4, and so is RTNH_F_ONLINK: the gateway of a route to a host is
 * taken for one on the link.
 */
TEST_F(ipv6_gateway, of_a_host)
{
	const char *route =
		"unicast 2001:db8:9::1/128 via 2001:db8:3::1 dev d0" MAIN " flags 0x4";
	struct in6_rtmsg rt = RT6("2001:db8:9::1/128", .dev = "d0",
				  .gateway = "2001:db8:3::1",
				  .flags = RTF_GATEWAY | RTF_HOST);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);

	rt.rtmsg_ifindex = 0;
	EXPECT_ADD_ERROR(ENODEV, rt);
	/* Even if it can be reached. */
	rt.rtmsg_gateway = inet6_address("2001:db8:1::2");
	EXPECT_ADD_ERROR(ENODEV, rt);
	rt.rtmsg_flags = RTF_UP | RTF_GATEWAY;
	EXPECT_ADD(rt, "unicast 2001:db8:9::1/128 via 2001:db8:1::2 dev d0" MAIN);
}

TEST_F(ipv6_gateway, onlink)
{
	EXPECT_ADD(ONLINK("2001:db8:3::1", .dev = "d1"),
		   VIA("2001:db8:3::1", "d1") " flags 0x4");
	EXPECT_DELETE(GW("2001:db8:3::1"),
		      VIA("2001:db8:3::1", "d1") " flags 0x4");
	EXPECT_ADD(ONLINK("2001:db8:2::2", .dev = "d0"),
		   VIA("2001:db8:2::2", "d0") " flags 0x4");
	EXPECT_DELETE(GW("2001:db8:2::2", .dev = "d0"),
		      VIA("2001:db8:2::2", "d0") " flags 0x4");

	EXPECT_ADD_ERROR(EINVAL, ONLINK("2001:db8:1::1", .dev = "d0"));
	EXPECT_ADD_ERROR(EINVAL, ONLINK("ff02::1", .dev = "d0"));
	EXPECT_ADD_ERROR(EINVAL, ONLINK("::", .dev = "d0"));
	EXPECT_ADD_ERROR(EINVAL, ONLINK("fe80::2", .dev = "lo"));
	EXPECT_ADD_ERROR(ENODEV, ONLINK("fe80::2"));

	/* Nor may the table say that it is no host's. */
	EXPECT_ADD(RT6("2001:db8:4::/48", .dev = "d0", .type = RTN_ANYCAST),
		   "anycast 2001:db8:4::/48 dev d0" MAIN);
	EXPECT_ADD_ERROR(EINVAL, ONLINK("2001:db8:4::1", .dev = "d0"));
}

TEST_F(ipv6_gateway, of_a_device_that_is_down)
{
	ASSERT_EQ(0, rtnl_link_up("d1", false));
	host_forget_events(_metadata, &self->host);
	/* Its network has gone with it. */
	EXPECT_ADD_ERROR(EHOSTUNREACH, GW("2001:db8:2::2", .dev = "d1"));
	EXPECT_ADD_ERROR(ENETDOWN, GW("fe80::2", .dev = "d1"));
	EXPECT_ADD_ERROR(ENETDOWN, ONLINK("2001:db8:2::2", .dev = "d1"));
}

TEST_HARNESS_MAIN
