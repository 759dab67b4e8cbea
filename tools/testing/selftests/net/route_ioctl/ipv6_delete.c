// SPDX-License-Identifier: GPL-2.0
/* Which route a delete of IPv6 takes, if there is none, one, or several. */
#include <netinet/icmp6.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <poll.h>

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

/* Says that @way is too narrow for what was sent on it, as a router does. */
static void send_too_big(struct __test_metadata *_metadata,
			 const struct sockaddr_in6 *from,
			 const struct sockaddr_in6 *to, __u32 mtu)
{
	struct {
		struct icmp6_hdr icmp;
		struct ip6_hdr ip;
		struct udphdr udp;
	} message = {
		.icmp = { .icmp6_type = ICMP6_PACKET_TOO_BIG },
		.ip = { .ip6_src = from->sin6_addr, .ip6_dst = to->sin6_addr },
		.udp = { .source = from->sin6_port, .dest = to->sin6_port },
	};
	const struct sockaddr_in6 us = {
		.sin6_family = AF_INET6, .sin6_addr = from->sin6_addr,
	};
	int sock = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);

	ASSERT_LE(0, sock);
	message.icmp.icmp6_mtu = htonl(mtu);
	message.ip.ip6_vfc = 6 << 4;
	message.ip.ip6_nxt = IPPROTO_UDP;
	message.ip.ip6_plen = htons(sizeof(message.udp));
	ASSERT_EQ(sizeof(message),
		  sendto(sock, &message, sizeof(message), 0,
			 (const struct sockaddr *)&us, sizeof(us)));
	ASSERT_EQ(0, close(sock));
}

/* Finds the route that has been learned to a host, if there is one. */
static bool find_learned(const char *host, char text[FIB_TEXT])
{
	char start[FIB_TEXT];
	struct fib fib;
	int i;

	snprintf(start, sizeof(start), "unicast %s/128 ", host);
	if (fib_read(AF_INET6, &fib))
		return false;
	for (i = 0; i < fib.count; i++) {
		if (!strncmp(fib.route[i], start, strlen(start))) {
			snprintf(text, FIB_TEXT, "%s", fib.route[i]);
			return true;
		}
	}
	return false;
}

/* Has the kernel learn the MTU of the path to a host, by the route to it. */
static void learn(struct __test_metadata *_metadata, const char *host)
{
	struct sockaddr_in6 to = {
		.sin6_family = AF_INET6, .sin6_port = htons(9),
		.sin6_addr = inet6_address(host),
	}, from;
	int sock = socket(AF_INET6, SOCK_DGRAM, 0), patience = 10000;
	socklen_t len = sizeof(from);
	char learned[FIB_TEXT];

	ASSERT_LE(0, sock);
	ASSERT_EQ(0, connect(sock, (struct sockaddr *)&to, sizeof(to)));
	ASSERT_EQ(0, getsockname(sock, (struct sockaddr *)&from, &len));
	send_too_big(_metadata, &from, &to, 1300);
	while (!find_learned(host, learned) && patience--)
		poll(NULL, 0, 1);
	ASSERT_TRUE(find_learned(host, learned)) {
		TH_LOG("nothing learned of %s", host);
	}
	EXPECT_TRUE(!!strstr(learned, " rtax-2 1300 ")) {
		TH_LOG("learned: %s", learned);
	}
	ASSERT_EQ(0, close(sock));
}

/* One host's path is forgotten, and nobody told. */
static void expect_forgotten(struct __test_metadata *_metadata, int line,
			     const struct host *host,
			     const struct in6_rtmsg *rt, const char *forgotten)
{
	char learned[FIB_TEXT] = "";
	struct fib before, after;

	ASSERT_TRUE(find_learned(forgotten, learned));
	ASSERT_EQ(0, fib_read(AF_INET6, &before));
	EXPECT_EQ(0, ioctl(host->sock, SIOCDELRT, rt)) {
		TH_LOG("line %d: %s", line, strerror(errno));
	}
	ASSERT_EQ(0, fib_read(AF_INET6, &after));
	EXPECT_TRUE(fib_differs_by(&before, &after, learned)) {
		TH_LOG("line %d: still there: %s", line, learned);
	}
	EXPECT_EQ(0, fib_events(host->monitor, NULL, 0));
}

