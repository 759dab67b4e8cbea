// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the instructions of what is done with a table of routes:
 *
 *   fib-bench calls FILE       changes, a dump, a device that goes away
 *   fib-bench forward FILE     a packet that is forwarded
 *   fib-bench namespaces       network namespaces with a loopback device
 *
 * To be run under icount, where the time stamp counter counts instructions.
 * FILE holds routes, struct prefix below. Says a line for each figure: its name
 * and so many instructions, of each route, packet or namespace.
 *
 * A call for each route is made again and again if there are few. Of the calls
 * for one route the cheapest counts, for others have met an interrupt; of those
 * for different routes, the mean.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/ip.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "count.h"

#define CALLS		1000	/* at least, of each kind */
#define SAMPLE		20000	/* at most, of some */
#define ROUNDS		50	/* at most */
#define PACKETS		20000
#define PACKET_SIZE	(sizeof(packet) - sizeof(packet.before))
#define NAMESPACES	100
#define HELD		900	/* at once: as many as a process may open */
/* Milliseconds after which RCU has freed what is not used any more. */
#define SETTLED		30

struct prefix {
	__u32 address;	/* in network byte order, as is */
	__u32 gateway;
	__u32 length;
};

struct message {
	struct nlmsghdr header;
	struct rtmsg route;
	struct {
		struct rtattr type;
		__u32 value;
	} attributes[3];
};

/* A call that is made for each prefix, or for at most so many. */
struct call {
	const char *name;
	void (*make)(const struct prefix *prefix);
	size_t most;
	__u32 *least;
};

static struct prefix *prefixes;
static size_t count;
static int sock, netlink, device;

static void settle(void)
{
	poll(NULL, 0, SETTLED);
}

static void say(const char *what, __u64 instructions)
{
	printf("%s %llu\n", what, (unsigned long long)instructions);
}

/* What is opened belongs to the namespace that we are in. */
static void open_sockets(void)
{
	const struct timeval patience = { .tv_sec = 60 };

	sock = socket(AF_INET, SOCK_DGRAM, 0);
	netlink = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	device = if_nametoindex("d0");
	if (sock < 0 || netlink < 0 || !device ||
	    setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)))
		err(1, "sockets");
}

static void read_prefixes(const char *path)
{
	int file = open(path, O_RDONLY);
	struct stat status;

	if (file < 0 || fstat(file, &status))
		err(1, "%s", path);
	prefixes = malloc(status.st_size);
	count = status.st_size / sizeof(*prefixes);
	if (!prefixes ||
	    read(file, prefixes, status.st_size) != status.st_size)
		err(1, "%s", path);
	close(file);
}

static void by_ioctl(const struct prefix *prefix, unsigned long command)
{
	__u32 mask = ~(__u64)0 << (32 - prefix->length);
	struct rtentry route = {
		.rt_dst = inet_address(prefix->address),
		.rt_genmask = inet_address(htonl(mask)),
		.rt_gateway = inet_address(prefix->gateway),
		.rt_flags = RTF_UP | RTF_GATEWAY,
	};

	if (ioctl(sock, command, &route))
		err(1, "%#x/%u", ntohl(prefix->address), prefix->length);
}

static void by_netlink(const struct prefix *prefix, __u32 gateway, int type)
{
	struct message message = {
		.header = {
			.nlmsg_len = sizeof(message),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST |
				       (type == RTM_NEWROUTE ?
					NLM_F_CREATE | NLM_F_REPLACE : 0),
		},
		.route = {
			.rtm_family = AF_INET,
			.rtm_dst_len = prefix->length,
			.rtm_table = RT_TABLE_MAIN,
			.rtm_protocol = RTPROT_BOOT,
			.rtm_scope = RT_SCOPE_UNIVERSE,
			.rtm_type = RTN_UNICAST,
		},
		.attributes = {
			{ { 8, RTA_DST }, prefix->address },
			{ { 8, RTA_GATEWAY }, gateway },
			{ { 8, RTA_OIF }, device },
		},
	};

	if (send(netlink, &message, sizeof(message), 0) != sizeof(message))
		err(1, "rtnetlink");
}

static void add(const struct prefix *prefix)
{
	by_ioctl(prefix, SIOCADDRT);
}

