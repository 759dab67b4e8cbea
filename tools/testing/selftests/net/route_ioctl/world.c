// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kselftest.h"
#include "fib.h"
#include "world.h"

#define NOBODY	65534

/* In this order each namespace gets them: their indices are theirs plus one. */
static const char * const devices[] = {
	"lo", "d0", "d1", "d2", LONG_NAME, "red", "blue",
};

/* Namespace 1 has no more. */
#define COMMON_DEVICES	3

struct addresses {
	/* From the start, the first in both namespaces, the more in 0. */
	int first;
	int common;
	int more;
	int count;
	struct rtnl_address address[16];
};

static const struct addresses ipv4 = {
	.first = 8,
	.common = 11,
	.more = 14,
	.count = 16,
	.address = {
		{ .dev = "d0", .local = "10.1.0.1/24" },
		{ .dev = "d1", .local = "10.2.0.1/24" },
		{ .dev = "d0", .local = "10.3.0.1/24", .label = "d0:1" },
		{ .dev = "d0", .local = "10.3.0.2/24", .label = "d0:second" },
		{ .dev = "d0", .local = "10.7.0.1/32", .peer = "10.7.0.2",
		  .label = "d0:peer" },
		{ .dev = "d0", .local = "10.3.1.1/24", .label = "d0:" },
		{ .dev = "d0", .local = "10.3.2.1/24", .label = "alt:1" },
		{ .dev = "d1", .local = "10.5.0.1/24", .label = "d1:1" },
		/* Not from the start: */
		{ .dev = "d0", .local = "10.9.0.1/16", .label = "d0:2" },
		{ .dev = "d1", .local = "10.1.0.9/24" },
		{ .dev = "lo", .local = "10.2.0.2/32", .label = "lo:1" },
		/* Of namespace 0 only: */
		{ .dev = "d2", .local = "10.4.0.1/24" },
		{ .dev = "d2", .local = "10.6.0.1/24", .label = "d2:1" },
		{ .dev = LONG_NAME, .local = "10.8.0.1/24" },
		/* Not from the start: */
		{ .dev = "red", .local = "10.4.0.9/24", .label = "red:1" },
		{ .dev = "blue", .local = "10.8.0.9/24" },
	},
};

static const struct addresses ipv6 = {
	.first = 4,
	.common = 8,
	.more = 11,
	.count = 13,
	.address = {
		{ .dev = "d0", .local = "2001:db8:1::1/64" },
		{ .dev = "d1", .local = "2001:db8:2::1/64" },
		{ .dev = "d0", .local = "2001:db8:3::1/64" },
		{ .dev = "d1", .local = "2001:db8:5::1/64" },
		/* Not from the start: */
		{ .dev = "d0", .local = "2001:db8:9::1/64" },
		{ .dev = "d1", .local = "2001:db8:1::9/64" },
		{ .dev = "d0", .local = "fe80::1/64" },
		{ .dev = "lo", .local = "2001:db8:2::2/128" },
		/* Of namespace 0 only: */
		{ .dev = "d2", .local = "2001:db8:4::1/64" },
		{ .dev = "d2", .local = "2001:db8:6::1/64" },
		{ .dev = LONG_NAME, .local = "2001:db8:8::1/64" },
		/* Not from the start: */
		{ .dev = "red", .local = "2001:db8:4::9/64" },
		{ .dev = "blue", .local = "2001:db8:8::9/64" },
	},
};

static const struct addresses *addresses_of(int family)
{
	return family == AF_INET6 ? &ipv6 : &ipv4;
}

const struct rtnl_address *world_address(int family, int net,
					 unsigned int number)
{
	const struct addresses *addresses = addresses_of(family);

	return &addresses->address[number % (net ? addresses->common :
						   addresses->count)];
}

const char *world_device(int net, unsigned int number)
{
	return devices[number % (net ? COMMON_DEVICES : ARRAY_SIZE(devices))];
}

int world_ifindex(const char *dev)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(devices); i++)
		if (!strcmp(devices[i], dev))
			return i + 1;
	return 0;
}

static void must(int err, const char *what)
{
	if (err < 0)
		ksft_exit_fail_msg("%s: %s\n", what, strerror(-err));
}

static void enter(struct world *world, int net)
{
	if (world->current == net)
		return;
	if (setns(world->net[net].ns, CLONE_NEWNET))
		ksft_exit_fail_perror("setns");
	world->current = net;
}

static void set_sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv6/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		ksft_exit_fail_perror(path);
	close(fd);
}

/* Without VRFs, their devices are unknown names. */
static void add_device(const char *dev, __u32 vrf_table)
{
	int err = vrf_table ? rtnl_vrf_add(dev, vrf_table) :
			      rtnl_link_add(dev, "dummy");

	if (vrf_table && (err == -EOPNOTSUPP || err == -EAFNOSUPPORT))
		return;
	must(err, "add a device");
	must(rtnl_link_up(dev, true), "set it up");
	if ((int)if_nametoindex(dev) != world_ifindex(dev))
		ksft_exit_fail_msg("%s has index %u\n", dev,
				   if_nametoindex(dev));
}

