// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "kselftest.h"
#include "record.h"
#include "text.h"

/* The longest message that is kept: of a route with its next hops. */
#define LONGEST	8192

static void add(__u64 *hash, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	while (size--)
		*hash = (*hash ^ *byte++) * 0x100000001b3;
}

/* What depends on the time, and on who else holds an entry. */
static void forget_times(struct nlmsghdr *hdr)
{
	const bool route = hdr->nlmsg_type == RTM_NEWROUTE ||
			   hdr->nlmsg_type == RTM_DELROUTE;
	int len = route ? RTM_PAYLOAD(hdr) : IFA_PAYLOAD(hdr);
	struct rtattr *attr;

	attr = route ? RTM_RTA(NLMSG_DATA(hdr)) : IFA_RTA(NLMSG_DATA(hdr));
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		if (route && attr->rta_type == RTA_CACHEINFO) {
			struct rta_cacheinfo *info = RTA_DATA(attr);

			info->rta_lastuse = 0;
			info->rta_clntref = 0;
			info->rta_used = 0;
		} else if (!route && attr->rta_type == IFA_CACHEINFO) {
			struct ifa_cacheinfo *info = RTA_DATA(attr);

			info->cstamp = 0;
			info->tstamp = 0;
		}
	}
}

void record_message(struct record *record, const char *what,
		    const struct nlmsghdr *hdr)
{
	union {
		struct nlmsghdr hdr;
		char bytes[LONGEST];
	} copy;

	if (hdr->nlmsg_len > sizeof(copy))
		ksft_exit_fail_msg("a message of %u bytes\n", hdr->nlmsg_len);
	memcpy(&copy, hdr, hdr->nlmsg_len);
	if (hdr->nlmsg_type == RTM_NEWROUTE ||
	    hdr->nlmsg_type == RTM_DELROUTE ||
	    hdr->nlmsg_type == RTM_NEWADDR || hdr->nlmsg_type == RTM_DELADDR)
		forget_times(&copy.hdr);
	add(&record->hash, what, strlen(what) + 1);
	add(&record->hash, &copy, hdr->nlmsg_len);
	if (record->as_text)
		text_print(what, &copy.hdr);
}

void record_number(struct record *record, const char *what, long number)
{
	add(&record->hash, what, strlen(what) + 1);
	add(&record->hash, &number, sizeof(number));
	if (record->as_text)
		printf("    %s: %ld\n", what, number);
}

void record_line(struct record *record, const char *line, bool in_order)
{
	__u64 own = 0;

	if (in_order) {
		/* With its end. */
		add(&record->hash, line, strlen(line) + 1);
	} else {
		add(&own, line, strlen(line));
		record->hash += own;
	}
	if (record->as_text)
		printf("    %s\n", line);
}
