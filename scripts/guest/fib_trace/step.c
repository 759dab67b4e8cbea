// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <sys/socket.h>

#include "kselftest.h"
#include "step.h"

/* How far back it is looked for a route that may be there, and how often. */
#define BACK		400
#define TRIES		8

enum kind {
	ADD, APPEND, PREPEND, ANY_FLAGS, REPLACE, CHANGE, DELETE, FORGET,
	LOOKUP, LINK, CARRIER, DEVICE, MASTER, ADDRESS, RULE, NEXTHOP,
	NEIGHBOUR, DUMP, SLOW_DUMP, FLUSH, PROC_ROUTE, PROC_TRIE, SYSCTL,
	KINDS,
};

/* How often each comes, of some 1,200. */
static const unsigned int weights[KINDS] = {
	[ADD] = 300, [APPEND] = 80, [PREPEND] = 80, [ANY_FLAGS] = 80,
	[REPLACE] = 80, [CHANGE] = 40, [DELETE] = 160, [FORGET] = 60,
	[LOOKUP] = 40, [LINK] = 30, [CARRIER] = 12, [DEVICE] = 12, [MASTER] = 6,
	[ADDRESS] = 40, [RULE] = 30, [NEXTHOP] = 100, [NEIGHBOUR] = 10,
	[DUMP] = 20, [SLOW_DUMP] = 6, [FLUSH] = 2, [PROC_ROUTE] = 6,
	[PROC_TRIE] = 6, [SYSCTL] = 12,
};

static const unsigned short flags[KINDS] = {
	[ADD] = NLM_F_CREATE | NLM_F_EXCL,
	[APPEND] = NLM_F_CREATE | NLM_F_APPEND,
	[PREPEND] = NLM_F_CREATE,
	[REPLACE] = NLM_F_CREATE | NLM_F_REPLACE,
	[CHANGE] = NLM_F_REPLACE,
};

struct random step_random(__u64 seed, __u32 number, enum salt salt)
{
	struct random random = { seed << 32 | number };

	random.state ^= (__u64)next(&random) << 32 | next(&random);
	random.state += (__u64)salt << 56;
	return random;
}

bool step_has_vrf(__u64 seed)
{
	return seed % 4 == 3;
}

/* With the first rule, local gets a table of its own: when routes are there. */
static bool has_rules(__u64 seed, __u32 number)
{
	static const unsigned int from[] = { 0, 100, 400, 1000000000 };
	struct random random = step_random(seed, 0, SALT_WORLD);

	return number >= PICK(&random, from);
}

static enum kind kind_of(__u64 seed, __u32 number)
{
	struct random random = step_random(seed, number, SALT_KIND);
	unsigned int i, sum = 0, at;

	for (i = 0; i < KINDS; i++)
		sum += weights[i];
	at = below(&random, sum);
	for (i = 0; at >= weights[i]; i++)
		at -= weights[i];
	if (i == RULE && !has_rules(seed, number))
		return LOOKUP;
	if (i == MASTER && !step_has_vrf(seed))
		return LINK;
	return i;
}

/* The number of an earlier step that adds a route, if one is found. */
static __u32 find_earlier(struct random *random, __u64 seed, __u32 number)
{
	__u32 found = number;
	int i;

	for (i = 0; number && i < TRIES; i++) {
		found = number - 1 - below(random, number < BACK ? number : BACK);
		if (kind_of(seed, found) <= ANY_FLAGS)
			break;
	}
	return found;
}

static void make_flush(struct step *step, struct random *random)
{
	struct rtmsg rtm = { .rtm_family = AF_INET };

	message_start(&step->message[0], RTM_GETROUTE, NLM_F_DUMP, &rtm,
		      sizeof(rtm));
	message_put_u32(&step->message[0], RTA_TABLE, pick_table(random));
}

static void make_sysctl(struct step *step, struct random *random)
{
	static const char * const devices[] = { "all", "d0", "d1", "d2" };

	switch (below(random, 5)) {
	case 0:
		snprintf(step->file, STEP_FILE, "fib_multipath_hash_policy");
		break;
	case 1:
		snprintf(step->file, STEP_FILE, "conf/all/promote_secondaries");
		break;
	case 2:
		snprintf(step->file, STEP_FILE, "route/flush");
		break;
	default:
		snprintf(step->file, STEP_FILE,
			 "conf/%s/ignore_routes_with_linkdown",
			 PICK(random, devices));
	}
	snprintf(step->value, sizeof(step->value), "%d", below(random, 4) > 0);
}

