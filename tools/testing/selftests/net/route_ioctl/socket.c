// SPDX-License-Identifier: GPL-2.0
/*
 * Every kind of IPv4 and IPv6 socket takes the routing ioctls of its family,
 * and packet sockets take IPv4's.
 */
#include <linux/if_packet.h>

#include "route_ioctl.h"

/* In linux/in.h, which does not go with netinet/in.h. */
#ifndef IPPROTO_L2TP
#define IPPROTO_L2TP	115
#endif

/* The routes that each is asked to add. */
enum { LINK, GATEWAY, REJECT, ROUTES };

static const struct {
	struct entry entry;
	const char *route;
} ipv4[ROUTES] = {
	[LINK] = {
		{ .dst = "10.9.0.0/16", .dev = "d0" },
		"unicast 10.9.0.0/16 dev d0 table main proto boot scope link",
	},
	[GATEWAY] = {
		{ .dst = "10.9.0.0/16", .gateway = "10.1.0.2",
		  .flags = RTF_GATEWAY },
		"unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global",
	},
	[REJECT] = {
		{ .dst = "10.9.0.0/16", .flags = RTF_REJECT },
		"unreachable 10.9.0.0/16 table main proto boot scope host",
	},
}, ipv6[ROUTES] = {
	[LINK] = {
		{ .dst = "2001:db8:9::/48", .dev = "d0" },
		"unicast 2001:db8:9::/48 dev d0 table main proto boot scope global metric 1024",
	},
	[GATEWAY] = {
		{ .dst = "2001:db8:9::/48", .gateway = "2001:db8:1::2",
		  .flags = RTF_GATEWAY },
		"unicast 2001:db8:9::/48 via 2001:db8:1::2 dev d0 table main proto boot scope global metric 1024",
	},
	[REJECT] = {
		{ .dst = "2001:db8:9::/48", .flags = RTF_REJECT },
		"unicast 2001:db8:9::/48 dev lo table main proto boot scope global metric 1024",
	},
};

FIXTURE(socket)
{
	struct host host;
};

FIXTURE_VARIANT(socket)
{
	int family;
	int type;
	int protocol;
	/* It has no ioctl for 32-bit callers of a 64-bit kernel. */
	bool native_only;
	bool v6only;
	const char *peer;
};

FIXTURE_VARIANT_ADD(socket, datagram)
{
	.family = AF_INET,
	.type = SOCK_DGRAM,
};

FIXTURE_VARIANT_ADD(socket, stream)
{
	.family = AF_INET,
	.type = SOCK_STREAM,
};

FIXTURE_VARIANT_ADD(socket, raw)
{
	.family = AF_INET,
	.type = SOCK_RAW,
	.protocol = IPPROTO_ICMP,
};

FIXTURE_VARIANT_ADD(socket, mptcp)
{
	.family = AF_INET,
	.type = SOCK_STREAM,
	.protocol = IPPROTO_MPTCP,
	.native_only = true,
};

FIXTURE_VARIANT_ADD(socket, sctp_stream)
{
	.family = AF_INET,
	.type = SOCK_STREAM,
	.protocol = IPPROTO_SCTP,
	.native_only = true,
};

FIXTURE_VARIANT_ADD(socket, sctp_seqpacket)
{
	.family = AF_INET,
	.type = SOCK_SEQPACKET,
	.protocol = IPPROTO_SCTP,
	.native_only = true,
};

FIXTURE_VARIANT_ADD(socket, l2tp)
{
	.family = AF_INET,
	.type = SOCK_DGRAM,
	.protocol = IPPROTO_L2TP,
	.native_only = true,
};

FIXTURE_VARIANT_ADD(socket, packet)
{
	.family = AF_PACKET,
	.type = SOCK_DGRAM,
	.native_only = true,
};

FIXTURE_VARIANT_ADD(socket, ipv6_datagram)
{
	.family = AF_INET6,
	.type = SOCK_DGRAM,
};

FIXTURE_VARIANT_ADD(socket, ipv6_stream)
{
	.family = AF_INET6,
	.type = SOCK_STREAM,
};

