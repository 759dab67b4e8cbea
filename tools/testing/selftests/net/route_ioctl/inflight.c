// SPDX-License-Identifier: GPL-2.0
/*
 * A call may sleep for as long as its argument takes to arrive. Meanwhile the
 * module that serves it, if one does, is there, and others can go on.
 */
#include <linux/userfaultfd.h>
#include <sys/syscall.h>

#include "module.h"
#include "workers.h"

#define STACK_SIZE	65536

FIXTURE(inflight)
{
	struct host host;
	int uffd;
	size_t size;
	/* A page that nobody has supplied yet. */
	void *page;
};

struct call {
	int sock;
	void *arg;
};

static int add_route(void *data)
{
	struct call *call = data;

	return ioctl(call->sock, SIOCADDRT, call->arg) ? errno : 0;
}

FIXTURE_SETUP(inflight)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	host_setup(_metadata, &self->host);

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
static pid_t start(struct __test_metadata *_metadata, struct call *call)
{
	char *stack = malloc(STACK_SIZE);
	pid_t caller;

	ASSERT_TRUE(!!stack);
	caller = clone(add_route, stack + STACK_SIZE, CLONE_VM | SIGCHLD,
		       call);
	ASSERT_LT(0, caller);
	return caller;
}

/* The module counts a call when it ends. */
static bool is_served_by_c(int sock)
{
	struct rtentry rt = RT("10.11.0.0/16", .dev = "d0");
	unsigned long calls = module_calls();

	return ioctl(sock, SIOCDELRT, &rt) && errno == ESRCH &&
	       module_calls() == calls;
}

TEST_F(inflight, late_argument)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	struct call call = { .sock = self->host.sock, .arg = self->page };
	struct fib_event event = {};
	pid_t caller;
	int status;

	caller = start(_metadata, &call);
	wait_for_fault(_metadata, self->uffd);
	EXPECT_EQ(0, waitpid(caller, NULL, WNOHANG));

	supply(_metadata, self->uffd, self->page, self->size, &rt, sizeof(rt));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, fib_events(self->host.monitor, &event, 1));
	EXPECT_STREQ("unicast 10.9.0.0/16 dev d0 table main proto boot scope link",
		     event.route);
}

/* @finish: to be called while @caller waits for @self->page. */
static void unload(struct __test_metadata *_metadata,
		   FIXTURE_DATA(inflight) * self,
		   void (*finish)(struct __test_metadata *_metadata,
				  FIXTURE_DATA(inflight) * self, pid_t caller))
{
	struct rtentry other = RT("10.10.0.0/16", .dev = "d1");
	struct call call = { .sock = self->host.sock, .arg = self->page };
	const bool was_loaded = module_is_loaded();
	pid_t caller, unloader;
	int status;

	if (module_load() || !module_is_loaded())
		SKIP(return, "no " MODULE " that can be loaded");

	caller = start(_metadata, &call);
	wait_for_fault(_metadata, self->uffd);

	unloader = fork();
	ASSERT_LE(0, unloader);
	if (!unloader)
		_exit(-module_unload());

	/* Nobody can keep the calls of others from going back to C. */
	EXPECT_TRUE(WAIT_FOR(is_served_by_c(self->host.sock), 10));
	EXPECT_EQ(0, ioctl(self->host.sock, SIOCADDRT, &other));
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
	EXPECT_EQ(0, waitpid(unloader, NULL, WNOHANG));
	EXPECT_TRUE(module_serves());

	finish(_metadata, self, caller);
	ASSERT_EQ(unloader, waitpid(unloader, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_FALSE(module_is_loaded());

	if (was_loaded)
		ASSERT_EQ(0, module_load());
}

static void finish_by_page(struct __test_metadata *_metadata,
			   FIXTURE_DATA(inflight) * self, pid_t caller)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	int status;

	supply(_metadata, self->uffd, self->page, self->size, &rt, sizeof(rt));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, fib_events(self->host.monitor, NULL, 0));
}

TEST_F(inflight, unload)
{
	unload(_metadata, self, finish_by_page);
}

static void finish_by_kill(struct __test_metadata *_metadata,
			   FIXTURE_DATA(inflight) * self, pid_t caller)
{
	int status;

	ASSERT_EQ(0, kill(caller, SIGKILL));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_TRUE(WIFSIGNALED(status));
	EXPECT_EQ(0, fib_events(self->host.monitor, NULL, 0));
}

TEST_F(inflight, unload_killed)
{
	unload(_metadata, self, finish_by_kill);
}

/*
 * The second wanted difference between the implementations: C reads the name
 * of the device with RTNL held, for which everybody else then waits. It is by
 * debugfs that the other one can be told from it, built in or not.
 */
TEST_F(inflight, late_device_name)
{
	struct rtentry late = RT("10.9.0.0/16", .dev = self->page);
	struct rtentry other = RT("10.10.0.0/16", .dev = "d1");
	struct call call = { .sock = self->host.sock, .arg = &late };
	const bool waits = !module_serves();
	bool finished = false;
	pid_t caller, bystander;
	int status, i;

	caller = start(_metadata, &call);
	wait_for_fault(_metadata, self->uffd);

	bystander = fork();
	ASSERT_LE(0, bystander);
	if (!bystander) {
		call.arg = &other;
		_exit(add_route(&call));
	}
	/* A second shows that it waits; that it does not is shown at once. */
	for (i = 0; i < (waits ? 10 : 100) && !finished; i++) {
		sleep_ms(100);
		finished = waitpid(bystander, &status, WNOHANG) == bystander;
	}
	EXPECT_EQ(waits, !finished);
	EXPECT_EQ(0, waitpid(caller, NULL, WNOHANG));

	supply(_metadata, self->uffd, self->page, self->size, "d0", 3);
	if (!finished)
		ASSERT_EQ(bystander, waitpid(bystander, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(2, fib_events(self->host.monitor, NULL, 0));
}

TEST_HARNESS_MAIN
