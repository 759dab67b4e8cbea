/* SPDX-License-Identifier: GPL-2.0 */
/*
 * IPv4 routing ioctls served by a provider instead of fib_frontend.c.
 *
 * See Documentation/networking/route_ioctl.rst.
 */
#ifndef _NET_ROUTE_IOCTL_H
#define _NET_ROUTE_IOCTL_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct net;
struct srcu_ctr;

/**
 * struct route_ioctl_provider - who serves the routing ioctls
 * @ioctl: serves %SIOCADDRT and %SIOCDELRT. Process context, no lock held, may
 *	sleep. @arg is the unchecked user pointer to a &struct rtentry, or to a
 *	&struct compat_rtentry if @compat. Nothing has been checked: the
 *	capability is the provider's to ask for. Returns 0 or a negative errno.
 */
struct route_ioctl_provider {
	int (*ioctl)(struct net *net, unsigned int cmd, void __user *arg,
		     bool compat);
};

/**
 * struct route_ioctl_call - a call on its way to the provider
 * @provider: who is to serve it; %NULL if the caller is
 * @srcu: what keeps @provider there
 */
struct route_ioctl_call {
	const struct route_ioctl_provider *provider;
	struct srcu_ctr __percpu *srcu;
};

int route_ioctl_register(const struct route_ioctl_provider *provider);
void route_ioctl_unregister(const struct route_ioctl_provider *provider);
struct route_ioctl_call __route_ioctl_enter(void);
int route_ioctl_serve(struct route_ioctl_call call, struct net *net,
		      unsigned int cmd, void __user *arg, bool compat);

DECLARE_STATIC_KEY_FALSE(route_ioctl_provided);

/* If there is a provider, route_ioctl_serve() must follow. */
static inline struct route_ioctl_call route_ioctl_enter(void)
{
	if (IS_ENABLED(CONFIG_IP_ROUTE_IOCTL_PROVIDER) &&
	    static_branch_unlikely(&route_ioctl_provided))
		return __route_ioctl_enter();
	return (struct route_ioctl_call) {};
}

#endif /* _NET_ROUTE_IOCTL_H */
