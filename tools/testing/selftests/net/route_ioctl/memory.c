// SPDX-License-Identifier: GPL-2.0
/* Routes that have gone leave no memory behind. */
#include "workers.h"

/*
 * The least that a route could leave is its struct fib_alias or, of IPv6, its
 * struct fib6_node (56 and 64 bytes of slab), or its next hop's cache (8 bytes
 * for each processor): 10,000 routes would be 546 and 78 KiB. What comes and
 * goes with the rest of the system, and in whole pages, is less.
 */
#define PAIRS		10000
#define SLAB_KIB	384
#define PERCPU_KIB	20	/* for each processor */

struct use {
	long slab;
	long percpu;
};

FIXTURE(memory)
{
	struct host host;
};

FIXTURE_VARIANT(memory)
{
	struct entry entry;
};

FIXTURE_VARIANT_ADD(memory, link)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0" },
};

FIXTURE_VARIANT_ADD(memory, label)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0:1" },
};

FIXTURE_VARIANT_ADD(memory, gateway)
{
	.entry = { .dst = "10.9.0.0/16", .gateway = "10.1.0.2",
		   .flags = RTF_GATEWAY },
};

FIXTURE_VARIANT_ADD(memory, metrics)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0", .mtu = 1500,
		   .window = 4000, .irtt = 1,
		   .flags = RTF_MTU | RTF_WINDOW | RTF_IRTT },
};

FIXTURE_VARIANT_ADD(memory, reject)
{
	.entry = { .dst = "10.9.0.0/16", .flags = RTF_REJECT },
};

FIXTURE_VARIANT_ADD(memory, ipv6_gateway)
{
	.entry = { .dst = "2001:db8:9::/48", .gateway = "2001:db8:1::2",
		   .flags = RTF_GATEWAY },
};

FIXTURE_VARIANT_ADD(memory, ipv6_reject)
{
	.entry = { .dst = "2001:db8:9::/48", .flags = RTF_REJECT },
};

FIXTURE_SETUP(memory)
{
	const struct rtnl_address address = {
		.dev = "d0", .local = "10.3.0.1/24", .label = "d0:1",
	};

	host_setup_family(_metadata, &self->host, family_of(&variant->entry));
	if (self->host.family == AF_INET)
		ASSERT_EQ(0, rtnl_address_add(&address));
}

FIXTURE_TEARDOWN(memory)
{
}

/* In KiB. */
static struct use use(void)
{
	FILE *file = fopen("/proc/meminfo", "r");
	struct use use = {};
	char line[128];
	long size;

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "SUnreclaim: %ld", &size) == 1)
			use.slab = size;
		if (sscanf(line, "Percpu: %ld", &size) == 1)
			use.percpu = size;
	}
	if (file)
		fclose(file);
	return use;
}

static void add_and_delete(struct __test_metadata *_metadata, int sock,
			   const void *rt, unsigned int pairs)
{
	unsigned int i;

	for (i = 0; i < pairs; i++) {
		ASSERT_EQ(0, ioctl(sock, SIOCADDRT, rt));
		ASSERT_EQ(0, ioctl(sock, SIOCDELRT, rt));
	}
}

/* Whether no more is in use afterwards. */
static bool leaves_nothing(struct __test_metadata *_metadata, int sock,
			   const void *rt, unsigned int pairs)
{
	long percpu = PERCPU_KIB * sysconf(_SC_NPROCESSORS_CONF);
	struct use before = use(), after = {};
	bool nothing;

	ASSERT_LT(0, before.slab);
	ASSERT_LT(0, before.percpu);

	add_and_delete(_metadata, sock, rt, pairs);
	/* RCU frees it when it gets round to it. */
	nothing = WAIT_FOR((after = use(),
			    after.slab <= before.slab + SLAB_KIB &&
			    after.percpu <= before.percpu + percpu), 20);

	TH_LOG("%u pairs, %ld KiB more slab, %ld KiB more percpu", pairs,
	       after.slab - before.slab, after.percpu - before.percpu);
	return nothing;
}

TEST_F_TIMEOUT(memory, of_routes_that_have_gone, 3600)
{
	union argument rt = argument_of(&variant->entry);
	unsigned int pairs = rounds(PAIRS);
	int tries = 3;

	/* What is kept for the next time is there from then on. */
	add_and_delete(_metadata, self->host.sock, &rt, 1000);
	sleep_ms(1000);

	/* The rest of the system may want memory once, a leak does each time. */
	while (!leaves_nothing(_metadata, self->host.sock, &rt, pairs))
		ASSERT_LT(0, --tries);
}

TEST_HARNESS_MAIN
