// SPDX-License-Identifier: GPL-2.0
/*
 * Network namespaces, for which memory runs out while they are made, at any
 * place where that asks for it: the first such place fails, then the second,
 * until one is made without.
 *
 * Who does not get one stays where it was. What is made in spite of a fault
 * has a FIB that works.
 */
#include "lookup.h"
#include "memory_faults.h"

FIXTURE(fail_netns)
{
	struct host host;
	int nth;
	int netns;
	struct fault_setting settings[ARRAY_SIZE(memory_faults)];
};

FIXTURE_SETUP(fail_netns)
{
	const char *missing;

	self->nth = fault_nth_open();
	if (self->nth < 0)
		SKIP(return, "this kernel injects no faults");
	host_setup(_metadata, &self->host);
	self->netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, self->netns);
	memcpy(self->settings, memory_faults, sizeof(memory_faults));
	missing = fault_settings_apply(self->settings,
				       ARRAY_SIZE(memory_faults));
	if (missing)
		SKIP(return, "cannot set %s", missing);
}

FIXTURE_TEARDOWN(fail_netns)
{
	EXPECT_TRUE(fault_settings_restore(self->settings,
					   ARRAY_SIZE(memory_faults)));
}

TEST_F_TIMEOUT(fail_netns, every_allocation, 1200)
{
	const struct rtnl_route route = {
		.dst = "10.9.0.0/16", .dev = "lo", .table = 1000,
		.protocol = RTPROT_STATIC, .scope = RT_SCOPE_LINK,
		.type = RTN_UNICAST,
	};
	struct fib before, after;
	int nth, err, refusals = 0;
	bool failed = true;

	ASSERT_EQ(0, fib_read(AF_INET, &before));
	for (nth = 1; failed; nth++) {
		ASSERT_TRUE(fault_nth_begin(self->nth, nth));
		err = unshare(CLONE_NEWNET) ? errno : 0;
		failed = fault_nth_end(self->nth);
		if (err) {
			refusals++;
			/* Not every part of it says ENOMEM. */
			EXPECT_TRUE(failed) {
				TH_LOG("place %d: %s", nth, strerror(err));
			}
			ASSERT_EQ(0, fib_read(AF_INET, &after));
			EXPECT_TRUE(fib_equal(&before, &after)) {
				TH_LOG("place %d: the tables are", nth);
				fib_print(&after);
			}
		} else {
			ASSERT_EQ(0, rtnl_link_up("lo", true));
			EXPECT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
		}
		EXPECT_TRUE(lookup_self()) {
			TH_LOG("place %d: no route to localhost", nth);
		}
		ASSERT_EQ(0, setns(self->netns, CLONE_NEWNET));
	}
	TH_LOG("%d faults, %d refusals", nth - 2, refusals);
	EXPECT_LT(0, refusals);
}

TEST_HARNESS_MAIN
