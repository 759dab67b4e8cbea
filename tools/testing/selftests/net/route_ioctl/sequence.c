// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <sys/ioctl.h>

#include "../../kselftest.h"
#include "rtentry.h"
#include "sequence.h"
#include "world.h"

/* Steps of a random sequence, and how often it looks at all tables. */
#define RANDOM_STEPS	512
#define DUMP_STEPS	64

#define PICK(_random, _array)						\
	({								\
		const typeof(_array) *__array = &(_array);		\
									\
		(*__array)[below((_random), ARRAY_SIZE(*__array))];	\
	})

/* Small enough for what is added to be met again, by either kind of call. */
static const char * const prefixes[] = {
	"0.0.0.0/0", "10.9.0.0/16", "10.9.0.0/24", "10.9.1.0/24", "10.9.0.2/31",
	"10.9.0.1/32", "10.8.0.0/14", "128.0.0.0/1", "10.1.0.0/24",
	"10.1.0.2/32", "224.0.0.0/4", "255.255.255.255/32",
};

/* A device by its names, and gateways that it may or may not reach. */
struct site {
	const char *name[8];
	const char *gateway[6];
};

static const struct site sites[] = {
	{ { "d0", "d0", "d0:1", "d0:second", "d0:", "d0:peer", "alt", "alt:1" },
	  { "10.1.0.2", "10.1.0.9", "10.1.0.1", "10.1.0.255", "10.3.0.2",
	    "10.7.0.2" } },
	{ { "d1", "d1", "d1", "d1:1", "d1:1", "d1:2", "d1", "d1" },
	  { "10.2.0.2", "10.2.0.2", "10.2.0.1", "10.2.0.255", "10.5.0.1",
	    "10.5.0.2" } },
	{ { "d2", "d2", "red", "d2:1", "red", "blue", "red:1", "red" },
	  { "10.4.0.2", "10.4.0.2", "10.4.0.1", "10.4.0.255", "10.6.0.1",
	    "10.6.0.2" } },
	{ { "blue", "blue", "lo", LONG_NAME, LONG_NAME ":label", "lo:1", "red",
	    "lo" },
	  { "127.0.0.1", "127.0.0.2", "10.8.0.1", "10.8.0.2", "10.8.0.255",
	    "10.9.0.1" } },
};

static const char * const devices[] = {
	"d0", "d1", "lo", "d2", "red", "blue", LONG_NAME,
};

/* Namespace 1 has no others, and to ask for what is not there takes long. */
#define COMMON_SITES	2
#define COMMON_DEVICES	3

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

/* Nothing is there, in any layout. */
static const unsigned long nowhere[] = {
	1, 2, 4095, -1UL, -2UL, -64UL, -4096UL, LONG_MIN,
};

static const __u32 tables[] = {
	RT_TABLE_MAIN, RT_TABLE_MAIN, RT_TABLE_MAIN, RT_TABLE_DEFAULT,
	RT_TABLE_LOCAL, 42, RED_TABLE, RED_TABLE,
};

static const __u32 vrf_tables[] = {
	1, RT_TABLE_DEFAULT, RT_TABLE_MAIN, RT_TABLE_LOCAL, 256,
	RED_TABLE + 256, UINT_MAX, 42,
};

struct random {
	__u64 state;
};

static __u32 next(struct random *random)
{
	__u64 z = random->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z >> 32;
}

static __u32 below(struct random *random, __u32 end)
{
	return next(random) % end;
}

static bool chance(struct random *random, __u32 percent)
{
	return below(random, 100) < percent;
}

static const struct site *random_site(struct random *random)
{
	return &sites[below(random, ARRAY_SIZE(sites))];
}

static const struct site *site_of(struct random *random, int net)
{
	return &sites[below(random, net ? COMMON_SITES : ARRAY_SIZE(sites))];
}

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

/* Whatever reads beyond what it may read finds nothing there. */
static void set_name(struct step_request *request, const char *name)
{
	snprintf(request->name, sizeof(request->name), "%s", name);
	request->name_place = (struct place){
		.kind = PLACE_BEFORE,
		.count = IFNAMSIZ - 1,
	};
}

