// SPDX-License-Identifier: GPL-2.0
/* Next hops: when a gateway counts, what scope it gives, which can be used. */
#include "route_ioctl.h"

#define DIRECT "unicast 10.9.0.0/16 dev d0 table main proto boot scope link"
#define VIA "unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global"

FIXTURE(gateway)
{
	struct host host;
};

FIXTURE_SETUP(gateway)
{
	host_setup(_metadata, &self->host);
}

FIXTURE_TEARDOWN(gateway)
{
}

TEST_F(gateway, on_link)
{
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.2",
			       .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, VIA);
	EXPECT_DELETE(rt, VIA);

	rt.rt_dev = "d0";
	EXPECT_ADD(rt, VIA);
	EXPECT_DELETE(rt, VIA);
}

TEST_F(gateway, default_route)
{
	const char *route =
		"unicast 0.0.0.0/0 via 10.1.0.2 dev d0 table main proto boot scope global";
	struct rtentry rt = RT("0.0.0.0/0", .gateway = "10.1.0.2",
			       .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(gateway, host_route)
{
	const char *route =
		"unicast 10.9.0.1/32 via 10.1.0.2 dev d0 table main proto boot scope global";
	struct rtentry rt = RT("10.9.0.1/32", .gateway = "10.1.0.2",
			       .flags = RTF_GATEWAY | RTF_HOST);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

TEST_F(gateway, missing)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0",
			       .flags = RTF_GATEWAY);

	/* Neither family nor address */
	EXPECT_ADD_ERROR(EINVAL, rt);
	/* An address that is no address of IPv4 */
	rt.rt_gateway = inet_sockaddr(inet_addr("10.1.0.2"));
	rt.rt_gateway.sa_family = AF_UNSPEC;
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rt_gateway.sa_family = AF_INET6;
	EXPECT_ADD_ERROR(EINVAL, rt);
	/* The family alone */
	rt.rt_gateway = inet_sockaddr(INADDR_ANY);
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rt_dev = NULL;
	EXPECT_ADD_ERROR(EINVAL, rt);

	/* The device is looked up first. */
	rt.rt_dev = "nodev";
	EXPECT_ADD_ERROR(ENODEV, rt);
}

/* A delete takes it as if there was no flag. */
TEST_F(gateway, missing_in_a_delete)
{
	struct rtentry rt = RT("10.9.0.0/16", .flags = RTF_GATEWAY);

	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), DIRECT);
	EXPECT_DELETE(rt, DIRECT);

	EXPECT_ADD(RT("10.9.0.0/16", .gateway = "10.1.0.2",
		      .flags = RTF_GATEWAY), VIA);
	rt.rt_gateway = inet_sockaddr(inet_addr("10.1.0.77"));
	rt.rt_gateway.sa_family = AF_INET6;
	EXPECT_DELETE(rt, VIA);
}

/* A gateway of another family is no gateway. */
TEST_F(gateway, other_family)
{
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.2",
			       .dev = "d0");

	rt.rt_gateway.sa_family = AF_UNSPEC;
	EXPECT_ADD(rt, DIRECT);
	rt.rt_gateway.sa_family = AF_INET6;
	EXPECT_DELETE(rt, DIRECT);
}

/*
 * Without RTF_GATEWAY the scope is link, and a next hop must be nearer than
 * that: an address of this host.
 */
TEST_F(gateway, without_flag)
{
	const char *route =
		"unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table main proto boot scope link";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.1");

	EXPECT_ADD_ERROR(ENETUNREACH,
			 RT("10.9.0.0/16", .gateway = "10.1.0.2"));
	EXPECT_ADD_ERROR(ENETUNREACH, RT("10.9.0.0/16", .gateway = "10.1.0.2",
					 .dev = "d0"));
	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);

	/* A delete does not ask for any scope then. */
	EXPECT_ADD(RT("10.9.0.0/16", .gateway = "10.1.0.2",
		      .flags = RTF_GATEWAY), VIA);
	EXPECT_DELETE(RT("10.9.0.0/16", .gateway = "10.1.0.2"), VIA);
}

