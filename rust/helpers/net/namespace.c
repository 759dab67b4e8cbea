// SPDX-License-Identifier: GPL-2.0

#include <net/net_namespace.h>

#ifdef CONFIG_NET

__rust_helper struct net *rust_helper_maybe_get_net(struct net *net)
{
	return maybe_get_net(net);
}

__rust_helper void rust_helper_netns_tracker_alloc(struct net *net,
						   netns_tracker *tracker,
						   gfp_t gfp)
{
	netns_tracker_alloc(net, tracker, gfp);
}

__rust_helper void rust_helper_put_net_track(struct net *net,
					     netns_tracker *tracker)
{
	put_net_track(net, tracker);
}

#endif
