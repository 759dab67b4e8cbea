/* SPDX-License-Identifier: GPL-2.0 */
/* What comes of steps: a number that changes when any of it does, and text. */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/netlink.h>
#include <linux/types.h>

struct record {
	__u64 hash;
	bool as_text;	/* is printed, too */
};

/* @what says who has sent it. */
void record_message(struct record *record, const char *what,
		    const struct nlmsghdr *hdr);
void record_number(struct record *record, const char *what, long number);
/* In any order, if @in_order is not set. */
void record_line(struct record *record, const char *line, bool in_order);

#endif /* RECORD_H */
