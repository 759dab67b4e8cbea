// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "lookup.h"

/* Whoever listens there does not matter. */
#define PORT	9

int lookup_open(void)
{
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	return sock < 0 ? -errno : sock;
}

bool lookup_route(int sock, struct in_addr address, char text[FIB_TEXT])
{
	struct {
		struct nlmsghdr hdr;
		struct rtmsg rtm;
		struct rtattr dst;
		struct in_addr address;
	} req = {
		.hdr.nlmsg_len = sizeof(req),
		.hdr.nlmsg_type = RTM_GETROUTE,
		.hdr.nlmsg_flags = NLM_F_REQUEST,
		.rtm.rtm_family = AF_INET,
		.rtm.rtm_dst_len = 32,
		.rtm.rtm_flags = RTM_F_FIB_MATCH,
		.dst.rta_type = RTA_DST,
		.dst.rta_len = RTA_LENGTH(sizeof(address)),
		.address = address,
	};
	union {
		struct nlmsghdr hdr;
		char bytes[4096];
	} reply;
	ssize_t len;

	if (send(sock, &req, sizeof(req), 0) < 0)
		return false;
	len = recv(sock, &reply, sizeof(reply), 0);
	if (len < 0 || !NLMSG_OK(&reply.hdr, len))
		return false;

	if (reply.hdr.nlmsg_type == RTM_NEWROUTE) {
		fib_text(&reply.hdr, text);
	} else if (reply.hdr.nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *err = NLMSG_DATA(&reply.hdr);

		snprintf(text, FIB_TEXT, "none: %s", strerror(-err->error));
	} else {
		return false;
	}
	return true;
}

int lookup_source(int udp, struct in_addr address, struct in_addr *source)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr = address,
	};
	struct sockaddr_in from;
	socklen_t len = sizeof(from);
	int err = 0;

	if (connect(udp, (struct sockaddr *)&to, sizeof(to)) ||
	    getsockname(udp, (struct sockaddr *)&from, &len))
		err = errno;
	else
		*source = from.sin_addr;
	/* Else the next one would be from the same address. */
	to.sin_family = AF_UNSPEC;
	if (connect(udp, (struct sockaddr *)&to, sizeof(to)) && !err)
		err = errno;
	return err;
}

int lookup_send(int udp, struct in_addr address)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(PORT),
		.sin_addr = address,
	};

	return sendto(udp, "", 1, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ?
	       errno : 0;
}

bool lookup_self(void)
{
	const struct in_addr localhost = { .s_addr = htonl(INADDR_LOOPBACK) };
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	struct in_addr source = {};
	int err = lookup_source(udp, localhost, &source);

	close(udp);
	return !err && source.s_addr == localhost.s_addr;
}
