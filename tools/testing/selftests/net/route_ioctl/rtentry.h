/* SPDX-License-Identifier: GPL-2.0 */
/* The argument of the IPv4 routing ioctls, from what a person would write. */
#ifndef RTENTRY_H
#define RTENTRY_H

#include <arpa/inet.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct entry {
	const char *dst;	/* with "/length" */
	const char *gateway;
	const char *dev;
	unsigned short flags;
	short metric;
	unsigned long mtu;
	unsigned long window;
	unsigned short irtt;
};

static inline struct sockaddr inet_sockaddr(in_addr_t address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = address,
	};
	struct sockaddr sa;

	memcpy(&sa, &in, sizeof(sa));
	return sa;
}

static inline struct rtentry rtentry_of(const struct entry *entry)
{
	struct rtentry rt = {
		.rt_flags = RTF_UP | entry->flags,
		.rt_metric = entry->metric,
		.rt_dev = (char *)entry->dev,
		.rt_mtu = entry->mtu,
		.rt_window = entry->window,
		.rt_irtt = entry->irtt,
	};
	const char *slash = strchr(entry->dst, '/');
	int length = atoi(slash + 1);
	char dst[INET_ADDRSTRLEN];

	snprintf(dst, sizeof(dst), "%.*s", (int)(slash - entry->dst),
		 entry->dst);
	rt.rt_dst = inet_sockaddr(inet_addr(dst));
	rt.rt_genmask = inet_sockaddr(htonl(length ? ~0U << (32 - length) : 0));
	if (entry->gateway)
		rt.rt_gateway = inet_sockaddr(inet_addr(entry->gateway));
	return rt;
}

/* RT("10.9.0.0/16", .dev = "d0") */
#define RT(_dst, ...) \
	rtentry_of(&(struct entry){ .dst = (_dst), ##__VA_ARGS__ })

#endif /* RTENTRY_H */
