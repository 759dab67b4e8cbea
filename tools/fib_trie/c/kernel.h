/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the core of the kernel's fib_trie.c needs of the kernel, for one thread in user space:
 * memory is freed at once, and counted as the kernel's allocators would take it.
 */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <errno.h>

typedef uint8_t u8;
typedef int16_t s16;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint32_t __be32;
typedef u8 dscp_t;

#define __rcu
#define __percpu
#define __ro_after_init
#define BITS_PER_LONG 64
#define PAGE_SIZE 4096UL
#define GFP_KERNEL 0
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define BUG_ON(x) do { if (unlikely(x)) __builtin_trap(); } while (0)
#define pr_debug(...) do { } while (0)
#define EXPORT_SYMBOL_GPL(x)
#define DECLARE_FLEX_ARRAY(type, name) struct { struct { } __empty_##name; type name[]; }
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))
#define ilog2(x) (63 - __builtin_clzl(x))
#define __fls(x) (63 - __builtin_clzl((unsigned long)(x)))
#define ntohl(x) __builtin_bswap32(x)
#define htonl(x) __builtin_bswap32(x)

#define rtnl_dereference(p) (p)
#define rcu_dereference(p) READ_ONCE(p)
#define rcu_dereference_rtnl(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) __atomic_store_n(&(p), (v), __ATOMIC_RELEASE)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, v)

struct callback_head { struct callback_head *next; void (*func)(struct callback_head *); };
#define rcu_head callback_head

extern long c_bytes, c_blocks;

struct kmem_cache { unsigned long size; };

static inline unsigned long kmalloc_size(unsigned long size)
{
	if (size <= 8)
		return 8;
	if (size > 64 && size <= 96)
		return 96;
	if (size > 128 && size <= 192)
		return 192;
	return 1UL << (64 - __builtin_clzl(size - 1));
}

/* The size as the kernel would count it comes before each object. */
static inline void *counted(unsigned long size, unsigned long taken)
{
	unsigned long *p = calloc(1, size + 16);

	c_bytes += taken;
	c_blocks++;
	*p = taken;
	return p + 2;
}

static inline void kvfree(void *object)
{
	unsigned long *p = (unsigned long *)object - 2;

	c_bytes -= *p;
	c_blocks--;
	free(p);
}

#define kzalloc(size, gfp) counted(size, kmalloc_size(size))
#define vzalloc(size) counted(size, ((size) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
#define kmem_cache_alloc(cache, gfp) counted((cache)->size, (cache)->size)
#define kmem_cache_free(cache, object) kvfree(object)
#define call_rcu(head, fn) (fn)(head)
#define kfree_rcu(object, head) kvfree(object)
#define synchronize_net() do { } while (0)

struct hlist_head { struct hlist_node *first; };
struct hlist_node { struct hlist_node *next, **pprev; };
#define INIT_HLIST_HEAD(h) ((h)->first = NULL)
#define hlist_empty(h) (!READ_ONCE((h)->first))
#define hlist_entry(ptr, type, member) container_of(ptr, type, member)
#define hlist_entry_safe(ptr, type, member) \
	({ __typeof__(ptr) __p = (ptr); __p ? hlist_entry(__p, type, member) : NULL; })
#define hlist_for_each_entry(pos, head, member) \
	for (pos = hlist_entry_safe((head)->first, __typeof__(*(pos)), member); pos; \
	     pos = hlist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))
#define hlist_for_each_entry_rcu(pos, head, member) \
	for (pos = hlist_entry_safe(READ_ONCE((head)->first), __typeof__(*(pos)), member); pos; \
	     pos = hlist_entry_safe(READ_ONCE((pos)->member.next), __typeof__(*(pos)), member))

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (n->next)
		n->next->pprev = &n->next;
	h->first = n;
	n->pprev = &h->first;
}

static inline void hlist_add_before_rcu(struct hlist_node *n, struct hlist_node *next)
{
	n->pprev = next->pprev;
	n->next = next;
	*n->pprev = n;
	next->pprev = &n->next;
}

static inline void hlist_add_behind_rcu(struct hlist_node *n, struct hlist_node *prev)
{
	n->next = prev->next;
	n->pprev = &prev->next;
	prev->next = n;
	if (n->next)
		n->next->pprev = &n->next;
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
}

#define hlist_add_head_rcu hlist_add_head

/* As much of a route as a lookup looks at. */
#define RTNH_F_DEAD 1
#define RTNH_F_LINKDOWN 16
#define FIB_LOOKUP_NOREF 1
#define FIB_LOOKUP_IGNORE_LINKSTATE 2
#define RTN_BLACKHOLE 6
#define FA_S_ACCESSED 1

struct net_device { int ignore_linkdown; };
struct nexthop;

struct fib_nh_common {
	struct net_device *nhc_dev;
	int nhc_oif;
	unsigned char nhc_scope;
	u8 nhc_family;
	u8 nhc_gw_family;
	unsigned char nhc_flags;
};

struct fib_info {
	unsigned int fib_flags;
	unsigned char fib_dead;
	unsigned char fib_protocol;
	unsigned char fib_scope;
	unsigned char fib_type;
	u32 fib_priority;
	int fib_clntref;
	int fib_nhs;
	struct nexthop *nh;
	struct fib_nh_common fib_nh[1];
};

struct fib_alias {
	struct hlist_node fa_list;
	struct fib_info *fa_info;
	dscp_t fa_dscp;
	u8 fa_type;
	u8 fa_state;
	u8 fa_slen;
	u32 tb_id;
	s16 fa_default;
	u8 offload;
	u8 trap;
	u8 offload_failed;
	struct rcu_head rcu;
};

struct fib_table {
	u32 tb_id;
	int tb_num_default;
	unsigned long *tb_data;
	unsigned long __data[16];
};

struct flowi4 { __be32 daddr; u8 flowi4_scope; int flowi4_oif; };

struct fib_result {
	__be32 prefix;
	unsigned char prefixlen;
	unsigned char nh_sel;
	unsigned char type;
	unsigned char scope;
	dscp_t dscp;
	struct fib_nh_common *nhc;
	struct fib_info *fi;
	struct fib_table *table;
	struct hlist_head *fa_head;
};

struct fib_prop { int error; u8 scope; };
extern const struct fib_prop fib_props[12];

static inline u8 inet_dscp_to_dsfield(dscp_t dscp) { return dscp; }
static inline bool fib_dscp_masked_match(dscp_t dscp, const struct flowi4 *flp) { return !dscp; }
static inline bool ip_ignore_linkdown(const struct net_device *dev) { return dev->ignore_linkdown; }
static inline int fib_info_num_path(const struct fib_info *fi) { return fi->fib_nhs; }
static inline struct fib_nh_common *fib_info_nhc(struct fib_info *fi, int nhsel)
{
	return &fi->fib_nh[nhsel];
}
static inline void fib_alias_accessed(struct fib_alias *fa)
{
	u8 fa_state = READ_ONCE(fa->fa_state);

	if (!(fa_state & FA_S_ACCESSED))
		WRITE_ONCE(fa->fa_state, fa_state | FA_S_ACCESSED);
}
bool nexthop_is_blackhole(const struct nexthop *nh);
struct fib_nh_common *nexthop_get_nhc_lookup(const struct nexthop *nh, int fib_flags,
					     const struct flowi4 *flp, int *nhsel);
#define refcount_inc(r) __atomic_fetch_add(r, 1, __ATOMIC_RELAXED)
#define trace_fib_table_lookup(...) do { } while (0)
