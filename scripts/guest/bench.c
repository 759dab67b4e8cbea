// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the instructions of routing ioctls, served by C and by Rust in turn.
 *
 *   bench SERVERS TABLE ROUNDS MUTEX
 *
 * To be run under icount, where the time stamp counter counts instructions.
 * SERVERS is "C"; or, where the module can be loaded, "C,Rust", or "C again"
 * after Rust has gone. A round makes each call many times with each server and
 * says, a line for each: the call, when it ends, the server, its instructions,
 * and how many of those it held RTNL for, the mutex at the kernel address
 * MUTEX.
 *
 * Of one call made again and again, what counts is the least: all else has met
 * an interrupt, or an allocator out of free objects. Percpu memory is found at
 * once or after hundreds of instructions, as the boot has left things, so it is
 * given holes first, which fill up call by call. Of calls that differ, the median
 * counts.
 *
 * TABLE is what the calls work on: "small", a few routes; "full", half a
 * million; or "filling", where they are those that fill and empty a table.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <linux/sockios.h>
#include <linux/types.h>
#include <net/route.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <x86intrin.h>

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

/* When a call ends: that is what its limit depends on. C alone ends some. */
enum end { DONE, BEFORE_RTNL, UNDER_RTNL, IN_C };

static const char * const ends[] = { "done", "before", "under", "C" };

struct call {
	const char *name;
	enum end end;
	int error;
	unsigned long cmd;
	const struct rtentry *rt;
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
};

static int sock;
/* In another network namespace, whose routes make the holes. */
static int ballast;
static const char *server;
static struct perf_event_mmap_page *ring;
static int watch;
/* What it takes to read the clock twice. */
static __u32 clock_cost;

static void run(const char *command)
{
	if (system(command))
		errx(1, "%s failed", command);
}

static struct sockaddr inet(__u32 address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address),
	};
	struct sockaddr sa;

	memcpy(&sa, &in, sizeof(sa));
	return sa;
}

static struct sockaddr mask(int length)
{
	return inet(length ? ~0U << (32 - length) : 0);
}

static struct rtentry route(__u32 address, int length)
{
	return (struct rtentry){
		.rt_dst = inet(address),
		.rt_genmask = mask(length),
		.rt_flags = RTF_UP,
	};
}

#define GATEWAY		0x0a0100fe	/* 10.1.0.254 */
#define PREFIX		0xcb007100	/* 203.0.113.0 */

