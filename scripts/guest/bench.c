// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the instructions of routing ioctls, served by C and by Rust in turn.
 *
 *   bench SERVERS TABLE ROUNDS MUTEX
 *
 * To be run under icount, where the time stamp counter counts instructions.
 * SERVERS is "C" or, where the module can be loaded, "C,Rust". A round makes
 * each call many times with each server and says, a line for each: the call,
 * how it ends, the server, its instructions, and how many of those it held RTNL
 * for, the mutex at the kernel address MUTEX.
 *
 * Of one call made again and again, what counts is the least: all else has met
 * an interrupt, or an allocator out of free objects. Percpu memory is found at
 * once or after hundreds of instructions, as the boot has left things, so it is
 * given holes first, which fill up call by call. Of calls that differ, the mean
 * counts.
 *
 * TABLE is what the calls work on: "small", a few routes of IPv4, then of IPv6;
 * or "large", half a million of IPv4, where those that fill and empty the table
 * count as well.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "count.h"

#define GATEWAY		0x0a0100fe	/* 10.1.0.254 */
#define PREFIX		0xcb007100	/* 203.0.113.0 */
#define ROUTE(address, length, flags, ...) ((struct rtentry){	\
	.rt_dst = inet(address),				\
	.rt_genmask = inet(~0U << (32 - (length))),		\
	.rt_flags = RTF_UP | (flags),				\
	__VA_ARGS__						\
})
#define TO(...)			(&ROUTE(PREFIX, 24, __VA_ARGS__))
#define IPV6_ROUTE(address, length, flags, ...) ((struct in6_rtmsg){ \
	.rtmsg_dst = inet6(address),				\
	.rtmsg_dst_len = (length),				\
	.rtmsg_flags = RTF_UP | (flags),			\
	__VA_ARGS__						\
})
#define IPV6_TO(...)	(&IPV6_ROUTE("2001:db8:9::", 48, __VA_ARGS__))
#define BY(dev)			.rtmsg_ifindex = if_nametoindex(dev)
#define VIA(address)		.rtmsg_gateway = inet6(address)
#ifndef RTF_EXPIRES
#define RTF_EXPIRES		0x00400000
#endif
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define MODULE			"/lib/modules/route_ioctl_rust.ko"
#define PAGE_SIZE		4096
#define CALLS			101
/* Nearly one for each call, so that some lie where they are found soonest. */
#define HOLES			96
/* Milliseconds after which RCU has freed what a deleted route was made of. */
#define SETTLED			30
#define RANDOM_ROUTES		500000
#define ADJACENT_ROUTES		20000

/*
 * How a call ends: that is what its limit depends on. Late is whatever takes
 * RTNL, or of IPv6, which does not, memory for a route.
 */
enum end { ACCEPTED, REFUSED_EARLY, REFUSED_LATE };

static const char * const ends[] = { "accepted", "refused", "refused" };

struct call {
	const char *name;
	enum end end;
	int error;
	unsigned long cmd;
	const void *rt;
};

static const char * const network[] = {
	"ip link add d0 type dummy",
	"ip link set d0 up",
	"ip address add 10.1.0.1/24 dev d0",
	"ip address add 10.1.0.2/24 dev d0 label d0:1",
	"ip link add red type vrf table 100",
	"ip link set red up",
	"ip link add d1 type dummy",
	"ip link set d1 master red",
	"ip link set d1 up",
	"ip address add 10.2.0.1/24 dev d1",
	"ip address add 2001:db8:1::1/64 dev d0 nodad",
	"ip address add 2001:db8:2::1/64 dev d1 nodad",
};

static int sock;
static int ipv6_sock;
/* The one of the two that the calls are made by. */
static int caller;
/* In another network namespace, whose routes make the holes. */
static int ballast;
static const char *server;
static struct perf_event_mmap_page *ring;
static int watch;

static struct sockaddr inet(__u32 address)
{
	return inet_address(htonl(address));
}

static struct in6_addr inet6(const char *text)
{
	struct in6_addr address;

