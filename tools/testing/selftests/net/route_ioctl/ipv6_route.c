// SPDX-License-Identifier: GPL-2.0
/* What a request of IPv6 makes of a route: metric, flags, type, expiry. */
#include <limits.h>

#include "route_ioctl.h"

#define PREFIX "2001:db8:9::/48"
#define MAIN " table main proto boot scope global"
#define LINK(dev) "unicast " PREFIX " dev " dev MAIN " metric 1024"
#define VIA(gw, dev) "unicast " PREFIX " via " gw " dev " dev MAIN " metric 1024"

FIXTURE(ipv6_route)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_route)
{
	host_setup_ipv6(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_route)
{
}

TEST_F(ipv6_route, metric)
{
	static const struct {
		long long metric;
		const char *route;
	} test[] = {
		{ 0, "unicast " PREFIX " dev d0" MAIN " metric 1024" },
		{ 1, "unicast " PREFIX " dev d0" MAIN " metric 1" },
		{ 1024, "unicast " PREFIX " dev d0" MAIN " metric 1024" },
		{ 65536, "unicast " PREFIX " dev d0" MAIN " metric 65536" },
		{ 4294967295, "unicast " PREFIX " dev d0" MAIN " metric 4294967295" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test); i++) {
		struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0",
					  .metric = test[i].metric);

		EXPECT_ADD(rt, test[i].route);
		EXPECT_ADD_ERROR(EEXIST, rt);
		EXPECT_DELETE(rt, test[i].route);
	}
}

/* Whatever the call says of the next hop, it is lo, and its type unicast. */
TEST_F(ipv6_route, reject)
{
	struct in6_rtmsg rt = RT6(PREFIX, .flags = RTF_REJECT);
	unsigned int flags;

	EXPECT_ADD(rt, LINK("lo"));
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_REJECT | RTF_NONEXTHOP, flags);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, LINK("lo"));
	EXPECT_DELETE_ERROR(ESRCH, rt);

	rt = RT6(PREFIX, .dev = "d0", .gateway = "ff02::1",
		 .flags = RTF_REJECT | RTF_GATEWAY);
	EXPECT_ADD(rt, LINK("lo"));
	/* A delete goes by the route that there is. */
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .dev = "d0"));
	EXPECT_DELETE(RT6(PREFIX, .dev = "lo"), LINK("lo"));

	/* The device must be there all the same. */
	rt.rtmsg_ifindex = 9999;
	EXPECT_ADD_ERROR(ENODEV, rt);

	EXPECT_ADD(RT6("::/0", .flags = RTF_REJECT),
		   "unicast ::/0 dev lo" MAIN " metric 1024");
}

/* RTF_HOST is what says in a route that its gateway is on the link. */
TEST_F(ipv6_route, reject_of_a_host)
{
	struct in6_rtmsg rt = RT6("2001:db8:9::1/128",
				  .flags = RTF_REJECT | RTF_HOST);

	EXPECT_ADD_ERROR(ENODEV, rt);
	rt.rtmsg_ifindex = if_nametoindex("d0");
	EXPECT_ADD(rt, "unicast 2001:db8:9::1/128 dev lo" MAIN
		   " metric 1024 flags 0x4");
}

/* A route to elsewhere by lo would never end. */
TEST_F(ipv6_route, loopback)
{
	unsigned int flags;

	EXPECT_ADD(RT6(PREFIX, .dev = "lo"), LINK("lo"));
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_REJECT | RTF_NONEXTHOP, flags);
	EXPECT_DELETE(RT6(PREFIX, .dev = "lo"), LINK("lo"));

	EXPECT_ADD(RT6(PREFIX, .dev = "lo", .flags = RTF_LOCAL), LINK("lo"));
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_UP | RTF_LOCAL, flags);
	EXPECT_DELETE(RT6(PREFIX, .dev = "lo"), LINK("lo"));

	EXPECT_ADD(RT6("::1/128", .dev = "lo"),
		   "unicast ::1/128 dev lo" MAIN " metric 1024");
	EXPECT_DELETE(RT6("::1/128", .dev = "lo"),
		      "unicast ::1/128 dev lo" MAIN " metric 1024");
}

