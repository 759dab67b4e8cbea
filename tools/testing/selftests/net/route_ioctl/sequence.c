// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <sys/ioctl.h>

#include "../../kselftest.h"
#include "family.h"
#include "sequence.h"
#include "world.h"

/* Steps of a random sequence, and how often it looks at all tables. */
#define RANDOM_STEPS	512
#define DUMP_STEPS	64

/* Nothing is there, in any layout. */
const unsigned long nowhere[8] = {
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

static const __u32 priorities[] = {
	0, 1, 4, 99, SHRT_MAX - 1, -2U, -6U, SHRT_MIN - 1U, 1024,
};

static const struct site *site_of(const struct family *family,
				  struct random *random, int net)
{
	return &family->site[below(random, net ? COMMON_SITES :
				   ARRAY_SIZE(family->site))];
}

struct place random_place(struct random *random, unsigned int size)
{
	struct place place = {
		.kind = below(random, 3),
		.count = below(random, size + 2),
		.address = PICK(random, nowhere),
	};

	return place;
}

static void next_request(const struct family *family, struct random *random,
			 struct sequence *sequence, struct step *step)
{
	const struct step *earlier;
	struct step_request *request = &step->request;

	step->kind = STEP_REQUEST;
	family->request(random, request);
	if (sequence->count && chance(random, 50)) {
		earlier = &sequence->step[below(random, sequence->count)];
		if (earlier->kind == STEP_REQUEST)
			*step = *earlier;
		if (chance(random, 50))
			family->vary(random, request);
		request->cmd = chance(random, 75) ? SIOCDELRT : SIOCADDRT;
	} else {
		request->cmd = chance(random, 20) ? SIOCDELRT : SIOCADDRT;
		step->net = chance(random, 20);
	}
	if (chance(random, 15))
		family->spoil(random, request);
	if (chance(random, 1))
		request->cmd = SIOCRTMSG;
	request->unprivileged = chance(random, 3);
}

/* The kind of route that requests make, so that the two meet. */
static void next_route(const struct family *family, struct random *random,
		       struct sequence *sequence, struct step *step)
{
	struct step_change *change = &step->change;
	struct rtnl_route *route = &change->route;
	const struct site *site;

	step->kind = STEP_ROUTE;
	step->net = chance(random, 20);
	site = site_of(family, random, step->net);
	change->add = chance(random, 55);
	route->dst = PICK(random, family->prefix);
	route->table = chance(random, 10) ? sequence->vrf_table :
					    PICK(random, tables);
	if (chance(random, 40))
		route->priority = PICK(random, priorities);
	if (family->source && chance(random, 10))
		route->src = family->source;
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

static void next_change(const struct family *family, struct random *random,
			struct step *step)
{
	struct step_change *change = &step->change;

	step->net = chance(random, 20);
	change->add = chance(random, 60);
	change->dev = world_device(step->net, next(random));
	switch (below(random, 12)) {
	case 0 ... 3:
		step->kind = STEP_UP;
		break;
	case 4 ... 8:
		step->kind = STEP_ADDRESS;
		change->address = world_address(family->family, step->net,
						next(random));
		break;
	case 9 ... 10:
		step->kind = STEP_MASTER;
		step->net = 0;
		change->dev = chance(random, 50) ? "d1" : "d2";
		change->master = change->add ? "red" : "";
		break;
	default:
		/* Below 68, a device has no part in IPv4; nor in IPv6. */
		step->kind = STEP_MTU;
		change->mtu = change->add ? 1500 : 60;
	}
}

void sequence_random(struct sequence *sequence, unsigned int seed,
		     unsigned int number)
{
	struct random random = { .state = ((__u64)seed << 32) + number };
	const struct family *family = family_number(number);

	sequence->family = family->family;
	sequence->vrf_table = PICK(&random, vrf_tables);
	sequence->count = 0;
	while (sequence->count < RANDOM_STEPS) {
		struct step step = {};
		__u32 kind = below(&random, 100);

		if (sequence->count % DUMP_STEPS == DUMP_STEPS - 1)
			step.kind = STEP_DUMP;
		else if (kind < 80)
			next_request(family, &random, sequence, &step);
		else if (kind < 95)
			next_route(family, &random, sequence, &step);
		else
			next_change(family, &random, &step);
		sequence->step[sequence->count++] = step;
	}
}

static void append(struct sequence *sequence, const struct family *family,
		   unsigned long cmd, const struct place *place,
		   const struct place *name_place, bool unprivileged)
{
	const struct entry entry[] = {
		{ .dst = "10.9.0.0/16" }, { .dst = "2001:db8:9::/48" },
	};
	struct step step = {
		.kind = STEP_REQUEST,
		.request = request_of(cmd, family, &entry[family->family ==
							  AF_INET6]),
	};

	if (family->family == AF_INET6)
		step.request.argument.rtmsg.rtmsg_ifindex = world_ifindex("d0");
	else
		set_name(&step.request, "d0:1");
	if (place)
		step.request.place = *place;
	if (name_place)
		step.request.name_place = *name_place;
	step.request.unprivileged = unprivileged;
	sequence->step[sequence->count++] = step;
}

static void append_all(struct sequence *sequence, const struct family *family,
		       const struct place *place,
		       const struct place *name_place)
{
	append(sequence, family, SIOCADDRT, place, name_place, true);
	append(sequence, family, SIOCADDRT, place, name_place, false);
	append(sequence, family, SIOCDELRT, place, name_place, false);
}

void sequence_boundaries(struct sequence *sequence, unsigned int number)
{
	const struct family *family = family_number(number);
	struct place place;
	size_t i;

	sequence->family = family->family;
	sequence->vrf_table = RED_TABLE + 256;
	sequence->count = 0;
	for (i = 0; i < ARRAY_SIZE(nowhere); i++) {
		place = (struct place){ PLACE_NOWHERE, .address = nowhere[i] };
		append_all(sequence, family, &place, NULL);
		if (family->family == AF_INET)
			append_all(sequence, family, NULL, &place);
	}
	for (place.count = 0; place.count <= family->size; place.count++) {
		place.kind = PLACE_BEFORE;
		append_all(sequence, family, &place, NULL);
		place.kind = PLACE_BEHIND;
		append_all(sequence, family, &place, NULL);
	}
	for (place.count = 0; family->family == AF_INET &&
	     place.count <= IFNAMSIZ; place.count++) {
		place.kind = PLACE_BEFORE;
		append_all(sequence, family, NULL, &place);
		place.kind = PLACE_BEHIND;
		append_all(sequence, family, NULL, &place);
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
