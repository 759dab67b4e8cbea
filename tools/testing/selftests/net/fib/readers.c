// SPDX-License-Identifier: GPL-2.0
/*
 * Processes look up routes that stay, while others come and go all around them:
 * none is ever missed, and none that is found is another.
 */
#include "../route_ioctl/random.h"
#include "../route_ioctl/workers.h"
#include "is_rust.h"
#include "lookup.h"

/* What is between the first and the last bit of this address has all routes
 * that stay, one within the other. Each serves the address that differs from it
 * in the first bit behind the prefix.
 */
#define CHAIN		0x323c4650	/* 50.60.70.80 */
/* Each of these prefixes has one of two routes, at any time. */
#define EITHER		0x46000000	/* 70.0.0.0 */

#define READERS		4
#define NEIGHBOURS	700
#define CHANGES		2500
#define DENSE		400
#define FLUSHED		800
#define SIBLINGS	60
#define REPLACEMENTS	300

static const unsigned char lengths[] = {
	0, 1, 4, 7, 8, 9, 12, 15, 16, 17, 19, 20, 21, 24, 25, 27, 29, 31, 32,
};

static const unsigned char either_lengths[] = { 8, 13, 20, 26, 32 };

#define STAYS	(ARRAY_SIZE(lengths) + ARRAY_SIZE(either_lengths))

/* A route that stays, or one of two that take turns. */
struct stay {
	__u32 address;
	int length;
	int routes;
	__u32 asked;
	char dst[32];
	char gateway[2][32];
	char prefsrc[2][32];
	char route[2][FIB_TEXT];
};

static struct stay stays[STAYS];

static __u32 mask(int length)
{
	return length ? ~0U << (32 - length) : 0;
}

static bool covers(__u32 address, int length, __u32 other)
{
	return !((address ^ other) & mask(length));
}

static struct in_addr in_addr(__u32 address)
{
	return (struct in_addr){ .s_addr = htonl(address) };
}

static void print_prefix(char text[32], __u32 address, int length)
{
	snprintf(text, 32, "%u.%u.%u.%u/%d", address >> 24,
		 address >> 16 & 255, address >> 8 & 255, address & 255,
		 length);
}

/* The route that a prefix has at first, or instead. */
static struct rtnl_route route_of(const struct stay *stay, int which)
{
	return (struct rtnl_route){
		.dst = stay->dst, .gateway = stay->gateway[which],
		.prefsrc = stay->prefsrc[which], .table = RT_TABLE_MAIN,
		.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
	};
}

static void add_stay(struct __test_metadata *_metadata, int number, int routes,
		     __u32 address, int length)
{
	struct stay *stay = &stays[number];
	struct rtnl_address local = { .dev = "d0" };
	char prefix[32];
	int i, sock;

	*stay = (struct stay){
		.address = address & mask(length),
		.length = length,
		.routes = routes,
		.asked = length < 32 ? address ^ 1U << (31 - length) : address,
	};
	print_prefix(stay->dst, stay->address, stay->length);
	for (i = routes - 1; i >= 0; i--) {
		struct rtnl_route route = route_of(stay, i);

		snprintf(stay->gateway[i], sizeof(stay->gateway[i]),
			 "10.1.0.%d", 100 + i);
		snprintf(stay->prefsrc[i], sizeof(stay->prefsrc[i]),
			 "10.3.%d.%d", i, number + 1);
		snprintf(prefix, sizeof(prefix), "%s/32", stay->prefsrc[i]);
		local.local = prefix;
		ASSERT_EQ(0, rtnl_address_add(&local));
		ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_REPLACE));

		sock = lookup_open();
		ASSERT_LE(0, sock);
		ASSERT_TRUE(lookup_route(sock, in_addr(stay->asked),
					 stay->route[i]));
		close(sock);
		EXPECT_TRUE(!!strstr(stay->route[i], stay->dst) &&
			    !!strstr(stay->route[i], stay->prefsrc[i])) {
			TH_LOG("%s: %s", stay->dst, stay->route[i]);
		}
	}
}

