// SPDX-License-Identifier: GPL-2.0

#include <net/ip_fib.h>

#ifdef CONFIG_INET

__rust_helper bool rust_helper_fib4_has_custom_rules(const struct net *net)
{
	return fib4_has_custom_rules(net);
}

#endif
