// SPDX-License-Identifier: GPL-2.0
/*
 * Turns the ioctls of Trinity into routing ioctls; to be preloaded.
 *
 * Debian's Trinity crashes while it looks for commands that go with a socket.
 * Left without any file, it passes -1, and such calls get a socket here, and
 * one of the commands. What they point to remains Trinity's idea.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/sockios.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* This is what Trinity makes all of its 64-bit calls by. */
long syscall(long number, ...)
{
	static const unsigned long commands[] = {
		SIOCADDRT, SIOCDELRT, SIOCRTMSG,
	};
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };
	static long (*next)(long number, ...);
	static unsigned int calls;
	int sock = -1, err;
	long arg[6], ret;
	va_list list;
	size_t i;

	/* As libc does: there may be fewer. */
	va_start(list, number);
	for (i = 0; i < ARRAY_SIZE(arg); i++)
		arg[i] = va_arg(list, long);
	va_end(list);

	if (!next)
		next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_ioctl && (int)arg[0] == -1) {
		calls++;
		sock = socket(AF_INET, types[calls % ARRAY_SIZE(types)], 0);
		arg[0] = sock;
		arg[1] = commands[arg[1] % ARRAY_SIZE(commands)];
	}

	ret = next(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
	if (sock != -1) {
		err = errno;
		close(sock);
		errno = err;
	}
	return ret;
}
