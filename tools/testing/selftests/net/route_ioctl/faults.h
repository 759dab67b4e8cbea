/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Faults that the kernel is asked to meet.
 *
 * See Documentation/fault-injection/fault-injection.rst.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file in debugfs that a test needs set, and what it held before. */
struct fault_setting {
	const char *path;
	const char *value;
	char before[16];
};

static inline bool fault_file_read(const char *path, char *value, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, value, size - 1);

	close(fd);
	value[len > 0 ? len : 0] = '\0';
	return len > 0;
}

static inline bool fault_file_write(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = write(fd, value, strlen(value));

	close(fd);
	return len > 0;
}

/* Returns the path of one that cannot be set, or NULL. */
static inline const char *fault_settings_apply(struct fault_setting *settings,
					       size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!fault_file_read(settings[i].path, settings[i].before,
				     sizeof(settings[i].before)) ||
		    !fault_file_write(settings[i].path, settings[i].value))
			return settings[i].path;
	return NULL;
}

/* Returns whether all is as it was. */
static inline bool fault_settings_restore(const struct fault_setting *settings,
					  size_t count)
{
	bool restored = true;

	/* Backwards: what filters faults is set first, and goes last. */
	while (count--)
		if (settings[count].before[0])
			restored &= fault_file_write(settings[count].path,
						     settings[count].before);
	return restored;
}

/* Returns a file that says which of the caller's faults to come is met. */
static inline int fault_nth_open(void)
{
	return open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
}

/* Returns whether the caller will meet the @nth fault to come. */
static inline bool fault_nth_begin(int fd, int nth)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", nth);
	return write(fd, text, strlen(text)) > 0;
}

/*
 * Returns whether it has met the fault, and will not meet it from now on.
 *
 * To ask is to copy, which counts too, and may be what fails: it fails only if
 * there was some left. So does the end of it.
 */
static inline bool fault_nth_end(int fd)
{
	char text[16] = "";
	bool failed;

	failed = pread(fd, text, sizeof(text) - 1, 0) > 0 && !atoi(text);
	if (!failed && write(fd, "0", 1) < 0)
		return false;
	return failed;
}

#endif /* FAULTS_H */
