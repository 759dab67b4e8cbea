// SPDX-License-Identifier: GPL-2.0
/* Who may change routes, and in which network namespace. */
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/capability.h>

#include "route_ioctl.h"

FIXTURE(caller)
{
	struct host host;
};

FIXTURE_VARIANT(caller)
{
	int family;
	struct entry entry;
	const char *route;
};

FIXTURE_VARIANT_ADD(caller, ipv4)
{
	.family = AF_INET,
	.entry = { .dst = "10.9.0.0/16", .dev = "d0" },
	.route = "unicast 10.9.0.0/16 dev d0 table main proto boot scope link",
};

FIXTURE_VARIANT_ADD(caller, ipv6)
{
	.family = AF_INET6,
	.entry = { .dst = "2001:db8:9::/48", .dev = "d0" },
	.route = "unicast 2001:db8:9::/48 dev d0 table main proto boot scope global metric 1024",
};

FIXTURE_SETUP(caller)
{
	host_setup_family(_metadata, &self->host, variant->family);
}

FIXTURE_TEARDOWN(caller)
{
}

static void keep_capabilities(struct __test_metadata *_metadata, __u64 keep)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = {
		{ .effective = keep, .permitted = keep },
		{ .effective = keep >> 32, .permitted = keep >> 32 },
	};

	ASSERT_EQ(0, syscall(SYS_capset, &header, data));
}

static void forbidden_ipv4(struct __test_metadata *_metadata,
			   const struct host *host)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d0");

	expect_errors(_metadata, __LINE__, host, &rt, EPERM);

	/* What is wrong with a request is not for everyone to learn. */
	rt.rt_dev = (char *)1;
	expect_errors(_metadata, __LINE__, host, &rt, EPERM);
	rt.rt_dev = "nodev";
	expect_errors(_metadata, __LINE__, host, &rt, EPERM);
	rt.rt_genmask = inet_sockaddr(inet_addr("255.0.255.0"));
	expect_errors(_metadata, __LINE__, host, &rt, EPERM);
	rt.rt_dst.sa_family = AF_INET6;
	expect_errors(_metadata, __LINE__, host, &rt, EPERM);

	rt = RT("10.9.0.0/16", .flags = RTF_REJECT);
	expect_errors(_metadata, __LINE__, host, &rt, EPERM);
}

static void forbidden_ipv6(struct __test_metadata *_metadata,
			   const struct host *host)
{
	struct in6_rtmsg rtmsg = RT6("2001:db8:9::/48", .dev = "d0");

	expect_errors(_metadata, __LINE__, host, &rtmsg, EPERM);

	rtmsg.rtmsg_ifindex = 9999;
	expect_errors(_metadata, __LINE__, host, &rtmsg, EPERM);
	rtmsg.rtmsg_flags |= RTF_CACHE;
	expect_errors(_metadata, __LINE__, host, &rtmsg, EPERM);
	rtmsg.rtmsg_dst_len = 129;
	expect_errors(_metadata, __LINE__, host, &rtmsg, EPERM);

	rtmsg = RT6("2001:db8:9::/48", .flags = RTF_REJECT);
	expect_errors(_metadata, __LINE__, host, &rtmsg, EPERM);
}

static void forbidden(struct __test_metadata *_metadata,
		      const struct host *host)
{
	if (host->family == AF_INET6)
		forbidden_ipv6(_metadata, host);
	else
		forbidden_ipv4(_metadata, host);
}

TEST_F(caller, no_capability)
{
	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	forbidden(_metadata, &self->host);
}

TEST_F(caller, root_without_net_admin)
{
	keep_capabilities(_metadata, ~(1ULL << CAP_NET_ADMIN) &
			  ((1ULL << (CAP_LAST_CAP + 1)) - 1));
	forbidden(_metadata, &self->host);
}

TEST_F(caller, net_admin_alone)
{
	union argument rt = argument_of(&variant->entry);

	keep_capabilities(_metadata, 1ULL << CAP_NET_ADMIN);
	EXPECT_ADD(rt, variant->route);
	EXPECT_DELETE(rt, variant->route);
	EXPECT_ERROR_AT(EFAULT, NULL);
}

/*
 * The one call whose error differs between implementations: C copies the
 * request before it asks for the capability, which it did not before 4.16.
 * Whoever asks first finds nothing wrong with a pointer that it does not read.
 */
