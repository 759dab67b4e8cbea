/* SPDX-License-Identifier: GPL-2.0 */
/* The arguments of the routing ioctls, from what a person would write. */
#ifndef ENTRY_H
#define ENTRY_H

#include <arpa/inet.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In linux/ipv6_route.h, which does not go with net/route.h. */
#ifndef RTF_PREFIX_RT
#define RTF_PREFIX_RT	0x00080000
#endif
#ifndef RTF_ANYCAST
#define RTF_ANYCAST	0x00100000
#endif
#ifndef RTF_EXPIRES
#define RTF_EXPIRES	0x00400000
#endif
#ifndef RTF_PCPU
#define RTF_PCPU	0x40000000
#endif
#ifndef RTF_LOCAL
#define RTF_LOCAL	0x80000000
#endif

/* What one family alone has says so. */
struct entry {
	const char *dst;	/* with "/length" */
	const char *src;	/* the same; IPv6 */
	const char *gateway;
	const char *dev;	/* IPv6: must be there already */
	unsigned int flags;
	long long metric;
	unsigned long mtu;	/* IPv4, and the next two */
	unsigned long window;
	unsigned short irtt;
	unsigned int type;	/* IPv6 */
	unsigned long info;	/* IPv6: expiry, in ticks */
};

/* The argument for either family. */
union argument {
	struct rtentry rt;
	struct in6_rtmsg rtmsg;
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

static inline struct in6_addr inet6_address(const char *text)
{
	struct in6_addr address = {};

	inet_pton(AF_INET6, text, &address);
	return address;
}

/* Returns the length of a prefix, and the address in front of it. */
static inline int split_prefix(const char *prefix,
			       char address[INET6_ADDRSTRLEN])
{
	const char *slash = strchr(prefix, '/');

	snprintf(address, INET6_ADDRSTRLEN, "%.*s", (int)(slash - prefix),
		 prefix);
	return atoi(slash + 1);
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
	char dst[INET6_ADDRSTRLEN];
	int length = split_prefix(entry->dst, dst);

	rt.rt_dst = inet_sockaddr(inet_addr(dst));
	rt.rt_genmask = inet_sockaddr(htonl(length ? ~0U << (32 - length) : 0));
	if (entry->gateway)
		rt.rt_gateway = inet_sockaddr(inet_addr(entry->gateway));
	return rt;
}

static inline struct in6_rtmsg in6_rtmsg_of(const struct entry *entry)
{
	struct in6_rtmsg rtmsg = {
		.rtmsg_type = entry->type,
		.rtmsg_metric = entry->metric,
		.rtmsg_info = entry->info,
		.rtmsg_flags = RTF_UP | entry->flags,
	};
	char address[INET6_ADDRSTRLEN];

	rtmsg.rtmsg_dst_len = split_prefix(entry->dst, address);
	rtmsg.rtmsg_dst = inet6_address(address);
	if (entry->src) {
		rtmsg.rtmsg_src_len = split_prefix(entry->src, address);
		rtmsg.rtmsg_src = inet6_address(address);
	}
	if (entry->gateway)
		rtmsg.rtmsg_gateway = inet6_address(entry->gateway);
	if (entry->dev)
		rtmsg.rtmsg_ifindex = if_nametoindex(entry->dev);
	return rtmsg;
}

static inline int family_of(const struct entry *entry)
{
	return strchr(entry->dst, ':') ? AF_INET6 : AF_INET;
}

static inline union argument argument_of(const struct entry *entry)
{
	union argument argument = {};

	if (family_of(entry) == AF_INET6)
		argument.rtmsg = in6_rtmsg_of(entry);
	else
		argument.rt = rtentry_of(entry);
	return argument;
}

/* RT("10.9.0.0/16", .dev = "d0") */
#define RT(_dst, ...) \
	rtentry_of(&(struct entry){ .dst = (_dst), ##__VA_ARGS__ })

/* RT6("2001:db8:9::/48", .dev = "d0") */
#define RT6(_dst, ...) \
	in6_rtmsg_of(&(struct entry){ .dst = (_dst), ##__VA_ARGS__ })

#endif /* ENTRY_H */
