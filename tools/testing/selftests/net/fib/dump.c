// SPDX-License-Identifier: GPL-2.0
/*
 * Somebody reads all routes, slowly, while half of them come and go. Those that
 * stay appear once, where they belong.
 */
#include <fcntl.h>

#include "../route_ioctl/random.h"
#include "../route_ioctl/workers.h"
#include "is_rust.h"

/*
 * 10.100.0.0/24 and those that follow it: each other one stays. So do those that
 * cover it, of which one or two begin where it does, if there are any: C's trie
 * notes how many it is done with at an address, and goes by that at another one
 * if the first has gone.
 */
#define FIRST		0x0a640000
#define ROUTES		1200
/* How many come or go between two reads. */
#define CHANGES		24
/* Of how many: as many as one part of a dump may have. */
#define AHEAD		90
/* Shorter than any line. */
#define BYTES		7

/* A route that comes and goes. */
struct change {
	__u32 address;
	int length;
	bool there;
};

#define CHANGING	(ROUTES / 2 * 3)

static struct change changes[CHANGING];
static bool covered;

static void print_prefix(char text[32], __u32 address, int length)
{
	snprintf(text, 32, "%u.%u.%u.%u/%d", address >> 24,
		 address >> 16 & 255, address >> 8 & 255, address & 255,
		 length);
}

static int route_set(__u32 address, int length, bool there)
{
	char dst[32];
	const struct rtnl_route route = {
		.dst = dst, .dev = "d1", .table = RT_TABLE_MAIN,
		.protocol = RTPROT_STATIC, .scope = RT_SCOPE_LINK,
		.type = RTN_UNICAST,
	};

	print_prefix(dst, address, length);
	return there ? rtnl_route_add(&route, NLM_F_EXCL) :
		       rtnl_route_delete(&route);
}

static bool toggle(struct change *change)
{
	change->there = !change->there;
	return !route_set(change->address, change->length, change->there);
}

static bool toggle_some(struct random *random)
{
	int i;

	for (i = 0; i < CHANGES; i++)
		if (!toggle(&changes[below(random, CHANGING)]))
			return false;
	return true;
}

/* What a reader has seen. */
struct seen {
	int times[ROUTES];	/* after a /24 that stays, the /23 */
	int others;
	int misplaced;
	__u32 address;	/* of the last */
	int length;
};

static void see(struct seen *seen, __u32 address, int length)
{
	__u32 number = (address - FIRST) >> 8;

	if (address < FIRST || number >= ROUTES)
		return;
	/* By address, and of those that begin at one, the longest first. */
	if (seen->address > address ||
	    (seen->address == address && seen->length <= length))
		seen->misplaced++;
	seen->address = address;
	seen->length = length;
	if (number % 2 == 0 && (length == 24 || length == 23))
		seen->times[number + 24 - length]++;
	else if (length != 16)
		seen->others++;
}

/*
 * Some of those that are next. A part of a dump is made when the one before it
 * is read: it is at the end of this one that it will go on.
 */
static bool toggle_ahead(const struct seen *seen, struct random *random)
{
	__u32 pair = (seen->address - FIRST) >> 9;
	int i;

	if (seen->address < FIRST || pair >= ROUTES / 2)
		return true;
	for (i = 0; i < CHANGES; i++) {
		__u32 which = pair * 3 + below(random, AHEAD);

		if (which < CHANGING && !toggle(&changes[which]))
			return false;
	}
	return true;
}

static void expect_all_seen(struct __test_metadata *_metadata,
			    const struct seen *seen)
{
	int i, missing = 0, twice = 0;

	for (i = 0; i < ROUTES; i += covered ? 1 : 2) {
		missing += !seen->times[i];
		twice += seen->times[i] > 1;
	}
	EXPECT_EQ(0, missing);
	EXPECT_EQ(0, twice);
	EXPECT_EQ(0, seen->misplaced);
	/* Else nothing has come between those that stay. */
	EXPECT_LT(ROUTES / 4, seen->others);
}

FIXTURE(dump)
{
	struct host host;
	struct random random;
	struct workers workers;
	struct seen seen;
};

