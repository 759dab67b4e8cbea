/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of rtnetlink as a line for people, with nothing left out. */
#ifndef TEXT_H
#define TEXT_H

#include <linux/netlink.h>

void text_print(const char *what, const struct nlmsghdr *hdr);

#endif /* TEXT_H */
