// SPDX-License-Identifier: GPL-2.0
/*
 * A request for which memory runs out, or whose bytes cannot be read any more,
 * at any place where the kernel asks for either: the first such place fails,
 * then the second, until the request meets none that does.
 *
 * See Documentation/fault-injection/fault-injection.rst.
 */
#include "faults.h"
#include "route_ioctl.h"

#define LINK "unicast 10.9.0.0/16 dev d0 table main proto boot scope link"
#define VIA "unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global"
#define REJECT "unreachable 10.9.0.0/16 table main proto boot scope host"
#define IPV6(route) "unicast " route " proto boot scope global metric 1024"

/* What the tests need set. */
static const struct fault_setting settings[] = {
	/* Requests may wait for memory; that they need not get it either. */
	{ "/sys/kernel/debug/failslab/ignore-gfp-wait", "N" },
	{ "/sys/kernel/debug/failslab/verbose", "0" },
	{ "/sys/kernel/debug/fail_usercopy/verbose", "0" },
};

FIXTURE(failnth)
{
	struct host host;
	int nth;	/* which of the places to come is to fail */
	struct fault_setting settings[ARRAY_SIZE(settings)];
};

FIXTURE_VARIANT(failnth)
{
	struct entry entry;
	unsigned long cmd;
	const char *route;
	bool fresh;	/* no request may have come before */
	bool bare;	/* a namespace that has no table yet */
};

FIXTURE_VARIANT_ADD(failnth, add_link)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0" },
	.cmd = SIOCADDRT,
	.route = LINK,
};

FIXTURE_VARIANT_ADD(failnth, add_gateway)
{
	.entry = { .dst = "10.9.0.0/16", .gateway = "10.1.0.2",
		   .flags = RTF_GATEWAY },
	.cmd = SIOCADDRT,
	.route = VIA,
};

FIXTURE_VARIANT_ADD(failnth, add_metrics)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0", .mtu = 1500,
		   .window = 4000, .irtt = 1,
		   .flags = RTF_MTU | RTF_WINDOW | RTF_IRTT },
	.cmd = SIOCADDRT,
	.route = LINK " window 4000 rtt 8 advmss 1460",
};

FIXTURE_VARIANT_ADD(failnth, add_label)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0:1" },
	.cmd = SIOCADDRT,
	.route = LINK " src 10.3.0.1",
};

FIXTURE_VARIANT_ADD(failnth, add_reject)
{
	.entry = { .dst = "10.9.0.0/16", .flags = RTF_REJECT },
	.cmd = SIOCADDRT,
	.route = REJECT,
};

FIXTURE_VARIANT_ADD(failnth, add_to_new_table)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "red" },
	.cmd = SIOCADDRT,
	.route = "unicast 10.9.0.0/16 dev red table 100 proto boot scope link",
	.fresh = true,
};

FIXTURE_VARIANT_ADD(failnth, add_first_of_namespace)
{
	.entry = { .dst = "10.9.0.0/16", .flags = RTF_REJECT },
	.cmd = SIOCADDRT,
	.route = REJECT,
	.fresh = true,
	.bare = true,
};

FIXTURE_VARIANT_ADD(failnth, delete_link)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0" },
	.cmd = SIOCDELRT,
	.route = LINK,
};

FIXTURE_VARIANT_ADD(failnth, delete_gateway)
{
	.entry = { .dst = "10.9.0.0/16", .gateway = "10.1.0.2",
		   .flags = RTF_GATEWAY },
	.cmd = SIOCDELRT,
	.route = VIA,
};

FIXTURE_VARIANT_ADD(failnth, ipv6_add_link)
{
	.entry = { .dst = "2001:db8:9::/48", .dev = "d0" },
	.cmd = SIOCADDRT,
	.route = IPV6("2001:db8:9::/48 dev d0 table main"),
};

FIXTURE_VARIANT_ADD(failnth, ipv6_add_gateway)
{
	.entry = { .dst = "2001:db8:9::/48", .gateway = "2001:db8:1::2",
		   .flags = RTF_GATEWAY },
	.cmd = SIOCADDRT,
	.route = IPV6("2001:db8:9::/48 via 2001:db8:1::2 dev d0 table main"),
};

FIXTURE_VARIANT_ADD(failnth, ipv6_add_reject)
{
	.entry = { .dst = "2001:db8:9::/48", .flags = RTF_REJECT },
	.cmd = SIOCADDRT,
	.route = IPV6("2001:db8:9::/48 dev lo table main"),
};

FIXTURE_VARIANT_ADD(failnth, ipv6_add_to_vrf)
{
	.entry = { .dst = "2001:db8:9::/48", .dev = "red" },
	.cmd = SIOCADDRT,
	.route = IPV6("2001:db8:9::/48 dev red table 100"),
};

FIXTURE_VARIANT_ADD(failnth, ipv6_delete_link)
{
	.entry = { .dst = "2001:db8:9::/48", .dev = "d0" },
	.cmd = SIOCDELRT,
	.route = IPV6("2001:db8:9::/48 dev d0 table main"),
};

