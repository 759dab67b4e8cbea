// SPDX-License-Identifier: GPL-2.0
/*
 * A call may sleep for as long as its argument takes to arrive. Meanwhile the
 * module that serves it, if one does, is there, and others can go on.
 */
#include <linux/userfaultfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "workers.h"

#define STACK_SIZE	65536

/* For what is about unloading. */
static bool loaded_and_serves(void)
{
	return !module_load() && module_is_loaded() && module_serves();
}

FIXTURE(inflight)
{
	struct host host;
	int uffd;
	size_t size;
	/* A page that nobody has supplied yet. */
	void *page;
	bool loaded;	/* whether the module was before the test */
};

FIXTURE_VARIANT(inflight)
{
	struct entry entry;
	struct entry other;
	const char *route;
};

FIXTURE_VARIANT_ADD(inflight, ipv4)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0" },
	.other = { .dst = "10.10.0.0/16", .dev = "d1" },
	.route = "unicast 10.9.0.0/16 dev d0 table main proto boot scope link",
};

FIXTURE_VARIANT_ADD(inflight, ipv6)
{
	.entry = { .dst = "2001:db8:9::/48", .dev = "d0" },
	.other = { .dst = "2001:db8:a::/48", .dev = "d1" },
	.route = "unicast 2001:db8:9::/48 dev d0 table main proto boot scope global metric 1024",
};

struct call {
	int sock;
	void *arg;
};

/* RTNL must not stay held when a test fails while one waits. */
static void end_with_test(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static int add_route(void *data)
{
	struct call *call = data;

	end_with_test();
	return ioctl(call->sock, SIOCADDRT, call->arg) ? errno : 0;
}

FIXTURE_SETUP(inflight)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	self->loaded = module_is_loaded();
	host_setup_family(_metadata, &self->host, family_of(&variant->entry));

	self->size = sysconf(_SC_PAGESIZE);
	self->page = mmap(NULL, self->size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->page != MAP_FAILED);

	self->uffd = syscall(__NR_userfaultfd, O_CLOEXEC);
	ASSERT_LE(0, self->uffd);
	ASSERT_EQ(0, ioctl(self->uffd, UFFDIO_API, &api));
	reg.range.start = (unsigned long)self->page;
	reg.range.len = self->size;
	ASSERT_EQ(0, ioctl(self->uffd, UFFDIO_REGISTER, &reg));
}

FIXTURE_TEARDOWN(inflight)
{
	module_enable(true);
	EXPECT_EQ(0, self->loaded ? module_load() : module_unload());
}

/* Until the call sleeps for want of its argument. */
static void wait_for_fault(struct __test_metadata *_metadata, int uffd)
{
	struct pollfd pfd = { .fd = uffd, .events = POLLIN };
	struct uffd_msg msg;

	ASSERT_EQ(1, poll(&pfd, 1, 10000));
	ASSERT_EQ(sizeof(msg), read(uffd, &msg, sizeof(msg)));
	ASSERT_EQ(UFFD_EVENT_PAGEFAULT, msg.event);
}

static void supply(struct __test_metadata *_metadata, int uffd, void *page,
		   size_t page_size, const void *data, size_t size)
{
	struct uffdio_copy copy = {
		.dst = (unsigned long)page,
		.len = page_size,
	};
	char *source = calloc(1, page_size);

	ASSERT_TRUE(!!source);
	memcpy(source, data, size);
	copy.src = (unsigned long)source;
	ASSERT_EQ(0, ioctl(uffd, UFFDIO_COPY, &copy));
	free(source);
}

/* Who supplies a page must share it with who waits for it. */
static pid_t start(struct __test_metadata *_metadata,
		   int (*function)(void *call), struct call *call)
{
	char *stack = malloc(STACK_SIZE);
	pid_t caller;

	ASSERT_TRUE(!!stack);
	caller = clone(function, stack + STACK_SIZE, CLONE_VM | SIGCHLD, call);
	ASSERT_LT(0, caller);
	return caller;
}

