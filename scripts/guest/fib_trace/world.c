// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>

#include "kselftest.h"
#include "world.h"

/* Numbers of sockets, so that all of a message is the same each time. */
#define PORT_CHANGE	1001
#define PORT_DUMP	1002
#define PORT_MONITOR	1003
/* What a monitor may have to hold: a flush of all there is. */
#define MONITOR_BYTES	(32 << 20)

/* Dumps come in parts of this size at most. */
static union {
	struct nlmsghdr hdr;
	char bytes[16384];
} buf;

static int open_socket(unsigned int port, int groups)
{
	struct sockaddr_nl address = {
		.nl_family = AF_NETLINK,
		.nl_pid = port,
		.nl_groups = groups,
	};
	const int one = 1, bytes = MONITOR_BYTES;
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (sock < 0 || bind(sock, (void *)&address, sizeof(address)) ||
	    setsockopt(sock, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one)) ||
	    setsockopt(sock, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)) ||
	    setsockopt(sock, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one,
		       sizeof(one)) ||
	    (groups && setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &bytes,
				  sizeof(bytes))))
		ksft_exit_fail_perror("netlink");
	return sock;
}

/* The next part of an answer; returns its length, 0 if there is none now. */
static int receive(int sock, int flags)
{
	int len = recv(sock, &buf, sizeof(buf), flags | MSG_TRUNC);

	if (len > (int)sizeof(buf))
		ksft_exit_fail_msg("%d bytes at once\n", len);
	if (len < 0 && errno != EAGAIN)
		ksft_exit_fail_perror("recv");
	return len < 0 ? 0 : len;
}

static void send_message(int sock, const union message *message,
			 unsigned short flags)
{
	union message copy = *message;

	copy.hdr.nlmsg_flags |= flags;
	if (send(sock, &copy, copy.hdr.nlmsg_len, 0) < 0)
		ksft_exit_fail_perror("send");
}

/* Sends a message, and notes all answers; returns the error. */
static int talk(int sock, const union message *message, struct record *record)
{
	const struct nlmsghdr *hdr;
	int len;

	send_message(sock, message, NLM_F_ACK);
	for (;;) {
		len = receive(sock, 0);
		for (hdr = &buf.hdr; NLMSG_OK(hdr, len);
		     hdr = NLMSG_NEXT(hdr, len)) {
			if (record)
				record_message(record, "says", hdr);
			if (hdr->nlmsg_type == NLMSG_ERROR)
				return ((struct nlmsgerr *)NLMSG_DATA(hdr))->error;
		}
	}
}

/*
 * Goes through a dump. Of @slow, a message is sent after each part; what there
 * is goes to @found.
 */
static void dump(struct world *world, const union message *message,
		 struct record *record, const struct step *slow, FILE *found)
{
	const struct nlmsghdr *hdr;
	int len, number = 1;

	send_message(world->dump, message, 0);
	for (;;) {
		len = receive(world->dump, 0);
		for (hdr = &buf.hdr; NLMSG_OK(hdr, len);
		     hdr = NLMSG_NEXT(hdr, len)) {
			record_message(record, "has", hdr);
			if (hdr->nlmsg_type == NLMSG_DONE ||
			    hdr->nlmsg_type == NLMSG_ERROR)
				return;
			if (found)
				fwrite(hdr, 1, NLMSG_ALIGN(hdr->nlmsg_len), found);
		}
		if (slow && number < slow->lookups)
			talk(world->sock, &slow->message[number++], record);
	}
}

/* Deletes what a dump tells of. */
static void flush(struct world *world, const struct step *step,
		  struct record *record)
{
	const struct nlmsghdr *hdr;
	char *bytes = NULL;
	size_t size;
	FILE *found;
	int len;

	found = open_memstream(&bytes, &size);
	dump(world, &step->message[0], record, NULL, found);
	fclose(found);
	len = size;
	for (hdr = (void *)bytes; NLMSG_OK(hdr, len);
	     hdr = NLMSG_NEXT(hdr, len)) {
		union message message = {};

		if (hdr->nlmsg_len > sizeof(message))
			continue;
		memcpy(&message, hdr, hdr->nlmsg_len);
		message.hdr.nlmsg_type = RTM_DELROUTE;
		message.hdr.nlmsg_flags = NLM_F_REQUEST;
		message.hdr.nlmsg_seq = step->message[0].hdr.nlmsg_seq;
		talk(world->sock, &message, record);
	}
	free(bytes);
}