static void add_addresses(int family, int from, int to)
{
	const struct addresses *addresses = addresses_of(family);

	for (; from < to; from++)
		must(rtnl_address_add(&addresses->address[from]),
		     "add an address");
}

/*
 * Namespace 0 has all there can be; 1 has no rules of its own, so that its
 * tables main and local are one.
 */
static void fill(int family, int net, __u32 vrf_table)
{
	const struct addresses *addresses = addresses_of(family);
	size_t i;

	/* IPv6 does nothing by itself, at times of its own. */
	set_sysctl("conf/default/addr_gen_mode", "1");
	set_sysctl("route/gc_interval", "1000000");

	must(rtnl_link_up("lo", true), "set lo up");
	for (i = 1; i < (net ? COMMON_DEVICES : ARRAY_SIZE(devices)); i++)
		add_device(devices[i], !strcmp(devices[i], "red") ? RED_TABLE :
			   !strcmp(devices[i], "blue") ? vrf_table : 0);
	must(rtnl_altname_add("d0", "alt"), "add a name");
	add_addresses(family, 0, addresses->first);
	if (net)
		return;

	if (if_nametoindex("red"))
		must(rtnl_link_master("d2", "red"), "add a member to a VRF");
	add_addresses(family, addresses->common, addresses->more);
}

void world_open(struct world *world, const struct sequence *sequence)
{
	int net;

	world->family = sequence->family;
	for (net = 0; net < STEP_NETS; net++) {
		if (unshare(CLONE_NEWNET))
			ksft_exit_fail_perror("unshare");
		fill(sequence->family, net, sequence->vrf_table);
		world->net[net].ns = open("/proc/self/ns/net",
					  O_RDONLY | O_CLOEXEC);
		must(world->net[net].ns, "open /proc/self/ns/net");
		world->net[net].sock = socket(sequence->family,
					      SOCK_DGRAM | SOCK_CLOEXEC, 0);
		must(world->net[net].sock, "open a socket");
		world->net[net].monitor = fib_monitor(sequence->family);
		must(world->net[net].monitor, "listen to rtnetlink");
		world->current = net;
	}
}

void world_close(struct world *world)
{
	int net;

	for (net = 0; net < STEP_NETS; net++) {
		close(world->net[net].ns);
		close(world->net[net].sock);
		close(world->net[net].monitor);
	}
}

/* Lays @bytes where @place says, next to a page that cannot be read. */
static void *lay(char *pages, const struct place *place, const void *bytes,
		 size_t size)
{
	size_t page_size = sysconf(_SC_PAGESIZE);
	char *begin = pages + page_size, *end = begin + page_size;
	size_t count = place->count;

	switch (place->kind) {
	case PLACE_BEFORE:
		memcpy(end - count, bytes, count < size ? count : size);
		return end - count;
	case PLACE_BEHIND:
		if (count < size)
			memcpy(begin, bytes + count, size - count);
		return begin - count;
	default:
		return (void *)place->address;
	}
}

/* One page that can be read between two that cannot. */
static char *map_pages(void)
{
	size_t size = sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 3 * size, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED ||
	    mprotect(pages + size, size, PROT_READ | PROT_WRITE))
		ksft_exit_fail_perror("map pages");
	return pages;
}

static int request(int sock, const struct step_request *request)
{
	static char *rt_pages, *name_pages;
	union argument argument = request->argument;
	void *arg;
	int error;

	if (!rt_pages) {
		rt_pages = map_pages();
		name_pages = map_pages();
	}
	if (request->family == AF_INET)
		argument.rt.rt_dev = lay(name_pages, &request->name_place,
					 request->name, sizeof(request->name));
	arg = lay(rt_pages, &request->place, &argument,
		  request->family == AF_INET6 ? sizeof(argument.rtmsg) :
						sizeof(argument.rt));

	if (request->unprivileged && seteuid(NOBODY))
		ksft_exit_fail_perror("give up root");
	error = ioctl(sock, request->cmd, arg) ? errno : 0;
	if (request->unprivileged && seteuid(0))
		ksft_exit_fail_perror("become root again");
	return error;
}

static void add_bytes(__u64 *hash, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	while (size--)
		*hash = (*hash ^ *byte++) * 0x100000001b3;
}

struct record {
	struct outcome *outcome;
	FILE *text;
	const char *what;
};

