// SPDX-License-Identifier: GPL-2.0
/* What is refused of IPv6 before any device or table is looked at. */
#include <stddef.h>

#include <linux/rtnetlink.h>

#include "route_ioctl.h"

#define MAIN " dev d0 table main proto boot scope global metric 1024"
#define ROUTE(prefix) "unicast " prefix MAIN

FIXTURE(ipv6_request)
{
	struct host host;
};

FIXTURE_SETUP(ipv6_request)
{
	host_setup_ipv6(_metadata, &self->host);
}

FIXTURE_TEARDOWN(ipv6_request)
{
}

/* What is of the kernel's own, which a delete does not ask about. */
TEST_F(ipv6_request, flags_of_the_kernel)
{
	struct in6_rtmsg rt = RT6("2001:db8:9::/48", .dev = "d0");

	rt.rtmsg_flags = RTF_UP | RTF_PCPU;
	EXPECT_ADD_ERROR(EINVAL, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
	rt.rtmsg_flags = RTF_UP | RTF_CACHE;
	EXPECT_ADD_ERROR(EINVAL, rt);
	/* It has a meaning of its own: see ipv6_delete. */
	EXPECT_DELETE_ERROR(0, rt);
	rt.rtmsg_flags = ~0;
	EXPECT_ADD_ERROR(EINVAL, rt);

	EXPECT_ADD(RT6("2001:db8:9::/48", .dev = "d0"),
		   ROUTE("2001:db8:9::/48"));
	rt.rtmsg_flags = RTF_UP | RTF_PCPU;
	EXPECT_DELETE(rt, ROUTE("2001:db8:9::/48"));
}

TEST_F(ipv6_request, type)
{
	static const __u32 type[] = {
		RTN_MAX + 1, 0xff, 0x100, 0xffff, 0x1000c, 0x7fffffff,
		0xffffffff,
	};
	struct in6_rtmsg rt = RT6("2001:db8:9::/48", .dev = "d0");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(type); i++) {
		rt.rtmsg_type = type[i];
		EXPECT_ADD_ERROR(EINVAL, rt);
		EXPECT_DELETE_ERROR(ESRCH, rt);

		/* A delete is not about types. */
		EXPECT_ADD(RT6("2001:db8:9::/48", .dev = "d0"),
			   ROUTE("2001:db8:9::/48"));
		EXPECT_DELETE(rt, ROUTE("2001:db8:9::/48"));
	}
}

/* Of the type, 16 bits count. */
TEST_F(ipv6_request, upper_half_of_the_type)
{
	struct in6_rtmsg rt = RT6("2001:db8:9::/48", .dev = "d0");

	rt.rtmsg_type = 0xffff0000;
	EXPECT_ADD(rt, ROUTE("2001:db8:9::/48"));
	EXPECT_DELETE(rt, ROUTE("2001:db8:9::/48"));
	rt.rtmsg_type = 0x10000 | RTN_UNREACHABLE;
	EXPECT_ADD(rt, "unreachable 2001:db8:9::/48" MAIN);
}

TEST_F_TIMEOUT(ipv6_request, lengths, 240)
{
	char dst[INET6_ADDRSTRLEN + 4], route[FIB_TEXT];
	int length;

	for (length = 0; length <= 128; length++) {
		snprintf(dst, sizeof(dst), "%s::/%d", length ? "8000" : "",
			 length);
		snprintf(route, sizeof(route), ROUTE("%s"), dst);
		EXPECT_ADD(RT6(dst, .dev = "d0"), route);
		EXPECT_DELETE(RT6(dst, .dev = "d0"), route);
	}
}

TEST_F(ipv6_request, lengths_beyond)
{
	static const __u16 length[] = {
		129, 130, 192, 255, 256, 256 + 48, 0x8000, 0xffff,
	};
	struct in6_rtmsg rt = RT6("2001:db8:9::1/128", .dev = "d0");
	struct in6_rtmsg src = rt;
	size_t i;

	EXPECT_ADD(rt, ROUTE("2001:db8:9::1/128"));
	for (i = 0; i < ARRAY_SIZE(length); i++) {
		rt.rtmsg_dst_len = length[i];
		EXPECT_ADD_ERROR(EINVAL, rt);
		EXPECT_DELETE_ERROR(ESRCH, rt);

		/* Whether there are source prefixes or not. */
		src.rtmsg_src_len = length[i];
		EXPECT_ADD_ERROR(EINVAL, src);
	}
}

/* Unlike IPv4, which refuses them. */
TEST_F(ipv6_request, host_bits)
{
	static const struct {
		const char *dst;
		const char *route;
	} test[] = {
		{ "2001:db8:9::1/48", ROUTE("2001:db8:9::/48") },
		{ "2001:db8:9:ffff:ffff:ffff:ffff:ffff/48",
		  ROUTE("2001:db8:9::/48") },
		{ "2001:db8:9::3/127", ROUTE("2001:db8:9::2/127") },
		{ "ffff::/1", ROUTE("8000::/1") },
		{ "2001:db8::1/0", ROUTE("::/0") },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test); i++) {
		struct in6_rtmsg rt = RT6(test[i].dst, .dev = "d0");

		EXPECT_ADD(rt, test[i].route);
		EXPECT_DELETE(rt, test[i].route);
	}
}

/* Those that flags would make matter, and what is between two fields. */
TEST_F(ipv6_request, ignored_fields)
{
	struct in6_rtmsg rt;

	memset(&rt, 0xff, sizeof(rt));
	rt.rtmsg_dst = inet6_address("2001:db8:9::");
	rt.rtmsg_dst_len = 48;
	rt.rtmsg_src_len = 0;
	rt.rtmsg_type = 0;
	rt.rtmsg_metric = 0;
	rt.rtmsg_ifindex = if_nametoindex("d0");
	rt.rtmsg_flags = 0;
	EXPECT_ADD(rt, ROUTE("2001:db8:9::/48"));
	EXPECT_DELETE(rt, ROUTE("2001:db8:9::/48"));
}

/* Each request has all later faults too. */
TEST_F(ipv6_request, order_of_errors)
{
	struct in6_rtmsg rt = RT6("2001:db8:9::/48", .flags = RTF_GATEWAY);

	/* Whatever is out of range comes before what is not there. */
	rt.rtmsg_ifindex = 9999;
	rt.rtmsg_type = RTN_MAX + 1;
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rtmsg_type = 0;
	rt.rtmsg_dst_len = 129;
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rtmsg_dst_len = 48;
	rt.rtmsg_flags |= RTF_CACHE;
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rtmsg_flags &= ~RTF_CACHE;
	rt.rtmsg_src_len = 129;
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rtmsg_src_len = 0;
	EXPECT_ADD_ERROR(ENODEV, rt);

	/* Then comes the gateway, which is none. */
	rt.rtmsg_ifindex = if_nametoindex("d0");
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rtmsg_ifindex = 0;
	EXPECT_ADD_ERROR(EINVAL, rt);
	rt.rtmsg_flags = RTF_UP;
	EXPECT_ADD_ERROR(ENODEV, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
