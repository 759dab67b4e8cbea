// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>

#include "../../kselftest.h"
#include "fib.h"

struct name {
	__u32 value;
	const char *name;
};

static const struct name types[] = {
	{ RTN_UNICAST, "unicast" },
	{ RTN_LOCAL, "local" },
	{ RTN_BROADCAST, "broadcast" },
	{ RTN_ANYCAST, "anycast" },
	{ RTN_MULTICAST, "multicast" },
	{ RTN_BLACKHOLE, "blackhole" },
	{ RTN_UNREACHABLE, "unreachable" },
	{ RTN_PROHIBIT, "prohibit" },
	{}
};

static const struct name tables[] = {
	{ RT_TABLE_DEFAULT, "default" },
	{ RT_TABLE_MAIN, "main" },
	{ RT_TABLE_LOCAL, "local" },
	{}
};

static const struct name protocols[] = {
	{ RTPROT_KERNEL, "kernel" },
	{ RTPROT_BOOT, "boot" },
	{ RTPROT_STATIC, "static" },
	{}
};

static const struct name scopes[] = {
	{ RT_SCOPE_UNIVERSE, "global" },
	{ RT_SCOPE_LINK, "link" },
	{ RT_SCOPE_HOST, "host" },
	{}
};

static __printf(2, 3) void append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + used, FIB_TEXT - used, format, args);
	va_end(args);
}

static void append_name(char *text, const struct name *name, __u32 value)
{
	for (; name->name; name++) {
		if (name->value == value) {
			append(text, "%s", name->name);
			return;
		}
	}
	append(text, "%u", value);
}

static __u32 attr_u32(const struct rtattr *attr)
{
	__u32 value;

	memcpy(&value, RTA_DATA(attr), sizeof(value));
	return value;
}

static void append_address(char *text, const struct rtattr *attr, int family)
{
	char address[INET6_ADDRSTRLEN];

	if (!attr)
		append(text, "%s", family == AF_INET6 ? "::" : "0.0.0.0");
	else if (RTA_PAYLOAD(attr) == (family == AF_INET6 ? 16 : 4))
		append(text, "%s", inet_ntop(family, RTA_DATA(attr), address,
					     sizeof(address)));
	else
		append(text, "(%zu bytes)", RTA_PAYLOAD(attr));
}

static void append_dev(char *text, __u32 ifindex)
{
	char dev[IF_NAMESIZE];

	append(text, " dev %s", if_indextoname(ifindex, dev) ?: "?");
}

static void append_metrics(char *text, const struct rtattr *metrics)
{
	int len = RTA_PAYLOAD(metrics);
	const struct rtattr *attr;

	for (attr = RTA_DATA(metrics); RTA_OK(attr, len);
	     attr = RTA_NEXT(attr, len)) {
		switch (attr->rta_type) {
		case RTAX_ADVMSS:
			append(text, " advmss %u", attr_u32(attr));
			break;
		case RTAX_WINDOW:
			append(text, " window %u", attr_u32(attr));
			break;
		case RTAX_RTT:
			append(text, " rtt %u", attr_u32(attr));
			break;
		default:
			append(text, " rtax-%u %u", attr->rta_type,
			       attr_u32(attr));
		}
	}
}

static void append_next_hops(char *text, const struct rtattr *hops, int family)
{
	int len = RTA_PAYLOAD(hops), attr_len;
	const struct rtnexthop *hop;
	const struct rtattr *attr;

	for (hop = RTA_DATA(hops); RTNH_OK(hop, len);
	     len -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
		append(text, " nexthop");
		attr = RTNH_DATA(hop);
		attr_len = hop->rtnh_len - sizeof(*hop);
		for (; RTA_OK(attr, attr_len);
		     attr = RTA_NEXT(attr, attr_len)) {
			if (attr->rta_type == RTA_GATEWAY) {
				append(text, " via ");
				append_address(text, attr, family);
			} else {
				append(text, " rta-%u", attr->rta_type);
			}
		}
		append_dev(text, hop->rtnh_ifindex);
		if (hop->rtnh_hops)
			append(text, " weight %u", hop->rtnh_hops + 1);
		if (hop->rtnh_flags)
			append(text, " flags %#x", hop->rtnh_flags);
	}
}

/* Of IPv6: how long it has to live is all of this that a route can have. */
static void append_cacheinfo(char *text, const struct rtattr *attr)
{
	struct rta_cacheinfo info;

	memcpy(&info, RTA_DATA(attr), sizeof(info));
	if (info.rta_expires)
		append(text, " expires %d",
		       fib_round_expiry(info.rta_expires) / FIB_TICKS);
	if (info.rta_error)
		append(text, " error %u", info.rta_error);
}