static bool report(const struct stay *stay, const char *found)
{
	fprintf(stderr, "# %s: instead of its route, found %s\n", stay->dst,
		found);
	return false;
}

static bool is_route_of(const struct stay *stay, const char *text)
{
	int i;

	for (i = 0; i < stay->routes; i++)
		if (!strcmp(stay->route[i], text))
			return true;
	return report(stay, text);
}

static bool is_source_of(const struct stay *stay, int err,
			 struct in_addr source)
{
	int i;

	for (i = 0; !err && i < stay->routes; i++)
		if (source.s_addr == inet_addr(stay->prefsrc[i]))
			return true;
	return report(stay, err ? strerror(err) : inet_ntoa(source));
}

static bool by_rtnetlink(const struct stay *stay, int sock)
{
	char text[FIB_TEXT];

	if (!lookup_route(sock, in_addr(stay->asked), text))
		return report(stay, "no answer");
	return is_route_of(stay, text);
}

static bool by_connecting(const struct stay *stay, int sock)
{
	struct in_addr source = {};
	int err = lookup_source(sock, in_addr(stay->asked), &source);

	return is_source_of(stay, err, source);
}

static bool by_sending(const struct stay *stay, int sock)
{
	int err = lookup_send(sock, in_addr(stay->asked));

	return !err || report(stay, strerror(err));
}

static bool read_routes(struct tally *tally, int number)
{
	static bool (*const ways[])(const struct stay *stay, int sock) = {
		by_rtnetlink, by_connecting, by_rtnetlink, by_sending,
	};
	bool (*way)(const struct stay *stay, int sock) =
		ways[number % ARRAY_SIZE(ways)];
	int sock = way == by_rtnetlink ? lookup_open() :
					 socket(AF_INET, SOCK_DGRAM, 0);
	bool good = sock >= 0;
	size_t i;

	while (good && !workers_stopped(tally)) {
		for (i = 0; i < STAYS && good; i++)
			good = way(&stays[i], sock);
		__atomic_add_fetch(&tally->calls, 1, __ATOMIC_RELAXED);
		__atomic_add_fetch(&tally->result[number], 1, __ATOMIC_RELAXED);
	}
	return good;
}

FIXTURE(readers)
{
	struct host host;
	struct workers workers;
	struct random random;
};

FIXTURE_SETUP(readers)
{
	int i, number = 0;

	host_setup(_metadata, &self->host);
	for (i = 0; i < (int)ARRAY_SIZE(lengths); i++)
		add_stay(_metadata, number++, 1, CHAIN, lengths[i]);
	for (i = 0; i < (int)ARRAY_SIZE(either_lengths); i++)
		add_stay(_metadata, number++, 2, EITHER, either_lengths[i]);
	self->random.state = 1;

	workers_init(_metadata, &self->workers);
	for (i = 0; i < READERS; i++)
		workers_add(_metadata, &self->workers, read_routes);
	ASSERT_TRUE(WAIT_FOR(self->workers.tally->calls >= READERS, 60));
}

FIXTURE_TEARDOWN(readers)
{
	int i;

	workers_stop(_metadata, &self->workers);
	TH_LOG("%lu lookups", self->workers.tally->calls * STAYS);
	for (i = 0; i < READERS; i++)
		EXPECT_LT(0, self->workers.tally->result[i]);
	/* They are there still, and what they were. */
	self->workers.tally->stop = false;
	for (i = 0; i < (int)STAYS; i++) {
		int sock = lookup_open();

		EXPECT_TRUE(by_rtnetlink(&stays[i], sock));
		close(sock);
	}
}

/* Whether a prefix may come and go without a word from those who read. */
static bool matters_not(__u32 address, int length)
{
	size_t i;

	for (i = 0; i < STAYS; i++)
		if (length >= stays[i].length &&
		    covers(address, length, stays[i].asked))
			return false;
	for (i = 0; i < STAYS; i++)
		if (length == stays[i].length && address == stays[i].address)
			return false;
	return true;
}