TEST_F(caller, no_capability_and_bad_pointer)
{
	const int error = module_serves() ? EPERM : EFAULT;

	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	EXPECT_ERROR_AT(error, NULL);
}

/* Only IPv4 has heard of it. Others look at the argument first. */
TEST_F(caller, rtmsg_needs_no_capability)
{
	union argument rt = argument_of(&variant->entry);
	const bool ipv4 = variant->family == AF_INET;

	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	expect_error(_metadata, __LINE__, &self->host, SIOCRTMSG,
		     ipv4 ? NULL : &rt, ipv4 && !is_compat() ? EINVAL : ENOTTY);
}

/* Root of a user namespace has no say in a network that is not its own. */
TEST_F(caller, user_namespace_alone)
{
	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	forbidden(_metadata, &self->host);
}

TEST_F(caller, user_namespace_with_network)
{
	union argument rt = argument_of(&variant->entry);

	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	host_setup_family(_metadata, &self->host, variant->family);
	EXPECT_ADD(rt, variant->route);
	EXPECT_ADD_ERROR(EEXIST, rt);
	EXPECT_DELETE(rt, variant->route);
	EXPECT_DELETE_ERROR(ESRCH, rt);
	EXPECT_ERROR_AT(EFAULT, NULL);
}

/* The socket's network namespace counts, not the caller's. */
TEST_F(caller, socket_of_another_network)
{
	union argument rt = argument_of(&variant->entry);
	struct host outer = self->host;
	struct fib_event event = {};

	host_setup_family(_metadata, &self->host, variant->family);

	/* Nothing changes here, */
	expect_error(_metadata, __LINE__, &outer, SIOCADDRT, NULL, EFAULT);
	ASSERT_EQ(0, ioctl(outer.sock, SIOCADDRT, &rt));
	EXPECT_EQ(0, fib_events(self->host.monitor, &event, 1));
	EXPECT_DELETE_ERROR(ESRCH, rt);

	/* it does there. */
	EXPECT_EQ(1, fib_events(outer.monitor, &event, 1));
	EXPECT_STREQ(variant->route, event.route);
	EXPECT_EQ(-1, ioctl(outer.sock, SIOCADDRT, &rt));
	EXPECT_EQ(EEXIST, errno);

	EXPECT_ADD(rt, variant->route);
}

TEST_F(caller, socket_of_the_parent_user_namespace)
{
	union argument rt = argument_of(&variant->entry);
	struct host outer = self->host;

	ASSERT_EQ(0, unshare(CLONE_NEWUSER));
	host_setup_family(_metadata, &self->host, variant->family);

	expect_error(_metadata, __LINE__, &outer, SIOCADDRT, &rt, EPERM);
	expect_error(_metadata, __LINE__, &outer, SIOCDELRT, &rt, EPERM);
	EXPECT_ADD(rt, variant->route);
}

/* A capability holds in the user namespaces below, too. */
TEST_F(caller, network_of_a_child_user_namespace)
{
	union argument rt = argument_of(&variant->entry);
	char path[64], ready;
	int pipefd[2], net;
	pid_t child;

	ASSERT_EQ(0, pipe(pipefd));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) ||
		    write(pipefd[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(pipefd[1]);
	ASSERT_EQ(1, read(pipefd[0], &ready, 1));

	snprintf(path, sizeof(path), "/proc/%d/ns/net", child);
	net = open(path, O_RDONLY);
	ASSERT_LE(0, net);
	ASSERT_EQ(0, setns(net, CLONE_NEWNET));
	EXPECT_EQ(0, kill(child, SIGKILL));
	EXPECT_EQ(child, waitpid(child, NULL, 0));

	host_fill(_metadata, &self->host, variant->family);
	EXPECT_ADD(rt, variant->route);
	EXPECT_DELETE(rt, variant->route);

	/* Who owns a user namespace needs none, */
	keep_capabilities(_metadata, 1ULL << CAP_SETUID);
	EXPECT_ADD(rt, variant->route);
	EXPECT_DELETE(rt, variant->route);

	/* everyone else does. */
	ASSERT_EQ(0, setresuid(65534, 65534, 65534));
	forbidden(_metadata, &self->host);
}

TEST_HARNESS_MAIN
