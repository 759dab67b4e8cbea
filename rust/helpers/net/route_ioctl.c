// SPDX-License-Identifier: GPL-2.0

#include <linux/if.h>
#include <linux/route.h>
#include <linux/stddef.h>
#include <linux/uaccess.h>
#include <net/compat.h>

/*
 * Loads what is too short for the string instructions of copy_from_user() to
 * pay off. @size is a constant, so this becomes a few moves.
 */
#define load_all(type)							\
	for (; offset + sizeof(type) <= size; offset += sizeof(type))	\
		unsafe_get_user(*(type *)(to + offset),			\
				(const type __user *)(from + offset), efault)

static __always_inline bool load(void *to, const void __user *from,
				 const size_t size)
{
	size_t offset = 0;

	if (!IS_ENABLED(CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS))
		return !copy_from_user(to, from, size);

	might_fault();
	if (should_fail_usercopy())
		return false;

	scoped_user_read_access_size(from, size, efault) {
		load_all(unsigned long);
		load_all(u32);
		load_all(u16);
		load_all(u8);
	}
	return true;

efault:
	return false;
}

__rust_helper bool
rust_helper_load_rtentry(void *to, const struct rtentry __user *from)
{
	return load(to, from, sizeof(*from));
}

#ifdef CONFIG_COMPAT
/* From rt_dst to rt_irtt: COMPAT_SIZE in rust/kernel/net/route_ioctl.rs. */
static_assert(offsetofend(struct compat_rtentry, rt_irtt) -
	      offsetof(struct compat_rtentry, rt_dst) == 78);

__rust_helper bool
rust_helper_load_compat_rtentry(void *to,
				const struct compat_rtentry __user *from)
{
	return load(to, &from->rt_dst, 78);
}
#endif

__rust_helper bool
rust_helper_load_ifname(char *to, const char __user *from)
{
	return load(to, from, IFNAMSIZ - 1);
}