static void delete(const struct prefix *prefix)
{
	by_ioctl(prefix, SIOCDELRT);
}

/* By the gateway of another route. */
static void replace(const struct prefix *prefix)
{
	by_netlink(prefix, prefix->gateway ^ htonl(1), RTM_NEWROUTE);
}

static void announce(const struct prefix *prefix)
{
	by_netlink(prefix, prefix->gateway, RTM_NEWROUTE);
}

static void withdraw_and_announce(const struct prefix *prefix)
{
	by_netlink(prefix, prefix->gateway, RTM_DELROUTE);
	announce(prefix);
}

/* Nothing but an error is answered. */
static void check_answers(void)
{
	char answer[200];

	if (recv(netlink, answer, sizeof(answer), MSG_DONTWAIT) >= 0 ||
	    errno != EAGAIN)
		errx(1, "an error is answered by rtnetlink");
}

/* Of more routes than are wanted, makes it for some that lie among the others. */
static void make_for_all(struct call *call)
{
	size_t step = (count + call->most - 1) / call->most, i;

	for (i = 0; i < count; i += step) {
		__u64 start = __rdtsc(), spent;

		call->make(&prefixes[i]);
		spent = cost(start);
		if (spent < call->least[i])
			call->least[i] = spent;
	}
	check_answers();
	settle();
}

static void say_call(const struct call *call)
{
	__u64 total = 0, longest = 0;
	size_t made = 0, i;
	char name[80];

	for (i = 0; i < count; i++) {
		if (call->least[i] == UINT32_MAX)
			continue;
		made++;
		total += call->least[i];
		if (call->least[i] > longest)
			longest = call->least[i];
	}
	say(call->name, total / made);
	snprintf(name, sizeof(name), "%s.longest", call->name);
	say(name, longest);
}

static size_t rounds(void)
{
	size_t rounds = (CALLS + count - 1) / count;

	return rounds > ROUNDS ? ROUNDS : rounds;
}

/* Makes calls in turn, of which the last undoes what the first did. */
static void measure(struct call *calls, size_t kinds)
{
	size_t round, i;

	for (i = 0; i < kinds; i++) {
		calls[i].least = malloc(count * sizeof(*calls[i].least));
		if (!calls[i].least)
			err(1, "malloc");
		memset(calls[i].least, 0xff, count * sizeof(*calls[i].least));
	}
	for (round = 0; round < rounds(); round++)
		for (i = 0; i < kinds; i++)
			make_for_all(&calls[i]);
	for (i = 0; i < kinds; i++) {
		say_call(&calls[i]);
		free(calls[i].least);
	}
}

/* The routes that are told, of our protocol. */
static size_t told(void)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg route;
	} request = {
		.header = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETROUTE,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.route.rtm_family = AF_INET,
	};
	static union {
		struct nlmsghdr header;
		char bytes[32768];
	} buffer;
	size_t found = 0;

	if (send(netlink, &request, sizeof(request), 0) != sizeof(request))
		err(1, "rtnetlink");
	for (;;) {
		ssize_t length = recv(netlink, &buffer, sizeof(buffer), 0);
		struct nlmsghdr *header = &buffer.header;

		if (length <= 0)
			err(1, "dump");
		for (; NLMSG_OK(header, length);
		     header = NLMSG_NEXT(header, length)) {
			const struct rtmsg *route = NLMSG_DATA(header);

			if (header->nlmsg_type == NLMSG_DONE)
				return found;
			if (header->nlmsg_type == NLMSG_ERROR)
				errx(1, "dump: an error");
			found += route->rtm_protocol == RTPROT_BOOT;
		}
	}
}

static void measure_dump(void)
{
	__u64 least = UINT64_MAX;
	size_t round;

	for (round = 0; round < rounds(); round++) {
		__u64 start = __rdtsc(), spent;
		size_t found = told();

		spent = cost(start);
		if (found != count)
			errx(1, "%zu routes of %zu are dumped", found, count);
		if (spent < least)
			least = spent;
	}
	say("dump", least / count);
}

static void set_device(bool up)
{
	struct ifreq request = {
		.ifr_name = "d0",
		.ifr_flags = IFF_BROADCAST | IFF_NOARP | (up ? IFF_UP : 0),
	};

	if (ioctl(sock, SIOCSIFFLAGS, &request))
		err(1, "d0");
}

