// SPDX-License-Identifier: GPL-2.0

#include <net/l3mdev.h>

#ifdef CONFIG_NET

__rust_helper u32 rust_helper_l3mdev_fib_table(const struct net_device *dev)
{
	return l3mdev_fib_table(dev);
}

#endif