struct neighbour {
	bool there;
	char dst[32];
	char gateway[32];
	__u32 priority;
};

static int neighbour_add(struct neighbour *neighbour, struct random *random,
			 __u32 address, int length)
{
	struct rtnl_route route = {
		.dst = neighbour->dst, .gateway = neighbour->gateway,
		.table = RT_TABLE_MAIN, .protocol = RTPROT_STATIC,
		.type = RTN_UNICAST,
	};
	int err;

	neighbour->priority = below(random, 5);
	route.priority = neighbour->priority;
	print_prefix(neighbour->dst, address, length);
	snprintf(neighbour->gateway, sizeof(neighbour->gateway), "10.2.0.%u",
		 2 + below(random, 9));
	err = rtnl_route_add(&route, NLM_F_EXCL);
	neighbour->there = !err;
	return err;
}

static int neighbour_delete(struct neighbour *neighbour)
{
	struct rtnl_route route = {
		.dst = neighbour->dst, .gateway = neighbour->gateway,
		.table = RT_TABLE_MAIN, .priority = neighbour->priority,
		.protocol = RTPROT_STATIC, .scope = RT_SCOPE_NOWHERE,
	};

	neighbour->there = false;
	return rtnl_route_delete(&route);
}

/* Near the routes that stay, so that it stands between them wherever it can. */
static void pick(struct random *random, __u32 *address, int *length)
{
	do {
		const struct stay *stay = &stays[below(random, STAYS)];
		int same = below(random, 32);
		__u32 rest = next(random) & ~mask(same);

		*length = same + 1 + below(random, 32 - same);
		*address = (stay->asked & mask(same)) | rest;
		*address &= mask(*length);
	} while (!matters_not(*address, *length));
}

/* Thousands come and go, more and more of them, then fewer and fewer. */
TEST_F_TIMEOUT(readers, crowd, 1200)
{
	static struct neighbour neighbours[NEIGHBOURS];
	unsigned int round, i;
	int err, length;
	__u32 address;

	for (round = 0; round < rounds(4); round++) {
		for (i = 0; i < CHANGES; i++) {
			struct neighbour *neighbour =
				&neighbours[below(&self->random, NEIGHBOURS)];
			bool grows = i < CHANGES / 2;

			if (neighbour->there && chance(&self->random,
						       grows ? 30 : 90)) {
				ASSERT_EQ(0, neighbour_delete(neighbour));
			} else if (!neighbour->there &&
				   chance(&self->random, grows ? 90 : 20)) {
				pick(&self->random, &address, &length);
				err = neighbour_add(neighbour, &self->random,
						    address, length);
				ASSERT_TRUE(!err || err == -EEXIST);
			}
		}
	}
	for (i = 0; i < NEIGHBOURS; i++)
		if (neighbours[i].there)
			ASSERT_EQ(0, neighbour_delete(&neighbours[i]));
}

/* From the first on, there may be one behind the other. */
static const struct range {
	__u32 first;
	int length;
} ranges[] = {
	{ CHAIN & 0xffffff00, 32 },
	{ CHAIN & 0xffff0000, 24 },
	{ CHAIN & 0xfff00000, 20 },
};

static __u32 address_in(const struct range *range, int number)
{
	return range->first + (number << (32 - range->length));
}

/* One behind the other, until there is no gap, and gone again. */
TEST_F_TIMEOUT(readers, dense, 1200)
{
	static struct neighbour neighbours[DENSE];
	unsigned int round, range, i;

	for (round = 0; round < rounds(2); round++) {
		for (range = 0; range < ARRAY_SIZE(ranges); range++) {
			const int length = ranges[range].length;

			for (i = 0; i < DENSE; i++) {
				__u32 address = address_in(&ranges[range], i);
				int err = 0;

				if (matters_not(address, length))
					err = neighbour_add(&neighbours[i],
							    &self->random,
							    address, length);
				ASSERT_EQ(0, err);
			}
			/* Not in the order in which they came. */
			for (i = 0; i < DENSE; i++) {
				struct neighbour *neighbour =
					&neighbours[i * 7 % DENSE];

				if (neighbour->there)
					ASSERT_EQ(0,
						  neighbour_delete(neighbour));
			}
		}
	}
}

