// SPDX-License-Identifier: GPL-2.0
/* What is refused of IPv4 before any device or table is looked at. */
#include <stddef.h>

#include "route_ioctl.h"

FIXTURE(request)
{
	struct host host;
};

FIXTURE_SETUP(request)
{
	host_setup(_metadata, &self->host);
}

FIXTURE_TEARDOWN(request)
{
}

/* Neither padding, nor the type of service, nor RTF_UP matters. */
TEST_F(request, ignored_fields)
{
	const char *route =
		"unicast 10.9.0.0/16 dev d0 table main proto boot scope link";
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");

	rt.rt_pad1 = ~0UL;
	rt.rt_pad2 = -1;
	rt.rt_pad3 = ~0UL;
	memset((char *)&rt + offsetof(struct rtentry, rt_pad3) +
	       sizeof(rt.rt_pad3), 0xff,
	       offsetof(struct rtentry, rt_metric) -
	       offsetof(struct rtentry, rt_pad3) - sizeof(rt.rt_pad3));
	memset(rt.rt_dst.sa_data + 6, 0xff, 8);
	memset(rt.rt_genmask.sa_data + 6, 0xff, 8);
	memset(rt.rt_gateway.sa_data + 6, 0xff, 8);
	memset(rt.rt_dst.sa_data, 0xff, 2);
	memset(rt.rt_genmask.sa_data, 0xff, 2);
	memset(rt.rt_gateway.sa_data, 0xff, 2);
	rt.rt_mtu = 1500;
	rt.rt_window = 5;
	rt.rt_irtt = 5;
	rt.rt_flags = RTF_REINSTATE | RTF_DYNAMIC | RTF_MODIFIED | 0xfc00;
	EXPECT_ADD(rt, route);

	rt.rt_flags = 0;
	EXPECT_DELETE(rt, route);
}

TEST_F(request, destination_family)
{
	static const unsigned short family[] = {
		AF_UNSPEC, AF_UNIX, AF_INET + 1, AF_INET6, AF_INET << 8, 0xffff
	};
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(family); i++) {
		rt.rt_dst.sa_family = family[i];
		rt.rt_flags = RTF_UP;
		EXPECT_ERROR(EAFNOSUPPORT, rt);
		rt.rt_flags = RTF_UP | RTF_HOST | RTF_REJECT;
		EXPECT_ERROR(EAFNOSUPPORT, rt);
	}
}

TEST_F(request, mask_family)
{
	static const unsigned short family[] = {
		AF_UNIX, AF_INET + 1, AF_INET6, AF_INET << 8, 0xffff
	};
	struct rtentry rt = RT("0.0.0.0/0", .dev = "d0");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(family); i++) {
		rt.rt_genmask.sa_family = family[i];
		EXPECT_ERROR(EAFNOSUPPORT, rt);
	}

	rt = RT("10.9.0.0/16", .dev = "d0");
	for (i = 0; i < ARRAY_SIZE(family); i++) {
		rt.rt_genmask.sa_family = family[i];
		EXPECT_ERROR(EAFNOSUPPORT, rt);
	}

	rt.rt_genmask.sa_family = AF_UNSPEC;
	EXPECT_ERROR(EAFNOSUPPORT, rt);
}

/* The family may be missing if the mask is. */
TEST_F(request, no_mask_and_no_family)
{
	const char *route =
		"unicast 0.0.0.0/0 dev d0 table main proto boot scope link";
	struct rtentry rt = RT("0.0.0.0/0", .dev = "d0");

	rt.rt_genmask.sa_family = AF_UNSPEC;
	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);

	/* Without a mask, every bit of the destination is a host bit. */
	rt.rt_dst = inet_sockaddr(inet_addr("10.9.0.0"));
	EXPECT_ERROR(EINVAL, rt);
}

TEST_F(request, mask_lengths)
{
	char dst[32], route[FIB_TEXT];
	int length;

	for (length = 0; length <= 32; length++) {
		snprintf(dst, sizeof(dst), "%s/%d",
			 length ? "128.0.0.0" : "0.0.0.0", length);
		snprintf(route, sizeof(route),
			 "unicast %s dev d0 table main proto boot scope link",
			 dst);
		EXPECT_ADD(RT(dst, .dev = "d0"), route);
		EXPECT_DELETE(RT(dst, .dev = "d0"), route);
	}
}

TEST_F(request, mask_not_contiguous)
{
	static const char * const mask[] = {
		"0.0.0.1", "0.255.255.255", "127.255.255.255", "255.0.255.0",
		"255.255.255.253", "255.255.0.255", "128.0.0.1",
	};
	struct rtentry rt = RT("0.0.0.0/0", .dev = "d0");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mask); i++) {
		rt.rt_genmask = inet_sockaddr(inet_addr(mask[i]));
		EXPECT_ERROR(EINVAL, rt);
	}
}

TEST_F(request, host_bits)
{
	static const char * const dst[] = {
		"10.9.0.1/31", "10.9.0.1/24", "10.9.0.0/15", "128.0.0.0/0",
		"0.0.0.1/0", "192.0.0.0/1", "255.255.255.255/31",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dst); i++)
		EXPECT_ERROR(EINVAL, RT(dst[i], .dev = "d0"));
}

TEST_F(request, host_ignores_mask)
{
	const char *route =
		"unicast 10.9.0.1/32 dev d0 table main proto boot scope link";
	struct rtentry rt = RT("10.9.0.1/32", .dev = "d0", .flags = RTF_HOST);
	static const char * const mask[] = {
		"0.0.0.0", "255.255.0.0", "255.0.255.0", "255.255.255.255",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mask); i++) {
		rt.rt_genmask = inet_sockaddr(inet_addr(mask[i]));
		EXPECT_ADD(rt, route);
		rt.rt_genmask.sa_family = AF_INET6;
		EXPECT_DELETE(rt, route);
	}

	EXPECT_ADD(RT("0.0.0.0/32", .dev = "d0", .flags = RTF_HOST),
		   "unicast 0.0.0.0/32 dev d0 table main proto boot scope link");
}

/* Each request has all later faults too. */
TEST_F(request, order_of_errors)
{
	struct rtentry rt = RT("10.9.0.1/16", .flags = RTF_GATEWAY);

	rt.rt_dev = (char *)1;
	rt.rt_dst.sa_family = AF_INET6;
	rt.rt_genmask.sa_family = AF_INET6;
	EXPECT_ERROR(EAFNOSUPPORT, rt);

	rt.rt_dst.sa_family = AF_INET;
	EXPECT_ERROR(EAFNOSUPPORT, rt);

	rt.rt_genmask.sa_family = AF_INET;
	EXPECT_ERROR(EINVAL, rt);

	rt.rt_dst = inet_sockaddr(inet_addr("10.9.0.0"));
	EXPECT_ERROR(EFAULT, rt);

	rt.rt_dev = "nodev";
	EXPECT_ERROR(ENODEV, rt);

	rt.rt_dev = "d0:nolabel";
	EXPECT_ERROR(ENODEV, rt);

	rt.rt_dev = "d0";
	EXPECT_ADD_ERROR(EINVAL, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