/* A change of a route that may be there, more often than not. */
static void make_change(struct step *step, enum kind kind, __u64 seed,
			__u32 number, struct key *key)
{
	struct random random = step_random(seed, number, SALT_OTHER);
	__u32 earlier = find_earlier(&random, seed, number);
	const int likely = kind == DELETE ? 95 : 70;
	struct random route = step_random(seed, chance(&random, likely) ?
					  earlier : number, SALT_ROUTE);

	if (chance(&random, likely))
		*key = make_key(seed, earlier);
	make_route(&step->message[0], &route, key, flags[kind]);
	if (kind == DELETE) {
		union message of = step->message[0];

		make_delete(&step->message[0], &random, &of);
	}
}

static void make_forget(struct step *step, __u64 seed, struct random *random,
			const struct key *key)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET,
		.rtm_scope = RT_SCOPE_NOWHERE,
	};
	unsigned char length = key->length;
	__u32 dst = key->dst;

	if (chance(random, 50))
		pick_prefix(random, seed, &dst, &length);
	rtm.rtm_dst_len = length;
	message_start(&step->message[0], RTM_DELROUTE, 0, &rtm, sizeof(rtm));
	message_put_address(&step->message[0], RTA_DST, dst);
	message_put_u32(&step->message[0], RTA_TABLE, pick_table(random));
}

static enum step_kind make(struct step *step, enum kind kind, __u64 seed,
			   __u32 number, struct key *key)
{
	struct random random = step_random(seed, number, SALT_OTHER);
	struct random route = step_random(seed, number, SALT_ROUTE);
	union message *message = &step->message[0];

	switch (kind) {
	case ADD:
	case APPEND:
	case PREPEND:
		make_route(message, &route, key, flags[kind]);
		return STEP_CHANGE;
	case ANY_FLAGS:
		make_route(message, &route, key,
			   below(&random, 16) * NLM_F_REPLACE);
		return STEP_CHANGE;
	case REPLACE:
	case CHANGE:
	case DELETE:
		make_change(step, kind, seed, number, key);
		return STEP_CHANGE;
	case FORGET:
		make_forget(step, seed, &random, key);
		return STEP_CHANGE;
	case LINK:
		make_link(message, &random);
		return STEP_CHANGE;
	case CARRIER:
		make_carrier(message, &random);
		return STEP_CARRIER;
	case DEVICE:
		make_device(message, &random);
		return STEP_CHANGE;
	case MASTER:
		make_master(message, &random);
		return STEP_CHANGE;
	case ADDRESS:
		make_address(message, &random);
		return STEP_CHANGE;
	case RULE:
		make_rule(message, &random, seed);
		return STEP_CHANGE;
	case NEXTHOP:
		make_nexthop(message, &random);
		return STEP_CHANGE;
	case NEIGHBOUR:
		make_neighbour(message, &random);
		return STEP_CHANGE;
	case DUMP:
		make_dump(message, &random);
		return STEP_DUMP;
	case SLOW_DUMP:
		make_flush(step, &random);
		return STEP_SLOW_DUMP;
	case FLUSH:
		make_flush(step, &random);
		return STEP_FLUSH;
	case PROC_ROUTE:
		snprintf(step->file, STEP_FILE, "route");
		return STEP_FILE_READ;
	case PROC_TRIE:
		snprintf(step->file, STEP_FILE, "fib_trie");
		return STEP_FILE_READ;
	case SYSCTL:
		make_sysctl(step, &random);
		return STEP_FILE_WRITE;
	default:
		return STEP_LOOKUP;
	}
}

void step_make(struct step *step, __u64 seed, __u32 number)
{
	struct random random = step_random(seed, number, SALT_LOOKUP);
	struct key key = make_key(seed, number);
	int i;

	step->file[0] = 0;
	step->kind = make(step, kind_of(seed, number), seed, number, &key);
	step->lookups = step->kind != STEP_LOOKUP;
	if (step->kind == STEP_SLOW_DUMP) {
		/* Two deletions of what may be there, and one addition. */
		for (i = 1; i < 3; i++) {
			struct random at = step_random(seed, number, SALT_KEY);

			key = make_key(seed, find_earlier(&at, seed, number + i));
			make_route(&step->message[3], &random, &key, 0);
			make_delete(&step->message[i], &random, &step->message[3]);
		}
		key = make_key(seed, number + 1000000);
		make_route(&step->message[3], &random, &key, NLM_F_CREATE);
		step->lookups = 4;
	}
	step->count = step->lookups;
	if (step->kind == STEP_LOOKUP)
		step->count += 3;
	else if (step_changes(step))
		step->count += 2;
	for (i = step->lookups; i < step->count; i++)
		make_lookup(&step->message[i], &random, seed, &key);
	for (i = 0; i < step->count; i++)
		step->message[i].hdr.nlmsg_seq = number;
}

bool step_changes(const struct step *step)
{
	return step->kind != STEP_LOOKUP && step->kind != STEP_DUMP &&
	       step->kind != STEP_FILE_READ;
}