FIXTURE_VARIANT_ADD(failnth, ipv6_delete_gateway)
{
	.entry = { .dst = "2001:db8:9::/48", .gateway = "2001:db8:1::2",
		   .flags = RTF_GATEWAY },
	.cmd = SIOCDELRT,
	.route = IPV6("2001:db8:9::/48 via 2001:db8:1::2 dev d0 table main"),
};

FIXTURE_VARIANT_ADD(failnth, delete_reject)
{
	.entry = { .dst = "10.9.0.0/16", .flags = RTF_REJECT },
	.cmd = SIOCDELRT,
	.route = REJECT,
};

FIXTURE_SETUP(failnth)
{
	const char *missing;

	self->nth = fault_nth_open();
	if (self->nth < 0)
		SKIP(return, "this kernel injects no faults");
	memcpy(self->settings, settings, sizeof(settings));
	missing = fault_settings_apply(self->settings, ARRAY_SIZE(settings));
	if (missing)
		SKIP(return, "cannot set %s", missing);
}

FIXTURE_TEARDOWN(failnth)
{
	EXPECT_TRUE(fault_settings_restore(self->settings,
					   ARRAY_SIZE(settings)));
}

static void host_setup_again(struct __test_metadata *_metadata,
			     struct host *host, int family, bool bare)
{
	const struct rtnl_address address = {
		.dev = "d0", .local = "10.3.0.1/24", .label = "d0:1",
	};

	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	if (bare) {
		host_open(_metadata, host, family);
		return;
	}
	host_fill(_metadata, host, family);
	if (family == AF_INET)
		ASSERT_EQ(0, rtnl_address_add(&address));
	ASSERT_EQ(0, rtnl_vrf_add("red", 100));
	ASSERT_EQ(0, rtnl_link_up("red", true));
}

/* Returns 0 or the errno of the request, of which place @nth fails. */
static int call(struct __test_metadata *_metadata, int nth_fd, int sock,
		unsigned long cmd, const void *rt, int nth,
		bool *failed)
{
	int err;

	ASSERT_TRUE(fault_nth_begin(nth_fd, nth));
	err = ioctl(sock, cmd, rt) ? errno : 0;
	*failed = fault_nth_end(nth_fd);
	return err;
}

TEST_F_TIMEOUT(failnth, every_place, 240)
{
	const int family = family_of(&variant->entry);
	const bool add = variant->cmd == SIOCADDRT;
	int nth, err, events, copies = 0, allocations = 0;
	struct fib before, after;
	union argument rt;
	bool failed = true;

	for (nth = 1; failed; nth++) {
		if (nth == 1 || variant->fresh)
			host_setup_again(_metadata, &self->host, family,
					 variant->bare);
		rt = argument_of(&variant->entry);
		if (!add)
			ASSERT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &rt));
		host_forget_events(_metadata, &self->host);

		ASSERT_EQ(0, fib_read(family, &before));
		err = call(_metadata, self->nth, self->host.sock, variant->cmd,
			   &rt, nth, &failed);
		ASSERT_EQ(0, fib_read(family, &after));
		events = fib_events(self->host.monitor, NULL, 0);

		switch (err) {
		case 0:
			EXPECT_TRUE(fib_differs_by(add ? &after : &before,
						   add ? &before : &after,
						   variant->route)) {
				TH_LOG("place %d: success, but the tables are",
				       nth);
				fib_print(&after);
			}
			/* Who cannot be notified is told that this is so. */
			EXPECT_TRUE(events == 1 ||
				    (failed && events == -ENOBUFS)) {
				TH_LOG("place %d: events: %d", nth, events);
			}
			break;
		case EFAULT:
			copies++;
			break;
		case ENOMEM:
		case ENOBUFS:
			allocations++;
			break;
		default:
			EXPECT_EQ(0, err) {
				TH_LOG("place %d: %s", nth, strerror(err));
			}
		}

		if (err) {
			EXPECT_TRUE(failed) {
				TH_LOG("place %d: nothing failed, but got %s",
				       nth, strerror(err));
			}
			EXPECT_TRUE(fib_equal(&before, &after)) {
				TH_LOG("place %d: %s, but the tables are", nth,
				       strerror(err));
				fib_print(&after);
			}
			EXPECT_EQ(0, events) {
				TH_LOG("place %d", nth);
			}
			expect_change(_metadata, __LINE__, &self->host,
				      variant->cmd, &rt,
				      add ? NLM_F_CREATE | NLM_F_EXCL : 0,
				      variant->route);
		}

		if (variant->fresh) {
			close(self->host.sock);
			close(self->host.monitor);
		} else if (add) {
			ASSERT_EQ(0, ioctl(self->host.sock, SIOCDELRT, &rt));
		}
	}

	TH_LOG("%d faults, %d refusals for want of a copy, %d for want of memory",
	       nth - 2, copies, allocations);
	/* The argument, and IPv4's name of the device if there is one. */
	EXPECT_LE(family == AF_INET && variant->entry.dev ? 2 : 1, copies);
	/* A delete can do without memory. */
	EXPECT_EQ(add, allocations > 0);
}

TEST_HARNESS_MAIN
