// SPDX-License-Identifier: GPL-2.0
/* The device of a request: how its name is read, and what its label selects. */
#include "route_ioctl.h"

#define LINK(dev) "unicast 10.9.0.0/16 dev " dev " table main proto boot scope link"
#define VIA "unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global"

FIXTURE(device)
{
	struct host host;
	char *end;	/* of readable memory */
	size_t page_size;
};

FIXTURE_SETUP(device)
{
	char *page;

	host_setup(_metadata, &self->host);

	self->page_size = sysconf(_SC_PAGESIZE);
	page = mmap(NULL, 2 * self->page_size, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_TRUE(page != MAP_FAILED);
	self->end = page + self->page_size;
	ASSERT_EQ(0, mprotect(self->end, self->page_size, PROT_NONE));
}

FIXTURE_TEARDOWN(device)
{
}

TEST_F(device, unknown)
{
	static const char * const name[] = {
		"nodev", "", " d0", "d0 ", "D0", "d", "d00", "%d", "lo0",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(name); i++)
		EXPECT_ERROR(ENODEV, RT("10.9.0.0/16", .dev = name[i]));
}

TEST_F(device, none)
{
	EXPECT_ADD_ERROR(ENODEV, RT("10.9.0.0/16"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16"));
}

TEST_F(device, loopback)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "lo");

	EXPECT_ADD(rt, LINK("lo"));
	EXPECT_DELETE(rt, LINK("lo"));
}

TEST_F(device, bad_pointer)
{
	EXPECT_ERROR(EFAULT, RT("10.9.0.0/16", .dev = (char *)1));
	EXPECT_ERROR(EFAULT, RT("10.9.0.0/16", .dev = (char *)-4096L));
	EXPECT_ERROR(EFAULT, RT("10.9.0.0/16", .dev = (char *)-1L));
	EXPECT_ERROR(EFAULT, RT("10.9.0.0/16", .dev = self->end));
}

/* 15 bytes are read wherever the name ends. */
TEST_F(device, end_on_an_unreadable_page)
{
	struct rtentry rt = RT("10.9.0.0/16");
	int i;

	for (i = 0; i <= IFNAMSIZ; i++) {
		rt.rt_dev = self->end - i;
		memcpy(rt.rt_dev, "d0\0\0\0\0\0\0\0\0\0\0\0\0\0", i);
		if (i < IFNAMSIZ - 1) {
			EXPECT_ERROR(EFAULT, rt);
		} else {
			EXPECT_ADD(rt, LINK("d0"));
			EXPECT_DELETE(rt, LINK("d0"));
		}
	}
}

TEST_F(device, start_on_an_unreadable_page)
{
	struct rtentry rt = RT("10.9.0.0/16");

	ASSERT_EQ(0, mprotect(self->end - self->page_size, self->page_size,
			      PROT_NONE));
	ASSERT_EQ(0, mprotect(self->end, self->page_size,
			      PROT_READ | PROT_WRITE));
	self->end[0] = '0';
	rt.rt_dev = self->end - 1;
	EXPECT_ERROR(EFAULT, rt);
}

/* A name of 15 bytes needs no end, and has no 16th byte. */
TEST_F(device, longest_name)
{
	const char *name = "dev-12345678901";
	char *at = self->end - (IFNAMSIZ - 1);

	ASSERT_EQ(0, rtnl_link_add(name, "dummy"));
	ASSERT_EQ(0, rtnl_link_up(name, true));

	memcpy(at, name, IFNAMSIZ - 1);
	EXPECT_ADD(RT("10.9.0.0/16", .dev = at), LINK("dev-12345678901"));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "dev-12345678901-and-more"),
		      LINK("dev-12345678901"));
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "dev-12345678901:label"),
		   LINK("dev-12345678901"));
	EXPECT_ERROR(ENODEV, RT("10.9.0.0/16", .dev = "dev-1234567890"));
}

TEST_F(device, name_ends_at_nul)
{
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0\0junk"), LINK("d0"));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "d0\0:label"), LINK("d0"));
}

TEST_F(device, alternative_name)
{
	const char *label = LINK("d0") " src 10.3.0.1";
	const struct rtnl_address address = {
		.dev = "d0", .local = "10.3.0.1/24", .label = "alt:1",
	};

	ASSERT_EQ(0, rtnl_altname_add("d0", "alt"));
	ASSERT_EQ(0, rtnl_altname_add("d0", "alt-45678901234"));
	ASSERT_EQ(0, rtnl_altname_add("d0", "alternative-name-of-d0"));
	ASSERT_EQ(0, rtnl_address_add(&address));
	host_forget_events(_metadata, &self->host);

	EXPECT_ADD(RT("10.9.0.0/16", .dev = "alt"), LINK("d0"));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "alt-45678901234"), LINK("d0"));

	/* Its first 15 bytes name nothing. */
	EXPECT_ERROR(ENODEV, RT("10.9.0.0/16", .dev = "alternative-name-of-d0"));

	/* A label is compared as it was given. */
	EXPECT_ADD(RT("10.9.0.0/16", .dev = "alt:1"), label);
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "alt:1"), label);
	EXPECT_ERROR(ENODEV, RT("10.9.0.0/16", .dev = "d0:1"));
}