/* By a metric of its own, each has memory of its own. */
static void change_ballast(unsigned long cmd, int number)
{
	struct rtentry rt = route(PREFIX, 24);

	rt.rt_dev = "lo";
	rt.rt_metric = 2 + number;
	if (ioctl(ballast, cmd, &rt))
		err(1, "change a route");
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

/* Enters a network namespace with its loopback device up. */
static void enter_namespace(int *sock)
{
	if (unshare(CLONE_NEWNET))
		err(1, "unshare");
	run("ip link set lo up");
	*sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (*sock < 0)
		err(1, "socket");
}

/* Leaves the former network namespace, and with it all its routes. */
static void enter_network(void)
{
	size_t i;

	if (sock > 0)
		close(sock);
	enter_namespace(&sock);
	for (i = 0; i < ARRAY_SIZE(network); i++)
		run(network[i]);
}

static void serve_by(const char *name)
{
	static bool loaded;
	bool load = !strcmp(name, "Rust");

	server = name;
	if (load == loaded)
		return;
	run(load ? "insmod " MODULE : "rmmod route_ioctl_rust");
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
	__u64 start, stop;
	int ret;

	errno = 0;
	start = __rdtsc();
	ret = ioctl(sock, call->cmd, call->rt);
	stop = __rdtsc();
	if (errno != call->error || !ret != !call->error)
		errx(1, "%s served by %s: %s", call->name, server,
		     strerror(errno));
	return stop - start - clock_cost;
}

static int compare(const void *a, const void *b)
{
	__u32 x = *(const __u32 *)a, y = *(const __u32 *)b;

	return (x > y) - (x < y);
}

static __u32 least(const __u32 *value, size_t count)
{
	__u32 least = value[0];

	while (count--)
		if (value[count] < least)
			least = value[count];
	return least;
}

static __u32 median(__u32 *value, size_t count)
{
	qsort(value, count, sizeof(value[0]), compare);
	return value[count / 2];
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
	bool allocates = calls[0].end == DONE || calls[0].end == UNDER_RTNL;
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
			if (calls[0].end == DONE)
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

static void measure_change(const char *name, const struct rtentry *rt)
{
	char add[80], del[80];
	struct call calls[] = {
		{ .name = add, .cmd = SIOCADDRT, .rt = rt },
		{ .name = del, .cmd = SIOCDELRT, .rt = rt },
	};

	snprintf(add, sizeof(add), "add: %s", name);
	snprintf(del, sizeof(del), "delete: %s", name);
	measure(calls, 2);
}

static void measure_changes(void)
{
	struct rtentry rt;

	rt = route(PREFIX, 24);
	rt.rt_dev = "d0";
	measure_change("device", &rt);

	rt.rt_dev = "d0:1";
	measure_change("device with label", &rt);

	rt.rt_dev = "d1";
	measure_change("device in a VRF", &rt);

	rt.rt_dev = "d0";
	rt.rt_flags |= RTF_MTU | RTF_WINDOW | RTF_IRTT;
	rt.rt_mtu = 1400;
	rt.rt_window = 32768;
	rt.rt_irtt = 100;
	measure_change("device and metrics", &rt);

	rt = route(PREFIX, 24);
	rt.rt_flags |= RTF_GATEWAY;
	rt.rt_gateway = inet(GATEWAY);
	measure_change("gateway", &rt);

	rt.rt_dev = "d0";
	measure_change("gateway and device", &rt);

	rt = route(PREFIX, 24);
	rt.rt_flags |= RTF_REJECT;
	measure_change("reject", &rt);

	rt = route(PREFIX + 1, 32);
	rt.rt_flags |= RTF_HOST;
	rt.rt_dev = "d0";
	rt.rt_metric = 10;
	measure_change("host with metric", &rt);
}

static void measure_error(const char *name, enum end end, int error,
			  unsigned long cmd, const struct rtentry *rt)
{
	struct call call = { name, end, error, cmd, rt };

	measure(&call, 1);
}

static void measure_errors(void)
{
	struct rtentry rt = route(PREFIX, 24);

	rt.rt_dev = "d0";
	/* A 32-bit caller's never comes as far as IPv4. */
	measure_error("SIOCRTMSG", IN_C, sizeof(long) == 8 ? EINVAL : ENOTTY,
		      SIOCRTMSG, NULL);
	if (seteuid(65534))
		err(1, "seteuid");
	measure_error("no capability", BEFORE_RTNL, EPERM, SIOCADDRT, &rt);
	if (seteuid(0))
		err(1, "seteuid");
	measure_error("bad pointer", BEFORE_RTNL, EFAULT, SIOCADDRT, NULL);
	/* Hardly more than a system call and a page fault. */
	measure_error("SIOCOUTQ, bad pointer", IN_C, EFAULT, SIOCOUTQ, NULL);

	rt.rt_dst.sa_family = AF_INET6;
	measure_error("bad family", BEFORE_RTNL, EAFNOSUPPORT, SIOCADDRT, &rt);
	rt = route(PREFIX, 24);
	rt.rt_genmask = inet(0xff00ff00);
	measure_error("bad mask", BEFORE_RTNL, EINVAL, SIOCADDRT, &rt);
	rt = route(PREFIX + 1, 24);
	measure_error("host bits", BEFORE_RTNL, EINVAL, SIOCADDRT, &rt);
	rt = route(PREFIX, 24);
	rt.rt_dev = (char *)1;
	measure_error("bad pointer to a device", BEFORE_RTNL, EFAULT, SIOCADDRT,
		      &rt);

	rt.rt_dev = "nodev";
	measure_error("no such device", UNDER_RTNL, ENODEV, SIOCADDRT, &rt);
	rt.rt_dev = "d0";
	measure_error("no such route", UNDER_RTNL, ESRCH, SIOCDELRT, &rt);
	rt.rt_flags |= RTF_GATEWAY;
	measure_error("no gateway", UNDER_RTNL, EINVAL, SIOCADDRT, &rt);
	rt.rt_gateway = inet(PREFIX);
	measure_error("gateway out of reach", UNDER_RTNL, ENETUNREACH,
		      SIOCADDRT, &rt);

	rt = route(PREFIX, 24);
	rt.rt_dev = "d0";
	if (ioctl(sock, SIOCADDRT, &rt))
		err(1, "SIOCADDRT");
	measure_error("route exists", UNDER_RTNL, EEXIST, SIOCADDRT, &rt);
	if (ioctl(sock, SIOCDELRT, &rt))
		err(1, "SIOCDELRT");
}

static __u32 random_bits(void)
{
	static __u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 32;
}

/* Of a hundred routes, how many have which length, as in the global table. */
static int random_length(void)
{
	static const struct {
		int share, length;
	} mix[] = {
		{ 60, 24 }, { 10, 23 }, { 11, 22 }, { 5, 21 }, { 5, 20 },
		{ 3, 19 }, { 2, 18 }, { 1, 17 }, { 2, 16 }, { 1, 14 },
	};
	int n = random_bits() % 100;
	size_t i = 0;

	while (n >= mix[i].share)
		n -= mix[i++].share;
	return mix[i].length;
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
		rt[i] = route(address, length);
		rt[i].rt_flags |= RTF_GATEWAY;
		rt[i].rt_gateway = inet(GATEWAY);
		i++;
	}
	free(taken);
}

static void fill_adjacent(struct rtentry *rt, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		rt[i] = route(0x14000000 + (i << 8), 24);
		rt[i].rt_dev = "d0";
	}
}

