// SPDX-License-Identifier: GPL-2.0
/* Random routes, and lookups of them. */
#include <arpa/inet.h>
#include <string.h>

#include "kselftest.h"
#include "step.h"

/* So many prefixes, in every second sequence: a dump has several parts. */
#define MORE	600

static const struct prefix {
	__u32 dst;
	unsigned char length;
} prefixes[] = {
	/* Few, and one within the other, so that they meet. */
	{ 0, 0 }, { 0, 1 }, { 0x80000000, 1 }, { 0x0a000000, 8 },
	{ 0x0a000000, 9 }, { 0x0a000000, 16 }, { 0x0a000000, 24 },
	{ 0x0a000000, 32 }, { 0x0a000001, 32 }, { 0x0a000100, 24 },
	{ 0x0a000180, 25 }, { 0x0a010000, 16 }, { 0x0a800000, 9 },
	{ 0x0affffff, 32 }, { 0xc0000200, 24 }, { 0xc0000280, 25 },
	{ 0xc6336400, 24 }, { 0xffffffff, 32 }, { 0xe0000000, 4 },
	{ 0xac100000, 24 }, { 0x7f000001, 32 },
};

static __u32 mask(unsigned char length)
{
	return length ? ~0u << (32 - length) : 0;
}

void pick_prefix(struct random *random, __u64 seed, __u32 *dst,
		 unsigned char *length)
{
	const unsigned int more = seed % 2 ? 0 : MORE;
	unsigned int number = below(random, ARRAY_SIZE(prefixes) + more);

	/* Those that meet come more often. */
	if (chance(random, 30))
		number %= ARRAY_SIZE(prefixes);
	if (number < ARRAY_SIZE(prefixes)) {
		*dst = prefixes[number].dst;
		*length = prefixes[number].length;
	} else {
		struct random pool = step_random(seed, number, SALT_POOL);

		/* Half of them as dense as a provider's. */
		if (chance(&pool, 50)) {
			*length = 24;
			*dst = 0x0a010000 | (next(&pool) & 0xff00);
		} else {
			*length = 9 + below(&pool, 24);
			*dst = (0x0a000000 | (next(&pool) & 0xff0fff)) &
			       mask(*length);
		}
	}
}

__u32 pick_table(struct random *random)
{
	static const __u32 tables[] = {
		RT_TABLE_MAIN, RT_TABLE_MAIN, RT_TABLE_MAIN, RT_TABLE_LOCAL,
		RT_TABLE_DEFAULT, VRF_TABLE, 300, RT_TABLE_UNSPEC,
	};

	return PICK(random, tables);
}

static unsigned char pick_tos(struct random *random)
{
	static const unsigned char toses[] = {
		0, 0, 0, 0, 0, 0, 0x04, 0x08, 0x10, 0x1c, 0xfc,
	};

	/* Bits that are ECN's are refused. */
	return chance(random, 1) ? 0x03 : PICK(random, toses);
}

struct key make_key(__u64 seed, __u32 number)
{
	static const int priorities[] = { -1, -1, -1, 0, 1, 5, 100, 0x7fffffff };
	struct random random = step_random(seed, number, SALT_KEY);
	struct key key;

	pick_prefix(&random, seed, &key.dst, &key.length);
	if (chance(&random, 1))
		key.dst |= 1;		/* of the host */
	if (chance(&random, 1))
		key.length = 33;
	key.tos = pick_tos(&random);
	key.table = pick_table(&random);
	key.priority = PICK(&random, priorities);
	return key;
}

__u32 device_address(int number, int host)
{
	return 0xac100000 | number << 8 | host;
}

static __u32 pick_gateway(struct random *random, int number)
{
	switch (below(random, 20)) {
	case 0:
		return device_address(number, 1);	/* our own */
	case 1:
		return 0xcb007109;			/* not on a link */
	default:
		return device_address(number, 254 - below(random, 2));
	}
}

/* A next hop; returns whether it has a gateway. */
static bool put_hop(union message *message, struct random *random, int *dev)
{
	static const struct {
		__u16 family;
		__u8 address[16];
	} via6 = { AF_INET6, { 0xfe, 0x80, [15] = 1 } };
	const int number = below(random, DEVICES);
	const unsigned int how = below(random, 100);

	*dev = how < 80 ? D0 + number : 0;
	if (how < 40)
		return false;
	if (how < 41)
		message_put(message, RTA_VIA, &via6, sizeof(via6));
	else
		message_put_address(message, RTA_GATEWAY,
				    pick_gateway(random, number));
	return true;
}

