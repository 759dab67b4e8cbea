// SPDX-License-Identifier: GPL-2.0
/* Requests of IPv4: each a struct rtentry, and the name of a device. */
#include <limits.h>
#include <sys/ioctl.h>

#include "../../kselftest.h"
#include "family.h"
#include "world.h"

static const char * const wrong_names[] = {
	"", "d", "d00", " d0", "d0 ", "D0", "%d", "nodev", ":", ":1", "nodev:1",
	"d0:2", "d0:1:", "d0:secon", "d0:second2", "d1:second", "dev-1234567890",
};

static const char * const wrong_gateways[] = {
	"0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "240.0.0.1",
};

static const short metrics[] = { 1, 2, 5, 100, SHRT_MAX, -1, -5, SHRT_MIN };
static const unsigned long mtus[] = {
	0, 1, 39, 40, 41, 104, 1500, 65535 + 40, 65536 + 40, UINT_MAX, ULONG_MAX,
};

static const unsigned short irtts[] = { 0, 1, 300, 0x2000, USHRT_MAX };
static const unsigned short families[] = {
	AF_UNSPEC, AF_UNIX, AF_INET6, AF_NETLINK, 0x0200, USHRT_MAX,
};

static void set_family(struct sockaddr *sa, unsigned short family)
{
	sa->sa_family = family;
}

static void flip_address(struct sockaddr *sa, int bit)
{
	struct sockaddr_in in;

	memcpy(&in, sa, sizeof(in));
	in.sin_addr.s_addr ^= htonl(1U << bit);
	memcpy(sa, &in, sizeof(in));
}

static void no_name(struct step_request *request)
{
	request->name_place = (struct place){ .kind = PLACE_NOWHERE };
}

static const struct site *random_site(struct random *random)
{
	return &family_ipv4.site[below(random, ARRAY_SIZE(family_ipv4.site))];
}

static void request(struct random *random, struct step_request *request)
{
	const struct site *site = random_site(random);
	struct entry entry = { .dst = PICK(random, family_ipv4.prefix) };

	if (chance(random, 50))
		entry.gateway = chance(random, 85) ?
			PICK(random, site->gateway) :
			PICK(random, wrong_gateways);
	if (chance(random, entry.gateway ? 85 : 6))
		entry.flags |= RTF_GATEWAY;
	if (chance(random, entry.gateway ? 60 : 90))
		entry.dev = PICK(random, site->name);
	if (chance(random, 7))
		entry.flags |= RTF_REJECT;
	if (strstr(entry.dst, "/32") ? chance(random, 70) : chance(random, 3))
		entry.flags |= RTF_HOST;
	if (chance(random, 30))
		entry.metric = PICK(random, metrics);
	if (chance(random, 15)) {
		entry.flags |= PICK(random, ((unsigned short[]){
			RTF_MTU, RTF_WINDOW, RTF_IRTT,
			RTF_MTU | RTF_WINDOW | RTF_IRTT }));
		entry.mtu = PICK(random, mtus);
		entry.window = PICK(random, mtus);
		entry.irtt = PICK(random, irtts);
	}
	*request = request_of(SIOCADDRT, &family_ipv4, &entry);
	request->argument.rt.rt_dev = NULL;
	if (entry.dev)
		set_name(request, entry.dev);
}

static void vary(struct random *random, struct step_request *request)
{
	struct rtentry *rt = &request->argument.rt;
	const char *gateway;

	switch (below(random, 8)) {
	case 0:
		no_name(request);
		break;
	case 1:
		set_name(request, PICK(random, random_site(random)->name));
		break;
	case 2:
		memset(&rt->rt_gateway, 0, sizeof(rt->rt_gateway));
		break;
	case 3:
		gateway = PICK(random, random_site(random)->gateway);
		rt->rt_gateway = inet_sockaddr(inet_addr(gateway));
		break;
	case 4:
		rt->rt_metric = PICK(random, metrics);
		break;
	case 5:
		rt->rt_metric = 0;
		break;
	case 6:
		rt->rt_flags ^= PICK(random, ((unsigned short[]){
			RTF_GATEWAY, RTF_REJECT, RTF_HOST, RTF_MTU }));
		break;
	}
}

static void spoil(struct random *random, struct step_request *request)
{
	struct rtentry *rt = &request->argument.rt;
	size_t i;

	switch (below(random, 12)) {
	case 0:
		set_family(&rt->rt_dst, PICK(random, families));
		break;
	case 1:
		set_family(&rt->rt_genmask, PICK(random, families));
		break;
	case 2:
		set_family(&rt->rt_gateway, PICK(random, families));
		break;
	case 3:
		flip_address(&rt->rt_dst, below(random, 32));
		break;
	case 4:
		flip_address(&rt->rt_genmask, below(random, 32));
		break;
	case 5:
		memset(&rt->rt_genmask, 0, sizeof(rt->rt_genmask));
		set_family(&rt->rt_genmask, chance(random, 50) ? 0 : AF_INET);
		break;
	case 6:
		rt->rt_flags ^= 1U << below(random, 16);
		break;
	case 7:
		request->place = random_place(random, sizeof(*rt));
		break;
	case 8:
		request->name_place = random_place(random, IFNAMSIZ);
		break;
	case 9:
		set_name(request, PICK(random, wrong_names));
		break;
	case 10:
		i = below(random, sizeof(*rt));
		((unsigned char *)rt)[i] ^= 1U << below(random, 8);
		break;
	case 11:
		for (i = 0; i < sizeof(*rt); i++)
			((unsigned char *)rt)[i] = next(random);
		if (chance(random, 80))
			set_family(&rt->rt_dst, AF_INET);
		if (chance(random, 80))
			rt->rt_flags |= RTF_HOST;
	}
	rt->rt_dev = NULL;
}

const struct family family_ipv4 = {
	.family = AF_INET,
	.size = sizeof(struct rtentry),
	.prefix = {
		"0.0.0.0/0", "10.9.0.0/16", "10.9.0.0/24", "10.9.1.0/24",
		"10.9.0.2/31", "10.9.0.1/32", "10.8.0.0/14", "128.0.0.0/1",
		"10.1.0.0/24", "10.1.0.2/32", "224.0.0.0/4",
		"255.255.255.255/32",
	},
	.site = {
		{ { "d0", "d0", "d0:1", "d0:second", "d0:", "d0:peer", "alt",
		    "alt:1" },
		  { "10.1.0.2", "10.1.0.9", "10.1.0.1", "10.1.0.255",
		    "10.3.0.2", "10.7.0.2" } },
		{ { "d1", "d1", "d1", "d1:1", "d1:1", "d1:2", "d1", "d1" },
		  { "10.2.0.2", "10.2.0.2", "10.2.0.1", "10.2.0.255",
		    "10.5.0.1", "10.5.0.2" } },
		{ { "d2", "d2", "red", "d2:1", "red", "blue", "red:1", "red" },
		  { "10.4.0.2", "10.4.0.2", "10.4.0.1", "10.4.0.255",
		    "10.6.0.1", "10.6.0.2" } },
		{ { "blue", "blue", "lo", LONG_NAME, LONG_NAME ":label", "lo:1",
		    "red", "lo" },
		  { "127.0.0.1", "127.0.0.2", "10.8.0.1", "10.8.0.2",
		    "10.8.0.255", "10.9.0.1" } },
	},
	.request = request,
	.vary = vary,
	.spoil = spoil,
};
