// SPDX-License-Identifier: GPL-2.0
/*
 * The seam at which a provider takes over the IPv4 routing ioctls.
 *
 * Without a provider, inet_ioctl() and inet_compat_ioctl() go on to
 * ip_rt_ioctl() and pay one patched-out branch for the question.
 */

#include <linux/export.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include <net/route_ioctl.h>

DEFINE_STATIC_KEY_FALSE(route_ioctl_provided);

static const struct route_ioctl_provider __rcu *route_ioctl_provider;

/* Keeps the static key in step with the pointer. */
static DEFINE_MUTEX(route_ioctl_mutex);

/**
 * route_ioctl_register - let a provider serve the routing ioctls
 * @provider: must stay valid as long as its module does
 *
 * If @provider's module is still in its init function, calls reach it once
 * that has succeeded.
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
 * No call enters @provider after the return. Calls that have entered it may
 * still run; each holds a reference to its module.
 *
 * Context: process context, may sleep.
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
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(route_ioctl_unregister);

/*
 * A module whose init function fails is freed whatever its reference count
 * says, so no call may enter it before that function has returned.
 */
static bool route_ioctl_hold(struct module *owner)
{
	return !(owner && module_is_coming(owner)) && try_module_get(owner);
}

const struct route_ioctl_provider *__route_ioctl_get(void)
{
	const struct route_ioctl_provider *provider;

	guard(rcu)();

	provider = rcu_dereference(route_ioctl_provider);
	if (unlikely(!provider || !route_ioctl_hold(provider->owner)))
		return NULL;
	return provider;
}

/**
 * route_ioctl_serve - let the provider serve one call
 * @net: network namespace of the socket
 * @cmd: %SIOCADDRT, %SIOCDELRT or %SIOCRTMSG
 * @arg: what user space passed
 * @compat: whether that is in 32-bit layout
 * @provider: from route_ioctl_get(), not to be used again
 *
 * Context: process context, may sleep.
 * Return: the provider's answer.
 */
int route_ioctl_serve(struct net *net, unsigned int cmd, void __user *arg,
		      bool compat, const struct route_ioctl_provider *provider)
{
	int err = provider->ioctl(net, cmd, arg, compat);

	module_put(provider->owner);
	return err;
}
