// SPDX-License-Identifier: GPL-2.0

#include <linux/rtnetlink.h>

/* With CONFIG_DEBUG_NET_SMALL_RTNL these are functions. */
#if defined(CONFIG_NET) && !defined(CONFIG_DEBUG_NET_SMALL_RTNL)

__rust_helper void rust_helper_rtnl_net_lock(struct net *net)
{
	rtnl_net_lock(net);
}

__rust_helper void rust_helper_rtnl_net_unlock(struct net *net)
{
	rtnl_net_unlock(net);
}

#endif