/* They are kept as they come, but for what the kernel makes of some. */
TEST_F_TIMEOUT(ipv6_route, flags, 240)
{
	static const struct {
		unsigned int flags;
		unsigned int kept;
		const char *suffix;
	} test[] = {
		{ 0, 0, "" },
		{ RTF_UP, RTF_UP, "" },
		{ RTF_UP | RTF_HOST, RTF_UP | RTF_HOST, " flags 0x4" },
		{ RTF_DYNAMIC | RTF_MODIFIED, RTF_DYNAMIC | RTF_MODIFIED, "" },
		{ RTF_DEFAULT | RTF_ADDRCONF, RTF_DEFAULT | RTF_ADDRCONF, "" },
		{ RTF_ALLONLINK | RTF_PREFIX_RT, RTF_ALLONLINK | RTF_PREFIX_RT,
		  "" },
		{ RTF_ANYCAST, RTF_ANYCAST, "" },
		{ RTF_LOCAL, RTF_LOCAL, "" },
		{ RTF_FLOW | RTF_POLICY, RTF_FLOW | RTF_POLICY, "" },
		{ RTF_NONEXTHOP, RTF_NONEXTHOP, "" },
		{ 0x00800000, 0x00800000, "" },
		{ 1U << 27, 1U << 27, " pref 1" },
		{ 3U << 27, 3U << 27, " pref 3" },
		{ 0x2000fdc0, 0x2000fdc0, "" },
	};
	char route[FIB_TEXT];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test); i++) {
		struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0");
		unsigned int flags;

		rt.rtmsg_flags = test[i].flags;
		snprintf(route, sizeof(route), LINK("d0") "%s", test[i].suffix);
		EXPECT_ADD(rt, route);
		ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
		EXPECT_EQ(test[i].kept, flags);

		/* A delete asks for none. */
		rt.rtmsg_flags = 0;
		EXPECT_DELETE(rt, route);
	}
}

TEST_F(ipv6_route, gateway_flag)
{
	struct in6_rtmsg rt = RT6(PREFIX, .gateway = "2001:db8:1::2",
				  .flags = RTF_GATEWAY);
	unsigned int flags;

	EXPECT_ADD(rt, VIA("2001:db8:1::2", "d0"));
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_UP | RTF_GATEWAY, flags);
}

TEST_F(ipv6_route, type)
{
	static const char * const name[] = {
		"unicast", "unicast", "local", "broadcast", "anycast",
		"multicast", "blackhole", "unreachable", "prohibit", "9", "10",
		"11",
	};
	char route[FIB_TEXT];
	unsigned int type;

	for (type = 0; type <= RTN_MAX; type++) {
		struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0", .type = type);

		snprintf(route, sizeof(route),
			 "%s " PREFIX " dev d0" MAIN " metric 1024",
			 name[type]);
		EXPECT_ADD(rt, route);
		EXPECT_DELETE(RT6(PREFIX), route);
	}

	EXPECT_ADD(RT6(PREFIX, .flags = RTF_REJECT, .type = RTN_PROHIBIT),
		   "prohibit " PREFIX " dev lo" MAIN " metric 1024");
}

static bool has_route(const char *route)
{
	struct fib fib;
	int i;

	if (fib_read(AF_INET6, &fib))
		return false;
	for (i = 0; i < fib.count; i++)
		if (!strcmp(fib.route[i], route))
			return true;
	return false;
}

/* It is refused, but lives on as the call says. Nobody is told. */
static void expect_new_expiry(struct __test_metadata *_metadata, int line,
			      const struct host *host,
			      const struct in6_rtmsg *rt, const char *route)
{
	EXPECT_EQ(-1, ioctl(host->sock, SIOCADDRT, rt));
	EXPECT_EQ(EEXIST, errno);
	EXPECT_TRUE(has_route(route)) {
		TH_LOG("line %d: no %s", line, route);
	}
	EXPECT_EQ(0, fib_events(host->monitor, NULL, 0));
}

