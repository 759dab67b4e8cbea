// SPDX-License-Identifier: GPL-2.0
/*
 * SIOCADDRT and SIOCDELRT read the name of a device from user memory, which may
 * take as long as userfaultfd or a slow file system likes. Nobody else may have
 * to wait for that, and what is wrong with a request must be told in the same
 * order as ever.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <net/route.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/userfaultfd.h>

#include "../kselftest_harness.h"

#define STACK_SIZE	65536
#define NOBODY		65534

struct call {
	int sock;
	struct rtentry rt;
	unsigned long cmd;	/* of change_late() */
};

static struct sockaddr inet(const char *address)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = inet_addr(address),
	};
	struct sockaddr sa;

	memcpy(&sa, &in, sizeof(sa));
	return sa;
}

static struct rtentry route(const char *dst, char *dev)
{
	return (struct rtentry){
		.rt_dst = inet(dst),
		.rt_genmask = inet("255.255.255.0"),
		.rt_flags = RTF_UP,
		.rt_dev = dev,
	};
}

/* Returns 0 or an errno, as all that follow. */
static int add_route(void *data)
{
	struct call *call = data;

	return ioctl(call->sock, SIOCADDRT, &call->rt) ? errno : 0;
}

/* Ends with the test: if it fails, RTNL may be held. */
static int change_late(void *data)
{
	struct call *call = data;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return ioctl(call->sock, call->cmd, &call->rt) ? errno : 0;
}

static int set_lo_up(int sock)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	return ioctl(sock, SIOCSIFFLAGS, &ifr) ? errno : 0;
}

static int add_another_route(void)
{
	struct call call = {
		.sock = socket(AF_INET, SOCK_DGRAM, 0),
		.rt = route("198.51.100.0", "lo"),
	};

	return add_route(&call);
}

static int add_route_of_another_namespace(void)
{
	int sock;

	if (unshare(CLONE_NEWNET))
		return errno;
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	return set_lo_up(sock) ?: add_another_route();
}

/* ip link set lo up */
static int change_link(void)
{
	struct {
		struct nlmsghdr nlh;
		struct ifinfomsg ifm;
	} request = {
		.nlh.nlmsg_len = sizeof(request),
		.nlh.nlmsg_type = RTM_NEWLINK,
		.nlh.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.ifm.ifi_index = if_nametoindex("lo"),
		.ifm.ifi_flags = IFF_UP,
		.ifm.ifi_change = IFF_UP,
	};
	struct {
		struct nlmsghdr nlh;
		struct nlmsgerr err;
	} reply = {};
	int sock = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (send(sock, &request, sizeof(request), 0) != sizeof(request) ||
	    recv(sock, &reply, sizeof(reply), 0) < (ssize_t)sizeof(reply))
		return errno;
	return -reply.err.error;
}

FIXTURE(late_name)
{
	int sock;
	int uffd;
	size_t size;
	/* A page that nobody has supplied yet. */
	char *page;
};

FIXTURE_VARIANT(late_name)
{
	unsigned long cmd;
	int (*other)(void);
};

FIXTURE_VARIANT_ADD(late_name, same_call)
{
	.cmd = SIOCADDRT,
	.other = add_another_route,
};

FIXTURE_VARIANT_ADD(late_name, another_namespace)
{
	.cmd = SIOCADDRT,
	.other = add_route_of_another_namespace,
};

FIXTURE_VARIANT_ADD(late_name, rtnetlink)
{
	.cmd = SIOCADDRT,
	.other = change_link,
};

FIXTURE_VARIANT_ADD(late_name, delete)
{
	.cmd = SIOCDELRT,
	.other = add_another_route,
};

FIXTURE_SETUP(late_name)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	self->sock = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_LE(0, self->sock);
	ASSERT_EQ(0, set_lo_up(self->sock));

	self->size = sysconf(_SC_PAGESIZE);
	self->page = mmap(NULL, self->size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->page != MAP_FAILED);

	self->uffd = syscall(__NR_userfaultfd, O_CLOEXEC);
	if (self->uffd < 0)
		SKIP(return, "no userfaultfd: %s", strerror(errno));
	ASSERT_EQ(0, ioctl(self->uffd, UFFDIO_API, &api));
	reg.range.start = (unsigned long)self->page;
	reg.range.len = self->size;
	ASSERT_EQ(0, ioctl(self->uffd, UFFDIO_REGISTER, &reg));
}

FIXTURE_TEARDOWN(late_name)
{
}

/* Whether @pid has ended within ten seconds. */
static bool ends(pid_t pid, int *status)
{
	int i;

	for (i = 0; i < 1000; i++) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		poll(NULL, 0, 10);
	}
	return false;
}