TEST_F(inflight, late_argument)
{
	union argument rt = argument_of(&variant->entry);
	union argument other = argument_of(&variant->other);
	struct call call = { .sock = self->host.sock, .arg = self->page };
	struct fib_event event = {};
	pid_t caller;
	int status;

	caller = start(_metadata, add_route, &call);
	wait_for_fault(_metadata, self->uffd);

	/* No lock is held: neither RTNL nor the table's. */
	EXPECT_EQ(0, rtnl_link_add("d2", "dummy"));
	EXPECT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &other));
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
	EXPECT_EQ(0, waitpid(caller, NULL, WNOHANG));

	supply(_metadata, self->uffd, self->page, self->size, &rt, sizeof(rt));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, fib_events(self->host.monitor, &event, 1));
	EXPECT_STREQ(variant->route, event.route);
}

/* While a call is in flight, which keeps the module where it is. */
static void expect_in_use(struct __test_metadata *_metadata)
{
	static const int flags[] = { 0, O_NONBLOCK };
	size_t i;

	EXPECT_EQ(1, module_references());
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		EXPECT_EQ(-EAGAIN, module_try_unload(flags[i]));
}

static void expect_unused(struct __test_metadata *_metadata)
{
	EXPECT_EQ(0, module_references());
	EXPECT_EQ(0, module_try_unload(0));
	EXPECT_FALSE(module_is_loaded());
	EXPECT_FALSE(module_serves());
}

static void finish_by_page(struct __test_metadata *_metadata,
			   FIXTURE_DATA(inflight) * self,
			   const FIXTURE_VARIANT(inflight) * variant,
			   pid_t caller)
{
	union argument rt = argument_of(&variant->entry);
	int status;

	supply(_metadata, self->uffd, self->page, self->size, &rt, sizeof(rt));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
}

static void finish_by_kill(struct __test_metadata *_metadata,
			   FIXTURE_DATA(inflight) * self,
			   const FIXTURE_VARIANT(inflight) * variant,
			   pid_t caller)
{
	int status;

	ASSERT_EQ(0, kill(caller, SIGKILL));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(0, fib_events(self->host.monitor, NULL, 0));
}

/* @finish: to be called while @caller waits for @self->page. */
static void unload(struct __test_metadata *_metadata,
		   FIXTURE_DATA(inflight) * self,
		   const FIXTURE_VARIANT(inflight) * variant,
		   void (*finish)(struct __test_metadata *_metadata,
				  FIXTURE_DATA(inflight) * self,
				  const FIXTURE_VARIANT(inflight) * variant,
				  pid_t caller))
{
	union argument other = argument_of(&variant->other);
	struct call call = { .sock = self->host.sock, .arg = self->page };
	pid_t caller;

	caller = start(_metadata, add_route, &call);
	wait_for_fault(_metadata, self->uffd);
	expect_in_use(_metadata);

	/* It serves as if nobody had asked. */
	EXPECT_TRUE(module_serves());
	EXPECT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &other));
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
	EXPECT_EQ(0, waitpid(caller, NULL, WNOHANG));

	finish(_metadata, self, variant, caller);
	expect_unused(_metadata);
}

TEST_F(inflight, unload)
{
	if (!loaded_and_serves())
		SKIP(return, "no " MODULE " that can be loaded and serves");
	unload(_metadata, self, variant, finish_by_page);
}

TEST_F(inflight, unload_killed)
{
	if (!loaded_and_serves())
		SKIP(return, "no " MODULE " that can be loaded and serves");
	unload(_metadata, self, variant, finish_by_kill);
}

/* This socket option is read with RTNL held. */
static int hold_rtnl(void *data)
{
	struct call *call = data;

	end_with_test();
	return setsockopt(call->sock, IPPROTO_IP, IP_ADD_MEMBERSHIP, call->arg,
			  sizeof(struct ip_mreqn)) ? errno : 0;
}