TEST_F(ipv6_route, expiry)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0", .flags = RTF_EXPIRES,
				  .info = 600 * FIB_TICKS);
	unsigned int flags;

	EXPECT_ADD(rt, LINK("d0") " expires 600");
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_UP | RTF_EXPIRES, flags);

	rt.rtmsg_info = 1200 * FIB_TICKS;
	expect_new_expiry(_metadata, __LINE__, &self->host, &rt,
			  LINK("d0") " expires 1200");
	rt.rtmsg_flags = RTF_UP;
	expect_new_expiry(_metadata, __LINE__, &self->host, &rt, LINK("d0"));

	/* What lives for ever goes on to. */
	rt.rtmsg_flags = RTF_UP | RTF_EXPIRES;
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, LINK("d0"));

	/* Without the flag, the field is nothing. */
	rt.rtmsg_flags = RTF_UP;
	EXPECT_ADD(rt, LINK("d0"));
}

/* What a router has advertised is the administrator's once he adds it, too. */
TEST_F(ipv6_route, expiry_of_an_advertised_one)
{
	const unsigned int advertised = RTF_ADDRCONF | RTF_PREFIX_RT;
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0",
				  .flags = RTF_EXPIRES | advertised,
				  .info = 600 * FIB_TICKS);
	unsigned int flags;

	EXPECT_ADD(rt, LINK("d0") " expires 600");
	rt.rtmsg_flags = RTF_UP | RTF_EXPIRES | RTF_PREFIX_RT;
	expect_new_expiry(_metadata, __LINE__, &self->host, &rt,
			  LINK("d0") " expires 600");
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_UP | RTF_EXPIRES | advertised, flags);

	rt.rtmsg_flags = RTF_UP | RTF_EXPIRES;
	expect_new_expiry(_metadata, __LINE__, &self->host, &rt,
			  LINK("d0") " expires 600");
	ASSERT_EQ(0, fib_ipv6_flags(PREFIX, &flags));
	EXPECT_EQ(RTF_UP | RTF_EXPIRES, flags);
}

/* A delete need not say when. */
TEST_F(ipv6_route, expiry_of_a_delete)
{
	EXPECT_ADD(RT6(PREFIX, .dev = "d0", .flags = RTF_EXPIRES,
		       .info = 600 * FIB_TICKS), LINK("d0") " expires 600");
	EXPECT_DELETE_NOTED(RT6(PREFIX, .flags = RTF_EXPIRES,
				.info = 10 * FIB_TICKS),
			    LINK("d0") " expires 600", LINK("d0"));
}

TEST_F(ipv6_route, expiry_with_gateway)
{
	const char *noted = VIA("2001:db8:1::2", "d0");
	struct in6_rtmsg rt = RT6(PREFIX, .gateway = "2001:db8:1::2",
				  .flags = RTF_GATEWAY | RTF_EXPIRES,
				  .info = 600 * FIB_TICKS);

	EXPECT_ADD(rt, VIA("2001:db8:1::2", "d0") " expires 600");
	EXPECT_DELETE_NOTED(rt, VIA("2001:db8:1::2", "d0") " expires 600",
			    noted);
}

/* Whether the kernel has CONFIG_IPV6_SUBTREES, as rtnetlink knows. */
static bool have_sources(void)
{
	const struct rtnl_route route = {
		.dst = "2001:db8:a::/48", .src = "2001:db8:7::/64",
		.dev = "d0", .table = RT_TABLE_MAIN, .type = RTN_UNICAST,
	};

	return !rtnl_route_add(&route, NLM_F_EXCL) &&
	       !rtnl_route_delete(&route);
}