/*
 * The length says which route it was learned by, the whole address of whom. A
 * metric is nothing to it.
 */
TEST_F(ipv6_delete, learned)
{
	struct in6_rtmsg rt = RT6("2001:db8:9::2/48", .flags = RTF_CACHE);

	EXPECT_ADD(RT6(PREFIX, .dev = "d0"), LINK("d0"));
	learn(_metadata, "2001:db8:9::1");
	learn(_metadata, "2001:db8:9::2");
	learn(_metadata, "2001:db8:9::3");

	EXPECT_DELETE_ERROR(0, RT6("2001:db8:9::4/48", .flags = RTF_CACHE));
	EXPECT_DELETE_ERROR(0, RT6("2001:db8:9::2/47", .flags = RTF_CACHE));
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:9::2/48", .dev = "d1",
				       .flags = RTF_CACHE));
	EXPECT_DELETE_ERROR(ESRCH, RT6("2001:db8:9::2/48",
				       .gateway = "2001:db8:1::2",
				       .flags = RTF_CACHE | RTF_GATEWAY));

	expect_forgotten(_metadata, __LINE__, &self->host, &rt,
			 "2001:db8:9::2");
	EXPECT_DELETE_ERROR(0, rt);

	rt = RT6("2001:db8:9::1/128", .dev = "d0", .metric = 5,
		 .flags = RTF_CACHE);
	expect_forgotten(_metadata, __LINE__, &self->host, &rt,
			 "2001:db8:9::1");
	rt = RT6("2001:db8:9::3/128", .flags = RTF_CACHE);
	rt.rtmsg_dst_len = 200;
	expect_forgotten(_metadata, __LINE__, &self->host, &rt,
			 "2001:db8:9::3");
	EXPECT_DELETE(RT6(PREFIX), LINK("d0"));
}

/* By a gateway, and of the first of two routes. */
TEST_F(ipv6_delete, learned_by_gateway)
{
	struct in6_rtmsg rt = RT6("2001:db8:9::1/128",
				  .gateway = "2001:db8:1::2",
				  .flags = RTF_CACHE | RTF_GATEWAY);

	EXPECT_ADD(GW("2001:db8:1::2"), VIA("2001:db8:1::2", "d0"));
	EXPECT_ADD(RT6(PREFIX, .dev = "d1", .metric = 2000),
		   METRIC("d1", "2000"));
	learn(_metadata, "2001:db8:9::1");
	rt.rtmsg_gateway = inet6_address("2001:db8:1::3");
	/* It is the second that has learned nothing. */
	EXPECT_DELETE_ERROR(0, rt);
	rt.rtmsg_gateway = inet6_address("2001:db8:1::2");
	expect_forgotten(_metadata, __LINE__, &self->host, &rt,
			 "2001:db8:9::1");
}

/* Neither its device nor its gateway is its own. */
TEST_F(ipv6_delete, of_a_nexthop)
{
	const struct rtnl_route by_nexthop = {
		.dst = PREFIX, .nexthop = 7, .table = RT_TABLE_MAIN,
		.priority = 5, .protocol = RTPROT_STATIC, .type = RTN_UNICAST,
	};
	const char *route = "unicast " PREFIX " via 2001:db8:1::2 dev d0" STATIC
		" metric 5 nexthop 7";

	ASSERT_EQ(0, rtnl_nexthop_add(7, "d0", "2001:db8:1::2"));
	ASSERT_EQ(0, rtnl_route_add(&by_nexthop, NLM_F_EXCL));
	host_forget_events(_metadata, &self->host);
	EXPECT_DELETE_ERROR(ESRCH, RT6(PREFIX, .metric = 6));
	EXPECT_DELETE(GW("2001:db8:2::2", .dev = "d1"), route);
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