FIXTURE_SETUP(dump)
{
	struct change *change = changes;
	const bool rust = fib_is_rust();
	int i;

	host_setup(_metadata, &self->host);
	self->random.state = 1;
	covered = rust;
	if (covered)
		ASSERT_EQ(0, route_set(FIRST & 0xff000000, 8, true));
	for (i = 0; i < ROUTES; i++) {
		__u32 address = FIRST + (i << 8);

		if (covered && i % 256 == 0)
			ASSERT_EQ(0, route_set(address, 16, true));
		if (i % 2 == 0) {
			ASSERT_EQ(0, route_set(address, 24, true));
			if (covered)
				ASSERT_EQ(0, route_set(address, 23, true));
			/*
			 * C's trie notes how many it is done with at an
			 * address. If some come or go there, it shows others
			 * twice or not at all.
			 */
			*change++ = (struct change){
				rust ? address : address | 0x80, 25
			};
			*change++ = (struct change){ address | 0x44, 32 };
		} else {
			*change++ = (struct change){ address, 24 };
		}
	}
	for (i = 0; i < CHANGING; i += 2)
		ASSERT_TRUE(toggle(&changes[i]));
}

FIXTURE_TEARDOWN(dump)
{
}

/*
 * A socket that has room for one message: the next part of a dump is made when
 * that has been read.
 */
static int dump_begin(struct __test_metadata *_metadata)
{
	struct {
		struct nlmsghdr hdr;
		struct rtmsg rtm;
	} req = {
		.hdr.nlmsg_len = sizeof(req),
		.hdr.nlmsg_type = RTM_GETROUTE,
		.hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.rtm.rtm_family = AF_INET,
	};
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int least = 1;

	ASSERT_LE(0, sock);
	ASSERT_EQ(0, setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &least,
				sizeof(least)));
	ASSERT_LT(0, send(sock, &req, sizeof(req), 0));
	return sock;
}

/* Returns 1 if there may be more, 0 at the end, or a negative errno. */
static int dump_part(int sock, struct seen *seen)
{
	union {
		struct nlmsghdr hdr;
		char bytes[4096];
	} buf;
	const struct nlmsghdr *hdr = &buf.hdr;
	ssize_t len = recv(sock, &buf, sizeof(buf), MSG_TRUNC);

	if (len < 0)
		return -errno;
	if (len > (ssize_t)sizeof(buf))
		return -EMSGSIZE;
	for (; NLMSG_OK(hdr, len); hdr = NLMSG_NEXT(hdr, len)) {
		const struct rtmsg *rtm = NLMSG_DATA(hdr);
		const struct rtattr *attr = RTM_RTA(rtm);
		int left = RTM_PAYLOAD(hdr);
		__u32 dst = 0;

		if (hdr->nlmsg_type == NLMSG_DONE)
			return 0;
		if (hdr->nlmsg_type != RTM_NEWROUTE)
			return -EPROTO;
		for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
			if (attr->rta_type == RTA_DST)
				memcpy(&dst, RTA_DATA(attr), sizeof(dst));
		see(seen, ntohl(dst), rtm->rtm_dst_len);
	}
	return 1;
}

TEST_F_TIMEOUT(dump, rtnetlink, 600)
{
	int sock = dump_begin(_metadata), parts = 0, more;

	while ((more = dump_part(sock, &self->seen)) > 0) {
		ASSERT_TRUE(toggle_ahead(&self->seen, &self->random));
		ASSERT_TRUE(toggle_some(&self->random));
		parts++;
	}
	EXPECT_EQ(0, more);
	expect_all_seen(_metadata, &self->seen);
	/* So that much has happened meanwhile. */
	EXPECT_LT(15, parts);
	close(sock);
}

static bool change_always(struct tally *tally, int number)
{
	struct random random = { .state = number };
	bool good = true;

	while (good && !workers_stopped(tally)) {
		good = toggle_some(&random);
		__atomic_add_fetch(&tally->calls, 1, __ATOMIC_RELAXED);
	}
	return good;
}

/* The same at any time, on another processor if there is one. */
TEST_F_TIMEOUT(dump, rtnetlink_meanwhile, 900)
{
	unsigned int i;
	int sock, more;

	workers_init(_metadata, &self->workers);
	workers_add(_metadata, &self->workers, change_always);
	for (i = 0; i < rounds(30); i++) {
		memset(&self->seen, 0, sizeof(self->seen));
		sock = dump_begin(_metadata);
		while ((more = dump_part(sock, &self->seen)) > 0)
			;
		EXPECT_EQ(0, more);
		expect_all_seen(_metadata, &self->seen);
		close(sock);
	}
	workers_stop(_metadata, &self->workers);
	EXPECT_LT(0, self->workers.tally->calls);
}

