// SPDX-License-Identifier: GPL-2.0

#include <net/ip_fib.h>

#if defined(CONFIG_INET) && !defined(CONFIG_IP_MULTIPLE_TABLES)

__rust_helper struct fib_table *rust_helper_fib_get_table(struct net *net, u32 id)
{
	return fib_get_table(net, id);
}

__rust_helper struct fib_table *rust_helper_fib_new_table(struct net *net, u32 id)
{
	return fib_new_table(net, id);
}

#endif
