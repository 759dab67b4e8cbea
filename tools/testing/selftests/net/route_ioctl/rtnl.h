/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests set up through rtnetlink, in the caller's network namespace.
 * An address with a colon is IPv6's. Every function that sets up something
 * returns 0 or a negative errno.
 */
#ifndef RTNL_H
#define RTNL_H

#include <stdbool.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>

/* As many as one message about a route has room for. */
#define RTNL_HOPS	8

struct rtnl_address {
	const char *dev;
	const char *local;	/* with "/length" */
	const char *peer;
	const char *broadcast;
	const char *label;
};

struct rtnl_route {
	const char *dst;	/* with "/length" */
	const char *src;	/* the same, of IPv6 */
	const char *gateway;
	const char *dev;
	const char *prefsrc;
	const char *hops[RTNL_HOPS];	/* the gateways of more than one */
	__u32 nexthop;		/* an object's number */
	__u32 table;
	__u32 priority;
	__u32 advmss;
	unsigned char protocol;
	unsigned char scope;
	unsigned char type;
	unsigned char tos;
};

/*
 * Sends a request and returns what the kernel answers, 0 or a negative errno.
 * All functions below call it, and a test may put its own in its place.
 */
extern int (*rtnl_exchange)(const struct nlmsghdr *request);

int rtnl_link_add(const char *dev, const char *kind);
int rtnl_link_delete(const char *dev);
int rtnl_vrf_add(const char *dev, __u32 table);
int rtnl_link_up(const char *dev, bool up);
bool rtnl_link_is_up(const char *dev);
int rtnl_link_mtu(const char *dev, __u32 mtu);
int rtnl_link_master(const char *dev, const char *master);
int rtnl_link_rename(const char *dev, const char *name);
/* To the network namespace that @netns is a file descriptor of. */
int rtnl_link_move(const char *dev, int netns);
int rtnl_altname_add(const char *dev, const char *altname);
/*
 * Waits until IPv6 has made the address usable, if the device is up: it does
 * so at a time of its own.
 */
int rtnl_address_add(const struct rtnl_address *address);
int rtnl_address_delete(const struct rtnl_address *address);
int rtnl_rule_add(__u32 priority, __u32 table);
int rtnl_rule_delete(__u32 priority, __u32 table);
int rtnl_nexthop_add(__u32 id, const char *dev, const char *gateway);
int rtnl_nexthop_replace(__u32 id, const char *dev, const char *gateway);
int rtnl_nexthop_delete(__u32 id);
int rtnl_route_add(const struct rtnl_route *route, unsigned int flags);
/* The first of those that are there with its prefix, priority and TOS. */
int rtnl_route_replace(const struct rtnl_route *route);
int rtnl_route_delete(const struct rtnl_route *route);

#endif /* RTNL_H */