	if (inet_pton(AF_INET6, text, &address) != 1)
		errx(1, "%s is no address", text);
	return address;
}

static void change_route(int sock, unsigned long cmd, const struct rtentry *rt)
{
	if (ioctl(sock, cmd, rt))
		err(1, "change a route");
}

/* By a metric of its own, each has memory of its own. */
static void change_ballast(unsigned long cmd, int number)
{
	change_route(ballast, cmd,
		     TO(0, .rt_dev = "lo", .rt_metric = 2 + number));
}

static void make_holes(void)
{
	int i;

	for (i = 0; i < 2 * HOLES; i++)
		change_ballast(SIOCADDRT, i);
	for (i = 0; i < HOLES; i++)
		change_ballast(SIOCDELRT, 2 * i);
	poll(NULL, 0, SETTLED);
}

static void unmake_holes(void)
{
	int i;

	for (i = 0; i < 2 * HOLES; i++)
		change_ballast(SIOCDELRT, i);
	poll(NULL, 0, SETTLED);
}

static int open_socket(int family)
{
	int sock = socket(family, SOCK_DGRAM, 0);

	if (sock < 0)
		err(1, "socket");
	return sock;
}

/* Leaves the former network namespace, and with it all its routes. */
static void enter_network(void)
{
	size_t i;

	if (sock > 0) {
		close(sock);
		close(ipv6_sock);
	}
	enter_namespace();
	sock = open_socket(AF_INET);
	ipv6_sock = open_socket(AF_INET6);
	caller = sock;
	for (i = 0; i < ARRAY_SIZE(network); i++)
		run("%s", network[i]);
}

static void serve_by(const char *name)
{
	static bool loaded;
	bool load = !strcmp(name, "Rust");

	server = name;
	if (load == loaded)
		return;
	run("%s", load ? "insmod " MODULE : "rmmod route_ioctl_rust");
	loaded = load;
}

/* Makes the kernel note the time of each write to the lock word of a mutex. */
static void watch_mutex(__u64 address)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_W,
		.bp_addr = address,
		.bp_len = HW_BREAKPOINT_LEN_8,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_TIME,
		.wakeup_events = UINT32_MAX,
		.disabled = 1,
	};

	watch = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
	if (watch < 0)
		err(1, "perf_event_open");
	ring = mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED,
		    watch, 0);
	if (ring == MAP_FAILED)
		err(1, "mmap of a perf event");
}

/* The time between the first and the last write since the call before. */
static __u32 held(void)
{
	struct sample {
		struct perf_event_header header;
		__u64 time;
	} const *samples = (void *)((char *)ring + PAGE_SIZE);
	const size_t size = PAGE_SIZE / sizeof(*samples);
	size_t first = ring->data_tail / sizeof(*samples);
	size_t end = ring->data_head / sizeof(*samples);

	ring->data_tail = ring->data_head;
	if (first == end)
		return 0;
	return samples[(end - 1) % size].time - samples[first % size].time;
}

/* Makes a call and returns its instructions. */
static __u32 make(const struct call *call)
{
	__u64 start, spent;
	int ret;

	errno = 0;
	start = __rdtsc();
	ret = ioctl(caller, call->cmd, call->rt);
	spent = cost(start);
	if (errno != call->error || !ret != !call->error)
		errx(1, "%s served by %s: %s", call->name, server,
		     strerror(errno));
	return spent;
}

static __u32 least(const __u32 *value, size_t count)
{
	__u32 least = value[0];

	while (count--)
		if (value[count] < least)
			least = value[count];
	return least;
}

static void say(const struct call *call, __u32 cost, __u32 held)
{
	printf("%s\t%s\t%s\t%u\t%u\n", call->name, ends[call->end], server,
	       cost, held);
}

