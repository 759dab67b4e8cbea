/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv4 routing ioctls served by a provider instead of fib_frontend.c.
 */
#ifndef _NET_ROUTE_IOCTL_H
#define _NET_ROUTE_IOCTL_H

#include <linux/errno.h>
#include <linux/jump_label.h>
#include <linux/types.h>

struct module;
struct net;

/**
 * struct route_ioctl_provider - who serves the routing ioctls
 * @owner: the module that @ioctl is part of. It cannot be unloaded while a
 *	call is being served.
 * @ioctl: serves %SIOCADDRT and %SIOCDELRT. Process context, may sleep; RTNL is
 *	not held, a socket's lock may be. @net stays alive meanwhile. @arg is
 *	the unchecked user pointer to a &struct rtentry, or to a
 *	&struct compat_rtentry if @compat. Nothing has been checked: the
 *	capability is the provider's to ask for. Returns 0 or a negative errno;
 *	%-ENOIOCTLCMD leaves the call to the C code.
 */
struct route_ioctl_provider {
	struct module *owner;
	int (*ioctl)(struct net *net, unsigned int cmd, void __user *arg,
		     bool compat);
};

int route_ioctl_register(const struct route_ioctl_provider *provider);
void route_ioctl_unregister(const struct route_ioctl_provider *provider);
int __route_ioctl(struct net *net, unsigned int cmd, void __user *arg,
		  bool compat);

DECLARE_STATIC_KEY_FALSE(route_ioctl_provided);

/**
 * route_ioctl - let the provider serve a call, if there is one
 * @net: network namespace of the socket
 * @cmd: %SIOCADDRT or %SIOCDELRT
 * @arg: what user space passed
 * @compat: whether that is in 32-bit layout
 *
 * Context: process context, may sleep.
 * Return: the provider's answer; %-ENOIOCTLCMD if it is the caller's to give.
 */
static inline int route_ioctl(struct net *net, unsigned int cmd,
			      void __user *arg, bool compat)
{
	if (IS_ENABLED(CONFIG_IP_ROUTE_IOCTL_PROVIDER) &&
	    static_branch_unlikely(&route_ioctl_provided))
		return __route_ioctl(net, cmd, arg, compat);
	return -ENOIOCTLCMD;
}

#endif /* _NET_ROUTE_IOCTL_H */
