// SPDX-License-Identifier: GPL-2.0
/* A table of C's trie, for the benchmark. What it is made of is cut out of the kernel's source. */
#include "kernel.h"
#include "fib_trie_core.c"

long c_bytes, c_blocks;
const struct fib_prop fib_props[12];

bool nexthop_is_blackhole(const struct nexthop *nh) { abort(); }

struct fib_nh_common *nexthop_get_nhc_lookup(const struct nexthop *nh, int fib_flags,
					     const struct flowi4 *flp, int *nhsel)
{
	abort();
}

struct fib_table *c_table(void)
{
	static struct kmem_cache alias = { sizeof(struct fib_alias) }, leaf = { LEAF_SIZE };
	struct fib_table *tb = calloc(1, sizeof(*tb));
	struct trie *t = (struct trie *)tb->__data;

	assert(sizeof(*t) <= sizeof(tb->__data));
	fn_alias_kmem = &alias;
	trie_leaf_kmem = &leaf;
	tb->tb_data = tb->__data;
	t->kv[0].pos = KEYLENGTH;
	t->kv[0].slen = KEYLENGTH;
	return tb;
}

int c_insert(struct fib_table *tb, u32 key, u8 plen, struct fib_info *fi)
{
	struct trie *t = (struct trie *)tb->tb_data;
	u8 slen = KEYLENGTH - plen;
	struct key_vector *l, *tp;
	struct fib_alias *fa, *new_fa;

	l = fib_find_node(t, &tp, key);
	fa = l ? fib_find_alias(&l->leaf, slen, 0, fi->fib_priority, tb->tb_id, false) : NULL;
	if (fa)
		return -EEXIST;
	new_fa = kmem_cache_alloc(fn_alias_kmem, GFP_KERNEL);
	new_fa->fa_info = fi;
	new_fa->fa_type = fi->fib_type;
	new_fa->fa_slen = slen;
	new_fa->tb_id = tb->tb_id;
	new_fa->fa_default = -1;
	return fib_insert_alias(t, tp, l, new_fa, fa, key);
}

int c_remove(struct fib_table *tb, u32 key, u8 plen)
{
	struct trie *t = (struct trie *)tb->tb_data;
	struct key_vector *l, *tp;
	struct fib_alias *fa;

	l = fib_find_node(t, &tp, key);
	fa = l ? fib_find_alias(&l->leaf, KEYLENGTH - plen, 0, 0, tb->tb_id, false) : NULL;
	if (!fa)
		return -ESRCH;
	fib_remove_alias(t, tp, l, fa);
	alias_free_mem_rcu(fa);
	return 0;
}

/* A walk as that of a dump: how many prefixes there are. */
long c_walk(struct fib_table *tb)
{
	struct key_vector *l, *tp = ((struct trie *)tb->tb_data)->kv;
	struct fib_alias *fa;
	t_key key = 0;
	long count = 0;

	while ((l = leaf_walk_rcu(&tp, key)) != NULL) {
		hlist_for_each_entry_rcu(fa, &l->leaf, fa_list)
			count += fa->fa_info != NULL;
		key = l->key + 1;
		if (key < l->key)
			break;
	}
	return count;
}
