// SPDX-License-Identifier: GPL-2.0
/* Every kind of IPv4 socket takes the routing ioctls, and packet sockets do. */
#include <linux/if_packet.h>

#include "route_ioctl.h"

FIXTURE(socket)
{
	struct host host;
};

FIXTURE_VARIANT(socket)
{
	int type;
	int protocol;
};

FIXTURE_VARIANT_ADD(socket, datagram)
{
	.type = SOCK_DGRAM,
};

FIXTURE_VARIANT_ADD(socket, stream)
{
	.type = SOCK_STREAM,
};

FIXTURE_VARIANT_ADD(socket, raw)
{
	.type = SOCK_RAW,
	.protocol = IPPROTO_ICMP,
};

FIXTURE_SETUP(socket)
{
	host_setup(_metadata, &self->host);
	close(self->host.sock);
	self->host.sock = socket(AF_INET, variant->type, variant->protocol);
	ASSERT_LE(0, self->host.sock);
}

FIXTURE_TEARDOWN(socket)
{
}

TEST_F(socket, add_and_delete)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	const char *route =
		"unicast 10.9.0.0/16 dev d0 table main proto boot scope link";

	EXPECT_ADD(rt, route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_F(socket, gateway)
{
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.2",
			       .flags = RTF_GATEWAY);
	const char *route =
		"unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global";

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

TEST_F(socket, reject)
{
	struct rtentry rt = RT("10.9.0.0/16", .flags = RTF_REJECT);
	const char *route =
		"unreachable 10.9.0.0/16 table main proto boot scope host";

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

/*
 * The compat ioctl of a datagram or stream socket does not know SIOCRTMSG, so
 * the system call takes it for no socket ioctl at all.
 */
TEST_F(socket, rtmsg)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	int error = is_compat() ? ENOTTY : EINVAL;

	expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG, &rt, error);
	expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG, NULL, error);
}

FIXTURE(packet)
{
	struct host host;
};

FIXTURE_SETUP(packet)
{
	host_setup(_metadata, &self->host);
	close(self->host.sock);
	self->host.sock = socket(AF_PACKET, SOCK_DGRAM, 0);
	ASSERT_LE(0, self->host.sock);
}

FIXTURE_TEARDOWN(packet)
{
}

/* Packet sockets hand the native calls on, and have no compat ioctl. */
TEST_F(packet, add_and_delete)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	const char *route =
		"unicast 10.9.0.0/16 dev d0 table main proto boot scope link";

	if (is_compat()) {
		EXPECT_ERROR(ENOTTY, rt);
		return;
	}

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
}

TEST_HARNESS_MAIN