static void no_name(struct step_request *request)
{
	request->name_place = (struct place){ .kind = PLACE_NOWHERE };
}

static struct step request_step(unsigned long cmd, const struct entry *entry)
{
	struct step step = {
		.kind = STEP_REQUEST,
		.request = {
			.cmd = cmd,
			.rt = rtentry_of(entry),
			.place = {
				.kind = PLACE_BEFORE,
				.count = sizeof(struct rtentry),
			},
		},
	};

	if (entry->dev)
		set_name(&step.request, entry->dev);
	else
		no_name(&step.request);
	step.request.rt.rt_dev = NULL;
	return step;
}

static struct place random_place(struct random *random, unsigned int size)
{
	struct place place = {
		.kind = below(random, 3),
		.count = below(random, size + 2),
		.address = PICK(random, nowhere),
	};

	return place;
}

/* What one field or another gets that callers do not mean. */
static void spoil(struct random *random, struct step_request *request)
{
	struct rtentry *rt = &request->rt;
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

static void random_request(struct random *random, struct step *step)
{
	const struct site *site = random_site(random);
	struct entry entry = { .dst = PICK(random, prefixes) };

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
	*step = request_step(SIOCADDRT, &entry);
}

/* Another request to do with the route of an earlier one. */
static void vary_request(struct random *random, struct step_request *request)
{
	const char *gateway;

	switch (below(random, 8)) {
	case 0:
		no_name(request);
		break;
	case 1:
		set_name(request, PICK(random, random_site(random)->name));
		break;
	case 2:
		memset(&request->rt.rt_gateway, 0,
		       sizeof(request->rt.rt_gateway));
		break;
	case 3:
		gateway = PICK(random, random_site(random)->gateway);
		request->rt.rt_gateway = inet_sockaddr(inet_addr(gateway));
		break;
	case 4:
		request->rt.rt_metric = PICK(random, metrics);
		break;
	case 5:
		request->rt.rt_metric = 0;
		break;
	case 6:
		request->rt.rt_flags ^= PICK(random, ((unsigned short[]){
			RTF_GATEWAY, RTF_REJECT, RTF_HOST, RTF_MTU }));
		break;
	}
}

static void next_request(struct random *random, struct sequence *sequence,
			 struct step *step)
{
	const struct step *earlier;
	struct step_request *request = &step->request;

	random_request(random, step);
	if (sequence->count && chance(random, 50)) {
		earlier = &sequence->step[below(random, sequence->count)];
		if (earlier->kind == STEP_REQUEST)
			*step = *earlier;
		if (chance(random, 50))
			vary_request(random, request);
		request->cmd = chance(random, 75) ? SIOCDELRT : SIOCADDRT;
	} else {
		request->cmd = chance(random, 20) ? SIOCDELRT : SIOCADDRT;
		step->net = chance(random, 20);
	}
	if (chance(random, 15))
		spoil(random, request);
	if (chance(random, 1))
		request->cmd = SIOCRTMSG;
	request->unprivileged = chance(random, 3);
}

/* The kind of route that requests make, so that the two meet. */
static void next_route(struct random *random, struct sequence *sequence,
		       struct step *step)
{
	struct step_change *change = &step->change;
	struct rtnl_route *route = &change->route;
	const struct site *site;

	step->kind = STEP_ROUTE;
	step->net = chance(random, 20);
	site = site_of(random, step->net);
	change->add = chance(random, 55);
	route->dst = PICK(random, prefixes);
	route->table = chance(random, 10) ? sequence->vrf_table :
					    PICK(random, tables);
	if (chance(random, 40))
		route->priority = PICK(random, metrics) - 1;
	if (chance(random, 10))
		route->prefsrc = site->gateway[2];
	if (!change->add) {
		if (chance(random, 20))
			route->gateway = PICK(random, site->gateway);
		if (chance(random, 30))
			route->dev = site->name[0];
		route->scope = RT_SCOPE_NOWHERE;
		return;
	}

	change->flags = PICK(random, ((unsigned int[]){
		0, NLM_F_EXCL, NLM_F_APPEND, NLM_F_REPLACE }));
	route->protocol = chance(random, 60) ? RTPROT_BOOT : RTPROT_STATIC;
	if (chance(random, 10))
		route->advmss = 1460;
	if (chance(random, 15)) {
		route->type = RTN_UNREACHABLE;
		route->scope = chance(random, 70) ? RT_SCOPE_HOST :
						    RT_SCOPE_UNIVERSE;
		return;
	}
	route->type = RTN_UNICAST;
	if (chance(random, 40))
		route->gateway = PICK(random, site->gateway);
	if (chance(random, 80))
		route->dev = site->name[0];
	route->scope = route->gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
}

static void next_change(struct random *random, struct step *step)
{
	struct step_change *change = &step->change;

	step->net = chance(random, 20);
	change->add = chance(random, 60);
	change->dev = devices[below(random, step->net ? COMMON_DEVICES :
					    ARRAY_SIZE(devices))];
	switch (below(random, 12)) {
	case 0 ... 3:
		step->kind = STEP_UP;
		break;
	case 4 ... 8:
		step->kind = STEP_ADDRESS;
		change->address = world_address(step->net, next(random));
		break;
	case 9 ... 10:
		step->kind = STEP_MASTER;
		step->net = 0;
		change->dev = chance(random, 50) ? "d1" : "d2";
		change->master = change->add ? "red" : "";
		break;
	default:
		/* Below 68, a device has no part in IPv4. */
		step->kind = STEP_MTU;
		change->mtu = change->add ? 1500 : 60;
	}
}

void sequence_random(struct sequence *sequence, unsigned int seed,
		     unsigned int number)
{
	struct random random = { .state = ((__u64)seed << 32) + number };

	sequence->vrf_table = PICK(&random, vrf_tables);
	sequence->count = 0;
	while (sequence->count < RANDOM_STEPS) {
		struct step step = {};
		__u32 kind = below(&random, 100);

		if (sequence->count % DUMP_STEPS == DUMP_STEPS - 1)
			step.kind = STEP_DUMP;
		else if (kind < 80)
			next_request(&random, sequence, &step);
		else if (kind < 95)
			next_route(&random, sequence, &step);
		else
			next_change(&random, &step);
		sequence->step[sequence->count++] = step;
	}
}

static void append(struct sequence *sequence, unsigned long cmd,
		   const struct place *place, const struct place *name_place,
		   bool unprivileged)
{
	struct step step = request_step(cmd, &(struct entry){
		.dst = "10.9.0.0/16", .dev = "d0:1",
	});

	if (place)
		step.request.place = *place;
	if (name_place)
		step.request.name_place = *name_place;
	step.request.unprivileged = unprivileged;
	sequence->step[sequence->count++] = step;
}

static void append_all(struct sequence *sequence, const struct place *place,
		       const struct place *name_place)
{
	append(sequence, SIOCADDRT, place, name_place, true);
	append(sequence, SIOCADDRT, place, name_place, false);
	append(sequence, SIOCDELRT, place, name_place, false);
}

void sequence_boundaries(struct sequence *sequence)
{
	struct place place;
	size_t i;

	sequence->vrf_table = RED_TABLE + 256;
	sequence->count = 0;
	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		place = (struct place){ PLACE_NOWHERE, .address = nowhere[i] };
		append_all(sequence, &place, NULL);
		append_all(sequence, NULL, &place);
	}
	for (place.count = 0; place.count <= sizeof(struct rtentry);
	     place.count++) {
		place.kind = PLACE_BEFORE;
		append_all(sequence, &place, NULL);
		place.kind = PLACE_BEHIND;
		append_all(sequence, &place, NULL);
	}
	for (place.count = 0; place.count <= IFNAMSIZ; place.count++) {
		place.kind = PLACE_BEFORE;
		append_all(sequence, NULL, &place);
		place.kind = PLACE_BEHIND;
		append_all(sequence, NULL, &place);
	}
	sequence->step[sequence->count++] = (struct step){ .kind = STEP_DUMP };
}

int sequence_requests(const struct sequence *sequence)
{
	int i, requests = 0;

	for (i = 0; i < sequence->count; i++)
		requests += sequence->step[i].kind == STEP_REQUEST;
	return requests;
}
