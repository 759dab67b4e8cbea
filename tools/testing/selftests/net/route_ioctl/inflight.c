// SPDX-License-Identifier: GPL-2.0
/*
 * A call may sleep for as long as its argument takes to arrive. Meanwhile the
 * module that serves it, if one does, cannot go away.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "route_ioctl.h"

#define MODULE		"route_ioctl_rust"
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

static bool is_module_loaded(void)
{
	return !access("/sys/module/" MODULE "/refcnt", F_OK);
}

TEST_F(inflight, late_argument)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");
	struct call call = { .sock = self->host.sock, .arg = self->page };
	struct uffdio_copy copy = { .dst = (unsigned long)self->page };
	struct fib_event event = {};
	char *source, *stack;
	pid_t caller;
	int status;

	source = calloc(1, self->size);
	stack = malloc(STACK_SIZE);
	ASSERT_TRUE(source && stack);
	memcpy(source, &rt, sizeof(rt));
	copy.src = (unsigned long)source;
	copy.len = self->size;

	/* Who supplies a page must share it with who waits for it. */
	caller = clone(add_route, stack + STACK_SIZE, CLONE_VM | SIGCHLD,
		       &call);
	ASSERT_LT(0, caller);
	wait_for_fault(_metadata, self->uffd);

	if (is_module_loaded()) {
		EXPECT_EQ(-1, syscall(__NR_delete_module, MODULE, O_NONBLOCK));
		EXPECT_EQ(EWOULDBLOCK, errno);
		EXPECT_TRUE(is_module_loaded());
	}

	ASSERT_EQ(0, ioctl(self->uffd, UFFDIO_COPY, &copy));
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(1, fib_events(self->host.monitor, &event, 1));
	EXPECT_STREQ("unicast 10.9.0.0/16 dev d0 table main proto boot scope link",
		     event.route);
}

TEST_HARNESS_MAIN