/* What depends on the time of day is made the same. */
static void round_times(struct nlmsghdr *hdr)
{
	struct rtmsg *rtm = NLMSG_DATA(hdr);
	int len = RTM_PAYLOAD(hdr);
	struct rta_cacheinfo *info;
	struct rtattr *attr;

	for (attr = RTM_RTA(rtm); RTA_OK(attr, len);
	     attr = RTA_NEXT(attr, len)) {
		if (attr->rta_type != RTA_CACHEINFO)
			continue;
		info = RTA_DATA(attr);
		info->rta_expires = fib_round_expiry(info->rta_expires);
	}
}

static void note(const struct nlmsghdr *message, void *data)
{
	union {
		struct nlmsghdr hdr;
		char bytes[4096];
	} buf;
	struct nlmsghdr *hdr = &buf.hdr;
	struct record *record = data;
	struct nlmsghdr head = *message;
	char route[FIB_TEXT];

	if (message->nlmsg_len > sizeof(buf))
		ksft_exit_fail_msg("a message of %u bytes\n",
				   message->nlmsg_len);
	memcpy(&buf, message, message->nlmsg_len);
	round_times(hdr);

	/* Whether netlink caused it counts, the number of its socket does not. */
	head.nlmsg_pid = !!head.nlmsg_pid;
	add_bytes(&record->outcome->hash, record->what, strlen(record->what));
	add_bytes(&record->outcome->hash, &head, sizeof(head));
	add_bytes(&record->outcome->hash, NLMSG_DATA(hdr),
		  NLMSG_PAYLOAD(hdr, 0));
	if (!record->text)
		return;

	fib_text(hdr, route);
	fprintf(record->text, "\n#       %s %s flags %#x%s: %s", record->what,
		hdr->nlmsg_type == RTM_NEWROUTE ? "RTM_NEWROUTE" :
		hdr->nlmsg_type == RTM_DELROUTE ? "RTM_DELROUTE" : "?",
		hdr->nlmsg_flags, hdr->nlmsg_pid ? " by netlink" : "", route);
}

/* The flags of IPv6's routes, which rtnetlink does not tell. */
static void note_flags(struct record *record)
{
	char dst[33], length[3], via[33], metric[9], flags[9], dev[IF_NAMESIZE];
	FILE *file = fopen("/proc/thread-self/net/ipv6_route", "r");
	char line[256], text[128];

	if (!file)
		ksft_exit_fail_perror("ipv6_route");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%32s %2s %*s %*s %32s %8s %*s %*s %8s %15s",
			   dst, length, via, metric, flags, dev) != 6)
			ksft_exit_fail_msg("ipv6_route has %s", line);
		snprintf(text, sizeof(text), "%s/%s via %s metric %s flags %s %s",
			 dst, length, via, metric, flags, dev);
		add_bytes(&record->outcome->hash, text, strlen(text));
		if (record->text)
			fprintf(record->text, "\n#       ipv6_route: %s", text);
	}
	fclose(file);
}

static int change(const struct step *step)
{
	const struct step_change *change = &step->change;

	switch (step->kind) {
	case STEP_ROUTE:
		return change->add ?
			rtnl_route_add(&change->route, change->flags) :
			rtnl_route_delete(&change->route);
	case STEP_ADDRESS:
		if (!change->add)
			return rtnl_address_delete(change->address);
		/* IPv6's would come into use some time after the device. */
		if (strchr(change->address->local, ':') &&
		    !rtnl_link_is_up(change->address->dev))
			return 0;
		return rtnl_address_add(change->address);
	case STEP_UP:
		return rtnl_link_up(change->dev, change->add);
	case STEP_MASTER:
		return rtnl_link_master(change->dev, change->master);
	case STEP_MTU:
		return rtnl_link_mtu(change->dev, change->mtu);
	default:
		return 0;
	}
}

void world_apply(struct world *world, const struct step *step,
		 struct outcome *outcome, bool as_text)
{
	struct record record = { .outcome = outcome };
	size_t size;
	int net;

	*outcome = (struct outcome){};
	if (step->kind == STEP_REQUEST) {
		outcome->error = request(world->net[step->net].sock,
					 &step->request);
	} else {
		enter(world, step->net);
		outcome->error = -change(step);
	}

	if (as_text) {
		record.text = open_memstream(&outcome->text, &size);
		fprintf(record.text, "%s", outcome->error ?
			strerror(outcome->error) : "done");
	}
	for (net = 0; net < STEP_NETS; net++) {
		/* For the names of devices. */
		if (as_text || step->kind == STEP_DUMP)
			enter(world, net);
		record.what = net ? "1 heard" : "0 heard";
		must(fib_visit_events(world->net[net].monitor, note, &record),
		     "hear of changes");
		record.what = net ? "1 has" : "0 has";
		if (step->kind != STEP_DUMP)
			continue;
		must(fib_visit_routes(world->family, note, &record),
		     "read the tables");
		if (world->family == AF_INET6)
			note_flags(&record);
	}
	if (record.text)
		fclose(record.text);
}