TEST_F(ipv6_route, source)
{
	const char *route = "unicast " PREFIX
		" from 2001:db8:7::/64 dev d0" MAIN " metric 1024";
	struct in6_rtmsg rt = RT6(PREFIX, .src = "2001:db8:7::/64",
				  .dev = "d0");

	if (!have_sources()) {
		EXPECT_ADD_ERROR(EINVAL, rt);
		return;
	}
	host_forget_events(_metadata, &self->host);

	EXPECT_ADD(rt, route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .src = "2001:db8:7::/65"));
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .src = "2001:db8:8::/64"));
	rt.rtmsg_src_len = 129;
	EXPECT_DELETE_ERROR(ESRCH, rt);

	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	EXPECT_DELETE(RT6(PREFIX), LINK("d0"));
	rt.rtmsg_src_len = 64;
	EXPECT_DELETE(rt, route);

	/* Host bits are cut here, too. */
	EXPECT_ADD(RT6(PREFIX, .src = "2001:db8:7::1/64", .dev = "d0"), route);
	EXPECT_DELETE(rt, route);
}

/* Where no route has a source, none is asked for. */
TEST_F(ipv6_route, source_of_a_delete)
{
	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	EXPECT_DELETE(RT6(PREFIX, .src = "2001:db8:7::/64"), LINK("d0"));
}

