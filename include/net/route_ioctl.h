/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv4 routing ioctls served by a provider instead of fib_frontend.c.
 *
 * See Documentation/networking/route_ioctl.rst.
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
 * @owner: module of @ioctl, held while a call runs; %NULL if built in
 * @ioctl: serves %SIOCADDRT, %SIOCDELRT and %SIOCRTMSG. Process context, no
 *	lock held, may sleep. @arg is the unchecked user pointer to a
 *	&struct rtentry, or to a &struct compat_rtentry if @compat. Nothing
 *	has been checked: the capability is the provider's to ask for. Returns
 *	0 or a negative errno.
 */
struct route_ioctl_provider {
	struct module *owner;
	int (*ioctl)(struct net *net, unsigned int cmd, void __user *arg,
		     bool compat);
};

#ifdef CONFIG_IP_ROUTE_IOCTL_PROVIDER

DECLARE_STATIC_KEY_FALSE(route_ioctl_provided);

int route_ioctl_register(const struct route_ioctl_provider *provider);
void route_ioctl_unregister(const struct route_ioctl_provider *provider);
const struct route_ioctl_provider *__route_ioctl_get(void);
int route_ioctl_serve(struct net *net, unsigned int cmd, void __user *arg,
		      bool compat, const struct route_ioctl_provider *provider);

/*
 * The provider, for one route_ioctl_serve(); %NULL if there is none and the
 * caller serves the ioctl itself.
 */
static inline const struct route_ioctl_provider *route_ioctl_get(void)
{
	if (static_branch_unlikely(&route_ioctl_provided))
		return __route_ioctl_get();
	return NULL;
}

#else

static inline const struct route_ioctl_provider *route_ioctl_get(void)
{
	return NULL;
}

static inline int route_ioctl_serve(struct net *net, unsigned int cmd,
				    void __user *arg, bool compat,
				    const struct route_ioctl_provider *provider)
{
	return -ENOIOCTLCMD;
}

#endif /* CONFIG_IP_ROUTE_IOCTL_PROVIDER */

#endif /* _NET_ROUTE_IOCTL_H */
