// SPDX-License-Identifier: GPL-2.0
/*
 * Measures the FIB of the kernel that it is loaded into:
 *
 *   insmod fib_bench.ko routes=FILE oif=NUMBER tables=NUMBER rounds=NUMBER
 *                       tries=NUMBER
 *
 * FILE holds routes by gateways on the device of number oif, struct prefix
 * below. They are put into so many tables: of one with few routes, one alone
 * would take less memory than can be told. Then addresses are looked up in the
 * first table, each when the one before has been found.
 *
 * Says what it finds in the kernel's log, a name and a number a line: bytes of
 * all tables, picoseconds of a lookup by set of addresses, nanoseconds of an
 * insertion on average and of the longest one, by rtnetlink. What else runs on
 * the machine takes time away: of some rounds of insertions and some tries of
 * lookups, the fastest count, each for itself.
 */

#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/kernel_read_file.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vmalloc.h>
#include <linux/vmstat.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>

#define FIRST_TABLE	1000
#define LOOKUPS		262144
#define PIECE		32768
/* Seconds after which all is free that was to be freed after RCU. */
#define SETTLED		6

struct prefix {
	__be32 address;
	__be32 gateway;
	u32 length;
};

struct message {
	struct nlmsghdr header;
	struct rtmsg route;
	struct {
		struct rtattr type;
		__be32 value;
	} attributes[4];
};

static char *routes;
module_param(routes, charp, 0);

static uint oif;
module_param(oif, uint, 0);

static uint tables = 1;
module_param(tables, uint, 0);

static uint rounds = 1;
module_param(rounds, uint, 0);

static uint tries = 1;
module_param(tries, uint, 0);

static const struct prefix *prefixes;
static size_t count;

/* Zero, which the compiler does not know. */
static u32 nothing;

static u32 random_number(void)
{
	static u64 state = 88172645463325252ULL;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 32;
}

static int change(struct socket *sock, u16 type, u32 table,
		  const struct prefix *prefix)
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
			.rtm_protocol = RTPROT_BIRD,
			.rtm_scope = RT_SCOPE_UNIVERSE,
			.rtm_type = RTN_UNICAST,
		},
		.attributes = {
			{ { 8, RTA_DST }, prefix->address },
			{ { 8, RTA_GATEWAY }, prefix->gateway },
			{ { 8, RTA_OIF }, (__force __be32)oif },
			{ { 8, RTA_TABLE }, (__force __be32)table },
		},
	};
	/* An address says that the kernel, and nobody's file, asks for it. */
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct msghdr msg = { .msg_name = &kernel, .msg_namelen = sizeof(kernel) };
	struct kvec vec = { &message, sizeof(message) };
	int ret = kernel_sendmsg(sock, &msg, &vec, 1, sizeof(message));

	if (ret < 0)
		return ret;
	/* Nothing but an error is answered. */
	return skb_queue_empty(&sock->sk->sk_receive_queue) ? 0 : -EINVAL;
}

static int change_all(struct socket *sock, u16 type, u32 *least)
{
	u32 table;
	size_t i;
	int err;

	for (table = FIRST_TABLE; table < FIRST_TABLE + tables; table++) {
		for (i = 0; i < count; i++) {
			u64 start = ktime_get_ns();

			err = change(sock, type, table, &prefixes[i]);
			if (err)
				return err;
			if (least)
				least[i] = min(least[i],
					       ktime_get_ns() - start);
			cond_resched();
		}
	}
	rcu_barrier();
	return 0;
}

/* Bytes of what FIBs are made of. */
static s64 memory(void)
{
	s64 pages;

	/* Without SMP, nothing is kept to be freed by the dozen. */
	if (IS_ENABLED(CONFIG_SMP))
		ssleep(SETTLED);
	rcu_barrier();
	pages = global_node_page_state_pages(NR_SLAB_UNRECLAIMABLE_B) +
		global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B) +
		global_node_page_state(NR_VMALLOC);
	return pages << PAGE_SHIFT;
}