TEST_F(late_name, others_do_not_wait)
{
	struct call call = {
		.sock = self->sock,
		.rt = route("192.0.2.0", self->page),
		.cmd = variant->cmd,
	};
	struct call there = {
		.sock = self->sock,
		.rt = route("192.0.2.0", "lo"),
	};
	struct pollfd pfd = { .fd = self->uffd, .events = POLLIN };
	struct uffdio_copy copy = {
		.dst = (unsigned long)self->page,
		.len = self->size,
	};
	char *stack = malloc(STACK_SIZE);
	char *name = calloc(1, self->size);
	struct uffd_msg msg;
	pid_t caller, other;
	bool waits;
	int status;

	ASSERT_TRUE(stack && name);
	if (variant->cmd == SIOCDELRT)
		ASSERT_EQ(0, add_route(&there));

	/* Who waits for a page must share it with who supplies it. */
	caller = clone(change_late, stack + STACK_SIZE, CLONE_VM | SIGCHLD,
		       &call);
	ASSERT_LT(0, caller);
	ASSERT_EQ(1, poll(&pfd, 1, 10000));
	ASSERT_EQ(sizeof(msg), read(self->uffd, &msg, sizeof(msg)));
	ASSERT_EQ(UFFD_EVENT_PAGEFAULT, msg.event);

	other = fork();
	ASSERT_LE(0, other);
	if (!other)
		_exit(variant->other());
	waits = !ends(other, &status);
	EXPECT_FALSE(waits);
	EXPECT_EQ(0, waitpid(caller, NULL, WNOHANG));

	memcpy(name, "lo", sizeof("lo"));
	copy.src = (unsigned long)name;
	ASSERT_EQ(0, ioctl(self->uffd, UFFDIO_COPY, &copy));
	if (waits)
		ASSERT_EQ(other, waitpid(other, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(caller, waitpid(caller, &status, 0));
	EXPECT_EQ(0, status);

	/* The route is there, or has gone. */
	EXPECT_EQ(variant->cmd == SIOCADDRT ? EEXIST : 0, add_route(&there));
}

FIXTURE(errors)
{
	int sock;
	/* 15 bytes cannot be read from here, though the name ends before. */
	char *name;
};

FIXTURE_SETUP(errors)
{
	size_t size = sysconf(_SC_PAGESIZE);
	char *page;

	if (geteuid())
		SKIP(return, "needs root");
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	self->sock = socket(AF_INET, SOCK_DGRAM, 0);
	ASSERT_LE(0, self->sock);
	ASSERT_EQ(0, set_lo_up(self->sock));

	page = mmap(NULL, 2 * size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(page != MAP_FAILED);
	ASSERT_EQ(0, mprotect(page + size, size, PROT_NONE));
	self->name = page + size - sizeof("nodev");
	memcpy(self->name, "nodev", sizeof("nodev"));
}

FIXTURE_TEARDOWN(errors)
{
}

static void expect_error(struct __test_metadata *_metadata, int line, int sock,
			 const struct rtentry *rt, int error)
{
	static const unsigned long cmd[] = { SIOCADDRT, SIOCDELRT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cmd); i++) {
		int err = ioctl(sock, cmd[i], rt) ? errno : 0;

		EXPECT_EQ(error, err) {
			TH_LOG("line %d, command %zu: %s", line, i,
			       strerror(err));
		}
	}
}

#define EXPECT_ERROR(_error) \
	expect_error(_metadata, __LINE__, self->sock, &rt, (_error))

TEST_F(errors, before_the_name)
{
	struct rtentry rt = route("192.0.2.0", self->name);

	rt.rt_dst.sa_family = AF_INET6;
	EXPECT_ERROR(EAFNOSUPPORT);

	rt = route("192.0.2.0", self->name);
	rt.rt_genmask.sa_family = AF_INET6;
	EXPECT_ERROR(EAFNOSUPPORT);

	rt = route("192.0.2.0", self->name);
	rt.rt_genmask = inet("255.0.255.0");
	EXPECT_ERROR(EINVAL);

	rt = route("192.0.2.1", self->name);
	EXPECT_ERROR(EINVAL);
}

TEST_F(errors, of_the_name)
{
	struct rtentry rt = route("192.0.2.0", self->name);

	EXPECT_ERROR(EFAULT);
	/* There is no such address, and no gateway. */
	memcpy(self->name, "lo:1", sizeof("lo:1"));
	EXPECT_ERROR(EFAULT);
	rt.rt_flags |= RTF_GATEWAY;
	EXPECT_ERROR(EFAULT);
	rt.rt_dev = (char *)1;
	EXPECT_ERROR(EFAULT);
}

TEST_F(errors, after_the_name)
{
	struct rtentry rt = route("192.0.2.0", "nodev-123456789");

	EXPECT_ERROR(ENODEV);
	rt.rt_flags |= RTF_GATEWAY;
	EXPECT_ERROR(ENODEV);
	rt.rt_dev = "lo:1\0 and more bytes";
	EXPECT_ERROR(ENODEV);
}

/* A route that rejects has no device, so nobody asks for the name. */
TEST_F(errors, no_name)
{
	struct rtentry rt = route("192.0.2.0", self->name);

	rt.rt_flags |= RTF_REJECT;
	EXPECT_ERROR(0);
}

TEST_F(errors, no_capability)
{
	struct rtentry rt = route("192.0.2.0", self->name);

	ASSERT_EQ(0, setresuid(NOBODY, NOBODY, NOBODY));
	EXPECT_ERROR(EPERM);
	rt.rt_genmask = inet("255.0.255.0");
	EXPECT_ERROR(EPERM);
	rt.rt_dst.sa_family = AF_INET6;
	EXPECT_ERROR(EPERM);
}

TEST_HARNESS_MAIN
