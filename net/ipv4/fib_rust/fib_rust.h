/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _FIB_RUST_H
#define _FIB_RUST_H

#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <linux/types.h>

#ifdef CONFIG_PROC_FS

/* Where a file in /proc is that shows the prefixes of tables. It remembers
 * neither tables nor routes, which may be gone when it is read on.
 */
struct fib_rust_iter {
	struct seq_net_private	p;
	loff_t			pos;		/* of the prefix */
	u32			tb_id;
	u32			address;
	u32			last_address;	/* of the prefix before */
	u8			length;
	bool			has_table;
	bool			has_prefix;
	bool			has_last;
};

void *fib_route_seq_start(struct seq_file *seq, loff_t *pos);
void *fib_route_seq_next(struct seq_file *seq, void *v, loff_t *pos);
int fib_route_seq_show(struct seq_file *seq, void *v);
void *fib_trie_seq_start(struct seq_file *seq, loff_t *pos);
void *fib_trie_seq_next(struct seq_file *seq, void *v, loff_t *pos);
int fib_trie_seq_show(struct seq_file *seq, void *v);
void fib_rust_seq_stop(struct seq_file *seq, void *v);
int fib_triestat_seq_show(struct seq_file *seq, void *v);

#endif /* CONFIG_PROC_FS */

#endif /* _FIB_RUST_H */