static void append_attr(char *text, const struct rtattr *attr, int family)
{
	switch (attr->rta_type) {
	case RTA_PRIORITY:
		append(text, " metric %u", attr_u32(attr));
		break;
	case RTA_NH_ID:
		append(text, " nexthop %u", attr_u32(attr));
		break;
	case RTA_PREFSRC:
		append(text, " src ");
		append_address(text, attr, family);
		break;
	case RTA_METRICS:
		append_metrics(text, attr);
		break;
	case RTA_MULTIPATH:
		append_next_hops(text, attr, family);
		break;
	case RTA_CACHEINFO:
		append_cacheinfo(text, attr);
		break;
	case RTA_PREF:
		if (*(__u8 *)RTA_DATA(attr))
			append(text, " pref %u", *(__u8 *)RTA_DATA(attr));
		break;
	default:
		append(text, " rta-%u", attr->rta_type);
	}
}

int fib_round_expiry(int ticks)
{
	const int unit = 10 * FIB_TICKS;

	return (ticks + (ticks < 0 ? -unit : unit) / 2) / unit * unit;
}

void fib_text(const struct nlmsghdr *hdr, char text[FIB_TEXT])
{
	const struct rtmsg *rtm = NLMSG_DATA(hdr);
	const struct rtattr *known[RTA_TABLE + 1] = {};
	const int family = rtm->rtm_family;
	const struct rtattr *attr;
	int len;

	text[0] = 0;

	len = RTM_PAYLOAD(hdr);
	for (attr = RTM_RTA(rtm); RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if (attr->rta_type <= RTA_TABLE)
			known[attr->rta_type] = attr;

	append_name(text, types, rtm->rtm_type);
	append(text, " ");
	append_address(text, known[RTA_DST], family);
	append(text, "/%u", rtm->rtm_dst_len);
	if (known[RTA_SRC] || rtm->rtm_src_len) {
		append(text, " from ");
		append_address(text, known[RTA_SRC], family);
		append(text, "/%u", rtm->rtm_src_len);
	}
	if (known[RTA_GATEWAY]) {
		append(text, " via ");
		append_address(text, known[RTA_GATEWAY], family);
	}
	if (known[RTA_OIF])
		append_dev(text, attr_u32(known[RTA_OIF]));
	append(text, " table ");
	append_name(text, tables, known[RTA_TABLE] ?
		    attr_u32(known[RTA_TABLE]) : rtm->rtm_table);
	append(text, " proto ");
	append_name(text, protocols, rtm->rtm_protocol);
	append(text, " scope ");
	append_name(text, scopes, rtm->rtm_scope);

	len = RTM_PAYLOAD(hdr);
	for (attr = RTM_RTA(rtm); RTA_OK(attr, len); attr = RTA_NEXT(attr, len))
		if (attr->rta_type != RTA_DST && attr->rta_type != RTA_SRC &&
		    attr->rta_type != RTA_GATEWAY &&
		    attr->rta_type != RTA_OIF && attr->rta_type != RTA_TABLE)
			append_attr(text, attr, family);

	if (rtm->rtm_flags)
		append(text, " flags %#x", rtm->rtm_flags);
	if (rtm->rtm_tos)
		append(text, " tos %#x", rtm->rtm_tos);
}

/* Returns 1 when the dump has ended, 0 when there is more to read. */
static int read_part(int sock, fib_visitor visit, void *data)
{
	union {
		struct nlmsghdr hdr;
		char bytes[32768];
	} buf;
	const struct nlmsghdr *hdr = &buf.hdr;
	int len;

	len = recv(sock, &buf, sizeof(buf), 0);
	if (len < 0)
		return -errno;

	for (; NLMSG_OK(hdr, len); hdr = NLMSG_NEXT(hdr, len)) {
		if (hdr->nlmsg_type == NLMSG_DONE)
			return 1;
		if (hdr->nlmsg_type != RTM_NEWROUTE)
			return -EPROTO;
		visit(hdr, data);
	}
	return 0;
}

int fib_visit_routes(int family, fib_visitor visit, void *data)
{
	struct {
		struct nlmsghdr hdr;
		struct rtmsg rtm;
	} req = {
		.hdr.nlmsg_len = sizeof(req),
		.hdr.nlmsg_type = RTM_GETROUTE,
		.hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.rtm.rtm_family = family,
	};
	int sock, ret;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -errno;

	if (send(sock, &req, sizeof(req), 0) < 0)
		ret = -errno;
	else
		while (!(ret = read_part(sock, visit, data)))
			;

	close(sock);
	return ret < 0 ? ret : 0;
}

static void store_route(const struct nlmsghdr *hdr, void *data)
{
	struct fib *fib = data;

	if (fib->count < FIB_ROUTES)
		fib_text(hdr, fib->route[fib->count]);
	fib->count++;
}

int fib_read(int family, struct fib *fib)
{
	int err;

	fib->count = 0;
	err = fib_visit_routes(family, store_route, fib);
	if (!err && fib->count > FIB_ROUTES)
		err = -ENOSPC;
	return err;
}

struct local {
	char address[INET6_ADDRSTRLEN];
	const char *dev;
	bool found;
};

static void find_local(const struct nlmsghdr *hdr, void *data)
{
	char text[FIB_TEXT], start[64];
	struct local *local = data;

	fib_text(hdr, text);
	snprintf(start, sizeof(start), "local %s/%d dev %s ", local->address,
		 strchr(local->address, ':') ? 128 : 32, local->dev);
	local->found |= !strncmp(text, start, strlen(start));
}

bool fib_has_local(const char *address, const char *dev)
{
	int family = strchr(address, ':') ? AF_INET6 : AF_INET;
	struct local local = { .dev = dev };

	snprintf(local.address, sizeof(local.address), "%.*s",
		 (int)strcspn(address, "/"), address);
	return !fib_visit_routes(family, find_local, &local) && local.found;
}

int fib_ipv6_flags(const char *prefix, unsigned int *flags)
{
	FILE *file = fopen("/proc/thread-self/net/ipv6_route", "r");
	char address[INET6_ADDRSTRLEN], dst[33], want[33] = "", line[256];
	unsigned int length, i;
	struct in6_addr in6;
	int err = -ENOENT;

	if (!file)
		return -errno;
	snprintf(address, sizeof(address), "%.*s", (int)strcspn(prefix, "/"),
		 prefix);
	inet_pton(AF_INET6, address, &in6);
	for (i = 0; i < sizeof(in6); i++)
		sprintf(want + 2 * i, "%02x", in6.s6_addr[i]);
	while (err && fgets(line, sizeof(line), file))
		if (sscanf(line, "%32s %x %*s %*s %*s %*s %*s %*s %x", dst,
			   &length, flags) == 3 && !strcmp(dst, want) &&
		    length == strtoul(strchr(prefix, '/') + 1, NULL, 10))
			err = 0;
	fclose(file);
	return err;
}

bool fib_differs_by(const struct fib *with, const struct fib *without,
		    const char *route)
{
	bool found = false;
	int i, j = 0;

	for (i = 0; i < with->count; i++) {
		if (j < without->count &&
		    !strcmp(with->route[i], without->route[j]))
			j++;
		else if (!found && !strcmp(with->route[i], route))
			found = true;
		else
			return false;
	}
	return found && j == without->count;
}

bool fib_equal(const struct fib *a, const struct fib *b)
{
	int i;

	for (i = 0; i < a->count && i < b->count; i++)
		if (strcmp(a->route[i], b->route[i]))
			return false;
	return a->count == b->count;
}

void fib_print(const struct fib *fib)
{
	int i;

	for (i = 0; i < fib->count; i++)
		fprintf(stderr, "#   %s\n", fib->route[i]);
}

int fib_monitor(int family)
{
	struct sockaddr_nl group = {
		.nl_family = AF_NETLINK,
		.nl_groups = (family != AF_INET6 ? RTMGRP_IPV4_ROUTE : 0) |
			     (family != AF_INET ? RTMGRP_IPV6_ROUTE : 0),
	};
	int sock, err;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		      NETLINK_ROUTE);
	if (sock < 0)
		return -errno;

	if (bind(sock, (struct sockaddr *)&group, sizeof(group))) {
		err = -errno;
		close(sock);
		return err;
	}
	return sock;
}

int fib_visit_events(int monitor, fib_visitor visit, void *data)
{
	union {
		struct nlmsghdr hdr;
		char bytes[4096];
	} buf;
	int len;

	while ((len = recv(monitor, &buf, sizeof(buf), 0)) >= 0) {
		const struct nlmsghdr *hdr = &buf.hdr;

		for (; NLMSG_OK(hdr, len); hdr = NLMSG_NEXT(hdr, len))
			visit(hdr, data);
	}
	return errno == EAGAIN ? 0 : -errno;
}

struct event_list {
	struct fib_event *events;
	int max;
	int count;
};

static void store_event(const struct nlmsghdr *hdr, void *data)
{
	struct event_list *list = data;

	if (list->count < list->max) {
		struct fib_event *event = &list->events[list->count];

		event->type = hdr->nlmsg_type;
		event->flags = hdr->nlmsg_flags;
		event->seq = hdr->nlmsg_seq;
		event->portid = hdr->nlmsg_pid;
		fib_text(hdr, event->route);
	}
	list->count++;
}

int fib_events(int monitor, struct fib_event *events, int max)
{
	struct event_list list = { .events = events, .max = max };
	int err = fib_visit_events(monitor, store_event, &list);

	return err ?: list.count;
}
