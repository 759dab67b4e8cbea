// SPDX-License-Identifier: GPL-2.0
/* The device of a request selects its VRF's table. */
#include "route_ioctl.h"

#define TABLE "100"
#define LINK(dev) "unicast 10.9.0.0/16 dev " dev " table " TABLE " proto boot scope link"
#define MAIN(dev) "unicast 10.9.0.0/16 dev " dev " table main proto boot scope link"

/* red is the master of d0, and of nothing else. */
FIXTURE(vrf)
{
	struct host host;
};

FIXTURE_SETUP(vrf)
{
	host_setup(_metadata, &self->host);
	ASSERT_SUPPORTED(return, rtnl_vrf_add("red", atoi(TABLE)));
	ASSERT_EQ(0, rtnl_link_up("red", true));
	ASSERT_EQ(0, rtnl_link_master("d0", "red"));
	host_forget_events(_metadata, &self->host);
}

FIXTURE_TEARDOWN(vrf)
{
}

TEST_F(vrf, master)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "red");

	EXPECT_ADD(rt, LINK("red"));
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
	EXPECT_DELETE(rt, LINK("red"));
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(vrf, slave)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");

	EXPECT_ADD(rt, LINK("d0"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "red"));
	EXPECT_DELETE(rt, LINK("d0"));
}

TEST_F(vrf, other_device)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d1");

	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));
	EXPECT_ADD(rt, MAIN("d1"));
	EXPECT_DELETE(rt, MAIN("d1"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
}

/* RTF_REJECT does not look at the device, so that main is meant. */
TEST_F(vrf, reject)
{
	const char *route =
		"unreachable 10.9.0.0/16 table main proto boot scope host";
	struct rtentry rt = RT("10.9.0.0/16", .dev = "red",
			       .flags = RTF_REJECT);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

TEST_F(vrf, gateway)
{
	const char *route =
		"unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table 100 proto boot scope global";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.2",
			       .dev = "d0", .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);

	/* Without a device, it is sought in main, which lacks d0's network. */
	rt.rt_dev = NULL;
	EXPECT_ADD_ERROR(ENETUNREACH, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

/* The table tells an address of the host from one of its network. */
TEST_F(vrf, own_address_as_gateway)
{
	const char *route =
		"unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table 100 proto boot scope link";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.1",
			       .dev = "d0", .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

TEST_F(vrf, label)
{
	const struct rtnl_address address = {
		.dev = "d0", .local = "10.3.0.1/24", .label = "d0:1",
	};
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0:1");

	ASSERT_EQ(0, rtnl_address_add(&address));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD(rt, LINK("d0") " src 10.3.0.1");
	EXPECT_DELETE(rt, LINK("d0") " src 10.3.0.1");
}

/* Out of the VRF, the same device means main again. */
TEST_F(vrf, left)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");

	ASSERT_EQ(0, rtnl_link_master("d0", ""));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD(rt, MAIN("d0"));
	EXPECT_DELETE(rt, MAIN("d0"));
}

FIXTURE(vrf_table)
{
	struct host host;
};

FIXTURE_VARIANT(vrf_table)
{
	__u32 table;
	const char *route;
};

FIXTURE_VARIANT_ADD(vrf_table, lowest)
{
	.table = 1,
	.route = "unicast 10.9.0.0/16 dev red table 1 proto boot scope link",
};

FIXTURE_VARIANT_ADD(vrf_table, default_table)
{
	.table = RT_TABLE_DEFAULT,
	.route = "unicast 10.9.0.0/16 dev red table default proto boot scope link",
};

FIXTURE_VARIANT_ADD(vrf_table, main_table)
{
	.table = RT_TABLE_MAIN,
	.route = "unicast 10.9.0.0/16 dev red table main proto boot scope link",
};

FIXTURE_VARIANT_ADD(vrf_table, local_table)
{
	.table = RT_TABLE_LOCAL,
	.route = "unicast 10.9.0.0/16 dev red table local proto boot scope link",
};

FIXTURE_VARIANT_ADD(vrf_table, beyond_a_byte)
{
	.table = 256,
	.route = "unicast 10.9.0.0/16 dev red table 256 proto boot scope link",
};

/* Tables 100 and 356 share a hash chain. */
FIXTURE_VARIANT_ADD(vrf_table, same_chain)
{
	.table = 356,
	.route = "unicast 10.9.0.0/16 dev red table 356 proto boot scope link",
};

FIXTURE_VARIANT_ADD(vrf_table, highest)
{
	.table = 0xffffffff,
	.route = "unicast 10.9.0.0/16 dev red table 4294967295 proto boot scope link",
};

FIXTURE_SETUP(vrf_table)
{
	host_setup(_metadata, &self->host);
	ASSERT_SUPPORTED(return, rtnl_vrf_add("blue", 100));
	ASSERT_EQ(0, rtnl_link_up("blue", true));
	ASSERT_SUPPORTED(return, rtnl_vrf_add("red", variant->table));
	ASSERT_EQ(0, rtnl_link_up("red", true));
	host_forget_events(_metadata, &self->host);
}

FIXTURE_TEARDOWN(vrf_table)
{
}

TEST_F(vrf_table, add_and_delete)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "red");

	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_ADD(rt, variant->route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "blue"));
	EXPECT_DELETE(rt, variant->route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
