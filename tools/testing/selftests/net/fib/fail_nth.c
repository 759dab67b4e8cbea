// SPDX-License-Identifier: GPL-2.0
/*
 * Changes for which memory runs out, at any place where they ask for it: the
 * first such place fails, then the second, until a change meets none that does.
 *
 * Whatever fails has changed nothing, nobody has been told of a change, and the
 * same then succeeds. Whatever succeeds in spite of a fault has done all of it.
 *
 * A table keeps memory for what comes next, so each change has a table of its
 * own, which takes less time than a network namespace of its own.
 */
#include "lookup.h"
#include "memory_faults.h"

/* What can be appended to, replaced or deleted. */
static const struct rtnl_route link_route = {
	.dst = "10.9.0.0/16", .dev = "d0",
	.protocol = RTPROT_STATIC, .scope = RT_SCOPE_LINK, .type = RTN_UNICAST,
};

static const struct rtnl_route via_route = {
	.dst = "10.9.0.0/16", .gateway = "10.1.0.2",
	.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

static const struct rtnl_route metric_route = {
	.dst = "10.9.0.0/16", .gateway = "10.1.0.3",
	.priority = 7, .protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

static const struct rtnl_route metrics_route = {
	.dst = "10.9.0.0/16", .gateway = "10.1.0.2",
	.advmss = 1400, .protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

static const struct rtnl_route tos_route = {
	.dst = "10.9.0.0/16", .gateway = "10.1.0.2",
	.tos = 0x10, .protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

static const struct rtnl_route default_route = {
	.dst = "0.0.0.0/0", .gateway = "10.1.0.2",
	.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

static const struct rtnl_route multipath_route = {
	.dst = "10.9.0.0/16",
	.hops = { "10.1.0.2", "10.2.0.2", "10.1.0.3" },
	.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

static const struct rtnl_route object_route = {
	.dst = "10.9.0.0/16", .nexthop = 5,
	.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

/* Not the last address, whose broadcast route would be added twice. */
static const struct rtnl_address address = {
	.dev = "d0", .local = "10.3.0.1/24", .broadcast = "10.3.0.254",
};

/* The table of the routes. */
static __u32 table;

/* What has been added to it, or was to be. */
static struct {
	int count;
	struct {
		char dst[32];
		unsigned char tos;
	} route[FIB_ROUTES];
} added;

static int add(const struct rtnl_route *route, unsigned int flags)
{
	struct rtnl_route ours = *route;
	const int number = added.count++;

	if (number >= FIB_ROUTES)
		return -E2BIG;
	snprintf(added.route[number].dst, sizeof(added.route[number].dst),
		 "%s", route->dst);
	added.route[number].tos = route->tos;
	ours.table = table;
	return rtnl_route_add(&ours, flags);
}

static int replace_with(const struct rtnl_route *route)
{
	struct rtnl_route ours = *route;

	ours.table = table;
	return rtnl_route_replace(&ours);
}

static int delete(const struct rtnl_route *route)
{
	struct rtnl_route ours = *route;

	ours.table = table;
	return rtnl_route_delete(&ours);
}

/* Routes from here on, one after the other, in a range of their own. */
#define MANY	20

static struct rtnl_route one_of_many(int number, char dst[32])
{
	struct rtnl_route route = via_route;

	snprintf(dst, 32, "10.9.0.%d/32", number);
	route.dst = dst;
	return route;
}

/*
 * As many as one leaf of the FIB in Rust has room for. No two are side by side,
 * so each takes two of its 59 records.
 */
#define FULL	29

static int add_network(int number, int length)
{
	struct rtnl_route route = via_route;
	char dst[32];

	if (length == 8)
		snprintf(dst, sizeof(dst), "%d.0.0.0/8", 20 + 2 * number);
	else
		snprintf(dst, sizeof(dst), "%d.%d.0.0/16",
			 10 + number / 2 % 2, 100 + 2 * number);
	route.dst = dst;
	return add(&route, NLM_F_EXCL);
}

/* Of one length and another, in turn. */
static int networks(int count, int even, int odd)
{
	int i, err = 0;

	for (i = 0; i < count && !err; i++)
		err = add_network(i, i % 2 ? odd : even);
	return err;
}

static int full_leaf(void)
{
	return networks(FULL, 8, 16);
}

static int full_leaf_of_short(void)
{
	return networks(FULL, 8, 8);
}

static int page(void)
{
	return networks(FULL + 1, 8, 8);
}

static int branch(void)
{
	return networks(FULL + 1, 8, 16);
}

static int branch_without_rest(void)
{
	return networks(FULL + 1, 16, 16);
}

static int add_next_network(void)
{
	return add_network(FULL, 8);
}

static int no_table(void)
{
	return 0;
}

static int some_route(void)
{
	const struct rtnl_route route = {
		.dst = "10.99.0.0/16", .protocol = RTPROT_STATIC,
		.type = RTN_BLACKHOLE,
	};

	return add(&route, NLM_F_EXCL);
}

static int many(void)
{
	char dst[32];
	int i, err = some_route();

	for (i = 0; i < MANY && !err; i++) {
		struct rtnl_route route = one_of_many(i, dst);

		err = add(&route, NLM_F_EXCL);
	}
	return err;
}

static int add_link(void)
{
	return add(&link_route, NLM_F_EXCL);
}

static int add_via(void)
{
	return add(&via_route, NLM_F_EXCL);
}

static int add_metrics(void)
{
	return add(&metrics_route, NLM_F_EXCL);
}

static int add_tos(void)
{
	return add(&tos_route, NLM_F_EXCL);
}

static int add_default(void)
{
	return add(&default_route, NLM_F_EXCL);
}

static int add_multipath(void)
{
	return add(&multipath_route, NLM_F_EXCL);
}

static int add_object(void)
{
	return some_route() ?: rtnl_nexthop_add(5, "d0", "10.1.0.2");
}

static int add_with_object(void)
{
	return add(&object_route, NLM_F_EXCL);
}

static int add_next_of_many(void)
{
	char dst[32];
	struct rtnl_route route = one_of_many(MANY, dst);

	return add(&route, NLM_F_EXCL);
}

static int add_other_metric(void)
{
	return add(&metric_route, NLM_F_EXCL);
}

static int append(void)
{
	struct rtnl_route route = via_route;

	route.gateway = "10.1.0.9";
	return add(&route, NLM_F_APPEND);
}

static int prepend(void)
{
	struct rtnl_route route = via_route;

	route.gateway = "10.1.0.9";
	return add(&route, 0);
}

static int replace(void)
{
	struct rtnl_route route = via_route;

	route.gateway = "10.1.0.9";
	return replace_with(&route);
}

static int replace_none(void)
{
	return add(&via_route, NLM_F_REPLACE);
}

static int replace_by_metrics(void)
{
	return replace_with(&metrics_route);
}

static int replace_by_multipath(void)
{
	return replace_with(&multipath_route);
}

static int via_and_metric(void)
{
	return add_via() ?: add_other_metric();
}

static int via_metric_and_tos(void)
{
	return via_and_metric() ?: add_tos();
}

static int object_and_routes(void)
{
	int err = add_object() ?: add_with_object() ?: add_other_metric();
	struct rtnl_route route = object_route;

	route.dst = "10.10.0.0/16";
	return err ?: add(&route, NLM_F_EXCL);
}

static int delete_via(void)
{
	return delete(&via_route);
}

static int delete_link(void)
{
	return delete(&link_route);
}

static int delete_metrics(void)
{
	return delete(&metrics_route);
}

static int delete_default(void)
{
	return delete(&default_route);
}

static int delete_multipath(void)
{
	return delete(&multipath_route);
}

static int delete_one_of_many(void)
{
	char dst[32];
	struct rtnl_route route = one_of_many(MANY / 2, dst);

	return delete(&route);
}

static int delete_object(void)
{
	return rtnl_nexthop_delete(5);
}

static int replace_object(void)
{
	return rtnl_nexthop_replace(5, "d1", "10.2.0.9");
}

static int part_local(void)
{
	return rtnl_rule_add(100, 1000);
}

static int part_local_for_any_table(void)
{
	return rtnl_rule_add(100, RT_TABLE_UNSPEC);
}

static int address_add(void)
{
	return rtnl_address_add(&address);
}

static int address_delete(void)
{
	return rtnl_address_delete(&address);
}

static int address_and_routes(void)
{
	struct rtnl_route route = link_route;

	route.prefsrc = "10.3.0.1";
	return address_add() ?: add(&route, NLM_F_EXCL);
}

static int routes_by_both(void)
{
	return many() ?: add_multipath() ?: add_other_metric() ?: add_default();
}

static int link_down(void)
{
	return rtnl_link_up("d0", false);
}

FIXTURE(fail_nth)
{
	struct host host;
	int nth;
	struct fault_setting settings[ARRAY_SIZE(memory_faults)];
};

FIXTURE_VARIANT(fail_nth)
{
	int (*before)(void);
	int (*change)(void);
	int refusals;	/* at most: those of a message. 0: of the FIB as well */
	bool fresh;	/* it is about more than a table */
	bool silent;	/* the kernel tells nobody what of it fails */
};

FIXTURE_VARIANT_ADD(fail_nth, add_link)
{
	.before = some_route,
	.change = add_link,
};

FIXTURE_VARIANT_ADD(fail_nth, add_via)
{
	.before = some_route,
	.change = add_via,
};

FIXTURE_VARIANT_ADD(fail_nth, add_metrics)
{
	.before = some_route,
	.change = add_metrics,
};

FIXTURE_VARIANT_ADD(fail_nth, add_default)
{
	.before = some_route,
	.change = add_default,
};

FIXTURE_VARIANT_ADD(fail_nth, add_multipath)
{
	.before = some_route,
	.change = add_multipath,
};

FIXTURE_VARIANT_ADD(fail_nth, add_with_object)
{
	.before = add_object,
	.change = add_with_object,
};

FIXTURE_VARIANT_ADD(fail_nth, add_to_new_table)
{
	.before = no_table,
	.change = add_via,
};

FIXTURE_VARIANT_ADD(fail_nth, add_beside_many)
{
	.before = many,
	.change = add_next_of_many,
};

FIXTURE_VARIANT_ADD(fail_nth, add_covering_many)
{
	.before = many,
	.change = add_via,
};

FIXTURE_VARIANT_ADD(fail_nth, leaf_becomes_branch)
{
	.before = full_leaf,
	.change = add_next_network,
};

FIXTURE_VARIANT_ADD(fail_nth, leaf_becomes_page)
{
	.before = full_leaf_of_short,
	.change = add_next_network,
};

FIXTURE_VARIANT_ADD(fail_nth, page_becomes_branch)
{
	.before = page,
	.change = add_via,
};

FIXTURE_VARIANT_ADD(fail_nth, add_to_rest_of_branch)
{
	.before = branch_without_rest,
	.change = add_default,
};

FIXTURE_VARIANT_ADD(fail_nth, add_other_metric)
{
	.before = add_via,
	.change = add_other_metric,
};

FIXTURE_VARIANT_ADD(fail_nth, add_other_tos)
{
	.before = via_and_metric,
	.change = add_tos,
};

FIXTURE_VARIANT_ADD(fail_nth, append)
{
	.before = add_via,
	.change = append,
};

FIXTURE_VARIANT_ADD(fail_nth, append_between)
{
	.before = via_metric_and_tos,
	.change = append,
};

FIXTURE_VARIANT_ADD(fail_nth, prepend)
{
	.before = via_and_metric,
	.change = prepend,
};

FIXTURE_VARIANT_ADD(fail_nth, replace)
{
	.before = add_via,
	.change = replace,
};

FIXTURE_VARIANT_ADD(fail_nth, replace_one_of_several)
{
	.before = via_metric_and_tos,
	.change = replace,
};

FIXTURE_VARIANT_ADD(fail_nth, replace_by_metrics)
{
	.before = add_via,
	.change = replace_by_metrics,
};

FIXTURE_VARIANT_ADD(fail_nth, replace_by_multipath)
{
	.before = add_via,
	.change = replace_by_multipath,
};

FIXTURE_VARIANT_ADD(fail_nth, replace_none)
{
	.before = some_route,
	.change = replace_none,
};

FIXTURE_VARIANT_ADD(fail_nth, part_local)
{
	.before = many,
	.change = part_local,
	.fresh = true,
};

FIXTURE_VARIANT_ADD(fail_nth, part_local_for_any_table)
{
	.before = no_table,
	.change = part_local_for_any_table,
	.fresh = true,
};

FIXTURE_VARIANT_ADD(fail_nth, address_add)
{
	.before = no_table,
	.change = address_add,
	.fresh = true,
	.silent = true,
};

FIXTURE_VARIANT_ADD(fail_nth, object_replace)
{
	.before = object_and_routes,
	.change = replace_object,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_link)
{
	.before = add_link,
	.change = delete_link,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_metrics)
{
	.before = add_metrics,
	.change = delete_metrics,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_default)
{
	.before = add_default,
	.change = delete_default,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_multipath)
{
	.before = add_multipath,
	.change = delete_multipath,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_one_of_two)
{
	.before = via_and_metric,
	.change = delete_via,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_one_of_three)
{
	.before = via_metric_and_tos,
	.change = delete_via,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, delete_one_of_many)
{
	.before = many,
	.change = delete_one_of_many,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, object_delete)
{
	.before = object_and_routes,
	.change = delete_object,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, address_delete)
{
	.before = address_and_routes,
	.change = address_delete,
	.refusals = 3,
};

FIXTURE_VARIANT_ADD(fail_nth, link_down)
{
	.before = routes_by_both,
	.change = link_down,
	.refusals = 4,
};

FIXTURE_VARIANT_ADD(fail_nth, link_down_empties_branch)
{
	.before = branch,
	.change = link_down,
	.refusals = 4,
};

FIXTURE_SETUP(fail_nth)
{
	const char *missing;

	self->nth = fault_nth_open();
	if (self->nth < 0)
		SKIP(return, "this kernel injects no faults");
	memcpy(self->settings, memory_faults, sizeof(memory_faults));
	missing = fault_settings_apply(self->settings,
				       ARRAY_SIZE(memory_faults));
	if (missing)
		SKIP(return, "cannot set %s", missing);
}

FIXTURE_TEARDOWN(fail_nth)
{
	EXPECT_TRUE(fault_settings_restore(self->settings,
					   ARRAY_SIZE(memory_faults)));
}

/* What is to fail of the next request, and what has come of it. */
static struct {
	int fd;
	int nth;	/* 0: nothing */
	bool failed;
	bool unanswered;	/* it was the answer that failed */
} fault;

static int exchange_under_fault(const struct nlmsghdr *request)
{
	struct {
		struct nlmsghdr hdr;
		struct nlmsgerr err;
		char request[1024];
	} reply;
	int sock, ret = 0;
	ssize_t sent;

	fault.failed = false;
	fault.unanswered = false;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -errno;

	if (fault.nth && !fault_nth_begin(fault.fd, fault.nth))
		return -errno;
	/* The kernel has made the change before this returns. */
	sent = send(sock, request, request->nlmsg_len, 0);
	if (sent < 0)
		ret = -errno;
	if (fault.nth)
		fault.failed = fault_nth_end(fault.fd);

	if (sent >= 0 && recv(sock, &reply, sizeof(reply), MSG_DONTWAIT) < 0) {
		ret = -errno;
		fault.unanswered = ret == -ENOBUFS;
	} else if (sent >= 0) {
		ret = reply.err.error;
	}
	close(sock);
	return ret;
}

/* Puts the network in the state in which the change is to come. */
static void enter(struct __test_metadata *_metadata, struct host *host,
		  int (*before)(void), bool fresh)
{
	if (fresh || !table) {
		host_setup(_metadata, host);
		table = 1;
	}
	/* The last change may have set it down. */
	ASSERT_EQ(0, rtnl_link_up("d0", true));
	/* In a dump, all of these are in one place. */
	table += 256;
	ASSERT_EQ(0, before());
	host_forget_events(_metadata, host);
}

static void leave(const struct host *host, bool fresh)
{
	int i;

	if (fresh) {
		close(host->sock);
		close(host->monitor);
		added.count = 0;
		return;
	}
	rtnl_nexthop_delete(5);
	for (i = 0; i < added.count; i++) {
		const struct rtnl_route route = {
			.dst = added.route[i].dst, .tos = added.route[i].tos,
			.scope = RT_SCOPE_NOWHERE,
		};

		delete(&route);
	}
	added.count = 0;
}

/* What a change comes to. */
struct result {
	struct fib fib;
	int events;
	struct fib_event event[FIB_ROUTES];
};

/* Gives the table, if it is the one of the change, the same name always. */
static void name_table(char text[FIB_TEXT])
{
	char number[32], copy[FIB_TEXT], *found;

	snprintf(number, sizeof(number), " table %u ", table);
	found = strstr(text, number);
	if (found) {
		snprintf(copy, sizeof(copy), "%s", found + strlen(number));
		snprintf(found, FIB_TEXT - (found - text), " table own %s",
			 copy);
	}
}

static void result_read(struct __test_metadata *_metadata,
			const struct host *host, struct result *result)
{
	int i;

	ASSERT_EQ(0, fib_read(AF_INET, &result->fib));
	result->events = fib_events(host->monitor, result->event,
				    ARRAY_SIZE(result->event));
	ASSERT_GE((int)ARRAY_SIZE(result->event), result->events);
	for (i = 0; i < result->fib.count; i++)
		name_table(result->fib.route[i]);
	for (i = 0; i < result->events; i++)
		name_table(result->event[i].route);
}

static bool same_events(const struct result *a, const struct result *b)
{
	int i;

	for (i = 0; i < a->events && i < b->events; i++)
		if (a->event[i].type != b->event[i].type ||
		    a->event[i].flags != b->event[i].flags ||
		    strcmp(a->event[i].route, b->event[i].route))
			return false;
	return a->events == b->events;
}

static void print_events(const struct result *result)
{
	int i;

	for (i = 0; i < result->events; i++)
		fprintf(stderr, "#   %s, flags %#x: %s\n",
			result->event[i].type == RTM_NEWROUTE ? "new" : "gone",
			result->event[i].flags, result->event[i].route);
	if (result->events < 0)
		fprintf(stderr, "#   %s\n", strerror(-result->events));
}

/* All that was to be done has been, and all have been told who could be. */
static void expect_all_done(struct __test_metadata *_metadata, int nth,
			    const struct result *wanted,
			    const struct result *got, bool failed)
{
	EXPECT_TRUE(fib_equal(&wanted->fib, &got->fib)) {
		TH_LOG("place %d: success, but the tables are", nth);
		fib_print(&got->fib);
		TH_LOG("instead of");
		fib_print(&wanted->fib);
	}
	/* Who cannot be told is told that this is so. */
	EXPECT_TRUE(same_events(wanted, got) ||
		    (failed && wanted->events && got->events == -ENOBUFS)) {
		TH_LOG("place %d: success, but the notifications are", nth);
		print_events(got);
		TH_LOG("instead of");
		print_events(wanted);
	}
}

/* Whether @fib holds nothing but routes of @all, in their order. */
static bool is_part(const struct fib *fib, const struct fib *all)
{
	int i, j = 0;

	for (i = 0; i < all->count && j < fib->count; i++)
		if (!strcmp(all->route[i], fib->route[j]))
			j++;
	return j == fib->count;
}

TEST_F_TIMEOUT(fail_nth, every_allocation, 900)
{
	static struct result before, wanted, got;
	int nth, err, refusals = 0, unanswered = 0, unheard = 0, partly = 0;
	bool failed = true;

	fault.fd = self->nth;
	fault.nth = 0;
	enter(_metadata, &self->host, variant->before, variant->fresh);
	result_read(_metadata, &self->host, &before);
	ASSERT_EQ(0, variant->change());
	result_read(_metadata, &self->host, &wanted);
	leave(&self->host, variant->fresh);

	for (nth = 1; failed; nth++) {
		enter(_metadata, &self->host, variant->before, variant->fresh);

		fault.nth = nth;
		rtnl_exchange = exchange_under_fault;
		err = variant->change();
		fault.nth = 0;
		failed = fault.failed;
		result_read(_metadata, &self->host, &got);
		/* Whatever has come of it. */
		EXPECT_TRUE(lookup_self()) {
			TH_LOG("place %d: no route to localhost", nth);
		}

		if (fault.unanswered)
			unanswered++;
		if (got.events == -ENOBUFS)
			unheard++;
		if (!err && variant->silent && failed &&
		    got.fib.count != wanted.fib.count) {
			partly++;
			EXPECT_TRUE(is_part(&before.fib, &got.fib) &&
				    is_part(&got.fib, &wanted.fib)) {
				TH_LOG("place %d: the tables are", nth);
				fib_print(&got.fib);
			}
			EXPECT_TRUE(got.events == -ENOBUFS ||
				    got.events == got.fib.count -
						  before.fib.count) {
				TH_LOG("place %d: %d notifications", nth,
				       got.events);
			}
		} else if (!err || fault.unanswered) {
			expect_all_done(_metadata, nth, &wanted, &got, failed);
		} else {
			refusals++;
			/* The last is for a request that cannot be read. */
			EXPECT_TRUE(failed &&
				    (err == -ENOMEM || err == -ENOBUFS ||
				     err == -EFAULT)) {
				TH_LOG("place %d: %s", nth, strerror(-err));
			}
			EXPECT_TRUE(fib_equal(&before.fib, &got.fib)) {
				TH_LOG("place %d: %s, but the tables are", nth,
				       strerror(-err));
				fib_print(&got.fib);
			}
			EXPECT_EQ(0, got.events) {
				TH_LOG("place %d: %s, but notified", nth,
				       strerror(-err));
			}
			ASSERT_EQ(0, variant->change()) {
				TH_LOG("place %d: not afterwards either", nth);
			}
			result_read(_metadata, &self->host, &got);
			expect_all_done(_metadata, nth, &wanted, &got, false);
		}
		leave(&self->host, variant->fresh);
	}
	nth -= 2;

	TH_LOG("%d faults: %d refusals, %d answers and %d notifications lost, %d half done",
	       nth, refusals, unanswered, unheard, partly);
	EXPECT_LT(0, unanswered);
	EXPECT_LT(0, refusals);
	/*
	 * Two allocations and a copy are for the message that asks; one more,
	 * if it is about a link.
	 */
	EXPECT_TRUE(variant->refusals ? refusals <= variant->refusals :
					refusals > 3);
}

TEST_HARNESS_MAIN
