// SPDX-License-Identifier: GPL-2.0
/* How the argument is read: all of it or nothing, from wherever it lies. */
#include <stddef.h>

#include "route_ioctl.h"

FIXTURE(argument)
{
	struct host host;
	char *page;		/* the page after it cannot be accessed */
	size_t page_size;
};

FIXTURE_VARIANT(argument)
{
	struct entry entry;
	const char *route;
};

FIXTURE_VARIANT_ADD(argument, ipv4)
{
	.entry = { .dst = "10.9.0.0/16", .dev = "d0" },
	.route = "unicast 10.9.0.0/16 dev d0 table main proto boot scope link",
};

FIXTURE_VARIANT_ADD(argument, ipv6)
{
	.entry = { .dst = "2001:db8:9::/48", .dev = "d0" },
	.route = "unicast 2001:db8:9::/48 dev d0 table main proto boot scope global metric 1024",
};

FIXTURE_SETUP(argument)
{
	host_setup_family(_metadata, &self->host, family_of(&variant->entry));

	self->page_size = sysconf(_SC_PAGESIZE);
	self->page = mmap(NULL, 3 * self->page_size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(self->page != MAP_FAILED);
	ASSERT_EQ(0, mprotect(self->page, self->page_size, PROT_NONE));
	self->page += self->page_size;
	ASSERT_EQ(0, mprotect(self->page + self->page_size, self->page_size,
			      PROT_NONE));
}

FIXTURE_TEARDOWN(argument)
{
}

/* An argument that is refused, in one way by an add, in another by a delete. */
struct refused {
	union argument argument;
	size_t size;
	/* What of it a call need not read, at its beginning and its end. */
	size_t unread;
	size_t unread_end;
	int add_error;
	int delete_error;
};

static struct refused refused(int family)
{
	struct refused refused = {};

	if (family == AF_INET6) {
		refused.argument.rtmsg = RT6("2001:db8:9::/48");
		refused.argument.rtmsg.rtmsg_ifindex = 9999;
		refused.size = sizeof(refused.argument.rtmsg);
		refused.add_error = ENODEV;
		refused.delete_error = ESRCH;
		return refused;
	}

	refused.argument.rt = RT("10.9.0.0/16");
	refused.argument.rt.rt_dst.sa_family = AF_INET6;
	refused.size = sizeof(refused.argument.rt);
	refused.add_error = EAFNOSUPPORT;
	refused.delete_error = EAFNOSUPPORT;
	/* A compat call reads from the first field to the last, no padding. */
	if (is_compat()) {
		refused.unread = offsetof(struct rtentry, rt_dst);
		refused.unread_end = sizeof(struct rtentry) -
				     offsetof(struct rtentry, rt_irtt) -
				     sizeof(refused.argument.rt.rt_irtt);
	}
	return refused;
}

static void expect_refusal(struct __test_metadata *_metadata,
			   const struct host *host, const struct refused *refused,
			   const void *at, bool readable)
{
	expect_error(_metadata, __LINE__, host, SIOCADDRT, at,
		     readable ? refused->add_error : EFAULT);
	expect_error(_metadata, __LINE__, host, SIOCDELRT, at,
		     readable ? refused->delete_error : EFAULT);
}

TEST_F(argument, bad_pointer)
{
	EXPECT_ERROR_AT(EFAULT, NULL);
	EXPECT_ERROR_AT(EFAULT, (void *)1);
	EXPECT_ERROR_AT(EFAULT, (void *)-4096L);
	EXPECT_ERROR_AT(EFAULT, (void *)-1L);
	EXPECT_ERROR_AT(EFAULT, self->page + self->page_size);
}

TEST_F_TIMEOUT(argument, end_on_an_unreadable_page, 240)
{
	const struct refused rt = refused(self->host.family);
	char *end = self->page + self->page_size;
	size_t i;

	for (i = 0; i <= rt.size; i++) {
		memcpy(end - i, &rt.argument, i);
		expect_refusal(_metadata, &self->host, &rt, end - i,
			       i >= rt.size - rt.unread_end);
	}
}

TEST_F_TIMEOUT(argument, start_on_an_unreadable_page, 240)
{
	const struct refused rt = refused(self->host.family);
	size_t i;

	for (i = 0; i <= rt.size; i++) {
		memcpy(self->page, (char *)&rt.argument + i, rt.size - i);
		expect_refusal(_metadata, &self->host, &rt, self->page - i,
			       i <= rt.unread);
	}
}

TEST_F(argument, read_only_and_unaligned)
{
	union argument rt = argument_of(&variant->entry);
	char *at = self->page + 1;

	memcpy(at, &rt, sizeof(rt));
	ASSERT_EQ(0, mprotect(self->page, self->page_size, PROT_READ));
	expect_change(_metadata, __LINE__, &self->host, SIOCADDRT, at,
		      NLM_F_CREATE | NLM_F_EXCL, variant->route);
	expect_change(_metadata, __LINE__, &self->host, SIOCDELRT, at, 0,
		      variant->route);
	EXPECT_EQ(0, memcmp(at, &rt, sizeof(rt)));
}

TEST_HARNESS_MAIN
