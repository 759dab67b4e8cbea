// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kselftest.h"
#include "fib.h"
#include "world.h"

#define NOBODY	65534

static const struct rtnl_address addresses[] = {
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
};

#define FIRST_ADDRESSES		8
#define COMMON_ADDRESSES	11
#define MORE_ADDRESSES		14

const struct rtnl_address *world_address(int net, unsigned int number)
{
	return &addresses[number % (net ? COMMON_ADDRESSES :
				    ARRAY_SIZE(addresses))];
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

static void add_device(const char *dev)
{
	must(rtnl_link_add(dev, "dummy"), "add a dummy device");
	must(rtnl_link_up(dev, true), "set it up");
}

static void add_addresses(int from, int to)
{
	for (; from < to; from++)
		must(rtnl_address_add(&addresses[from]), "add an address");
}

/* Without VRFs, their devices are unknown names. */
static void add_vrf(const char *dev, __u32 table)
{
	int err = rtnl_vrf_add(dev, table);

	if (err == -EOPNOTSUPP || err == -EAFNOSUPPORT)
		return;
	must(err, "add a VRF");
	must(rtnl_link_up(dev, true), "set it up");
}

/*
 * Namespace 0 has all there can be; 1 has no rules of its own, so that its
 * tables main and local are one.
 */
static void fill(int net, __u32 vrf_table)
{
	must(rtnl_link_up("lo", true), "set lo up");
	add_device("d0");
	add_device("d1");
	must(rtnl_altname_add("d0", "alt"), "add a name");
	add_addresses(0, FIRST_ADDRESSES);
	if (net)
		return;

	add_vrf("red", RED_TABLE);
	add_vrf("blue", vrf_table);
	add_device("d2");
	add_device(LONG_NAME);
	if (if_nametoindex("red"))
		must(rtnl_link_master("d2", "red"), "add a member to a VRF");
	add_addresses(COMMON_ADDRESSES, MORE_ADDRESSES);
}

void world_open(struct world *world, const struct sequence *sequence)
{
	int net;

	for (net = 0; net < STEP_NETS; net++) {
		if (unshare(CLONE_NEWNET))
			ksft_exit_fail_perror("unshare");
		fill(net, sequence->vrf_table);
		world->net[net].ns = open("/proc/self/ns/net",
					  O_RDONLY | O_CLOEXEC);
		must(world->net[net].ns, "open /proc/self/ns/net");
		world->net[net].sock = socket(AF_INET,
					      SOCK_DGRAM | SOCK_CLOEXEC, 0);
		must(world->net[net].sock, "open a socket");
		world->net[net].monitor = fib_monitor();
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
	struct rtentry rt = request->rt;
	void *arg;
	int error;

	if (!rt_pages) {
		rt_pages = map_pages();
		name_pages = map_pages();
	}
	rt.rt_dev = lay(name_pages, &request->name_place, request->name,
			sizeof(request->name));
	arg = lay(rt_pages, &request->place, &rt, sizeof(rt));

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

static void note(const struct nlmsghdr *hdr, void *data)
{
	struct record *record = data;
	struct nlmsghdr head = *hdr;
	char route[FIB_TEXT];

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

static int change(const struct step *step)
{
	const struct step_change *change = &step->change;

	switch (step->kind) {
	case STEP_ROUTE:
		return change->add ?
			rtnl_route_add(&change->route, change->flags) :
			rtnl_route_delete(&change->route);
	case STEP_ADDRESS:
		return change->add ? rtnl_address_add(change->address) :
				     rtnl_address_delete(change->address);
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
		if (step->kind == STEP_DUMP)
			must(fib_visit_routes(note, &record), "read the tables");
	}
	if (record.text)
		fclose(record.text);
}