/* Starts what holds RTNL until @self->page is supplied, and returns it. */
static pid_t start_holder(struct __test_metadata *_metadata,
			  FIXTURE_DATA(inflight) * self)
{
	static struct call hold;
	pid_t holder;

	hold.sock = socket(AF_INET, SOCK_DGRAM, 0);
	hold.arg = self->page;
	holder = start(_metadata, hold_rtnl, &hold);
	wait_for_fault(_metadata, self->uffd);
	return holder;
}

static void finish_holder(struct __test_metadata *_metadata,
			  FIXTURE_DATA(inflight) * self, pid_t holder)
{
	const struct ip_mreqn mreq = {
		.imr_multiaddr.s_addr = inet_addr("239.1.1.1"),
		.imr_ifindex = if_nametoindex("d0"),
	};
	int status;

	EXPECT_EQ(0, waitpid(holder, NULL, WNOHANG));
	supply(_metadata, self->uffd, self->page, self->size, &mreq,
	       sizeof(mreq));
	ASSERT_EQ(holder, waitpid(holder, &status, 0));
	EXPECT_EQ(0, status);
}

/* IPv4 waits for RTNL; IPv6 has no use for it, and is done meanwhile. */
static pid_t call_while_held(struct __test_metadata *_metadata,
			     FIXTURE_DATA(inflight) * self, struct call *call)
{
	pid_t caller = start(_metadata, add_route, call);
	int status = -1;

	if (self->host.family == AF_INET6) {
		EXPECT_TRUE(WAIT_FOR(waitpid(caller, &status, WNOHANG) ==
				     caller, 10));
		EXPECT_EQ(0, status);
		EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
		return 0;
	}

	sleep_ms(200);
	EXPECT_EQ(0, waitpid(caller, NULL, WNOHANG));
	return caller;
}

static void finish_caller(struct __test_metadata *_metadata,
			  FIXTURE_DATA(inflight) * self, pid_t caller)
{
	int status;

	if (!caller)
		return;
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
}

TEST_F(inflight, while_rtnl_is_held)
{
	union argument rt = argument_of(&variant->entry);
	struct call call = { .sock = self->host.sock, .arg = &rt };
	pid_t caller, holder;

	holder = start_holder(_metadata, self);
	caller = call_while_held(_metadata, self, &call);
	finish_holder(_metadata, self, holder);
	finish_caller(_metadata, self, caller);
}

TEST_F(inflight, unload_while_rtnl_is_held)
{
	union argument rt = argument_of(&variant->entry);
	struct call call = { .sock = self->host.sock, .arg = &rt };
	pid_t caller, holder;

	if (!loaded_and_serves())
		SKIP(return, "no " MODULE " that can be loaded and serves");
	holder = start_holder(_metadata, self);
	caller = call_while_held(_metadata, self, &call);
	if (caller)
		expect_in_use(_metadata);
	/* Those who need no RTNL do not wait for it. */
	EXPECT_TRUE(module_serves());
	if (!caller)
		expect_unused(_metadata);

	finish_holder(_metadata, self, holder);
	finish_caller(_metadata, self, caller);
	if (caller)
		expect_unused(_metadata);
}

/* What an administrator can do without: new calls go to C. */
TEST_F(inflight, disable)
{
	union argument other = argument_of(&variant->other);
	struct call call = { .sock = self->host.sock, .arg = self->page };
	pid_t caller;

	if (!loaded_and_serves())
		SKIP(return, "no " MODULE " that can be loaded and serves");
	caller = start(_metadata, add_route, &call);
	wait_for_fault(_metadata, self->uffd);

	ASSERT_EQ(0, module_enable(false));
	EXPECT_FALSE(module_serves());
	EXPECT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &other));
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
	expect_in_use(_metadata);

	finish_by_page(_metadata, self, variant, caller);
	expect_unused(_metadata);

	ASSERT_EQ(0, module_load());
	EXPECT_FALSE(module_serves());
	ASSERT_EQ(0, module_enable(true));
	EXPECT_TRUE(module_serves());
}

TEST_HARNESS_MAIN
