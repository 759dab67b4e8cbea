// SPDX-License-Identifier: GPL-2.0
/* Which route a delete takes, if there is none, one, or several. */
#include "route_ioctl.h"

#define LINK(dev) "unicast 10.9.0.0/16 dev " dev " table main proto boot scope link"
#define STATIC "unicast 10.9.0.0/16 dev d0 table main proto static scope link"
#define VIA(gw, dev) "unicast 10.9.0.0/16 via " gw " dev " dev " table main proto boot scope global"

FIXTURE(delete)
{
	struct host host;
};

FIXTURE_SETUP(delete)
{
	host_setup(_metadata, &self->host);
}

FIXTURE_TEARDOWN(delete)
{
}

TEST_F(delete, none)
{
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
	EXPECT_DELETE_ERROR(ESRCH, RT("0.0.0.0/0"));

	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0", .metric = 5),
		   LINK("d0") " metric 4");
	EXPECT_DELETE_ERROR(ESRCH, RT("10.8.0.0/15"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/17"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/32", .flags = RTF_HOST));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.10.0.0/16"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "d1"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .metric = 4));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .metric = 6));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .metric = -1));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .gateway = "10.1.0.2"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .gateway = "10.1.0.2",
				      .flags = RTF_GATEWAY));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .flags = RTF_REJECT));
}

/* Each field of the request alone, and all together, match the route. */
TEST_F(delete, one)
{
	const char *route = VIA("10.1.0.2", "d0") " metric 4";
	const struct entry request[] = {
		{},
		{ .flags = RTF_GATEWAY },
		{ .dev = "d0" },
		{ .metric = 5 },
		{ .metric = 1 },	/* priority 0, which matches any */
		{ .gateway = "10.1.0.2" },
		{ .gateway = "10.1.0.2", .flags = RTF_GATEWAY },
		{ .gateway = "10.1.0.2", .flags = RTF_GATEWAY, .dev = "d0",
		  .metric = 5 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(request); i++) {
		struct entry entry = request[i];

		EXPECT_ADD(RT("10.9.0.0/16", .gateway = "10.1.0.2",
			      .metric = 5, .flags = RTF_GATEWAY), route);
		entry.dst = "10.9.0.0/16";
		EXPECT_DELETE(rtentry_of(&entry), route);
	}
}

TEST_F(delete, by_gateway)
{
	EXPECT_ADD(RT("10.9.0.0/16", .gateway = "10.1.0.2",
		      .flags = RTF_GATEWAY), VIA("10.1.0.2", "d0"));
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .gateway = "10.1.0.3",
			     .flags = RTF_GATEWAY), VIA("10.1.0.3", "d0"));
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .gateway = "10.2.0.2",
			     .flags = RTF_GATEWAY), VIA("10.2.0.2", "d1"));

	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .gateway = "10.1.0.2",
				      .dev = "d1", .flags = RTF_GATEWAY));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .gateway = "10.1.0.4",
				      .flags = RTF_GATEWAY));
	EXPECT_DELETE(RT("10.9.0.0/16", .gateway = "10.1.0.3",
			 .flags = RTF_GATEWAY), VIA("10.1.0.3", "d0"));
	EXPECT_DELETE(RT("10.9.0.0/16", .gateway = "10.1.0.2"),
		      VIA("10.1.0.2", "d0"));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "d1"), VIA("10.2.0.2", "d1"));
}

/* Of those with equal priority, the latest is the first. */
TEST_F(delete, several)
{
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .dev = "d1"), LINK("d1"));
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .dev = "lo"), LINK("lo"));

	EXPECT_DELETE(RT("10.9.0.0/16"), LINK("lo"));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));
	EXPECT_DELETE(RT("10.9.0.0/16"), LINK("d1"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
}

/* Otherwise, the one of the lowest priority value is. */
TEST_F(delete, several_priorities)
{
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0", .metric = -1),
		   LINK("d0") " metric 4294967294");
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0", .metric = 5),
		   LINK("d0") " metric 4");
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d1", .metric = 9),
		   LINK("d1") " metric 8");
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0", .metric = 2),
		   LINK("d0") " metric 1");

	EXPECT_DELETE(RT("10.9.0.0/16", .metric = 1), LINK("d0"));
	EXPECT_DELETE(RT("10.9.0.0/16", .metric = 5), LINK("d0") " metric 4");
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "d1"), LINK("d1") " metric 8");
	EXPECT_DELETE(RT("10.9.0.0/16", .metric = 1), LINK("d0") " metric 1");
	EXPECT_DELETE(RT("10.9.0.0/16"), LINK("d0") " metric 4294967294");
}

