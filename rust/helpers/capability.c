// SPDX-License-Identifier: GPL-2.0

#include <linux/capability.h>

/* With CONFIG_MULTIUSER this is a function. */
#ifndef CONFIG_MULTIUSER
__rust_helper bool rust_helper_ns_capable(struct user_namespace *ns, int cap)
{
	return ns_capable(ns, cap);
}
#endif