/*
 * Reads a line of a file, a few bytes at a time. Returns 1, 0 at the end, or a
 * negative errno.
 */
static int read_line(int fd, char *line, size_t size)
{
	/* What has been read of the next line. */
	static char buf[512];
	char *end;
	ssize_t len;

	while (!(end = strchr(buf, '\n'))) {
		size_t used = strlen(buf);

		if (used + BYTES >= sizeof(buf))
			return -E2BIG;
		len = read(fd, buf + used, BYTES);
		if (len <= 0)
			return len < 0 ? -errno : 0;
		buf[used + len] = 0;
	}
	snprintf(line, size, "%.*s", (int)(end - buf), buf);
	memmove(buf, end + 1, strlen(end + 1) + 1);
	return 1;
}

/*
 * C's trie counts again from the beginning when a reader asks whether there is
 * more than it has seen, and if routes have come meanwhile, shows some twice. So
 * none comes after the last that stays has been seen, and what follows does not
 * matter; but for the FIB in Rust, where the end is an end.
 */
TEST_F_TIMEOUT(dump, proc_route, 600)
{
	int fd = open("/proc/thread-self/net/route", O_RDONLY | O_CLOEXEC);
	const bool rust = fib_is_rust();
	unsigned int address, bits;
	int lines = 0, ret;
	char line[512];

	ASSERT_LE(0, fd);
	while ((ret = read_line(fd, line, sizeof(line))) > 0) {
		if (lines++ % 20 == 0) {
			ASSERT_TRUE(toggle_ahead(&self->seen, &self->random));
			ASSERT_TRUE(toggle_some(&self->random));
		}
		if (sscanf(line, "%*s %x %*s %*s %*s %*s %*s %x", &address,
			   &bits) == 2)
			see(&self->seen, ntohl(address),
			    __builtin_popcount(bits));
		if (!rust && self->seen.times[ROUTES - 2])
			break;
	}
	EXPECT_LE(0, ret);
	EXPECT_EQ(!rust, ret);
	expect_all_seen(_metadata, &self->seen);
	close(fd);
}

/*
 * The addresses at which a prefix of main begins, in /proc/net/fib_trie: below
 * the line of the address is one for each length.
 */
static void see_line(struct seen *seen, __u32 *address, const char *line)
{
	unsigned int a, b, c, d, length;

	if (sscanf(line, " |-- %u.%u.%u.%u", &a, &b, &c, &d) == 4)
		*address = a << 24 | b << 16 | c << 8 | d;
	else if (sscanf(line, " /%u %*s UNICAST", &length) == 1 &&
		 strstr(line, "UNICAST"))
		see(seen, *address, length);
}

/*
 * Here a reader counts lines. If some come or go before the place where it is,
 * others appear twice or never, in C as well; but it comes to an end.
 */
TEST_F_TIMEOUT(dump, proc_fib_trie, 600)
{
	unsigned int lines = 0;
	bool main_ended = false;
	__u32 address = 0;
	char line[512];
	int fd, ret;

	fd = open("/proc/thread-self/net/fib_trie", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	while ((ret = read_line(fd, line, sizeof(line))) > 0) {
		/* Local and main are shown twice where they are in one. */
		main_ended |= !strcmp(line, "Local:");
		if (!main_ended)
			see_line(&self->seen, &address, line);
	}
	EXPECT_EQ(0, ret);
	EXPECT_TRUE(main_ended);
	expect_all_seen(_metadata, &self->seen);
	close(fd);

	fd = open("/proc/thread-self/net/fib_trie", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	while ((ret = read_line(fd, line, sizeof(line))) > 0) {
		if (lines++ % 40 == 0)
			ASSERT_TRUE(toggle_some(&self->random));
		ASSERT_GT(ROUTES * 20, lines);
	}
	EXPECT_EQ(0, ret);
	EXPECT_LT(ROUTES / 2, lines);
	close(fd);
}

TEST_HARNESS_MAIN
