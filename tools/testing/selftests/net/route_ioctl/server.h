/* SPDX-License-Identifier: GPL-2.0 */
/* Who serves the routing ioctls: C, or the module as long as it is loaded. */
#ifndef SERVER_H
#define SERVER_H

enum server {
	SERVER_C,
	SERVER_RUST,
};

/*
 * Loads and unloads the module, to see whether that can be done, and skips the
 * program if not.
 */
void server_open(void);
/* Leaves things as server_open() found them. */
void server_close(void);

void server_switch(enum server server);

#endif /* SERVER_H */
