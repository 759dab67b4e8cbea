// SPDX-License-Identifier: GPL-2.0
/* Every kind of IPv4 socket takes the routing ioctls, and packet sockets do. */
#include <linux/if_packet.h>

#include "route_ioctl.h"

/* In linux/in.h, which does not go with netinet/in.h. */
#ifndef IPPROTO_L2TP
#define IPPROTO_L2TP	115
#endif

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

FIXTURE_SETUP(socket)
{
	host_setup(_metadata, &self->host);
	close(self->host.sock);
	self->host.sock = socket(variant->family, variant->type,
				 variant->protocol);
	if (self->host.sock < 0 &&
	    (errno == EPROTONOSUPPORT || errno == ESOCKTNOSUPPORT))
		SKIP(return, "this kernel does not have the protocol");
	ASSERT_LE(0, self->host.sock);
}

FIXTURE_TEARDOWN(socket)
{
}

static void add_and_delete(struct __test_metadata *_metadata,
			   FIXTURE_DATA(socket) * self, bool native_only,
			   struct rtentry rt, const char *route)
{
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
	add_and_delete(_metadata, self, variant->native_only,
		       RT("10.9.0.0/16", .dev = "d0"),
		       "unicast 10.9.0.0/16 dev d0 table main proto boot scope link");
}

TEST_F(socket, gateway)
{
	add_and_delete(_metadata, self, variant->native_only,
		       RT("10.9.0.0/16", .gateway = "10.1.0.2",
			  .flags = RTF_GATEWAY),
		       "unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global");
}

TEST_F(socket, reject)
{
	add_and_delete(_metadata, self, variant->native_only,
		       RT("10.9.0.0/16", .flags = RTF_REJECT),
		       "unreachable 10.9.0.0/16 table main proto boot scope host");
}

/*
 * No compat ioctl knows SIOCRTMSG, nor does that of a packet socket, so the
 * system call takes it for no socket ioctl at all.
 */
TEST_F(socket, rtmsg)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	int error = variant->family == AF_PACKET || is_compat() ? ENOTTY :
								  EINVAL;

	expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG, &rt, error);
	/* Others than IPv4 sockets look at the argument first. */
	if (variant->family == AF_INET)
		expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG, NULL,
			     error);
}

TEST_HARNESS_MAIN
