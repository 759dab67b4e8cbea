// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>

#include "fib.h"
#include "rtnl.h"

/* Milliseconds that IPv6 may take to make an address usable. */
#define PATIENCE	10000

struct request {
	struct nlmsghdr hdr;
	char payload[512];
};

static void start(struct request *req, unsigned short type,
		  unsigned short flags, const void *family, size_t len)
{
	memset(req, 0, sizeof(*req));
	req->hdr.nlmsg_type = type;
	req->hdr.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	req->hdr.nlmsg_len = NLMSG_LENGTH(len);
	memcpy(NLMSG_DATA(&req->hdr), family, len);
}

static struct rtattr *put(struct request *req, unsigned short type,
			  const void *data, size_t len)
{
	struct rtattr *attr = (void *)req + NLMSG_ALIGN(req->hdr.nlmsg_len);

	attr->rta_type = type;
	attr->rta_len = RTA_LENGTH(len);
	if (len)
		memcpy(RTA_DATA(attr), data, len);
	req->hdr.nlmsg_len = NLMSG_ALIGN(req->hdr.nlmsg_len) +
			     RTA_ALIGN(attr->rta_len);
	return attr;
}

static void put_u32(struct request *req, unsigned short type, __u32 value)
{
	put(req, type, &value, sizeof(value));
}

static void put_string(struct request *req, unsigned short type,
		       const char *string)
{
	put(req, type, string, strlen(string) + 1);
}

static int family_of(const char *address)
{
	return strchr(address, ':') ? AF_INET6 : AF_INET;
}

static void put_address(struct request *req, unsigned short type,
			const char *address)
{
	const int family = family_of(address);
	struct in6_addr bytes = {};

	inet_pton(family, address, &bytes);
	put(req, type, &bytes, family == AF_INET6 ? 16 : 4);
}

static struct rtattr *nest(struct request *req, unsigned short type)
{
	return put(req, type, NULL, 0);
}

static void nest_end(struct request *req, struct rtattr *attr)
{
	attr->rta_len = (char *)req + req->hdr.nlmsg_len - (char *)attr;
}

static int split_prefix(const char *prefix, char address[INET6_ADDRSTRLEN])
{
	const char *slash = strchr(prefix, '/');

	snprintf(address, INET6_ADDRSTRLEN, "%.*s", (int)(slash - prefix),
		 prefix);
	return atoi(slash + 1);
}

static int exchange(const struct nlmsghdr *request)
{
	struct {
		struct nlmsghdr hdr;
		struct nlmsgerr err;
		char request[1024];
	} reply;
	int sock, ret = 0;

	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		return -errno;

	if (send(sock, request, request->nlmsg_len, 0) < 0 ||
	    recv(sock, &reply, sizeof(reply), 0) < 0)
		ret = -errno;
	else if (reply.hdr.nlmsg_type != NLMSG_ERROR)
		ret = -EPROTO;
	else
		ret = reply.err.error;

	close(sock);
	return ret;
}

int (*rtnl_exchange)(const struct nlmsghdr *request) = exchange;

static int talk(const struct request *req)
{
	return rtnl_exchange(&req->hdr);
}

static int link_new(const char *dev, const char *kind, __u32 vrf_table)
{
	struct ifinfomsg ifi = {};
	struct rtattr *info, *data;
	struct request req;

	start(&req, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi, sizeof(ifi));
	put_string(&req, IFLA_IFNAME, dev);
	info = nest(&req, IFLA_LINKINFO);
	put_string(&req, IFLA_INFO_KIND, kind);
	if (vrf_table) {
		data = nest(&req, IFLA_INFO_DATA);
		put_u32(&req, IFLA_VRF_TABLE, vrf_table);
		nest_end(&req, data);
	}
	nest_end(&req, info);
	return talk(&req);
}

int rtnl_link_add(const char *dev, const char *kind)
{
	return link_new(dev, kind, 0);
}

int rtnl_vrf_add(const char *dev, __u32 table)
{
	return link_new(dev, "vrf", table);
}

int rtnl_link_delete(const char *dev)
{
	struct ifinfomsg ifi = { .ifi_index = if_nametoindex(dev) };
	struct request req;

	start(&req, RTM_DELLINK, 0, &ifi, sizeof(ifi));
	return talk(&req);
}

