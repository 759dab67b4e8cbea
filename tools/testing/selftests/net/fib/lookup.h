/* SPDX-License-Identifier: GPL-2.0 */
/* Which route the kernel takes for an address. */
#ifndef LOOKUP_H
#define LOOKUP_H

#include <netinet/in.h>

#include "../route_ioctl/fib.h"

/* Returns a socket to ask by, or a negative errno. */
int lookup_open(void);

/*
 * Writes the route that a packet to @address takes, whole, as fib.h has it, or
 * "none: " and the error. Returns whether the kernel has answered.
 */
bool lookup_route(int sock, struct in_addr address, char text[FIB_TEXT]);

/*
 * Returns 0 or the errno of a UDP socket's connect(), and with what address it
 * would send.
 */
int lookup_source(int udp, struct in_addr address, struct in_addr *source);

/* Returns 0 or the errno of sending a packet. */
int lookup_send(int udp, struct in_addr address);

/* Whether a host finds itself. */
bool lookup_self(void);

#endif /* LOOKUP_H */
