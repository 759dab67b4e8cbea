// SPDX-License-Identifier: GPL-2.0
/*
 * The first rule gives the local table routes of its own, which until then are
 * in one with those of the main table. Processes that look up routes meanwhile
 * miss none of either.
 */
#include "../route_ioctl/workers.h"
#include "lookup.h"

#define READERS		3
#define ADDRESSES	60

static const char *const asked[] = {
	"127.0.0.1",		/* local */
	"10.1.0.1",
	"10.3.0.1",
	"10.3.0.60",
	"10.3.0.255",		/* broadcast */
	"10.1.0.9",		/* of main */
	"10.9.1.1",
};

static char routes[ARRAY_SIZE(asked)][FIB_TEXT];
static struct in_addr sources[ARRAY_SIZE(asked)];

static struct in_addr address_of(size_t number)
{
	return (struct in_addr){ .s_addr = inet_addr(asked[number]) };
}

/* In one, all are said to be of the main table. */
static void forget_table(char *text)
{
	char *table = strstr(text, " table "), *end;

	if (table) {
		end = strchr(table + strlen(" table "), ' ');
		memmove(table, end, strlen(end) + 1);
	}
}

static bool by_rtnetlink(size_t number, int sock)
{
	char text[FIB_TEXT];

	if (!lookup_route(sock, address_of(number), text))
		return false;
	forget_table(text);
	if (!strcmp(text, routes[number]))
		return true;
	fprintf(stderr, "# %s: instead of its route, found %s\n", asked[number],
		text);
	return false;
}

static bool by_connecting(size_t number, int sock)
{
	struct in_addr source = {};
	int err = lookup_source(sock, address_of(number), &source);

	if (!err && source.s_addr == sources[number].s_addr)
		return true;
	fprintf(stderr, "# %s: instead of its source, found %s\n",
		asked[number], err ? strerror(err) : inet_ntoa(source));
	return false;
}

static int open_udp(void)
{
	int sock = socket(AF_INET, SOCK_DGRAM, 0);
	int yes = 1;

	/* One of them goes to all. */
	setsockopt(sock, SOL_SOCKET, SO_BROADCAST, &yes, sizeof(yes));
	return sock;
}

static bool read_routes(struct tally *tally, int number)
{
	bool (*way)(size_t number, int sock) = number & 1 ? by_rtnetlink :
							    by_connecting;
	int sock = number & 1 ? lookup_open() : open_udp();
	bool good = sock >= 0;
	size_t i;

	while (good && !workers_stopped(tally)) {
		for (i = 0; i < ARRAY_SIZE(asked) && good; i++)
			good = way(i, sock);
		__atomic_add_fetch(&tally->calls, 1, __ATOMIC_RELAXED);
	}
	return good;
}

static void fill(struct __test_metadata *_metadata)
{
	struct rtnl_address address = { .dev = "d0" };
	const struct rtnl_route route = {
		.dst = "10.9.0.0/16", .gateway = "10.1.0.2",
		.table = RT_TABLE_MAIN, .protocol = RTPROT_STATIC,
		.type = RTN_UNICAST,
	};
	char local[32];
	int i;

	for (i = 1; i <= ADDRESSES; i++) {
		snprintf(local, sizeof(local), "10.3.0.%d/24", i);
		address.local = local;
		address.broadcast = "10.3.0.255";
		ASSERT_EQ(0, rtnl_address_add(&address));
	}
	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
}

static void learn(struct __test_metadata *_metadata)
{
	int udp = open_udp(), sock = lookup_open();
	size_t i;

	for (i = 0; i < ARRAY_SIZE(asked); i++) {
		ASSERT_TRUE(lookup_route(sock, address_of(i), routes[i]));
		forget_table(routes[i]);
		ASSERT_EQ(0, lookup_source(udp, address_of(i), &sources[i]));
	}
	EXPECT_STREQ("local 10.1.0.1/32 dev d0 proto kernel scope host src 10.1.0.1",
		     routes[1]);
	EXPECT_STREQ("unicast 10.9.0.0/16 via 10.1.0.2 dev d0 proto static scope global",
		     routes[6]);
	close(udp);
	close(sock);
}

FIXTURE(unmerge)
{
	struct host host;
	struct workers workers;
};

FIXTURE_SETUP(unmerge)
{
	host_setup(_metadata, &self->host);
	ASSERT_SUPPORTED(return, rtnl_rule_add(100, 1000));
	close(self->host.sock);
	close(self->host.monitor);
}

FIXTURE_TEARDOWN(unmerge)
{
}

/* Returns whether no reader has missed anything. */
static bool none_missed(struct workers *workers)
{
	bool good = true;
	int i, status;

	workers->tally->stop = true;
	for (i = 0; i < workers->count; i++) {
		waitpid(workers->pid[i], &status, 0);
		good &= !status;
	}
	munmap(workers->tally, sizeof(*workers->tally));
	return good;
}

TEST_F_TIMEOUT(unmerge, first_rule, 900)
{
	unsigned int i;
	int reader;

	for (i = 0; i < rounds(20); i++) {
		unsigned long calls;

		host_setup(_metadata, &self->host);
		fill(_metadata);
		learn(_metadata);

		workers_init(_metadata, &self->workers);
		for (reader = 0; reader < READERS; reader++)
			workers_add(_metadata, &self->workers, read_routes);
		EXPECT_TRUE(WAIT_FOR(self->workers.tally->calls >= 50, 60));
		EXPECT_EQ(0, rtnl_rule_add(100, 1000));
		calls = self->workers.tally->calls;
		WAIT_FOR(self->workers.tally->calls >= calls + 50, 10);
		ASSERT_TRUE(none_missed(&self->workers));
		close(self->host.sock);
		close(self->host.monitor);
	}
}

TEST_HARNESS_MAIN
