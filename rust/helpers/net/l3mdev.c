// SPDX-License-Identifier: GPL-2.0

#include <net/l3mdev.h>

#ifdef CONFIG_NET

__rust_helper u32 rust_helper_l3mdev_fib_table(const struct net_device *dev)
{
	return l3mdev_fib_table(dev);
}

/* With CONFIG_NET_L3_MASTER_DEV this is a function. */
#ifndef CONFIG_NET_L3_MASTER_DEV
__rust_helper u32 rust_helper_l3mdev_fib_table_by_index(struct net *net,
							int ifindex)
{
	return l3mdev_fib_table_by_index(net, ifindex);
}
#endif

#endif
