// SPDX-License-Identifier: GPL-2.0
/* Files may be held open, in any way, while the module comes and goes. */
#include <dirent.h>
#include <ftw.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "workers.h"

#define MAX	512

FIXTURE(files)
{
	bool loaded;	/* whether the module was before the test */
	long taint;
};

/* Those of the module, and those of what it registers with. */
static const char * const folders[] = {
	"/sys/kernel/debug/route_ioctl",
	"/sys/kernel/debug/" MODULE,
	"/sys/module/route_ioctl",
	"/sys/module/" MODULE,
};

struct file {
	int fd;
	int flags;
	bool is_folder;
	bool stays;	/* not the module's, it can be read at any time */
	void *map;
};

struct files {
	int count;
	struct file file[MAX];
};

static struct files *opened;
static int watch_fd;

static int open_file(const char *path, const struct stat *stat, int type,
		     struct FTW *ftw)
{
	static const int flags[] = { O_RDONLY, O_RDONLY, O_RDWR, O_PATH };
	size_t i;

	inotify_add_watch(watch_fd, path, IN_ALL_EVENTS);
	for (i = 0; i < ARRAY_SIZE(flags) && opened->count < MAX; i++) {
		struct file *file = &opened->file[opened->count];
		char byte;

		*file = (struct file){
			.fd = open(path, flags[i] | O_CLOEXEC),
			.flags = flags[i],
			.is_folder = type == FTW_D,
			.stays = type == FTW_F && stat->st_mode & 0400 &&
				 !strstr(path, MODULE),
		};
		if (file->fd < 0)
			continue;
		/* One is in the middle of what it reads, one at the start. */
		if (i == 0)
			read(file->fd, &byte, 1);
		file->map = mmap(NULL, 1, PROT_READ, MAP_SHARED, file->fd, 0);
		opened->count++;
	}
	return 0;
}

static void open_files(struct files *files)
{
	size_t i;

	files->count = 0;
	opened = files;
	for (i = 0; i < ARRAY_SIZE(folders); i++)
		nftw(folders[i], open_file, 16, FTW_PHYS);
}

/*
 * Reads, and writes if it is to @change, whatever comes of it. Returns whether
 * what stays could be read.
 */
static bool use_file(const struct file *file, bool change)
{
	struct pollfd pfd = { .fd = file->fd, .events = POLLIN | POLLPRI };
	char path[32], buffer[4096];
	struct stat stat;
	ssize_t size;
	int fd;

	poll(&pfd, 1, 0);
	fstat(file->fd, &stat);
	if (file->map != MAP_FAILED)
		buffer[0] = __atomic_load_n((char *)file->map,
					    __ATOMIC_RELAXED);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", file->fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	size = pread(fd, buffer, sizeof(buffer), 0);
	close(fd);
	if (file->stays && size <= 0)
		return false;

	if (file->flags == O_PATH)
		return true;
	if (file->is_folder) {
		lseek(file->fd, 0, SEEK_SET);
		getdents64(file->fd, buffer, sizeof(buffer));
		return true;
	}
	read(file->fd, buffer, sizeof(buffer));
	size = pread(file->fd, buffer, sizeof(buffer), 0);
	if (change && file->flags == O_RDWR && size > 0)
		pwrite(file->fd, buffer, size, 0);
	return size > 0 || !file->stays;
}

static bool use_files(const struct files *files, bool change)
{
	bool good = true;
	int i;

	for (i = 0; i < files->count; i++)
		good &= use_file(&files->file[i], change);
	return good;
}

static void close_files(struct files *files)
{
	int i;

	for (i = 0; i < files->count; i++) {
		if (files->file[i].map != MAP_FAILED)
			munmap(files->file[i].map, 1);
		close(files->file[i].fd);
	}
}

/* What the kernel says of itself once it has complained. */
static long taint(void)
{
	FILE *file = fopen("/proc/sys/kernel/tainted", "r");
	long value = -1;

	if (file) {
		fscanf(file, "%ld", &value);
		fclose(file);
	}
	return value;
}

FIXTURE_SETUP(files)
{
	int err;

	self->loaded = module_is_loaded();
	err = module_load();
	if (err)
		SKIP(return, "cannot load " MODULE ": %s", strerror(-err));
	if (!module_is_loaded())
		SKIP(return, MODULE " is built in");
	watch_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	self->taint = taint();
}

FIXTURE_TEARDOWN(files)
{
	EXPECT_EQ(self->taint, taint());
	EXPECT_EQ(0, self->loaded ? module_load() : module_unload());
}

TEST_F(files, held)
{
	static struct files before, until_unloaded;
	char events[4096];

	open_files(&before);
	open_files(&until_unloaded);
	ASSERT_LT(0, before.count);
	ASSERT_EQ(before.count, until_unloaded.count);
	EXPECT_TRUE(module_serves());

	ASSERT_EQ(0, module_unload());
	EXPECT_TRUE(use_files(&until_unloaded, true));
	close_files(&until_unloaded);
	EXPECT_TRUE(use_files(&before, true));

	ASSERT_EQ(0, module_load());
	EXPECT_TRUE(module_serves());
	EXPECT_TRUE(use_files(&before, true));
	close_files(&before);
	while (read(watch_fd, events, sizeof(events)) > 0)
		;
	EXPECT_TRUE(module_serves());
	TH_LOG("%d descriptors", before.count);
}

/* Like tail -f, and like one who always comes anew. */
static bool read_files(struct tally *tally, int number)
{
	static struct files files;
	bool good = true;

	open_files(&files);
	while (!workers_stopped(tally) && good) {
		good = use_files(&files, false);
		if (number % 2) {
			close_files(&files);
			open_files(&files);
		}
	}
	close_files(&files);
	return good;
}

/* What is counted, and refers to the module. */
static bool make_calls(struct tally *tally, int number)
{
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	while (!workers_stopped(tally)) {
		if (workers_call(tally, sock, SIOCDELRT, NULL) != EFAULT)
			return false;
		sleep_ms(1);
	}
	return true;
}

TEST_F_TIMEOUT(files, read_meanwhile, 240)
{
	unsigned int cycles = rounds(20), i;
	struct workers workers;

	workers_init(_metadata, &workers);
	workers_add(_metadata, &workers, read_files);
	workers_add(_metadata, &workers, read_files);
	workers_add(_metadata, &workers, make_calls);
	for (i = 0; i < cycles; i++) {
		sleep_ms(i % 8 * 2);
		ASSERT_EQ(0, module_unload());
		sleep_ms(i % 4 * 2);
		ASSERT_EQ(0, module_load());
	}
	workers_stop(_metadata, &workers);
	TH_LOG("%u cycles, %lu calls", cycles, workers.tally->calls);
}

TEST_HARNESS_MAIN