static void fill(void)
{
	size_t i;

	for (i = 0; i < count; i++)
		announce(&prefixes[i]);
	check_answers();
	settle();
}

static void measure_flush(void)
{
	size_t times = rounds() < 10 ? rounds() : 10, round;
	__u64 least = UINT64_MAX;

	for (round = 0; round < times; round++) {
		__u64 start, spent;

		if (round)
			fill();
		start = __rdtsc();
		set_device(false);
		spent = cost(start);
		if (spent < least)
			least = spent;
		settle();
		set_device(true);
		settle();
	}
	say("flush", least / count);
}

static void measure_calls(void)
{
	struct call ioctls[] = {
		{ "add", add, count, NULL },
		{ "delete", delete, count, NULL },
	};
	struct call others[] = {
		{ "replace", replace, SAMPLE, NULL },
		{ "replace again", announce, SAMPLE, NULL },
		{ "withdraw and announce", withdraw_and_announce, SAMPLE, NULL },
	};

	enter_namespace();
	run("ip link add d0 type dummy");
	run("ip link set d0 up");
	run("ip address add 10.1.0.1/24 dev d0");
	open_sockets();

	measure(ioctls, 2);
	fill();
	measure(others, 3);
	measure_dump();
	measure_flush();
}

/* A UDP packet without data, from one side of the router to the other. */
static struct {
	__u16 before;
	struct ether_header ethernet;
	struct iphdr ip;
	__u16 udp[4];
} packet = {
	.ethernet = {
		.ether_dhost = { 2, 0, 0, 0, 0, 1 },
		.ether_shost = { 2, 0, 0, 0, 0, 2 },
	},
	.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP },
};

/* Of the table, and no one's that a packet does not go to. */
static __u32 random_destination(void)
{
	for (;;) {
		const struct prefix *to = &prefixes[random_bits() % count];
		__u64 host = random_bits();
		__u32 address = ntohl(to->address) | host >> to->length;
		__u32 top = address >> 24;

		if (top && top != 10 && top != 127 && top < 224)
			return htonl(address);
	}
}

static void address_packet(void)
{
	__u32 sum = 0;
	__u16 words[sizeof(packet.ip) / 2];
	size_t i;

	packet.ip.daddr = random_destination();
	packet.ip.check = 0;
	memcpy(words, &packet.ip, sizeof(words));
	for (i = 0; i < sizeof(words) / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	packet.ip.check = ~(sum + (sum >> 16));
}

/* Packets that the router has sent. */
static unsigned long sent(void)
{
	unsigned long packets = 0;
	FILE *file = fopen("/proc/thread-self/net/dev", "r");
	char line[300];

	if (!file)
		err(1, "/proc/net/dev");
	while (fgets(line, sizeof(line), file))
		sscanf(line, " d0: %*u %*u %*u %*u %*u %*u %*u %*u %*u %lu",
		       &packets);
	fclose(file);
	return packets;
}

static void send_packets(int out, size_t packets)
{
	__u64 total = 0;
	size_t i;

	for (i = 0; i < packets; i++) {
		__u64 start;

		address_packet();
		start = __rdtsc();
		if (send(out, &packet.ethernet, PACKET_SIZE, 0) != PACKET_SIZE)
			err(1, "a packet");
		total += cost(start);
	}
	say("forward", total / packets);
}

static int this_namespace(void)
{
	int found = open("/proc/thread-self/ns/net", O_RDONLY);

	if (found < 0)
		err(1, "a namespace");
	return found;
}

static void enter(int namespace)
{
	if (setns(namespace, CLONE_NEWNET))
		err(1, "setns");
}

/*
 * A sender, the router, a receiver, in that order: v1 - v0, d0 - d1. The
 * receiver drops at once what is not for its address.
 */
static void measure_forward(void)
{
	int sender, router, receiver, out, i;
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
	};
	unsigned long before;

	enter_namespace();
	sender = this_namespace();
	enter_namespace();
	receiver = this_namespace();
	enter_namespace();
	router = this_namespace();
	run("ip link add v0 type veth peer name v1 netns /proc/%d/fd/%d",
	    getpid(), sender);
	run("ip link add d0 type veth peer name d1 netns /proc/%d/fd/%d",
	    getpid(), receiver);
	run("ip link set v0 address 02:00:00:00:00:01");
	run("ip link set v0 up");
	run("ip link set d0 up");
	run("ip address add 10.2.0.1/24 dev v0");
	run("ip address add 10.1.0.1/24 dev d0");
	run("sysctl -qw net.ipv4.ip_forward=1");
	for (i = 2; i < 66; i++)
		run("ip neigh add 10.1.0.%d lladdr 02:00:00:00:00:99 dev d0", i);
	enter(receiver);
	run("ip link set d1 up");
	enter(sender);
	run("ip link set v1 up");
	to.sll_ifindex = if_nametoindex("v1");
	out = socket(AF_PACKET, SOCK_RAW, 0);
	if (out < 0 || bind(out, (void *)&to, sizeof(to)))
		err(1, "a packet socket");
	enter(router);
	open_sockets();
	fill();

	packet.ethernet.ether_type = htons(ETHERTYPE_IP);
	packet.ip.saddr = htonl(0x0a020002);
	packet.ip.tot_len = htons(sizeof(packet.ip) + sizeof(packet.udp));
	packet.udp[1] = htons(9);
	packet.udp[2] = htons(sizeof(packet.udp));
	poll(NULL, 0, 2000);
	before = sent();
	send_packets(out, PACKETS);
	if (sent() - before != PACKETS)
		errx(1, "%lu of %d packets are forwarded", sent() - before,
		     PACKETS);
}

