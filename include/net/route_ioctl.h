/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routing ioctls served by a provider instead of C's ip_rt_ioctl() and
 * ipv6_route_ioctl().
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
 * @owner: the module that @ipv4 and @ipv6 are part of. It cannot be unloaded
 *	while a call is being served.
 * @ipv4: serves %SIOCADDRT and %SIOCDELRT on sockets of IPv4. Process context,
 *	may sleep; RTNL is not held, a socket's lock may be. @net stays alive
 *	meanwhile. @arg is the unchecked user pointer to a &struct rtentry, or
 *	to a &struct compat_rtentry if @compat. Nothing has been checked: the
 *	capability is the provider's to ask for. Returns 0 or a negative errno;
 *	%-ENOIOCTLCMD leaves the call to the C code.
 * @ipv6: the same on sockets of IPv6, where @arg points to a
 *	&struct in6_rtmsg, or to a &struct compat_in6_rtmsg if @compat.
 *
 * Calls of a family that has no function are left to the C code.
 */
struct route_ioctl_provider {
	struct module *owner;
	int (*ipv4)(struct net *net, unsigned int cmd, void __user *arg,
		    bool compat);
	int (*ipv6)(struct net *net, unsigned int cmd, void __user *arg,
		    bool compat);
};

int route_ioctl_register(const struct route_ioctl_provider *provider);
void route_ioctl_unregister(const struct route_ioctl_provider *provider);
int __route_ioctl(struct net *net, int family, unsigned int cmd,
		  void __user *arg, bool compat);

DECLARE_STATIC_KEY_FALSE(route_ioctl_provided);

/**
 * route_ioctl - let the provider serve a call, if there is one
 * @net: network namespace of the socket
 * @family: family of the socket, %AF_INET or %AF_INET6
 * @cmd: %SIOCADDRT or %SIOCDELRT
 * @arg: what user space passed
 * @compat: whether that is in 32-bit layout
 *
 * Context: process context, may sleep.
 * Return: the provider's answer; %-ENOIOCTLCMD if it is the caller's to give.
 */
static inline int route_ioctl(struct net *net, int family, unsigned int cmd,
			      void __user *arg, bool compat)
{
	if (IS_ENABLED(CONFIG_IP_ROUTE_IOCTL_PROVIDER) &&
	    static_branch_unlikely(&route_ioctl_provided))
		return __route_ioctl(net, family, cmd, arg, compat);
	return -ENOIOCTLCMD;
}

#endif /* _NET_ROUTE_IOCTL_H */