/* One in four is anywhere, the others are one behind the other. */
static void pick_flushed(struct random *random, int number, __u32 *address,
			 int *length)
{
	const int kinds = ARRAY_SIZE(ranges) + 1, kind = number % kinds;

	if (kind == ARRAY_SIZE(ranges)) {
		pick(random, address, length);
		return;
	}
	*length = ranges[kind].length;
	*address = address_in(&ranges[kind], number / kinds);
}

/* All go at once, as their device goes down. */
TEST_F_TIMEOUT(readers, flush, 1200)
{
	static const unsigned int percent[] = { 100, 30, 60, 10 };
	static struct neighbour neighbours[FLUSHED];
	unsigned int round, i;
	int err, length;
	__u32 address;

	for (round = 0; round < rounds(4); round++) {
		for (i = 0; i < FLUSHED; i++) {
			pick_flushed(&self->random, i, &address, &length);
			if (!chance(&self->random,
				    percent[round % ARRAY_SIZE(percent)]) ||
			    !matters_not(address, length))
				continue;
			err = neighbour_add(&neighbours[i], &self->random,
					    address, length);
			ASSERT_TRUE(!err || err == -EEXIST);
		}
		ASSERT_EQ(0, rtnl_link_up("d1", false));
		for (i = 0; i < FLUSHED; i++)
			if (neighbours[i].there)
				ASSERT_EQ(-ESRCH,
					  neighbour_delete(&neighbours[i]));
		ASSERT_EQ(0, rtnl_link_up("d1", true));
	}
}

/* Others at the same prefix, of which each is tried only after it. */
TEST_F_TIMEOUT(readers, siblings, 1200)
{
	unsigned int round, i;
	size_t number;

	for (round = 0; round < rounds(2); round++) {
		for (i = 0; i < SIBLINGS; i++) {
			number = below(&self->random, ARRAY_SIZE(lengths));

			struct rtnl_route first = {
				.dst = stays[number].dst,
				.gateway = "10.2.0.3", .priority = 3,
				.table = RT_TABLE_MAIN,
				.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
			};
			struct rtnl_route second = first, third = first;

			second.priority = 9;
			third.gateway = "10.2.0.4";
			/* No packet has it. */
			third.tos = 0x1c;
			third.priority = 0;
			ASSERT_EQ(0, rtnl_route_add(&second, NLM_F_EXCL));
			ASSERT_EQ(0, rtnl_route_add(&first, NLM_F_EXCL));
			ASSERT_EQ(0, rtnl_route_add(&third, NLM_F_EXCL));
			ASSERT_EQ(0, rtnl_route_delete(&first));
			ASSERT_EQ(0, rtnl_route_delete(&third));
			ASSERT_EQ(0, rtnl_route_delete(&second));
		}
	}
}

/* One takes the place of another, beside nothing or beside siblings. */
TEST_F_TIMEOUT(readers, replace, 1200)
{
	unsigned int round, i;

	if (!fib_is_rust())
		SKIP(return, "C's trie may find a shorter one meanwhile");

	for (round = 0; round < rounds(4); round++) {
		for (i = 0; i < REPLACEMENTS; i++) {
			const struct stay *stay =
				&stays[ARRAY_SIZE(lengths) +
				       i % ARRAY_SIZE(either_lengths)];
			struct rtnl_route route = route_of(stay, 1);
			struct rtnl_route sibling = route;

			sibling.priority = 5;
			if (i & 8)
				ASSERT_EQ(0, rtnl_route_add(&sibling,
							    NLM_F_EXCL));
			ASSERT_EQ(0, rtnl_route_replace(&route));
			route = route_of(stay, 0);
			ASSERT_EQ(0, rtnl_route_replace(&route));
			if (i & 8)
				ASSERT_EQ(0, rtnl_route_delete(&sibling));
		}
	}
}

TEST_HARNESS_MAIN