static void put_multipath(union message *message, struct random *random)
{
	struct rtattr *nest = message_nest(message, RTA_MULTIPATH);
	int count = 1 + below(random, 3);

	while (count--) {
		struct rtnexthop hop = { .rtnh_hops = below(random, 3) };
		struct rtnexthop *at;
		int dev;

		at = (void *)(message->bytes + message->hdr.nlmsg_len);
		message->hdr.nlmsg_len += sizeof(hop);
		if (put_hop(message, random, &dev) && chance(random, 10))
			hop.rtnh_flags = RTNH_F_ONLINK;
		hop.rtnh_ifindex = dev;
		hop.rtnh_len = message->bytes + message->hdr.nlmsg_len -
			       (char *)at;
		memcpy(at, &hop, sizeof(hop));
	}
	message_nest_end(message, nest);
}

static void put_metrics(union message *message, struct random *random)
{
	static const __u16 metrics[] = {
		RTAX_MTU, RTAX_WINDOW, RTAX_RTT, RTAX_ADVMSS, RTAX_HOPLIMIT,
		RTAX_INITCWND, RTAX_QUICKACK, RTAX_MTU, RTAX_ADVMSS,
	};
	struct rtattr *nest = message_nest(message, RTA_METRICS);
	int i, count = 1 + below(random, 3);

	for (i = 0; i < count; i++)
		message_put_u32(message, PICK(random, metrics),
				chance(random, 50) ? 1400 : below(random, 400));
	if (chance(random, 20))
		message_put_u32(message, RTAX_LOCK, 1 << RTAX_MTU);
	if (chance(random, 3))
		message_put_u32(message, chance(random, 50) ? RTAX_FEATURES :
				RTAX_MAX + 1, 0x80);
	message_nest_end(message, nest);
}

static unsigned char pick_type(struct random *random)
{
	if (chance(random, 75))
		return RTN_UNICAST;
	return below(random, chance(random, 5) ? 256 : RTN_MAX + 1);
}

static bool takes_hops(unsigned char type)
{
	return type != RTN_BLACKHOLE && type != RTN_UNREACHABLE &&
	       type != RTN_PROHIBIT && type != RTN_THROW;
}

/* What `ip` makes it, or anything. */
static unsigned char pick_scope(struct random *random, unsigned char type,
				bool by_gateway)
{
	static const unsigned char scopes[] = {
		RT_SCOPE_UNIVERSE, RT_SCOPE_SITE, RT_SCOPE_LINK, RT_SCOPE_HOST,
		RT_SCOPE_NOWHERE, 77,
	};

	if (chance(random, 12))
		return PICK(random, scopes);
	if (type == RTN_LOCAL || type == RTN_NAT)
		return RT_SCOPE_HOST;
	if (type == RTN_BROADCAST || type == RTN_MULTICAST ||
	    type == RTN_ANYCAST || (type == RTN_UNICAST && !by_gateway))
		return RT_SCOPE_LINK;
	return RT_SCOPE_UNIVERSE;
}

void make_route(union message *message, struct random *random,
		const struct key *key, unsigned short flags)
{
	static const unsigned char protocols[] = {
		RTPROT_BOOT, RTPROT_BOOT, RTPROT_STATIC, RTPROT_BIRD,
		RTPROT_KERNEL, RTPROT_UNSPEC,
	};
	struct rtmsg rtm = {
		.rtm_family = AF_INET,
		.rtm_dst_len = key->length,
		.rtm_tos = key->tos,
		.rtm_table = key->table < 256 ? key->table : RT_TABLE_UNSPEC,
		.rtm_protocol = PICK(random, protocols),
		.rtm_type = pick_type(random),
	};
	struct rtmsg *head = NLMSG_DATA(&message->hdr);
	bool by_gateway = true, onlink = false;
	int dev = 0;

	message_start(message, RTM_NEWROUTE, flags, &rtm, sizeof(rtm));
	message_put_address(message, RTA_DST, key->dst);
	if (key->table >= 256 || chance(random, 80))
		message_put_u32(message, RTA_TABLE, key->table);
	if (key->priority >= 0)
		message_put_u32(message, RTA_PRIORITY, key->priority);
	if (takes_hops(rtm.rtm_type) || chance(random, 5)) {
		unsigned int how = below(random, 100);

		if (how < 65) {
			by_gateway = put_hop(message, random, &dev);
			onlink = by_gateway && chance(random, 8);
		} else if (how < 82) {
			put_multipath(message, random);
		} else if (how < 98) {
			message_put_u32(message, RTA_NH_ID,
					1 + below(random, 8));
		}
	}
	if (dev)
		message_put_u32(message, RTA_OIF, dev);
	if (onlink)
		head->rtm_flags = RTNH_F_ONLINK;
	else if (chance(random, 1))
		head->rtm_flags = 1 << below(random, 16);
	head->rtm_scope = pick_scope(random, rtm.rtm_type, by_gateway);
	if (chance(random, 10))
		message_put_address(message, RTA_PREFSRC,
				    device_address(below(random, DEVICES),
						   chance(random, 80) ? 1 :
						   1 + below(random, 4)));
	if (chance(random, 10))
		put_metrics(message, random);
}