/* A unicast gateway asks for global scope, whatever comes before it. */
TEST_F(delete, skips_other_types_and_scopes)
{
	const char *reject =
		"unreachable 10.9.0.0/16 table main proto boot scope host";
	const char *own =
		"unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table main proto boot scope link";

	EXPECT_ADD(RT("10.9.0.0/16", .gateway = "10.1.0.2",
		      .flags = RTF_GATEWAY), VIA("10.1.0.2", "d0"));
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .gateway = "10.1.0.1"), own);
	EXPECT_ADD_BESIDE(RT("10.9.0.0/16", .flags = RTF_REJECT), reject);

	EXPECT_DELETE(RT("10.9.0.0/16", .gateway = "10.1.0.2",
			 .flags = RTF_GATEWAY), VIA("10.1.0.2", "d0"));
	EXPECT_DELETE(RT("10.9.0.0/16"), own);
	EXPECT_DELETE(RT("10.9.0.0/16", .flags = RTF_REJECT), reject);
}

TEST_F(delete, connected)
{
	const char *connected =
		"unicast 10.1.0.0/24 dev d0 table main proto kernel scope link src 10.1.0.1";

	EXPECT_DELETE(RT("10.1.0.0/24", .dev = "d0"), connected);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.1.0.0/24", .dev = "d0"));
}

/* Whoever added a route, and by which protocol, either way deletes it. */
TEST_F(delete, of_netlink)
{
	const struct rtnl_route by_netlink = {
		.dst = "10.9.0.0/16", .dev = "d0", .prefsrc = "10.2.0.1",
		.table = RT_TABLE_MAIN, .priority = 7, .advmss = 1000,
		.protocol = RTPROT_STATIC, .scope = RT_SCOPE_LINK,
		.type = RTN_UNICAST,
	};
	const char *route = STATIC " metric 7 advmss 1000 src 10.2.0.1";

	ASSERT_EQ(0, rtnl_route_add(&by_netlink, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .metric = 7));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "d0", .metric = 8), route);
}

TEST_F(delete, of_netlink_gateway_of_link_scope)
{
	const struct rtnl_route by_netlink = {
		.dst = "10.9.0.0/16", .gateway = "10.1.0.1",
		.table = RT_TABLE_MAIN, .protocol = RTPROT_STATIC,
		.scope = RT_SCOPE_LINK, .type = RTN_UNICAST,
	};

	ASSERT_EQ(0, rtnl_route_add(&by_netlink, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE(RT("10.9.0.0/16", .gateway = "10.1.0.1",
			 .flags = RTF_GATEWAY),
		      "unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table main proto static scope link");
}

/* A delete by RTF_REJECT asks for host scope, which netlink need not give. */
TEST_F(delete, of_netlink_unreachable)
{
	struct rtnl_route by_netlink = {
		.dst = "10.9.0.0/16", .table = RT_TABLE_MAIN,
		.protocol = RTPROT_STATIC, .scope = RT_SCOPE_UNIVERSE,
		.type = RTN_UNREACHABLE,
	};
	struct rtentry rt = RT("10.9.0.0/16", .flags = RTF_REJECT);

	ASSERT_EQ(0, rtnl_route_add(&by_netlink, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, rt);

	by_netlink.scope = RT_SCOPE_HOST;
	ASSERT_EQ(0, rtnl_route_add(&by_netlink, 0));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE(rt,
		      "unreachable 10.9.0.0/16 table main proto static scope host");
}

TEST_F(delete, by_netlink)
{
	const struct rtnl_route link = {
		.dst = "10.9.0.0/16", .dev = "d0", .table = RT_TABLE_MAIN,
		.protocol = RTPROT_BOOT, .scope = RT_SCOPE_LINK,
		.type = RTN_UNICAST,
	};
	const struct rtnl_route reject = {
		.dst = "10.10.0.0/16", .table = RT_TABLE_MAIN,
		.protocol = RTPROT_BOOT, .scope = RT_SCOPE_HOST,
		.type = RTN_UNREACHABLE,
	};
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0", .metric = 5);
	struct rtnl_route with_priority = link;

	with_priority.priority = 4;

	EXPECT_ADD(rt, LINK("d0") " metric 4");
	EXPECT_EQ(0, rtnl_route_delete(&with_priority));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, rt);

	rt = RT("10.10.0.0/16", .flags = RTF_REJECT);
	EXPECT_ADD(rt, "unreachable 10.10.0.0/16 table main proto boot scope host");
	EXPECT_EQ(0, rtnl_route_delete(&reject));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
