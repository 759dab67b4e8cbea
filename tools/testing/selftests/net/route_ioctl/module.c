// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <net/route.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

#define REFCNT	"/sys/module/" MODULE "/refcnt"
#define CALLS	"/sys/kernel/debug/route_ioctl/calls"
#define ENABLED	"/sys/module/route_ioctl/parameters/enabled"

bool module_is_loaded(void)
{
	return !access(REFCNT, F_OK);
}

int module_references(void)
{
	FILE *file = fopen(REFCNT, "r");
	int references = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%d", &references) != 1)
		references = 0;
	fclose(file);
	return references;
}

int module_load(void)
{
	const char *path = getenv("ROUTE_IOCTL_MODULE");
	int fd, err;

	if (module_is_loaded())
		return 0;
	if (!path)
		return system("modprobe -q " MODULE) ? -ENOENT : 0;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = syscall(__NR_finit_module, fd, "", 0) ? -errno : 0;
	close(fd);
	return err;
}

int module_try_unload(int flags)
{
	return syscall(__NR_delete_module, MODULE, flags) ? -errno : 0;
}

int module_unload(void)
{
	int err, tries = 10000;

	if (!module_is_loaded())
		return 0;
	err = module_try_unload(O_NONBLOCK);
	if (err != -EAGAIN)
		return err;

	err = module_enable(false);
	if (err)
		return err;
	while ((err = module_try_unload(O_NONBLOCK)) == -EAGAIN && tries--)
		poll(NULL, 0, 1);
	return module_enable(true) ?: err;
}

int module_enable(bool enable)
{
	int fd = open(ENABLED, O_WRONLY | O_CLOEXEC);
	int err;

	if (fd < 0)
		return -errno;
	err = write(fd, enable ? "1" : "0", 1) == 1 ? 0 : -errno;
	close(fd);
	return err;
}

bool module_serves(void)
{
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	unsigned long calls = module_calls();

	ioctl(sock, SIOCDELRT, NULL);
	close(sock);
	return module_calls() != calls;
}

unsigned long module_calls(void)
{
	unsigned long count, sum = 0;
	FILE *file = fopen(CALLS, "r");
	char line[128];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %*s %*s %lu", &count) == 1)
			sum += count;
	fclose(file);
	return sum;
}
