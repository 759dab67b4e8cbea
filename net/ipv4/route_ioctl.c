// SPDX-License-Identifier: GPL-2.0
/*
 * The hook by which a provider takes over the routing ioctls of both families.
 *
 * Without a provider, inet_ioctl() goes on to ip_rt_ioctl(), inet6_ioctl() to
 * ipv6_route_ioctl(), and so do their compat twins; each pays one patched-out
 * branch for the question.
 */

#include <linux/debugfs.h>
#include <linux/errname.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/socket.h>
#include <linux/sockios.h>

#include <net/route_ioctl.h>

DEFINE_STATIC_KEY_FALSE(route_ioctl_provided);

static const struct route_ioctl_provider __rcu *route_ioctl_provider;
static bool route_ioctl_enabled = true;

/* Keeps the static key in step with the two above. */
static DEFINE_MUTEX(route_ioctl_mutex);

static const struct route_ioctl_provider *route_ioctl_registered(void)
{
	return rcu_dereference_protected(route_ioctl_provider,
					 lockdep_is_held(&route_ioctl_mutex));
}

static void route_ioctl_update_key(void)
{
	if (route_ioctl_registered() && route_ioctl_enabled)
		static_branch_enable(&route_ioctl_provided);
	else
		static_branch_disable(&route_ioctl_provided);
}

/**
 * route_ioctl_register - let a provider serve the routing ioctls
 * @provider: must stay valid as long as its module
 *
 * Calls may reach @provider before the return. It is the last thing that a
 * module's initialisation may do: if that fails, calls are not waited for.
 *
 * Context: process context, may sleep.
 * Return: 0, or -EBUSY if there is a provider already.
 */
int route_ioctl_register(const struct route_ioctl_provider *provider)
{
	guard(mutex)(&route_ioctl_mutex);

	if (route_ioctl_registered())
		return -EBUSY;

	rcu_assign_pointer(route_ioctl_provider, provider);
	route_ioctl_update_key();
	return 0;
}
EXPORT_SYMBOL_GPL(route_ioctl_register);

/**
 * route_ioctl_unregister - give the routing ioctls back to the C code
 * @provider: the registered provider
 *
 * After the return no call reaches @provider any more. Those that it is still
 * serving hold references to its module: when that is unloaded there are none.
 *
 * Context: process context, may sleep.
 */
void route_ioctl_unregister(const struct route_ioctl_provider *provider)
{
	scoped_guard(mutex, &route_ioctl_mutex) {
		if (WARN_ON_ONCE(route_ioctl_registered() != provider))
			return;

		RCU_INIT_POINTER(route_ioctl_provider, NULL);
		route_ioctl_update_key();
	}
	synchronize_rcu();
}
EXPORT_SYMBOL_GPL(route_ioctl_unregister);

/* Calls that providers have answered, by result: 0 or an errno. */
#define ROUTE_IOCTL_RESULTS (EHWPOISON + 1)

static struct {
	const char *family;
	const char *command;
	atomic_long_t results[ROUTE_IOCTL_RESULTS];
} route_ioctl_calls[] = {
	{ "IPv4", "SIOCADDRT" },
	{ "IPv4", "SIOCDELRT" },
	{ "IPv6", "SIOCADDRT" },
	{ "IPv6", "SIOCDELRT" },
};

static void route_ioctl_count(int family, unsigned int cmd,
			      unsigned int result)
{
	int i = 2 * (family == AF_INET6) + (cmd == SIOCDELRT);

	if (IS_ENABLED(CONFIG_DEBUG_FS) && result < ROUTE_IOCTL_RESULTS)
		atomic_long_inc(&route_ioctl_calls[i].results[result]);
}

static int route_ioctl_calls_show(struct seq_file *s, void *unused)
{
	const char *name;
	long calls;
	int i, err;

	seq_puts(s, "family command result calls\n");
	for (i = 0; i < ARRAY_SIZE(route_ioctl_calls); i++) {
		for (err = 0; err < ROUTE_IOCTL_RESULTS; err++) {
			calls = atomic_long_read(&route_ioctl_calls[i].results[err]);
			if (!calls)
				continue;
			name = err ? errname(err) : "ok";
			seq_printf(s, "%s %s ", route_ioctl_calls[i].family,
				   route_ioctl_calls[i].command);
			if (name)
				seq_printf(s, "%s %ld\n", name, calls);
			else
				seq_printf(s, "%d %ld\n", err, calls);
		}
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(route_ioctl_calls);

int __route_ioctl(struct net *net, int family, unsigned int cmd,
		  void __user *arg, bool compat)
{
	int (*serve)(struct net *net, unsigned int cmd, void __user *arg,
		     bool compat);
	const struct route_ioctl_provider *provider;
	int err;

	/*
	 * With a reference, unloading fails at once. Otherwise it would have to
	 * wait for whatever the call waits for: RTNL, or a page of user memory.
	 */
	scoped_guard(rcu) {
		provider = rcu_dereference(route_ioctl_provider);
		if (!provider || !try_module_get(provider->owner))
			return -ENOIOCTLCMD;
	}

	serve = family == AF_INET6 ? provider->ipv6 : provider->ipv4;
	err = serve ? serve(net, cmd, arg, compat) : -ENOIOCTLCMD;
	module_put(provider->owner);

	route_ioctl_count(family, cmd, -err);
	return err;
}

static int route_ioctl_enabled_set(const char *val,
				   const struct kernel_param *kp)
{
	int err;

	guard(mutex)(&route_ioctl_mutex);
	err = param_set_bool(val, kp);
	route_ioctl_update_key();
	return err;
}

static const struct kernel_param_ops route_ioctl_enabled_ops = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = route_ioctl_enabled_set,
	.get = param_get_bool,
};

/*
 * There is always a call in flight where enough are made. To unload a provider
 * there, let C serve new ones first.
 */
module_param_cb(enabled, &route_ioctl_enabled_ops, &route_ioctl_enabled, 0644);
MODULE_PARM_DESC(enabled, "Let a provider serve the routing ioctls");

static int __init route_ioctl_init(void)
{
	struct dentry *dir = debugfs_create_dir("route_ioctl", NULL);

	debugfs_create_file("calls", 0444, dir, NULL, &route_ioctl_calls_fops);
	return 0;
}
fs_initcall(route_ioctl_init);
