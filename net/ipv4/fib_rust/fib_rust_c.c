// SPDX-License-Identifier: GPL-2.0
/* What the FIB in Rust needs of C: what C's macros declare. */

#include <linux/export.h>
#include <linux/init.h>
#include <linux/proc_fs.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>

#include "../fib_lookup.h"
#include "fib_rust.h"

/* There is no memory to wait for: net.ipv4.fib_sync_mem changes nothing. */
unsigned int sysctl_fib_sync_mem = 512 * 1024;
unsigned int sysctl_fib_sync_mem_min = 64 * 1024;
unsigned int sysctl_fib_sync_mem_max = 64 * 1024 * 1024;

/* Modules call these as well. EXPORT_SYMBOL() is for what is above it, in C. */
#define EXPORT_FROM_RUST(function)	EXPORT_SYMBOL_GPL(function)

EXPORT_FROM_RUST(fib_table_lookup);
EXPORT_FROM_RUST(fib_alias_hw_flags_set);
#ifdef CONFIG_IP_MULTIPLE_TABLES
EXPORT_FROM_RUST(fib_new_table);
#endif

#ifdef CONFIG_PROC_FS

static const struct seq_operations fib_trie_seq_ops = {
	.start	= fib_trie_seq_start,
	.next	= fib_trie_seq_next,
	.stop	= fib_rust_seq_stop,
	.show	= fib_trie_seq_show,
};

static const struct seq_operations fib_route_seq_ops = {
	.start	= fib_route_seq_start,
	.next	= fib_route_seq_next,
	.stop	= fib_rust_seq_stop,
	.show	= fib_route_seq_show,
};

int __net_init fib_proc_init(struct net *net)
{
	if (!proc_create_net("fib_trie", 0444, net->proc_net, &fib_trie_seq_ops,
			     sizeof(struct fib_rust_iter)))
		goto out1;

	if (!proc_create_net_single("fib_triestat", 0444, net->proc_net,
				    fib_triestat_seq_show, NULL))
		goto out2;

	if (!proc_create_net("route", 0444, net->proc_net, &fib_route_seq_ops,
			     sizeof(struct fib_rust_iter)))
		goto out3;

	return 0;

out3:
	remove_proc_entry("fib_triestat", net->proc_net);
out2:
	remove_proc_entry("fib_trie", net->proc_net);
out1:
	return -ENOMEM;
}

void __net_exit fib_proc_exit(struct net *net)
{
	remove_proc_entry("fib_trie", net->proc_net);
	remove_proc_entry("fib_triestat", net->proc_net);
	remove_proc_entry("route", net->proc_net);
}

#endif /* CONFIG_PROC_FS */