/* Makes @calls in turn, so that the last undoes what the first did. */
static void measure(const struct call *calls, size_t count)
{
	static __u32 value[2][2][CALLS];
	bool allocates = calls[0].end != REFUSED_EARLY;
	int watched;
	size_t i, j;

	for (watched = 0; watched < 2; watched++) {
		if (allocates)
			make_holes();
		if (watched && ioctl(watch, PERF_EVENT_IOC_ENABLE, 0))
			err(1, "a perf event");
		held();
		for (i = 0; i < CALLS; i++) {
			if (allocates && i < HOLES) {
				change_ballast(SIOCADDRT, 2 * i);
				held();
			}
			for (j = 0; j < count; j++) {
				__u32 cost = make(&calls[j]);

				value[j][watched][i] = watched ? held() : cost;
			}
			/* For 32 bits, not every kernel has usleep(). */
			if (calls[0].end == ACCEPTED)
				poll(NULL, 0, SETTLED);
		}
		if (ioctl(watch, PERF_EVENT_IOC_DISABLE, 0))
			err(1, "a perf event");
		if (allocates)
			unmake_holes();
	}
	for (j = 0; j < count; j++)
		say(&calls[j], least(value[j][0], CALLS),
		    least(value[j][1], CALLS));
}

static void measure_error(const char *name, enum end end, int error)
{
	struct call call = { name, end, error, SIOCADDRT,
			     TO(0, .rt_dev = "d0") };

	measure(&call, 1);
}