TEST_F(device, down)
{
	struct rtentry rt = RT("10.9.0.0/16", .dev = "d1");

	EXPECT_ADD(rt, LINK("d1"));
	ASSERT_EQ(0, rtnl_link_up("d1", false));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD_ERROR(ENETDOWN, rt);
	EXPECT_DELETE_ERROR(ESRCH, rt);

	/* The gateway's network went with the device. */
	EXPECT_ADD_ERROR(ENETUNREACH, RT("10.9.0.0/16", .gateway = "10.2.0.2",
					 .dev = "d1", .flags = RTF_GATEWAY));
}

/* A device whose MTU is below IPv4's least has no part in IPv4. */
TEST_F(device, without_ipv4)
{
	ASSERT_EQ(0, rtnl_link_mtu("d1", 60));
	host_forget_events(_metadata, &self->host);
	EXPECT_ADD_ERROR(ENODEV, RT("10.9.0.0/16", .dev = "d1"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "d1"));
	EXPECT_ERROR(ENODEV, RT("10.9.0.0/16", .dev = "d1:1"));
}

FIXTURE(label)
{
	struct host host;
};

FIXTURE_SETUP(label)
{
	static const struct rtnl_address address[] = {
		{ .dev = "d0", .local = "10.3.0.1/24", .label = "d0:1" },
		{ .dev = "d0", .local = "10.4.0.1/24", .label = "d0:1" },
		{ .dev = "d0", .local = "10.3.0.2/24", .label = "d0:second" },
		{ .dev = "d0", .local = "10.5.0.1/24", .label = "d0:" },
		{ .dev = "d0", .local = "10.6.0.1/24", .label = "d0:a:b" },
		{ .dev = "d0", .local = "10.7.0.1/32", .peer = "10.7.0.2",
		  .label = "d0:peer" },
		{ .dev = "d0", .local = "10.8.0.1/24",
		  .label = "d0:456789012345" },
		{ .dev = "d1", .local = "10.3.1.1/24", .label = "d0:other" },
	};
	size_t i;

	host_setup(_metadata, &self->host);
	for (i = 0; i < ARRAY_SIZE(address); i++)
		ASSERT_EQ(0, rtnl_address_add(&address[i]));
	host_forget_events(_metadata, &self->host);
}

FIXTURE_TEARDOWN(label)
{
}

TEST_F(label, selects_source)
{
	static const struct {
		const char *dev;
		const char *route;
	} test[] = {
		{ "d0", LINK("d0") },
		{ "d0:1", LINK("d0") " src 10.3.0.1" },
		{ "d0:1\0junk", LINK("d0") " src 10.3.0.1" },
		{ "d0:second", LINK("d0") " src 10.3.0.2" },
		{ "d0:", LINK("d0") " src 10.5.0.1" },
		{ "d0:a:b", LINK("d0") " src 10.6.0.1" },
		{ "d0:peer", LINK("d0") " src 10.7.0.1" },
		{ "d0:456789012345", LINK("d0") " src 10.8.0.1" },
		{ "d0:456789012345-and-more", LINK("d0") " src 10.8.0.1" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(test); i++) {
		EXPECT_ADD(RT("10.9.0.0/16", .dev = test[i].dev),
			   test[i].route);
		EXPECT_DELETE(RT("10.9.0.0/16", .dev = test[i].dev),
			      test[i].route);
	}
}

TEST_F(label, unknown)
{
	static const char * const name[] = {
		"d0:2", "d0:1:", "d0:second2", "d0:secon", "d0:a", "d0:other",
		"d1:other", "d1:1", "d1:", "d1:d1", ":1", ":", "nodev:1",
		"lo:1",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(name); i++)
		EXPECT_ERROR(ENODEV, RT("10.9.0.0/16", .dev = name[i]));
}

/* A source in the request matches no other source, none matches any. */
TEST_F(label, of_a_delete)
{
	const char *one = LINK("d0") " src 10.3.0.1";

	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0:1"), one);
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "d0:second"));
	EXPECT_DELETE(RT("10.9.0.0/16", .dev = "d0"), one);

	EXPECT_ADD(RT("10.9.0.0/16", .dev = "d0"), LINK("d0"));
	EXPECT_DELETE_ERROR(ESRCH, RT("10.9.0.0/16", .dev = "d0:1"));
	EXPECT_DELETE(RT("10.9.0.0/16"), LINK("d0"));
}

TEST_F(label, with_gateway)
{
	const char *route = VIA " src 10.3.0.1";
	struct rtentry rt = RT("10.9.0.0/16", .gateway = "10.1.0.2",
			       .dev = "d0:1", .flags = RTF_GATEWAY);

	EXPECT_ADD(rt, route);
	EXPECT_DELETE(rt, route);
}

TEST_HARNESS_MAIN