TEST_F(ipv6_route, duplicate)
{
	struct in6_rtmsg rt = RT6(PREFIX, .dev = "d0");

	EXPECT_ADD(rt, LINK("d0"));
	EXPECT_ADD_ERROR(EEXIST, rt);

	/* Neither flags nor a type make it another route, */
	rt.rtmsg_flags |= RTF_DYNAMIC;
	EXPECT_ADD_ERROR(EEXIST, rt);
	rt.rtmsg_type = RTN_BLACKHOLE;
	EXPECT_ADD_ERROR(EEXIST, rt);
	rt.rtmsg_metric = 1024;
	EXPECT_ADD_ERROR(EEXIST, rt);

	/* another metric does, or another device, or a gateway. */
	EXPECT_ADD(RT6(PREFIX, .dev = "d0", .metric = 5),
		   "unicast " PREFIX " dev d0" MAIN " metric 5");
	EXPECT_ADD_BESIDE(RT6(PREFIX, .dev = "d1"), LINK("d1"));
	EXPECT_ADD_BESIDE(RT6(PREFIX, .gateway = "2001:db8:1::2",
			      .flags = RTF_GATEWAY),
			  VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD_BESIDE(RT6(PREFIX, .flags = RTF_REJECT), LINK("lo"));
	EXPECT_ADD(RT6("2001:db8:9::/49", .dev = "d0"),
		   "unicast 2001:db8:9::/49 dev d0" MAIN " metric 1024");
}

static void expect_route_by(struct __test_metadata *_metadata, int line,
			    const struct host *host, unsigned long cmd,
			    const struct in6_rtmsg *rt, const char *event_route,
			    const char *route)
{
	struct fib_event event = {};

	ASSERT_EQ(0, ioctl(host->sock, cmd, rt)) {
		TH_LOG("line %d: %s", line, strerror(errno));
	}
	EXPECT_EQ(1, fib_events(host->monitor, &event, 1));
	EXPECT_EQ(cmd == SIOCADDRT ? RTM_NEWROUTE : RTM_DELROUTE, event.type);
	EXPECT_EQ(cmd == SIOCADDRT ? NLM_F_CREATE : 0, event.flags);
	EXPECT_STREQ(event_route, event.route) {
		TH_LOG("line %d", line);
	}
	EXPECT_TRUE(has_route(route)) {
		TH_LOG("line %d: no %s", line, route);
	}
}

#define HOP(gw, dev) " nexthop via " gw " dev " dev
#define SIBLINGS "unicast " PREFIX MAIN " metric 1024"

/* Gateways of one metric are next hops of one route, one change each. */
TEST_F(ipv6_route, siblings)
{
	struct in6_rtmsg one = RT6(PREFIX, .gateway = "2001:db8:1::2",
				   .flags = RTF_GATEWAY);
	struct in6_rtmsg two = RT6(PREFIX, .gateway = "2001:db8:2::2",
				   .flags = RTF_GATEWAY);
	struct in6_rtmsg three = RT6(PREFIX, .gateway = "2001:db8:1::3",
				     .flags = RTF_GATEWAY);

	EXPECT_ADD(one, VIA("2001:db8:1::2", "d0"));
	expect_route_by(_metadata, __LINE__, &self->host, SIOCADDRT, &two,
			SIBLINGS HOP("2001:db8:2::2", "d1")
				 HOP("2001:db8:1::2", "d0"),
			SIBLINGS HOP("2001:db8:1::2", "d0")
				 HOP("2001:db8:2::2", "d1"));
	EXPECT_ADD_ERROR(EEXIST, two);
	expect_route_by(_metadata, __LINE__, &self->host, SIOCADDRT, &three,
			SIBLINGS HOP("2001:db8:1::3", "d0")
				 HOP("2001:db8:1::2", "d0")
				 HOP("2001:db8:2::2", "d1"),
			SIBLINGS HOP("2001:db8:1::2", "d0")
				 HOP("2001:db8:2::2", "d1")
				 HOP("2001:db8:1::3", "d0"));

	/* A delete takes one of them, the first that it matches. */
	expect_route_by(_metadata, __LINE__, &self->host, SIOCDELRT, &two,
			VIA("2001:db8:2::2", "d1"),
			SIBLINGS HOP("2001:db8:1::2", "d0")
				 HOP("2001:db8:1::3", "d0"));
	one.rtmsg_flags = RTF_UP;
	expect_route_by(_metadata, __LINE__, &self->host, SIOCDELRT, &one,
			VIA("2001:db8:1::2", "d0"),
			VIA("2001:db8:1::3", "d0"));
	EXPECT_DELETE(three, VIA("2001:db8:1::3", "d0"));
}

/* What a router has advertised stands alone. */
TEST_F(ipv6_route, no_sibling_of_an_advertised_one)
{
	EXPECT_ADD(RT6(PREFIX, .gateway = "2001:db8:1::2",
		       .flags = RTF_GATEWAY | RTF_ADDRCONF),
		   VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD_BESIDE(RT6(PREFIX, .gateway = "2001:db8:1::3",
			      .flags = RTF_GATEWAY),
			  VIA("2001:db8:1::3", "d0"));
}

/* A gateway is on the link by the word of RTF_HOST, and so is a host. */
TEST_F(ipv6_route, host)
{
	const char *route = "unicast 2001:db8:9::1/128 dev d0" MAIN
		" metric 1024 flags 0x4";
	struct in6_rtmsg rt = RT6("2001:db8:9::1/128", .flags = RTF_HOST);

	EXPECT_ADD_ERROR(ENODEV, rt);
	rt.rtmsg_ifindex = if_nametoindex("d0");
	EXPECT_ADD(rt, route);

	/* The flag is no length: nor does the length come of it. */
	rt.rtmsg_dst_len = 64;
	EXPECT_ADD(rt, "unicast 2001:db8:9::/64 dev d0" MAIN
		   " metric 1024 flags 0x4");
	EXPECT_DELETE(RT6("2001:db8:9::1/128"), route);
}

/* Nothing is up, so that there is no route yet. */
FIXTURE(ipv6_new_network)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_new_network)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	host_open(_metadata, &self->host, AF_INET6);
}

FIXTURE_TEARDOWN(ipv6_new_network)
{
}

/* IPv6 has its tables from the start, and lo rejects while it is down. */
TEST_F(ipv6_new_network, first_route)
{
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX));
	EXPECT_ADD_ERROR(ENETDOWN, RT6(PREFIX, .dev = "lo"));
	EXPECT_ADD_ERROR(EHOSTUNREACH, RT6(PREFIX, .gateway = "2001:db8:1::2",
					   .flags = RTF_GATEWAY));
	EXPECT_ADD(RT6(PREFIX, .flags = RTF_REJECT), LINK("lo"));
	EXPECT_DELETE(RT6(PREFIX), LINK("lo"));
}

TEST_HARNESS_MAIN