void make_delete(union message *message, struct random *random,
		 const union message *route)
{
	struct rtmsg rtm = *(struct rtmsg *)NLMSG_DATA(&route->hdr);
	const struct rtattr *attr;
	int len;

	if (chance(random, 60))
		rtm.rtm_scope = RT_SCOPE_NOWHERE;
	if (chance(random, 60))
		rtm.rtm_protocol = RTPROT_UNSPEC;
	if (chance(random, 40))
		rtm.rtm_type = RTN_UNSPEC;
	message_start(message, RTM_DELROUTE, 0, &rtm, sizeof(rtm));
	len = RTM_PAYLOAD(&route->hdr);
	for (attr = RTM_RTA(NLMSG_DATA(&route->hdr)); RTA_OK(attr, len);
	     attr = RTA_NEXT(attr, len))
		if (attr->rta_type == RTA_DST || attr->rta_type == RTA_TABLE ||
		    chance(random, 65))
			message_put(message, attr->rta_type, RTA_DATA(attr),
				    RTA_PAYLOAD(attr));
}

static __u32 pick_address(struct random *random, __u64 seed,
			  const struct key *near)
{
	static const __u32 addresses[] = {
		0x0a00004d, 0x0a0001c8, 0x0a010203, 0x0ac80001, 0xc0000209,
		0xc00002de, 0xc6336403, 0xcb00714d, 0x08080808, 0x7f000001,
		0xac100009, 0xac100101, 0xac1002ff, 0xffffffff, 0xe0000001,
	};
	unsigned char length = near->length & 31;
	__u32 dst = near->dst;

	if (chance(random, 15))
		return PICK(random, addresses);
	if (chance(random, 40))
		pick_prefix(random, seed, &dst, &length);
	switch (below(random, 5)) {
	case 0:
		return dst;
	case 1:
		return dst | ~mask(length);
	case 2:
		return dst - 1;			/* not in it */
	default:
		return dst | (next(random) & ~mask(length));
	}
}

void make_lookup(union message *message, struct random *random, __u64 seed,
		 const struct key *near)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET,
		.rtm_dst_len = 32,
		.rtm_tos = chance(random, 50) ? near->tos : pick_tos(random),
		.rtm_flags = (chance(random, 50) ? RTM_F_FIB_MATCH : 0) |
			     (chance(random, 50) ? RTM_F_LOOKUP_TABLE : 0),
	};
	const bool arrives = chance(random, 15);
	const bool has_source = arrives || chance(random, 20);

	if (has_source)
		rtm.rtm_src_len = 32;
	message_start(message, RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	message_put_address(message, RTA_DST, pick_address(random, seed, near));
	if (has_source && arrives)
		message_put_address(message, RTA_SRC,
				    pick_address(random, seed, near));
	else if (has_source)
		message_put_address(message, RTA_SRC,
				    device_address(below(random, DEVICES), 1));
	if (arrives)
		message_put_u32(message, RTA_IIF, D0 + below(random, DEVICES));
	else if (chance(random, 20))
		message_put_u32(message, RTA_OIF, chance(random, 5) ? VRF :
				D0 + below(random, DEVICES));
	if (chance(random, 20))
		message_put_u32(message, RTA_MARK, 1 + below(random, 2));
	if (chance(random, 15)) {
		const __u16 source = htons(below(random, 1000) + 1);
		const __u16 destination = htons(53);
		const __u8 udp = 17;

		message_put(message, RTA_IP_PROTO, &udp, sizeof(udp));
		message_put(message, RTA_SPORT, &source, sizeof(source));
		message_put(message, RTA_DPORT, &destination,
			    sizeof(destination));
	}
}
