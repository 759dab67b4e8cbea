// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../kselftest.h"
#include "module.h"
#include "server.h"

#define NOBODY	65534

static bool was_loaded;

/* Of a caller without capability, Rust does not read what C reads first. */
static enum server who_serves(void)
{
	int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int err;

	if (sock < 0 || seteuid(NOBODY))
		ksft_exit_fail_perror("ask who serves");
	err = ioctl(sock, SIOCDELRT, NULL) ? errno : 0;
	if (seteuid(0))
		ksft_exit_fail_perror("become root again");
	close(sock);
	return err == EPERM ? SERVER_RUST : SERVER_C;
}

void server_switch(enum server server)
{
	int err = server == SERVER_RUST ? module_load() : module_unload();

	if (err)
		ksft_exit_fail_msg("%s " MODULE ": %s\n",
				   server == SERVER_RUST ? "load" : "unload",
				   strerror(-err));
	if (who_serves() != server)
		ksft_exit_fail_msg(MODULE " is %s, but %s serves\n",
				   server == SERVER_RUST ? "loaded" : "unloaded",
				   server == SERVER_RUST ? "C" : "Rust");
}

void server_open(void)
{
	int err;

	if (geteuid())
		ksft_exit_skip("needs root\n");
	was_loaded = module_is_loaded();
	err = module_load();
	if (err)
		ksft_exit_skip("cannot load " MODULE ": %s\n", strerror(-err));
	if (!module_is_loaded())
		ksft_exit_skip(MODULE " is built in: C cannot be had\n");
	server_switch(SERVER_C);
}

void server_close(void)
{
	server_switch(was_loaded ? SERVER_RUST : SERVER_C);
}