FIXTURE_VARIANT_ADD(socket, ipv6_raw)
{
	.family = AF_INET6,
	.type = SOCK_RAW,
	.protocol = IPPROTO_ICMPV6,
};

FIXTURE_VARIANT_ADD(socket, ipv6_mptcp)
{
	.family = AF_INET6,
	.type = SOCK_STREAM,
	.protocol = IPPROTO_MPTCP,
};

FIXTURE_VARIANT_ADD(socket, ipv6_sctp_stream)
{
	.family = AF_INET6,
	.type = SOCK_STREAM,
	.protocol = IPPROTO_SCTP,
};

FIXTURE_VARIANT_ADD(socket, ipv6_sctp_seqpacket)
{
	.family = AF_INET6,
	.type = SOCK_SEQPACKET,
	.protocol = IPPROTO_SCTP,
};

FIXTURE_VARIANT_ADD(socket, ipv6_l2tp)
{
	.family = AF_INET6,
	.type = SOCK_DGRAM,
	.protocol = IPPROTO_L2TP,
};

/* Whether it is for IPv6 alone does not matter, nor whether it speaks IPv4. */
FIXTURE_VARIANT_ADD(socket, ipv6_only)
{
	.family = AF_INET6,
	.type = SOCK_DGRAM,
	.v6only = true,
};

FIXTURE_VARIANT_ADD(socket, ipv6_mapped)
{
	.family = AF_INET6,
	.type = SOCK_DGRAM,
	.peer = "::ffff:127.0.0.1",
};

FIXTURE_SETUP(socket)
{
	const int on = 1;

	host_setup_family(_metadata, &self->host, variant->family == AF_INET6 ?
			  AF_INET6 : AF_INET);
	close(self->host.sock);
	self->host.sock = socket(variant->family, variant->type,
				 variant->protocol);
	if (self->host.sock < 0 &&
	    (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT))
		SKIP(return, "this kernel does not have the protocol");
	ASSERT_LE(0, self->host.sock);
	if (variant->v6only)
		ASSERT_EQ(0, setsockopt(self->host.sock, IPPROTO_IPV6,
					IPV6_V6ONLY, &on, sizeof(on)));
	if (variant->peer) {
		struct sockaddr_in6 peer = {
			.sin6_family = AF_INET6,
			.sin6_port = htons(9),
			.sin6_addr = inet6_address(variant->peer),
		};

		ASSERT_EQ(0, connect(self->host.sock, (struct sockaddr *)&peer,
				     sizeof(peer)));
	}
}

FIXTURE_TEARDOWN(socket)
{
}

static void add_and_delete(struct __test_metadata *_metadata,
			   FIXTURE_DATA(socket) * self, bool native_only,
			   int number)
{
	const bool is_ipv6 = self->host.family == AF_INET6;
	const char *route = is_ipv6 ? ipv6[number].route : ipv4[number].route;
	union argument rt = argument_of(is_ipv6 ? &ipv6[number].entry :
						  &ipv4[number].entry);

	if (native_only && is_compat()) {
		EXPECT_ERROR(ENOTTY, rt);
		return;
	}

	EXPECT_ADD(rt, route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(socket, link)
{
	add_and_delete(_metadata, self, variant->native_only, LINK);
}

TEST_F(socket, gateway)
{
	add_and_delete(_metadata, self, variant->native_only, GATEWAY);
}

TEST_F(socket, reject)
{
	add_and_delete(_metadata, self, variant->native_only, REJECT);
}

/*
 * No compat ioctl knows SIOCRTMSG, nor do those of packet and IPv6 sockets, so
 * the system call takes it for no socket ioctl at all.
 */
TEST_F(socket, rtmsg)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	const bool is_ipv4 = variant->family == AF_INET;
	int error = is_ipv4 && !is_compat() ? EINVAL : ENOTTY;

	expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG, &rt, error);
	/* Others than IPv4 sockets look at the argument first. */
	if (is_ipv4)
		expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG, NULL,
			     error);
}

TEST_HARNESS_MAIN