static noinline u32 look_up(struct fib_table *table, const u32 *addresses)
{
	struct fib_result res = {};
	struct flowi4 fl4 = {};
	u32 mask = READ_ONCE(nothing), sum = 0;
	size_t i;

	rcu_read_lock();
	for (i = 0; i < PIECE; i++) {
		int err;

		fl4.daddr = htonl(addresses[i] ^ (sum & mask));
		err = fib_table_lookup(table, &fl4, &res, FIB_LOOKUP_NOREF);
		if (err)
			sum += err;
		else
			sum += res.prefixlen ^ (__force u32)res.nhc->nhc_gw.ipv4;
	}
	rcu_read_unlock();
	return sum;
}

static void measure(const char *set, struct fib_table *table, u32 *addresses)
{
	u64 total = 0;
	u32 sum = 0;
	size_t i;
	uint j;

	for (i = 0; i < LOOKUPS; i += PIECE) {
		u64 least = U64_MAX;

		for (j = 0; j < tries; j++) {
			u64 start = ktime_get_ns();
			u32 found = look_up(table, addresses + i);

			least = min(least, ktime_get_ns() - start);
			if (!j)
				sum += found;
			cond_resched();
		}
		total += least;
	}
	pr_info("%s %llu\n", set, total * 1000 / LOOKUPS);
	/* The same addresses must lead to the same routes in any kernel. */
	pr_info("%s.sum %u\n", set, sum);
}

static u32 address_in_table(void)
{
	const struct prefix *prefix = &prefixes[random_number() % count];
	u64 host = random_number();

	return ntohl(prefix->address) | host >> prefix->length;
}

static void measure_hot(const char *set, struct fib_table *table,
			u32 *addresses, size_t hot)
{
	size_t i;

	for (i = 0; i < hot; i++)
		addresses[i] = address_in_table();
	for (i = hot; i < LOOKUPS; i++)
		addresses[i] = addresses[random_number() % hot];
	measure(set, table, addresses);
}

static int measure_lookups(void)
{
	u32 *addresses = vmalloc_array(LOOKUPS, sizeof(*addresses));
	struct fib_table *table;
	size_t i;

	if (!addresses)
		return -ENOMEM;
	rtnl_lock();
	table = fib_new_table(&init_net, FIRST_TABLE);
	rtnl_unlock();

	for (i = 0; i < LOOKUPS; i++)
		addresses[i] = random_number() % 0xe0000000;
	measure("random", table, addresses);
	for (i = 0; i < LOOKUPS; i++)
		addresses[i] = address_in_table();
	measure("table", table, addresses);
	measure_hot("hot1024", table, addresses, 1024);
	measure_hot("hot64", table, addresses, 64);
	vfree(addresses);
	return 0;
}

static void say_insertions(const u32 *least)
{
	u64 total = 0, longest = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		total += least[i];
		longest = max(longest, least[i]);
	}
	pr_info("insert %llu\n", total / count);
	pr_info("longest %llu\n", longest);
}

static int measure_all(struct socket *sock, u32 *least)
{
	s64 before = memory();
	uint round;
	int err;

	err = change_all(sock, RTM_NEWROUTE, least);
	if (err)
		return err;
	pr_info("bytes %lld\n", memory() - before);
	err = measure_lookups();
	for (round = 1; !err && round < rounds; round++) {
		err = change_all(sock, RTM_DELROUTE, NULL);
		if (!err)
			err = change_all(sock, RTM_NEWROUTE, least);
	}
	if (!err)
		say_insertions(least);
	return err;
}

static int __init fib_bench_init(void)
{
	void *data = NULL;
	struct socket *sock;
	u32 *least;
	ssize_t size;
	int err;

	size = kernel_read_file_from_path(routes, 0, &data, INT_MAX, NULL,
					  READING_UNKNOWN);
	if (size < 0)
		return size;
	prefixes = data;
	count = size / sizeof(*prefixes);

	err = -ENOMEM;
	least = vmalloc_array(count, sizeof(*least));
	if (!least)
		goto free_data;
	memset(least, 0xff, count * sizeof(*least));

	err = sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE,
			       &sock);
	if (err)
		goto free_least;
	err = measure_all(sock, least);
	sock_release(sock);
free_least:
	vfree(least);
free_data:
	vfree(data);
	if (err)
		pr_err("failed %d\n", err);
	return err;
}
module_init(fib_bench_init);

/* Were there no module to remove, a program would try to load it again. */
static void __exit fib_bench_exit(void)
{
}
module_exit(fib_bench_exit);

MODULE_DESCRIPTION("Measures the FIB");
MODULE_LICENSE("GPL");