static void measure_errors(void)
{
	const struct call errors[] = {
		/* A 32-bit caller's never comes as far as IPv4. */
		{ "SIOCRTMSG", REFUSED_EARLY, sizeof(long) == 8 ? EINVAL : ENOTTY,
		  SIOCRTMSG, NULL },
		{ "bad pointer", REFUSED_EARLY, EFAULT, SIOCADDRT, NULL },
		{ "bad family", REFUSED_EARLY, EAFNOSUPPORT, SIOCADDRT,
		  &(struct rtentry){ .rt_dst.sa_family = AF_INET6 } },
		{ "bad mask", REFUSED_EARLY, EINVAL, SIOCADDRT,
		  &(struct rtentry){ .rt_dst = inet(PREFIX),
				     .rt_genmask = inet(0xff00ff00) } },
		{ "host bits", REFUSED_EARLY, EINVAL, SIOCADDRT,
		  &ROUTE(PREFIX + 1, 24, 0) },
		{ "bad pointer to a device", REFUSED_EARLY, EFAULT, SIOCADDRT,
		  TO(0, .rt_dev = (char *)1) },
		{ "no such device", REFUSED_LATE, ENODEV, SIOCADDRT,
		  TO(0, .rt_dev = "nodev") },
		{ "no such route", REFUSED_LATE, ESRCH, SIOCDELRT,
		  TO(0, .rt_dev = "d0") },
		{ "no gateway", REFUSED_LATE, EINVAL, SIOCADDRT,
		  TO(RTF_GATEWAY, .rt_dev = "d0") },
		{ "gateway out of reach", REFUSED_LATE, ENETUNREACH, SIOCADDRT,
		  TO(RTF_GATEWAY, .rt_dev = "d0", .rt_gateway = inet(PREFIX)) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		measure(&errors[i], 1);
	if (seteuid(65534))
		err(1, "seteuid");
	measure_error("no capability", REFUSED_EARLY, EPERM);
	if (seteuid(0))
		err(1, "seteuid");
	change_route(sock, SIOCADDRT, TO(0, .rt_dev = "d0"));
	measure_error("route exists", REFUSED_LATE, EEXIST);
	change_route(sock, SIOCDELRT, TO(0, .rt_dev = "d0"));
}

static void measure_changes(void)
{
	const struct {
		const char *name;
		const struct rtentry *rt;
	} changes[] = {
		{ "device", TO(0, .rt_dev = "d0") },
		{ "device with label", TO(0, .rt_dev = "d0:1") },
		{ "device in a VRF", TO(0, .rt_dev = "d1") },
		{ "device and metrics",
		  TO(RTF_MTU | RTF_WINDOW | RTF_IRTT, .rt_dev = "d0", .rt_mtu = 1400,
		     .rt_window = 32768, .rt_irtt = 100) },
		{ "gateway", TO(RTF_GATEWAY, .rt_gateway = inet(GATEWAY)) },
		{ "gateway and device",
		  TO(RTF_GATEWAY, .rt_gateway = inet(GATEWAY), .rt_dev = "d0") },
		{ "reject", TO(RTF_REJECT) },
		{ "host with metric",
		  &ROUTE(PREFIX + 1, 32, RTF_HOST, .rt_dev = "d0", .rt_metric = 10) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		char add[80], del[80];
		const struct call calls[] = {
			{ .name = add, .cmd = SIOCADDRT, .rt = changes[i].rt },
			{ .name = del, .cmd = SIOCDELRT, .rt = changes[i].rt },
		};

		snprintf(add, sizeof(add), "add: %s", changes[i].name);
		snprintf(del, sizeof(del), "delete: %s", changes[i].name);
		measure(calls, 2);
	}
}

static void measure_small(void)
{
	measure_errors();
	measure_changes();
}

static void measure_ipv6_error(const char *name, enum end end, int error,
			       unsigned long cmd, const struct in6_rtmsg *rtmsg)
{
	struct call call = { name, end, error, cmd, rtmsg };

	measure(&call, 1);
}

static void measure_ipv6_errors(void)
{
	const struct in6_rtmsg *plain = IPV6_TO(0, BY("d0"));
	const struct call *call;
	const struct call errors[] = {
		{ "IPv6: bad pointer", REFUSED_EARLY, EFAULT, SIOCADDRT, NULL },
		{ "IPv6: bad length", REFUSED_EARLY, EINVAL, SIOCADDRT,
		  &IPV6_ROUTE("2001:db8:9::", 129, 0, BY("d0")) },
		{ "IPv6: bad type", REFUSED_EARLY, EINVAL, SIOCADDRT,
		  IPV6_TO(0, BY("d0"), .rtmsg_type = 99) },
		{ "IPv6: no such route", REFUSED_EARLY, ESRCH, SIOCDELRT,
		  plain },
		{ "IPv6: no such device", REFUSED_LATE, ENODEV, SIOCADDRT,
		  IPV6_TO(0, .rtmsg_ifindex = 9999) },
		{ "IPv6: no gateway", REFUSED_LATE, EINVAL, SIOCADDRT,
		  IPV6_TO(RTF_GATEWAY, BY("d0")) },
		{ "IPv6: gateway out of reach", REFUSED_LATE, EHOSTUNREACH,
		  SIOCADDRT,
		  IPV6_TO(RTF_GATEWAY, BY("d0"), VIA("2001:db8:9::1")) },
	};

	for (call = errors; call < errors + ARRAY_SIZE(errors); call++)
		measure(call, 1);
	if (seteuid(65534))
		err(1, "seteuid");
	measure_ipv6_error("IPv6: no capability", REFUSED_EARLY, EPERM,
			   SIOCADDRT, plain);
	if (seteuid(0))
		err(1, "seteuid");
	if (ioctl(ipv6_sock, SIOCADDRT, plain))
		err(1, "add a route of IPv6");
	measure_ipv6_error("IPv6: route exists", REFUSED_LATE, EEXIST,
			   SIOCADDRT, plain);
	if (ioctl(ipv6_sock, SIOCDELRT, plain))
		err(1, "delete a route of IPv6");
}

static void measure_ipv6_changes(void)
{
	const struct {
		const char *name;
		const struct in6_rtmsg *rtmsg;
	} changes[] = {
		{ "device", IPV6_TO(0, BY("d0")) },
		{ "device in a VRF", IPV6_TO(0, BY("d1")) },
		{ "device and expiry",
		  IPV6_TO(RTF_EXPIRES, BY("d0"), .rtmsg_info = 360000) },
		{ "gateway", IPV6_TO(RTF_GATEWAY, VIA("2001:db8:1::fe")) },
		{ "gateway and device",
		  IPV6_TO(RTF_GATEWAY, VIA("2001:db8:1::fe"), BY("d0")) },
		{ "reject", IPV6_TO(RTF_REJECT) },
		{ "host with metric",
		  &IPV6_ROUTE("2001:db8:9::1", 128, RTF_HOST, BY("d0"),
			      .rtmsg_metric = 10) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		char add[80], del[80];
		const struct call calls[] = {
			{ .name = add, .cmd = SIOCADDRT,
			  .rt = changes[i].rtmsg },
			{ .name = del, .cmd = SIOCDELRT,
			  .rt = changes[i].rtmsg },
		};

		snprintf(add, sizeof(add), "IPv6: add: %s", changes[i].name);
		snprintf(del, sizeof(del), "IPv6: delete: %s", changes[i].name);
		measure(calls, 2);
	}
}

static void measure_both(void)
{
	measure_small();
	caller = ipv6_sock;
	measure_ipv6_errors();
	measure_ipv6_changes();
	caller = sock;
}

/* What is as long as the prefixes of the global table. */
static int random_length(void)
{
	static const __u8 lengths[] = {
		24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24, 24,
		23, 23, 22, 22, 21, 20, 19, 16,
	};

	return lengths[random_bits() % ARRAY_SIZE(lengths)];
}

static void fill_random(struct rtentry *rt, size_t count)
{
	/* A bit for each prefix of up to 24 bits: none comes twice. */
	__u8 *taken = calloc(1, 1 << (25 - 3));
	size_t i = 0;

	if (!taken)
		err(1, "calloc");
	while (i < count) {
		int length = random_length();
		__u32 bits = random_bits() >> (32 - length);
		__u32 address = bits << (32 - length);
		__u32 top = address >> 24, index = 1U << length | bits;

		/* What is not routed, and what the other calls work on. */
		if (!top || top == 10 || top == 127 || top >= 203 ||
		    taken[index / 8] & 1 << index % 8)
			continue;
		taken[index / 8] |= 1 << index % 8;
		rt[i++] = ROUTE(address, length, RTF_GATEWAY,
				.rt_gateway = inet(GATEWAY));
	}
	free(taken);
}

static void fill_adjacent(struct rtentry *rt, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		rt[i] = ROUTE(0x14000000 + (i << 8), 24, 0, .rt_dev = "d0");
}

static void measure_all(const char *name, unsigned long cmd,
			const struct rtentry *rt, size_t count)
{
	struct call call = { .name = name, .cmd = cmd };
	__u64 total = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		call.rt = &rt[i];
		total += make(&call);
	}
	say(&call, total / count, 0);
}

static struct rtentry *routes(size_t count,
			      void (*fill)(struct rtentry *rt, size_t count))
{
	struct rtentry *rt = calloc(count, sizeof(*rt));

	if (!rt)
		err(1, "calloc");
	fill(rt, count);
	return rt;
}

static void measure_large(void)
{
	static struct rtentry *random, *adjacent;

	if (!random) {
		random = routes(RANDOM_ROUTES, fill_random);
		adjacent = routes(ADJACENT_ROUTES, fill_adjacent);
	}
	enter_network();
	measure_all("add: 20,000 adjacent /24", SIOCADDRT, adjacent,
		    ADJACENT_ROUTES);
	measure_all("delete: 20,000 adjacent /24", SIOCDELRT, adjacent,
		    ADJACENT_ROUTES);
	enter_network();
	measure_all("add: 500,000 random", SIOCADDRT, random, RANDOM_ROUTES);
	measure_small();
	measure_all("delete: 500,000 random", SIOCDELRT, random, RANDOM_ROUTES);
}

int main(int argc, char **argv)
{
	void (*measure_table)(void);
	bool both;
	int rounds;

	if (argc != 5)
		errx(2, "usage: bench SERVERS TABLE ROUNDS MUTEX");
	both = !strcmp(argv[1], "C,Rust");
	measure_table = strcmp(argv[2], "large") ? measure_both : measure_large;
	rounds = atoi(argv[3]);
	watch_mutex(strtoull(argv[4], NULL, 16));
	calibrate();

	enter_namespace();
	ballast = open_socket(AF_INET);
	enter_network();
	while (rounds--) {
		serve_by("C");
		measure_table();
		if (!both)
			continue;
		serve_by("Rust");
		measure_table();
	}
	return 0;
}