/* The kernel looks after carriers later, or when it is asked about the device. */
static void sync_carrier(struct world *world, const union message *changed)
{
	const struct ifinfomsg *which = NLMSG_DATA(&changed->hdr);
	struct ifinfomsg ifi = { .ifi_index = which->ifi_index };
	union message ask;

	message_start(&ask, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	talk(world->sock, &ask, NULL);
}

static int write_file(const char *file, const char *value)
{
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (write(fd, value, strlen(value)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* How a tree is drawn is up to the kernel: which prefixes there are is not. */
static void read_trie(FILE *file, struct record *record)
{
	char line[256], table[256] = "", address[256] = "", text[800];
	char *word;

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		word = line + strspn(line, " ");
		if (word == line)
			snprintf(table, sizeof(table), "%s", line);
		else if (!strncmp(word, "|--", 3))
			snprintf(address, sizeof(address), "%s", word + 4);
		if (*word != '/')
			continue;
		snprintf(text, sizeof(text), "%s %s %s", table, address, word);
		record_line(record, text, false);
	}
}

static void read_file(const char *name, struct record *record)
{
	char path[128], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/thread-self/net/%s", name);
	file = fopen(path, "r");
	if (!file)
		ksft_exit_fail_perror(path);
	if (!strcmp(name, "fib_trie")) {
		read_trie(file, record);
	} else {
		while (fgets(line, sizeof(line), file)) {
			line[strcspn(line, "\n")] = 0;
			record_line(record, line, true);
		}
	}
	fclose(file);
}

static void hear(struct world *world, struct record *record)
{
	const struct nlmsghdr *hdr;
	int len;

	while ((len = receive(world->monitor, MSG_DONTWAIT)))
		for (hdr = &buf.hdr; NLMSG_OK(hdr, len);
		     hdr = NLMSG_NEXT(hdr, len))
			record_message(record, "tells", hdr);
}

static void print_step(const struct step *step)
{
	static const char * const kinds[] = {
		"change", "carrier", "lookup", "dump", "slow dump", "flush",
		"read", "write",
	};

	printf("step %u: %s %s\n", step->message[0].hdr.nlmsg_seq,
	       kinds[step->kind], step->file);
}

/*
 * Forgets which routes have been found. C's trie does so when a route goes only
 * if the route has been found before, which lookups of a FIB need not keep.
 */
static void forget(void)
{
	if (write_file("ipv4/route/flush", "1"))
		ksft_exit_fail_perror("route/flush");
}

static int ask(struct world *world, const union message *message,
	       struct record *record)
{
	record_message(record, "asks", &message->hdr);
	return talk(world->sock, message, record);
}

/* Does all of a step but its lookups; returns whether the kernel has taken it. */
static bool act(struct world *world, const struct step *step,
		struct record *record)
{
	char file[STEP_FILE + 8];
	int err = 0;

	switch (step->kind) {
	case STEP_CHANGE:
	case STEP_CARRIER:
		err = ask(world, &step->message[0], record);
		if (step->kind == STEP_CARRIER)
			sync_carrier(world, &step->message[0]);
		break;
	case STEP_DUMP:
		dump(world, &step->message[0], record, NULL, NULL);
		break;
	case STEP_SLOW_DUMP:
		dump(world, &step->message[0], record, step, NULL);
		break;
	case STEP_FLUSH:
		flush(world, step, record);
		break;
	case STEP_FILE_READ:
		read_file(step->file, record);
		break;
	case STEP_FILE_WRITE:
		snprintf(file, sizeof(file), "ipv4/%s", step->file);
		err = write_file(file, step->value);
		record_number(record, "error", err);
		break;
	case STEP_LOOKUP:
		break;
	}
	hear(world, record);
	return !err;
}

bool world_apply(struct world *world, const struct step *step,
		 struct record *record)
{
	int lookup = step->lookups;
	bool done;

	if (record->as_text)
		print_step(step);
	forget();
	if (step_changes(step)) {
		/* What a lookup finds before must be forgotten after. */
		ask(world, &step->message[lookup], record);
		done = act(world, step, record);
		ask(world, &step->message[lookup++], record);
		forget();
	} else {
		done = act(world, step, record);
	}
	for (; lookup < step->count; lookup++)
		ask(world, &step->message[lookup], record);
	return done;
}

void world_record(struct world *world, struct record *record)
{
	struct rtmsg rtm = { .rtm_family = AF_INET };
	union message message;

	if (record->as_text)
		printf("the end\n");
	message_start(&message, RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	dump(world, &message, record, NULL, NULL);
	read_file("route", record);
	read_file("fib_trie", record);
}

static void check(int err)
{
	if (err)
		ksft_exit_fail_msg("a world: %s\n", strerror(-err));
}

static void must(struct world *world, const union message *message)
{
	check(talk(world->sock, message, NULL));
}

static void set_up(struct world *world, int dev)
{
	struct ifinfomsg ifi = {
		.ifi_index = dev,
		.ifi_flags = IFF_UP,
		.ifi_change = IFF_UP,
	};
	union message message;

	message_start(&message, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	must(world, &message);
}

static void add_link(struct world *world, int dev, const char *name,
		     const char *kind)
{
	struct ifinfomsg ifi = { .ifi_index = dev };
	struct rtattr *info, *data;
	union message message;
	int err;

	message_start(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi,
		      sizeof(ifi));
	message_put_string(&message, IFLA_IFNAME, name);
	info = message_nest(&message, IFLA_LINKINFO);
	message_put_string(&message, IFLA_INFO_KIND, kind);
	if (dev == VRF) {
		data = message_nest(&message, IFLA_INFO_DATA);
		message_put_u32(&message, IFLA_VRF_TABLE, VRF_TABLE);
		message_nest_end(&message, data);
	}
	message_nest_end(&message, info);
	err = talk(world->sock, &message, NULL);
	/* With one table only, there is none, and its steps fail. */
	if (dev == VRF && err == -EOPNOTSUPP)
		return;
	check(err);
	set_up(world, dev);
}

static void add_address(struct world *world, int number)
{
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = 24,
		.ifa_index = D0 + number,
	};
	union message message;

	message_start(&message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &ifa,
		      sizeof(ifa));
	message_put_address(&message, IFA_LOCAL, device_address(number, 1));
	message_put_address(&message, IFA_ADDRESS, device_address(number, 1));
	must(world, &message);
}

void world_open(struct world *world, __u64 seed)
{
	char name[IFNAMSIZ];
	int number, err;

	if (unshare(CLONE_NEWNET))
		ksft_exit_fail_perror("unshare");
	/* What is random in a boot, or comes at a time of its own. */
	if (write_file("ipv6/conf/all/disable_ipv6", "1") ||
	    write_file("ipv6/conf/default/disable_ipv6", "1"))
		ksft_exit_fail_perror("sysctl");
	/* Where there is one gateway to a route, nothing is random. */
	err = write_file("ipv4/fib_multipath_hash_seed", "1");
	if (err != ENOENT)
		check(-err);
	world->sock = open_socket(PORT_CHANGE, 0);
	world->dump = open_socket(PORT_DUMP, 0);
	set_up(world, LO);
	for (number = 0; number < DEVICES; number++) {
		snprintf(name, sizeof(name), "d%d", number);
		add_link(world, D0 + number, name, "dummy");
		add_address(world, number);
	}
	if (step_has_vrf(seed))
		add_link(world, VRF, "red", "vrf");
	world->monitor = open_socket(PORT_MONITOR, RTMGRP_IPV4_ROUTE |
				     RTMGRP_IPV4_IFADDR |
				     1 << (RTNLGRP_IPV4_RULE - 1) |
				     1u << (RTNLGRP_NEXTHOP - 1));
}

void world_close(struct world *world)
{
	close(world->sock);
	close(world->dump);
	close(world->monitor);
}
