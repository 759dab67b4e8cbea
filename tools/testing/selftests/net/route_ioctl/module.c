// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "module.h"

#define CALLS	"/sys/kernel/debug/" MODULE "/calls"

bool module_is_loaded(void)
{
	return !access("/sys/module/" MODULE "/refcnt", F_OK);
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

int module_unload(void)
{
	if (!module_is_loaded())
		return 0;
	return syscall(__NR_delete_module, MODULE, O_NONBLOCK) ? -errno : 0;
}

bool module_serves(void)
{
	return !access(CALLS, F_OK);
}

unsigned long module_calls(void)
{
	unsigned long count, sum = 0;
	FILE *file = fopen(CALLS, "r");
	char line[128];

	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%*s %*s %lu", &count) == 1)
			sum += count;
	fclose(file);
	return sum;
}