/* No unicast address, so that the scope stays link. */
TEST_F(gateway, own_address)
{
	const char *route =
		"unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table main proto boot scope link";
	const char *lo =
		"unicast 10.9.0.0/16 via 127.0.0.1 dev lo table main proto boot scope link";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.1",
			       .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);

	rt.rt_gateway = inet_sockaddr(inet_addr("127.0.0.1"));
	EXPECT_ADD(rt, lo);
	EXPECT_DELETE(rt, lo);
}

/*
 * A rule takes the local table out of main, where the gateway is looked up:
 * there, it is one of the addresses of the device's network.
 */
TEST_F(gateway, own_address_with_rules)
{
	const char *route =
		"unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table main proto boot scope link";
	const char *global =
		"unicast 10.9.0.0/16 via 10.1.0.1 dev d0 table main proto boot scope global";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.1",
			       .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	ASSERT_SUPPORTED(return, rtnl_rule_add(100, 77));
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_DELETE(RT("10.9.0.0/16", .gateway = "10.1.0.1"), route);

	EXPECT_ADD(rt, global);
	EXPECT_DELETE(rt, global);
}

TEST_F(gateway, unreachable)
{
	static const char * const gateway[] = {
		"10.3.0.1",		/* no route */
		"224.0.0.1",		/* multicast */
		"255.255.255.255",	/* broadcast */
		"0.0.0.1",		/* this network */
		"10.5.0.255",		/* a network's broadcast address */
	};
	const struct rtnl_address address = {
		.dev = "d0", .local = "10.5.0.1/24", .broadcast = "10.5.0.255",
	};
	size_t i;

	ASSERT_EQ(0, rtnl_address_add(&address));
	host_forget_events(_metadata, &self->host);

	for (i = 0; i < ARRAY_SIZE(gateway); i++) {
		struct rtentry rt = RT("10.9.0.0/16", .gateway = gateway[i],
				       .flags = RTF_GATEWAY);

		EXPECT_ADD_ERROR(ENETUNREACH, rt);
		EXPECT_DELETE_ERROR(ESRCH, rt);
		rt.rt_dev = "d0";
		EXPECT_ADD_ERROR(ENETUNREACH, rt);
		EXPECT_DELETE_ERROR(ESRCH, rt);
	}
}

TEST_F(gateway, on_another_device)
{
	EXPECT_ADD_ERROR(ENETUNREACH,
			 RT("10.9.0.0/16", .gateway = "10.1.0.2", .dev = "d1",
			    .flags = RTF_GATEWAY));
}

/* A gateway must be on a network of this host, not behind another one. */
TEST_F(gateway, behind_a_gateway)
{
	EXPECT_ADD(RT("10.9.0.0/16", .gateway = "10.1.0.2",
		      .flags = RTF_GATEWAY), VIA);
	EXPECT_ADD_ERROR(ENETUNREACH,
			 RT("10.10.0.0/16", .gateway = "10.9.0.1",
			    .flags = RTF_GATEWAY));
}

TEST_F(gateway, behind_a_device_route)
{
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), DIRECT);
	EXPECT_ADD(RT("10.10.0.0/16", .gateway = "10.9.0.1",
		      .flags = RTF_GATEWAY),
		   "unicast 10.10.0.0/16 via 10.9.0.1 dev d0 table main proto boot scope global");
}

TEST_F(gateway, rejected)
{
	EXPECT_ADD(RT("10.9.0.0/16", .flags = RTF_REJECT),
		   "unreachable 10.9.0.0/16 table main proto boot scope host");
	EXPECT_ADD_ERROR(EHOSTUNREACH,
			 RT("10.10.0.0/16", .gateway = "10.9.0.1",
			    .flags = RTF_GATEWAY));
}

TEST_HARNESS_MAIN