/* Instructions that other tasks have executed, the kernel's among them. */
static __u64 others(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	__u64 total = 0;

	if (!folder)
		err(1, "/proc");
	while ((entry = readdir(folder))) {
		struct timespec time;
		clockid_t clock;
		int pid = atoi(entry->d_name);

		if (pid <= 0 || pid == getpid() ||
		    clock_getcpuclockid(pid, &clock) ||
		    clock_gettime(clock, &time))
			continue;
		total += time.tv_sec * 1000000000ULL + time.tv_nsec;
	}
	closedir(folder);
	return total;
}

static __u64 own(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

/*
 * Each that is not held is destroyed when the next one is entered, by a task of
 * the kernel's.
 */
static void make_namespaces(int namespaces, bool hold)
{
	const struct ifreq up = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int i, sock;

	for (i = 0; i < namespaces; i++) {
		if (unshare(CLONE_NEWNET))
			err(1, "unshare");
		sock = socket(AF_INET, SOCK_DGRAM, 0);
		if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &up))
			err(1, "lo");
		close(sock);
		if (hold)
			this_namespace();
	}
	poll(NULL, 0, 3000);
}

static __u64 free_memory(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	unsigned long long kib = 0;
	char line[100];

	if (!file)
		err(1, "/proc/meminfo");
	while (fgets(line, sizeof(line), file))
		sscanf(line, "MemFree: %llu", &kib);
	fclose(file);
	return kib * 1024;
}

static void measure_namespaces(void)
{
	__u64 created = UINT64_MAX, destroyed = UINT64_MAX, mine, theirs, before;
	int i;

	make_namespaces(NAMESPACES, false);
	/* What else happens meanwhile differs by a few percent. */
	for (i = 0; i < 5; i++) {
		mine = own();
		theirs = others();
		make_namespaces(NAMESPACES, false);
		mine = own() - mine;
		theirs = others() - theirs;
		if (mine < created)
			created = mine;
		if (theirs < destroyed)
			destroyed = theirs;
	}
	say("create a namespace", created / NAMESPACES);
	say("destroy it", destroyed / NAMESPACES);
	before = free_memory();
	make_namespaces(HELD, true);
	say("bytes of a namespace", (before - free_memory()) / HELD);
}

int main(int argc, char **argv)
{
	calibrate();
	if (argc == 2 && !strcmp(argv[1], "namespaces")) {
		measure_namespaces();
		return 0;
	}
	if (argc != 3)
		errx(2, "usage: fib-bench calls|forward|namespaces [FILE]");
	read_prefixes(argv[2]);
	if (strcmp(argv[1], "forward"))
		measure_calls();
	else
		measure_forward();
	return 0;
}