int rtnl_link_up(const char *dev, bool up)
{
	struct ifinfomsg ifi = {
		.ifi_index = if_nametoindex(dev),
		.ifi_flags = up ? IFF_UP : 0,
		.ifi_change = IFF_UP,
	};
	struct request req;

	start(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	return talk(&req);
}

static int link_set(const char *dev, unsigned short type, __u32 value)
{
	struct ifinfomsg ifi = { .ifi_index = if_nametoindex(dev) };
	struct request req;

	start(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	put_u32(&req, type, value);
	return talk(&req);
}

int rtnl_link_mtu(const char *dev, __u32 mtu)
{
	return link_set(dev, IFLA_MTU, mtu);
}

int rtnl_link_master(const char *dev, const char *master)
{
	return link_set(dev, IFLA_MASTER, if_nametoindex(master));
}

int rtnl_link_rename(const char *dev, const char *name)
{
	struct ifinfomsg ifi = { .ifi_index = if_nametoindex(dev) };
	struct request req;

	start(&req, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	put_string(&req, IFLA_IFNAME, name);
	return talk(&req);
}

int rtnl_link_move(const char *dev, int netns)
{
	return link_set(dev, IFLA_NET_NS_FD, netns);
}

int rtnl_altname_add(const char *dev, const char *altname)
{
	struct ifinfomsg ifi = { .ifi_index = if_nametoindex(dev) };
	struct rtattr *list;
	struct request req;

	start(&req, RTM_NEWLINKPROP, NLM_F_CREATE | NLM_F_EXCL | NLM_F_APPEND,
	      &ifi, sizeof(ifi));
	list = nest(&req, IFLA_PROP_LIST | NLA_F_NESTED);
	put_string(&req, IFLA_ALT_IFNAME, altname);
	nest_end(&req, list);
	return talk(&req);
}

static int address_change(unsigned short type, unsigned short flags,
			  const struct rtnl_address *address)
{
	char local[INET6_ADDRSTRLEN];
	struct ifaddrmsg ifa = {
		.ifa_family = family_of(address->local),
		.ifa_prefixlen = split_prefix(address->local, local),
		.ifa_index = if_nametoindex(address->dev),
	};
	struct request req;

	start(&req, type, flags, &ifa, sizeof(ifa));
	put_address(&req, IFA_LOCAL, local);
	put_address(&req, IFA_ADDRESS, address->peer ?: local);
	if (ifa.ifa_family == AF_INET6)
		put_u32(&req, IFA_FLAGS, IFA_F_NODAD);
	if (address->broadcast)
		put_address(&req, IFA_BROADCAST, address->broadcast);
	if (address->label)
		put_string(&req, IFA_LABEL, address->label);
	return talk(&req);
}

bool rtnl_link_is_up(const char *dev)
{
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = {};
	bool up;

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", dev);
	up = !ioctl(sock, SIOCGIFFLAGS, &ifr) && ifr.ifr_flags & IFF_UP;
	close(sock);
	return up;
}

int rtnl_address_add(const struct rtnl_address *address)
{
	int patience = PATIENCE;
	int err;

	err = address_change(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, address);
	if (err || family_of(address->local) == AF_INET ||
	    !rtnl_link_is_up(address->dev))
		return err;
	while (!fib_has_local(address->local, address->dev)) {
		if (!patience--)
			return -ETIME;
		poll(NULL, 0, 1);
	}
	return 0;
}

int rtnl_address_delete(const struct rtnl_address *address)
{
	return address_change(RTM_DELADDR, 0, address);
}

static int rule_change(unsigned short type, unsigned short flags,
		       __u32 priority, __u32 table)
{
	struct fib_rule_hdr rule = {
		.family = AF_INET,
		.action = FR_ACT_TO_TBL,
	};
	struct request req;

	start(&req, type, flags, &rule, sizeof(rule));
	put_u32(&req, FRA_PRIORITY, priority);
	put_u32(&req, FRA_TABLE, table);
	return talk(&req);
}

int rtnl_rule_add(__u32 priority, __u32 table)
{
	return rule_change(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, priority,
			   table);
}

int rtnl_rule_delete(__u32 priority, __u32 table)
{
	return rule_change(RTM_DELRULE, 0, priority, table);
}

static int nexthop_change(unsigned short flags, __u32 id, const char *dev,
			  const char *gateway)
{
	struct nhmsg nh = {
		.nh_family = family_of(gateway),
		.nh_protocol = RTPROT_STATIC,
	};
	struct request req;

	start(&req, RTM_NEWNEXTHOP, NLM_F_CREATE | flags, &nh, sizeof(nh));
	put_u32(&req, NHA_ID, id);
	put_u32(&req, NHA_OIF, if_nametoindex(dev));
	put_address(&req, NHA_GATEWAY, gateway);
	return talk(&req);
}

int rtnl_nexthop_add(__u32 id, const char *dev, const char *gateway)
{
	return nexthop_change(NLM_F_EXCL, id, dev, gateway);
}

int rtnl_nexthop_replace(__u32 id, const char *dev, const char *gateway)
{
	return nexthop_change(NLM_F_REPLACE, id, dev, gateway);
}

int rtnl_nexthop_delete(__u32 id)
{
	struct nhmsg nh = {};
	struct request req;

	start(&req, RTM_DELNEXTHOP, 0, &nh, sizeof(nh));
	put_u32(&req, NHA_ID, id);
	return talk(&req);
}

static void put_hops(struct request *req, const struct rtnl_route *route)
{
	struct rtattr *hops = nest(req, RTA_MULTIPATH);
	struct rtnexthop hop = {};
	size_t i, at;

	for (i = 0; i < RTNL_HOPS && route->hops[i]; i++) {
		at = req->hdr.nlmsg_len;
		memcpy((char *)req + at, &hop, sizeof(hop));
		req->hdr.nlmsg_len += sizeof(hop);
		put_address(req, RTA_GATEWAY, route->hops[i]);
		hop.rtnh_len = req->hdr.nlmsg_len - at;
		memcpy((char *)req + at, &hop, sizeof(hop));
	}
	nest_end(req, hops);
}

static int route_change(unsigned short type, unsigned short flags,
			const struct rtnl_route *route)
{
	char dst[INET6_ADDRSTRLEN], src[INET6_ADDRSTRLEN];
	struct rtmsg rtm = {
		.rtm_family = family_of(route->dst),
		.rtm_dst_len = split_prefix(route->dst, dst),
		.rtm_src_len = route->src ? split_prefix(route->src, src) : 0,
		.rtm_tos = route->tos,
		.rtm_protocol = route->protocol,
		.rtm_scope = route->scope,
		.rtm_type = route->type,
	};
	struct rtattr *metrics;
	struct request req;

	start(&req, type, flags, &rtm, sizeof(rtm));
	put_address(&req, RTA_DST, dst);
	if (route->src)
		put_address(&req, RTA_SRC, src);
	put_u32(&req, RTA_TABLE, route->table);
	if (route->gateway)
		put_address(&req, RTA_GATEWAY, route->gateway);
	if (route->dev)
		put_u32(&req, RTA_OIF, if_nametoindex(route->dev));
	if (route->hops[0])
		put_hops(&req, route);
	if (route->nexthop)
		put_u32(&req, RTA_NH_ID, route->nexthop);
	if (route->prefsrc)
		put_address(&req, RTA_PREFSRC, route->prefsrc);
	if (route->priority)
		put_u32(&req, RTA_PRIORITY, route->priority);
	if (route->advmss) {
		metrics = nest(&req, RTA_METRICS);
		put_u32(&req, RTAX_ADVMSS, route->advmss);
		nest_end(&req, metrics);
	}
	return talk(&req);
}

int rtnl_route_add(const struct rtnl_route *route, unsigned int flags)
{
	return route_change(RTM_NEWROUTE, NLM_F_CREATE | flags, route);
}

int rtnl_route_replace(const struct rtnl_route *route)
{
	return route_change(RTM_NEWROUTE, NLM_F_REPLACE, route);
}

int rtnl_route_delete(const struct rtnl_route *route)
{
	return route_change(RTM_DELROUTE, 0, route);
}
