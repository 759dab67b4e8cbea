// SPDX-License-Identifier: GPL-2.0
/*
 * Who wants to hear of the routes that come and go hears of them: no message is
 * made where nobody does, so each way to be somebody counts.
 */
#include <fcntl.h>

#include <linux/net_namespace.h>

#include "../route_ioctl/route_ioctl.h"

#define ROUTE	"unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto static scope global"

static const struct rtnl_route route = {
	.dst = "10.9.0.0/16", .gateway = "10.1.0.2", .table = RT_TABLE_MAIN,
	.protocol = RTPROT_STATIC, .type = RTN_UNICAST,
};

/* What has come before the answer to a request. */
static struct {
	int count;
	char text[FIB_TEXT];
} echo;

static int exchange_with_echo(const struct nlmsghdr *request)
{
	union {
		struct nlmsghdr hdr;
		char bytes[4096];
	} reply;
	int sock, len, ret = 1;

	echo.count = 0;
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -errno;
	if (send(sock, request, request->nlmsg_len, 0) < 0)
		ret = -errno;
	while (ret > 0) {
		len = recv(sock, &reply, sizeof(reply), 0);
		if (len < 0)
			ret = -errno;
		else if (!NLMSG_OK(&reply.hdr, len))
			ret = -EPROTO;
		else if (reply.hdr.nlmsg_type == NLMSG_ERROR)
			ret = ((struct nlmsgerr *)NLMSG_DATA(&reply.hdr))->error;
		else if (!echo.count++)
			fib_text(&reply.hdr, echo.text);
	}
	close(sock);
	return ret;
}

/* Gives the network namespace of @netns a number in the caller's. */
static int number_netns(int netns, int number)
{
	struct {
		struct nlmsghdr hdr;
		struct rtgenmsg gen;
		char pad[3];
		struct rtattr fd_type;
		__u32 fd;
		struct rtattr nsid_type;
		__s32 nsid;
	} req = {
		.hdr.nlmsg_len = sizeof(req),
		.hdr.nlmsg_type = RTM_NEWNSID,
		.hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
		.fd_type = { RTA_LENGTH(sizeof(__u32)), NETNSA_FD },
		.fd = netns,
		.nsid_type = { RTA_LENGTH(sizeof(__s32)), NETNSA_NSID },
		.nsid = number,
	};

	return rtnl_exchange(&req.hdr);
}

static int open_netns(void)
{
	return open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
}

FIXTURE(notify)
{
	struct host host;
};

/* Of those in this network namespace, nobody has subscribed. */
FIXTURE_SETUP(notify)
{
	host_setup(_metadata, &self->host);
	close(self->host.monitor);
}

FIXTURE_TEARDOWN(notify)
{
}

TEST_F(notify, echo)
{
	rtnl_exchange = exchange_with_echo;
	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL | NLM_F_ECHO));
	EXPECT_EQ(1, echo.count);
	EXPECT_STREQ(ROUTE, echo.text);

	/* Nobody has asked for this. */
	ASSERT_EQ(0, rtnl_route_delete(&route));
	EXPECT_EQ(0, echo.count);
}

TEST_F(notify, all_namespaces)
{
	struct fib_event event = {};
	int ours = open_netns(), theirs, monitor, one = 1;

	ASSERT_LE(0, ours);
	/* In another one, everybody else. */
	host_setup(_metadata, &self->host);
	close(self->host.monitor);
	theirs = open_netns();
	ASSERT_LE(0, theirs);

	ASSERT_EQ(0, setns(ours, CLONE_NEWNET));
	ASSERT_EQ(0, number_netns(theirs, 7));
	monitor = fib_monitor(AF_INET);
	ASSERT_LE(0, monitor);
	ASSERT_EQ(0, setsockopt(monitor, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID,
				&one, sizeof(one)));

	ASSERT_EQ(0, setns(theirs, CLONE_NEWNET));
	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
	EXPECT_EQ(1, fib_events(monitor, &event, 1));
	EXPECT_EQ(RTM_NEWROUTE, event.type);
	EXPECT_STREQ(ROUTE, event.route);
}

static void find_route(const struct nlmsghdr *hdr, void *data)
{
	char text[FIB_TEXT];

	fib_text(hdr, text);
	if (!strcmp(text, ROUTE))
		++*(int *)data;
}

/* What has gone by untold, who comes late finds by asking. */
TEST_F(notify, late)
{
	struct fib_event event = {};
	int monitor, found = 0;

	ASSERT_EQ(0, rtnl_route_add(&route, NLM_F_EXCL));
	monitor = fib_monitor(AF_INET);
	ASSERT_LE(0, monitor);
	ASSERT_EQ(0, fib_visit_routes(AF_INET, find_route, &found));
	EXPECT_EQ(1, found);
	EXPECT_EQ(0, fib_events(monitor, NULL, 0));

	ASSERT_EQ(0, rtnl_route_delete(&route));
	EXPECT_EQ(1, fib_events(monitor, &event, 1));
	EXPECT_EQ(RTM_DELROUTE, event.type);
	EXPECT_STREQ(ROUTE, event.route);
}

TEST_HARNESS_MAIN
