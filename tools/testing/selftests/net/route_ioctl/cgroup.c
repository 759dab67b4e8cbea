// SPDX-License-Identifier: GPL-2.0
/*
 * A route is charged to the memory cgroup of who adds it, whoever deletes it:
 * all that keeps a user namespace's root from filling the memory with routes.
 */
#include <sys/mount.h>
#include <sys/stat.h>

#include "workers.h"

#define ROOT	"/sys/fs/cgroup"
#define CGROUP	ROOT "/route_ioctl"

#define ROUTES	10000
/* Of a route, at least: struct fib_alias, struct fib6_node on a 32-bit kernel,
 * or with CONFIG_IP_FIB_RUST a part of a page.
 */
#define ROUTE_SIZE	8
/* What each processor may hold back of what has been freed: of what is freed
 * by kfree_rcu(), a sheaf of up to 60 objects for each of the sizes that a
 * node can have.
 */
#define SLACK	98304

FIXTURE(cgroup)
{
	struct host host;
};

FIXTURE_VARIANT(cgroup)
{
	int family;
};

FIXTURE_VARIANT_ADD(cgroup, ipv4)
{
	.family = AF_INET,
};

FIXTURE_VARIANT_ADD(cgroup, ipv6)
{
	.family = AF_INET6,
};

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool good = write(fd, text, strlen(text)) > 0;

	close(fd);
	return good;
}

/* In bytes; -1 if there is no such thing. */
static long charged(void)
{
	FILE *file = fopen(CGROUP "/memory.stat", "r");
	long value, found = -1;
	char line[128];

	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "slab_unreclaimable %ld", &value) == 1)
			found = value;
	if (file)
		fclose(file);
	return found;
}

FIXTURE_SETUP(cgroup)
{
	ASSERT_EQ(0, unshare(CLONE_NEWNS));
	ASSERT_EQ(0, mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	if (mount("none", ROOT, "cgroup2", 0, NULL) ||
	    !write_file(ROOT "/cgroup.subtree_control", "+memory"))
		SKIP(return, "no memory cgroup");
	ASSERT_TRUE(!mkdir(CGROUP, 0755) || errno == EEXIST);
	host_setup_family(_metadata, &self->host, variant->family);
}

FIXTURE_TEARDOWN(cgroup)
{
	rmdir(CGROUP);
}

static bool change_routes(const struct host *host, unsigned long cmd)
{
	const char *format = host->family == AF_INET6 ?
			     "2001:db8:%d:%d::/64" : "10.%d.%d.0/24";
	char dst[32];
	int i;

	for (i = 0; i < ROUTES; i++) {
		union argument rt;

		snprintf(dst, sizeof(dst), format, 16 + i / 256, i % 256);
		rt = argument_of(&(struct entry){ .dst = dst, .dev = "d0" });
		if (ioctl(host->sock, cmd, &rt))
			return false;
	}
	return true;
}

TEST_F_TIMEOUT(cgroup, charges_who_adds, 240)
{
	long slack = SLACK * sysconf(_SC_NPROCESSORS_CONF);
	long before, after = -1;
	int status;
	pid_t child;

	before = charged();
	ASSERT_LE(0, before);

	child = fork();
	ASSERT_LE(0, child);
	if (!child)
		_exit(!write_file(CGROUP "/cgroup.procs", "0") ||
		      !change_routes(&self->host, SIOCADDRT));
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(0, status);
	EXPECT_TRUE(WAIT_FOR((after = charged()) >=
			     before + ROUTES * ROUTE_SIZE, 10));
	TH_LOG("%d routes, %ld bytes", ROUTES, after - before);

	ASSERT_TRUE(change_routes(&self->host, SIOCDELRT));
	EXPECT_TRUE(WAIT_FOR((after = charged()) <= before + slack, 20));
	TH_LOG("%ld bytes are still charged", after - before);
}

TEST_HARNESS_MAIN
