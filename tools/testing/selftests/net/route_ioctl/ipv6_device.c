// SPDX-License-Identifier: GPL-2.0
/* The device of a request of IPv6, and the table that it selects. */
#include <limits.h>

#include "route_ioctl.h"

#define PREFIX "2001:db8:9::/48"
#define IN(dev, table) "unicast " PREFIX " dev " dev " table " table \
	" proto boot scope global metric 1024"
#define MAIN(dev) IN(dev, "main")

FIXTURE(ipv6_device)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_device)
{
	host_setup_ipv6(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_device)
{
}

TEST_F(ipv6_device, unknown)
{
	static const int ifindex[] = { 9999, -1, INT_MIN, INT_MAX };
	struct in6_rtmsg rt = RT6(PREFIX);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ifindex); i++) {
		rt.rtmsg_ifindex = ifindex[i];
		EXPECT_ADD_ERROR(ENODEV, rt);
		EXPECT_DELETE_ERROR(ESRCH, rt);
	}

	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), MAIN("d0"));
	rt.rtmsg_ifindex = 9999;
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(ipv6_device, none)
{
	EXPECT_ADD_ERROR(ENODEV, RT6(PREFIX));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
}

TEST_F(ipv6_device, down)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d1");

	EXPECT_ADD(rt, MAIN("d1"));
	ASSERT_EQ(0, rtnl_link_up("d1", false));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD_ERROR(ENETDOWN, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

static void disable(struct __test_metadata *_metadata,
		    const struct host *host)
{
	FILE *file = fopen("/proc/sys/net/ipv6/conf/d1/disable_ipv6", "w");

	ASSERT_TRUE(!!file);
	ASSERT_LT(0, fputs("1", file));
	ASSERT_EQ(0, fclose(file));
	host_forget_events(_metadata, host);
}

TEST_F(ipv6_device, disabled)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d1");

	disable(_metadata, &self->host);
	EXPECT_ADD_ERROR(EACCES, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_ADD_ERROR(EACCES, RT6(PREFIX, .dev = "d1", .gateway = "fe80::2",
				     .flags = RTF_GATEWAY));
	/* What goes nowhere does not go by it. */
	EXPECT_ADD(RT6(PREFIX, .dev = "d1", .flags = RTF_REJECT), MAIN("lo"));
}

/* A device whose MTU is below IPv6's least has no part in IPv6. */
TEST_F(ipv6_device, without_ipv6)
{
	ASSERT_EQ(0, rtnl_link_mtu("d1", 1279));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD_ERROR(ENODEV, RT6(PREFIX, .dev = "d1"));
	EXPECT_ADD_ERROR(ENODEV, RT6(PREFIX, .dev = "d1",
				     .flags = RTF_REJECT));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .dev = "d1"));
}

/* red is the master of d0, and of nothing else. */
FIXTURE(ipv6_vrf)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_vrf)
{
	const struct rtnl_address address = {
		.dev = "d0", .local = "2001:db8:1::1/64",
	};

	host_setup_ipv6(_metadata, &self->host);
	ASSERT_SUPPORTED(return, rtnl_vrf_add("red", 100));
	ASSERT_EQ(0, rtnl_link_up("red", true));
	ASSERT_EQ(0, rtnl_link_master("d0", "red"));
	/* Lost on the way. */
	ASSERT_EQ(0, rtnl_address_add(&address));
	host_forget_events(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_vrf)
{
}

TEST_F(ipv6_vrf, master)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "red");

	EXPECT_ADD(rt, IN("red", "100"));
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .dev = "d0"));
	EXPECT_DELETE(rt, IN("red", "100"));
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(ipv6_vrf, slave)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0");

	EXPECT_ADD(rt, IN("d0", "100"));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .dev = "red"));
	EXPECT_DELETE(rt, IN("d0", "100"));
}

TEST_F(ipv6_vrf, other_device)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d1");

	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), IN("d0", "100"));
	EXPECT_ADD(rt, MAIN("d1"));
	EXPECT_DELETE(rt, MAIN("d1"));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
}

/* Unlike IPv4's, it is in the VRF's table; but its device is lo, which is not. */
TEST_F(ipv6_vrf, reject)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "red", .flags = RTF_REJECT);

	EXPECT_ADD(rt, IN("lo", "100"));
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
}

TEST_F(ipv6_vrf, gateway)
{
	const char *route = "unicast " PREFIX
		" via 2001:db8:1::2 dev d0 table 100 proto boot scope global metric 1024";
	struct in6_rtmsg rt = RT6(PREFIX, .gateway = "2001:db8:1::2",
				  .dev = "d0", .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);

	/* Without a device, main is meant, which lacks d0's network. */
	rt.rtmsg_ifindex = 0;
	EXPECT_ADD_ERROR(EHOSTUNREACH, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

/* Out of the VRF, the same device means main again. */
TEST_F(ipv6_vrf, left)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0");

	ASSERT_EQ(0, rtnl_link_master("d0", ""));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD(rt, MAIN("d0"));
	EXPECT_DELETE(rt, MAIN("d0"));
}

FIXTURE(ipv6_vrf_table)
{
	struct host host;
};

FIXTURE_VARIANT(ipv6_vrf_table)
{
	__u32 table;
	const char *route;
};

FIXTURE_VARIANT_ADD(ipv6_vrf_table, lowest)
{
	.table = 1,
	.route = IN("red", "1"),
};

FIXTURE_VARIANT_ADD(ipv6_vrf_table, main_table)
{
	.table = RT_TABLE_MAIN,
	.route = IN("red", "main"),
};

FIXTURE_VARIANT_ADD(ipv6_vrf_table, local_table)
{
	.table = RT_TABLE_LOCAL,
	.route = IN("red", "local"),
};

FIXTURE_VARIANT_ADD(ipv6_vrf_table, beyond_a_byte)
{
	.table = 356,
	.route = IN("red", "356"),
};

FIXTURE_VARIANT_ADD(ipv6_vrf_table, highest)
{
	.table = 0xffffffff,
	.route = IN("red", "4294967295"),
};

FIXTURE_SETUP(ipv6_vrf_table)
{
	host_setup_ipv6(_metadata, &self->host);
	ASSERT_SUPPORTED(return, rtnl_vrf_add("red", variant->table));
	host_forget_events(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_vrf_table)
{
}

/* The VRF brings its table into being only as it comes up. */
TEST_F(ipv6_vrf_table, add_and_delete)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "red");

	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_ADD_ERROR(ENETDOWN, rt);
	ASSERT_EQ(0, rtnl_link_up("red", true));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD(rt, variant->route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, variant->route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
