/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The routes of the caller's network namespace, and the notifications of their
 * changes, as text. A route reads
 *
 *   unicast 10.9.0.0/16 via 10.1.0.2 dev d0 table main proto boot scope global
 *
 * followed by the priority, preferred source, metrics and next hops that it
 * has. Whatever else a message holds is printed too, so that no attribute goes
 * unnoticed. How long a route has to live is rounded to ten seconds.
 */
#ifndef FIB_H
#define FIB_H

#include <stdbool.h>

#include <linux/netlink.h>

#define FIB_TEXT	256
#define FIB_ROUTES	48

/* What USER_HZ is on most architectures: the unit of /proc and of expiry. */
#define FIB_TICKS	100

struct fib {
	int count;
	char route[FIB_ROUTES][FIB_TEXT];
};

struct fib_event {
	unsigned short type;
	unsigned short flags;
	unsigned int seq;
	unsigned int portid;
	char route[FIB_TEXT];
};

typedef void (*fib_visitor)(const struct nlmsghdr *route, void *data);

/*
 * Calls @visit for every route of every table, in the order of a dump. Returns
 * 0 or a negative errno. AF_UNSPEC is both families, here and below.
 */
int fib_visit_routes(int family, fib_visitor visit, void *data);

/* The same routes as text. Returns 0 or a negative errno. */
int fib_read(int family, struct fib *fib);

/* Whether a host has this address, with "/length", and takes packets for it. */
bool fib_has_local(const char *address, const char *dev);

/*
 * The flags of a route of IPv6, which rtnetlink does not tell: those of the
 * first line of /proc/net/ipv6_route for the prefix. Returns 0 or a negative
 * errno.
 */
int fib_ipv6_flags(const char *prefix, unsigned int *flags);

/* Whether @with holds the routes of @without, in their order, and @route. */
bool fib_differs_by(const struct fib *with, const struct fib *without,
		    const char *route);
bool fib_equal(const struct fib *a, const struct fib *b);
void fib_print(const struct fib *fib);

void fib_text(const struct nlmsghdr *route, char text[FIB_TEXT]);

/* To ten seconds: between a call and a look, less than that goes by. */
int fib_round_expiry(int ticks);

/* Returns a socket that hears of every change, or a negative errno. */
int fib_monitor(int family);

/* Calls @visit for every notification that is queued, and takes it away. */
int fib_visit_events(int monitor, fib_visitor visit, void *data);

/*
 * A notification is queued before the call that caused it returns, so there is
 * nothing to wait for. Returns the number that was queued, of which at most
 * @max are stored, or a negative errno.
 */
int fib_events(int monitor, struct fib_event *events, int max);

#endif /* FIB_H */
