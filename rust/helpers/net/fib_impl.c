// SPDX-License-Identifier: GPL-2.0

#ifdef CONFIG_IP_FIB_RUST

#include <linux/inetdevice.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <net/nexthop.h>

#include "../../../net/ipv4/fib_lookup.h"

__rust_helper bool rust_helper_check_net(const struct net *net)
{
	return check_net(net);
}

__rust_helper bool rust_helper_fib4_has_custom_rules(const struct net *net)
{
	return fib4_has_custom_rules(net);
}

__rust_helper bool rust_helper_fib_dscp_masked_match(dscp_t dscp, const struct flowi4 *fl4)
{
	return fib_dscp_masked_match(dscp, fl4);
}

__rust_helper bool rust_helper_fib_info_hold_safe(struct fib_info *fi)
{
	return fib_info_hold_safe(fi);
}

__rust_helper void rust_helper_fib_info_put(struct fib_info *fi)
{
	fib_info_put(fi);
}

__rust_helper struct fib_nh_common *rust_helper_fib_info_nhc(struct fib_info *fi, int nhsel)
{
	return fib_info_nhc(fi, nhsel);
}

__rust_helper bool rust_helper_ip_ignore_linkdown(const struct net_device *dev)
{
	return ip_ignore_linkdown(dev);
}

__rust_helper bool rust_helper_nexthop_is_blackhole(const struct nexthop *nh)
{
	return nexthop_is_blackhole(nh);
}

__rust_helper struct fib_nh_common *
rust_helper_nexthop_get_nhc_lookup(const struct nexthop *nh, int fib_flags,
				   const struct flowi4 *flp, int *nhsel)
{
	return nexthop_get_nhc_lookup(nh, fib_flags, flp, nhsel);
}

__rust_helper struct netlink_skb_parms *rust_helper_NETLINK_CB(struct sk_buff *skb)
{
	return &NETLINK_CB(skb);
}

__rust_helper u8 rust_helper_fib_notify_on_flag_change(const struct net *net)
{
	return READ_ONCE(net->ipv4.sysctl_fib_notify_on_flag_change);
}

__rust_helper bool rust_helper_rtmsg_fib_needed(const struct nl_info *info)
{
	return rtmsg_fib_needed(info);
}

__rust_helper unsigned int rust_helper_refcount_read(const refcount_t *r)
{
	return refcount_read(r);
}

__rust_helper void rust_helper_seq_setwidth(struct seq_file *m, size_t size)
{
	seq_setwidth(m, size);
}

__rust_helper struct net *rust_helper_seq_file_net(struct seq_file *seq)
{
	return seq_file_net(seq);
}

__rust_helper const char *rust_helper_netdev_name(const struct net_device *dev)
{
	return netdev_name(dev);
}

__rust_helper void rust_helper_hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	hlist_add_head_rcu(n, h);
}

__rust_helper void rust_helper_hlist_replace_rcu(struct hlist_node *old, struct hlist_node *new)
{
	hlist_replace_rcu(old, new);
}

#endif
