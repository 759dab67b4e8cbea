// SPDX-License-Identifier: GPL-2.0
/* Requests of IPv6: each a struct in6_rtmsg, with the index of a device. */
#include <limits.h>
#include <sys/ioctl.h>

#include "../../kselftest.h"
#include "family.h"
#include "fib.h"
#include "world.h"

static const char * const wrong_gateways[] = {
	"::", "::1", "ff02::1", "2001:db8:f::1", "::ffff:192.0.2.1", "fe80::1",
	"::192.0.2.1",
};

static const char * const sources[] = {
	"2001:db8:7::/64", "2001:db8:7::/64", "2001:db8:7::/48", "::/1",
	"2001:db8:7::1/128", "2001:db8:8::/64",
};

static const __u32 metrics[] = { 1, 5, 256, 1024, INT_MAX, UINT_MAX };
static const __u32 types[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, UINT_MAX };

#define MINUTE	(60 * FIB_TICKS)

static const unsigned long expiries[] = {
	MINUTE, 1000UL * MINUTE, 10000UL * MINUTE, ULONG_MAX,
};

static const __u32 flags[] = {
	RTF_HOST, RTF_HOST, RTF_DYNAMIC, RTF_DEFAULT, RTF_ADDRCONF,
	RTF_PREFIX_RT, RTF_ANYCAST, RTF_NONEXTHOP, RTF_EXPIRES, RTF_CACHE,
	RTF_FLOW, 1U << 27, 3U << 27, RTF_PCPU, RTF_LOCAL, RTF_REJECT,
	RTF_GATEWAY, RTF_UP,
};

static const __u16 lengths[] = { 0, 1, 64, 127, 128, 129, 255, 256, USHRT_MAX };

static const struct site *random_site(struct random *random)
{
	return &family_ipv6.site[below(random, ARRAY_SIZE(family_ipv6.site))];
}

/*
 * Only whole tens of seconds are told the same way twice, and only what is not
 * about to expire is there at any time.
 */
static void round_expiry(struct in6_rtmsg *rt)
{
	rt->rtmsg_info -= rt->rtmsg_info % (10 * FIB_TICKS);
	if (rt->rtmsg_info < MINUTE)
		rt->rtmsg_info = MINUTE;
}

static void set_source(struct in6_rtmsg *rt, const char *source)
{
	struct entry entry = { .dst = "::/0", .src = source };
	struct in6_rtmsg other = in6_rtmsg_of(&entry);

	rt->rtmsg_src = other.rtmsg_src;
	rt->rtmsg_src_len = other.rtmsg_src_len;
}

static void request(struct random *random, struct step_request *request)
{
	const struct site *site = random_site(random);
	struct entry entry = { .dst = PICK(random, family_ipv6.prefix) };
	struct in6_rtmsg *rt = &request->argument.rtmsg;

	if (chance(random, 50))
		entry.gateway = chance(random, 85) ?
			PICK(random, site->gateway) :
			PICK(random, wrong_gateways);
	if (chance(random, entry.gateway ? 85 : 6))
		entry.flags |= RTF_GATEWAY;
	if (chance(random, 7))
		entry.flags |= RTF_REJECT;
	if (strstr(entry.dst, "/128") ? chance(random, 60) : chance(random, 4))
		entry.flags |= RTF_HOST;
	if (chance(random, 30))
		entry.metric = PICK(random, metrics);
	if (chance(random, 5))
		entry.type = PICK(random, types);
	if (chance(random, 10)) {
		entry.flags |= RTF_EXPIRES;
		entry.info = PICK(random, expiries);
	}
	if (chance(random, 10))
		entry.flags |= PICK(random, flags);

	*request = request_of(SIOCADDRT, &family_ipv6, &entry);
	if (chance(random, 8))
		set_source(rt, PICK(random, sources));
	if (chance(random, entry.gateway ? 60 : 90))
		rt->rtmsg_ifindex = world_ifindex(PICK(random, site->name));
	round_expiry(rt);
}