static void measure_all(const char *name, unsigned long cmd,
			const struct rtentry *rt, size_t count)
{
	struct call call = { .name = name, .cmd = cmd };
	__u32 *value = calloc(count, sizeof(value[0]));
	size_t i;

	if (!value)
		err(1, "calloc");
	for (i = 0; i < count; i++) {
		call.rt = &rt[i];
		value[i] = make(&call);
	}
	say(&call, median(value, count), 0);
	free(value);
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

static void measure_filling(void)
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
	measure_all("delete: 500,000 random", SIOCDELRT, random, RANDOM_ROUTES);
}

static void fill_table(void)
{
	struct rtentry *rt = routes(RANDOM_ROUTES, fill_random);
	size_t i;

	for (i = 0; i < RANDOM_ROUTES; i++) {
		if (ioctl(sock, SIOCADDRT, &rt[i]))
			err(1, "SIOCADDRT");
	}
	free(rt);
}

static void measure_single(void)
{
	measure_errors();
	measure_changes();
}

static void calibrate(void)
{
	__u32 value[CALLS];
	int i;

	for (i = 0; i < CALLS; i++) {
		__u64 start = __rdtsc();

		value[i] = __rdtsc() - start;
	}
	clock_cost = least(value, CALLS);
}

int main(int argc, char **argv)
{
	void (*measure_table)(void) = measure_single;
	bool both;
	int rounds;

	if (argc != 5)
		errx(2, "usage: bench SERVERS TABLE ROUNDS MUTEX");
	both = !strcmp(argv[1], "C,Rust");
	rounds = atoi(argv[3]);
	watch_mutex(strtoull(argv[4], NULL, 16));
	calibrate();

	enter_namespace(&ballast);
	enter_network();
	if (!strcmp(argv[2], "full"))
		fill_table();
	else if (!strcmp(argv[2], "filling"))
		measure_table = measure_filling;

	if (!strcmp(argv[1], "C again"))
		serve_by("Rust");
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
