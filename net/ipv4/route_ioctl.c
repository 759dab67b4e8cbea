// SPDX-License-Identifier: GPL-2.0
/*
 * The seam at which a provider takes over the IPv4 routing ioctls.
 *
 * Without a provider, inet_ioctl() and inet_compat_ioctl() go on to
 * ip_rt_ioctl() and pay one patched-out branch for the question.
 */

#include <linux/debugfs.h>
#include <linux/errname.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/sockios.h>
#include <linux/srcu.h>

#include <net/route_ioctl.h>

DEFINE_STATIC_KEY_FALSE(route_ioctl_provided);

static const struct route_ioctl_provider __rcu *route_ioctl_provider;

/* Whether a provider is asked. */
static bool route_ioctl_enabled = true;

/* A provider may sleep, and must be there until it has answered. */
DEFINE_STATIC_SRCU_FAST(route_ioctl_srcu);

/* Protects the two above, and keeps the static key in step with them. */
static DEFINE_MUTEX(route_ioctl_mutex);

static const struct route_ioctl_provider *route_ioctl_get(void)
{
	return rcu_dereference_protected(route_ioctl_provider,
					 lockdep_is_held(&route_ioctl_mutex));
}

static void route_ioctl_set(const struct route_ioctl_provider *provider,
			    bool enabled)
{
	lockdep_assert_held(&route_ioctl_mutex);

	rcu_assign_pointer(route_ioctl_provider, provider);
	route_ioctl_enabled = enabled;
	if (provider && enabled)
		static_branch_enable(&route_ioctl_provided);
	else
		static_branch_disable(&route_ioctl_provided);
}

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

	if (route_ioctl_get())
		return -EBUSY;
	route_ioctl_set(provider, route_ioctl_enabled);
	return 0;
}
EXPORT_SYMBOL_GPL(route_ioctl_register);

/**
 * route_ioctl_unregister - give the routing ioctls back to the C code
 * @provider: the registered provider
 *
 * New calls are served by the C code at once. Those that @provider is serving
 * are waited for: none if this is called when @provider's module is unloaded,
 * which fails while there are any.
 *
 * Context: process context, may sleep, must hold no lock that a call may take.
 */
void route_ioctl_unregister(const struct route_ioctl_provider *provider)
{
	scoped_guard(mutex, &route_ioctl_mutex) {
		if (WARN_ON_ONCE(route_ioctl_get() != provider))
			return;
		route_ioctl_set(NULL, route_ioctl_enabled);
	}
	synchronize_srcu(&route_ioctl_srcu);
}
EXPORT_SYMBOL_GPL(route_ioctl_unregister);

/* What is left of a module that did not unregister its provider is unmapped. */
static int route_ioctl_module_event(struct notifier_block *nb,
				    unsigned long event, void *module)
{
	const struct route_ioctl_provider *provider;

	if (event != MODULE_STATE_GOING)
		return NOTIFY_DONE;

	scoped_guard(mutex, &route_ioctl_mutex) {
		provider = route_ioctl_get();
		if (!provider || provider->owner != module)
			return NOTIFY_DONE;
		route_ioctl_set(NULL, route_ioctl_enabled);
	}
	WARN(1, "%s is still the provider of the routing ioctls\n",
	     module_name((struct module *)module));
	synchronize_srcu(&route_ioctl_srcu);
	return NOTIFY_OK;
}

static struct notifier_block route_ioctl_module_nb = {
	.notifier_call = route_ioctl_module_event,
};

/* Calls that providers have answered, by command and result: 0 or an errno. */
#define ROUTE_IOCTL_RESULTS (EHWPOISON + 1)

static atomic_long_t route_ioctl_calls[2][ROUTE_IOCTL_RESULTS];

static void route_ioctl_count(unsigned int cmd, unsigned int result)
{
	if (IS_ENABLED(CONFIG_DEBUG_FS) && result < ROUTE_IOCTL_RESULTS)
		atomic_long_inc(&route_ioctl_calls[cmd == SIOCDELRT][result]);
}

static int calls_show(struct seq_file *s, void *unused)
{
	static const char * const command[] = { "SIOCADDRT", "SIOCDELRT" };
	int i, err;

	seq_puts(s, "command result calls\n");
	for (i = 0; i < ARRAY_SIZE(command); i++) {
		for (err = 0; err < ROUTE_IOCTL_RESULTS; err++) {
			long calls = atomic_long_read(&route_ioctl_calls[i][err]);
			const char *name = err ? errname(err) : "ok";

			if (calls && name)
				seq_printf(s, "%s %s %ld\n", command[i], name,
					   calls);
			else if (calls)
				seq_printf(s, "%s %d %ld\n", command[i], err,
					   calls);
		}
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(calls);

int __route_ioctl(struct net *net, unsigned int cmd, void __user *arg,
		  bool compat)
{
	const struct route_ioctl_provider *provider;
	int err;

	guard(srcu_fast)(&route_ioctl_srcu);

	/*
	 * The reference makes unloading fail at once. Otherwise it would have
	 * to wait here for whatever the call waits for.
	 */
	provider = srcu_dereference(route_ioctl_provider, &route_ioctl_srcu);
	if (!provider || !try_module_get(provider->owner))
		return -ENOIOCTLCMD;

	err = provider->ioctl(net, cmd, arg, compat);
	module_put(provider->owner);

	route_ioctl_count(cmd, -err);
	return err;
}

static int enabled_set(const char *val, const struct kernel_param *kp)
{
	bool enabled;
	int err = kstrtobool(val, &enabled);

	if (err)
		return err;

	guard(mutex)(&route_ioctl_mutex);
	route_ioctl_set(route_ioctl_get(), enabled);
	return 0;
}

static const struct kernel_param_ops enabled_ops = {
	.set = enabled_set,
	.get = param_get_bool,
};
module_param_cb(enabled, &enabled_ops, &route_ioctl_enabled, 0644);
MODULE_PARM_DESC(enabled, "Let a provider serve the routing ioctls");

static int __init route_ioctl_init(void)
{
	struct dentry *dir = debugfs_create_dir("route_ioctl", NULL);

	debugfs_create_file("calls", 0444, dir, NULL, &calls_fops);
	return register_module_notifier(&route_ioctl_module_nb);
}
fs_initcall(route_ioctl_init);
