// SPDX-License-Identifier: GPL-2.0
/*
 * The seam at which a provider takes over the IPv4 routing ioctls.
 *
 * Without a provider, inet_ioctl() and inet_compat_ioctl() go on to
 * ip_rt_ioctl() and pay one patched-out branch for the question.
 */

#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/srcu.h>

#include <net/route_ioctl.h>

DEFINE_STATIC_KEY_FALSE(route_ioctl_provided);

static const struct route_ioctl_provider __rcu *route_ioctl_provider;

/* A provider may sleep, and its module must not go away meanwhile. */
DEFINE_STATIC_SRCU_FAST(route_ioctl_srcu);

/* Keeps the static key in step with the pointer. */
static DEFINE_MUTEX(route_ioctl_mutex);

/**
 * route_ioctl_register - let a provider serve the routing ioctls
 * @provider: must stay valid until route_ioctl_unregister() has returned
 *
 * Calls may reach @provider before the return.
 *
 * Context: process context, may sleep.
 * Return: 0, or -EBUSY if there is a provider already.
 */
int route_ioctl_register(const struct route_ioctl_provider *provider)
{
	guard(mutex)(&route_ioctl_mutex);

	if (rcu_access_pointer(route_ioctl_provider))
		return -EBUSY;

	rcu_assign_pointer(route_ioctl_provider, provider);
	static_branch_enable(&route_ioctl_provided);
	return 0;
}
EXPORT_SYMBOL_GPL(route_ioctl_register);

/**
 * route_ioctl_unregister - give the routing ioctls back to the C code
 * @provider: the registered provider
 *
 * New calls are served by the C code at once. Those that @provider is serving
 * are waited for, even if that takes as long as a page of user memory takes to
 * arrive. After the return none is left.
 *
 * Context: process context, may sleep, must hold no lock that a call may take.
 */
void route_ioctl_unregister(const struct route_ioctl_provider *provider)
{
	scoped_guard(mutex, &route_ioctl_mutex) {
		if (WARN_ON_ONCE(rcu_access_pointer(route_ioctl_provider) !=
				 provider))
			return;

		static_branch_disable(&route_ioctl_provided);
		RCU_INIT_POINTER(route_ioctl_provider, NULL);
	}
	synchronize_srcu(&route_ioctl_srcu);
}
EXPORT_SYMBOL_GPL(route_ioctl_unregister);

int __route_ioctl(struct net *net, unsigned int cmd, void __user *arg,
		  bool compat)
{
	const struct route_ioctl_provider *provider;
	int err = -ENOIOCTLCMD;

	guard(srcu_fast)(&route_ioctl_srcu);
	provider = srcu_dereference(route_ioctl_provider, &route_ioctl_srcu);
	if (likely(provider))
		err = provider->ioctl(net, cmd, arg, compat);
	return err;
}