static void vary(struct random *random, struct step_request *request)
{
	struct in6_rtmsg *rt = &request->argument.rtmsg;
	const char *gateway;

	switch (below(random, 10)) {
	case 0:
		rt->rtmsg_ifindex = 0;
		break;
	case 1:
		rt->rtmsg_ifindex =
			world_ifindex(PICK(random, random_site(random)->name));
		break;
	case 2:
		memset(&rt->rtmsg_gateway, 0, sizeof(rt->rtmsg_gateway));
		break;
	case 3:
		gateway = PICK(random, random_site(random)->gateway);
		rt->rtmsg_gateway = inet6_address(gateway);
		break;
	case 4:
		rt->rtmsg_metric = PICK(random, metrics);
		break;
	case 5:
		rt->rtmsg_metric = 0;
		break;
	case 6:
		rt->rtmsg_flags ^= PICK(random, flags);
		break;
	case 7:
		set_source(rt, PICK(random, sources));
		break;
	case 8:
		rt->rtmsg_flags |= RTF_EXPIRES;
		rt->rtmsg_info = PICK(random, expiries);
		break;
	}
	round_expiry(rt);
}

static void spoil(struct random *random, struct step_request *request)
{
	struct in6_rtmsg *rt = &request->argument.rtmsg;
	size_t i;

	switch (below(random, 10)) {
	case 0:
		rt->rtmsg_dst_len = PICK(random, lengths);
		break;
	case 1:
		rt->rtmsg_src_len = PICK(random, lengths);
		break;
	case 2:
		i = below(random, 128);
		rt->rtmsg_dst.s6_addr[i / 8] ^= 1U << i % 8;
		break;
	case 3:
		i = below(random, 128);
		rt->rtmsg_gateway.s6_addr[i / 8] ^= 1U << i % 8;
		break;
	case 4:
		rt->rtmsg_type = chance(random, 50) ? PICK(random, types) :
						      next(random);
		break;
	case 5:
		rt->rtmsg_flags ^= 1U << below(random, 32);
		break;
	case 6:
		request->place = random_place(random, sizeof(*rt));
		break;
	case 7:
		rt->rtmsg_ifindex = PICK(random, ((int[]){
			9999, -1, INT_MIN, INT_MAX }));
		break;
	case 8:
		i = below(random, sizeof(*rt));
		((unsigned char *)rt)[i] ^= 1U << below(random, 8);
		break;
	case 9:
		for (i = 0; i < sizeof(*rt); i++)
			((unsigned char *)rt)[i] = next(random);
		if (chance(random, 80))
			rt->rtmsg_ifindex = world_ifindex("d0");
		if (chance(random, 80))
			rt->rtmsg_dst_len %= 129;
		if (chance(random, 80))
			rt->rtmsg_src_len = 0;
		if (chance(random, 80))
			rt->rtmsg_type %= 12;
		if (chance(random, 80))
			rt->rtmsg_flags &= ~(RTF_PCPU | RTF_CACHE);
	}
	round_expiry(rt);
}

const struct family family_ipv6 = {
	.family = AF_INET6,
	.size = sizeof(struct in6_rtmsg),
	.prefix = {
		"::/0", "2001:db8:9::/48", "2001:db8:9::/64",
		"2001:db8:9:1::/64", "2001:db8:9::2/127", "2001:db8:9::1/128",
		"2001:db8:8::/46", "8000::/1", "2001:db8:1::/64",
		"2001:db8:1::2/128", "ff00::/8", "::1/128",
	},
	.site = {
		{ { "d0", "d0", "d0", "d0", "d0", "d0", "d0", "d0" },
		  { "2001:db8:1::2", "2001:db8:1::9", "2001:db8:1::1",
		    "2001:db8:3::2", "fe80::2", "2001:db8:9::1" } },
		{ { "d1", "d1", "d1", "d1", "d1", "d1", "d1", "d1" },
		  { "2001:db8:2::2", "2001:db8:2::2", "2001:db8:2::1",
		    "2001:db8:5::1", "fe80::2", "2001:db8:5::2" } },
		{ { "d2", "d2", "red", "d2", "red", "blue", "red", "red" },
		  { "2001:db8:4::2", "2001:db8:4::2", "2001:db8:4::1",
		    "2001:db8:6::1", "fe80::2", "2001:db8:6::2" } },
		{ { "blue", "blue", "lo", LONG_NAME, LONG_NAME, "lo", "red",
		    "lo" },
		  { "::1", "2001:db8:8::1", "2001:db8:8::2", "fe80::1",
		    "2001:db8:9::2", "2001:db8:9::1" } },
	},
	.source = "2001:db8:7::/64",
	.request = request,
	.vary = vary,
	.spoil = spoil,
};
