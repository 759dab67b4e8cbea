// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>

#include "kselftest.h"
#include "text.h"

enum how { HEX, NUMBER, ADDRESS, STRING, METRICS, HOPS };

struct attr {
	const char *name;
	enum how how;
};

static const struct attr route_attrs[] = {
	[RTA_DST] = { "dst", ADDRESS },
	[RTA_SRC] = { "from", ADDRESS },
	[RTA_IIF] = { "iif", NUMBER },
	[RTA_OIF] = { "dev", NUMBER },
	[RTA_GATEWAY] = { "via", ADDRESS },
	[RTA_PRIORITY] = { "metric", NUMBER },
	[RTA_PREFSRC] = { "src", ADDRESS },
	[RTA_METRICS] = { "metrics", METRICS },
	[RTA_MULTIPATH] = { "hops", HOPS },
	[RTA_TABLE] = { "table", NUMBER },
	[RTA_MARK] = { "mark", NUMBER },
	[RTA_VIA] = { "via6" },
	[RTA_NH_ID] = { "nhid", NUMBER },
	[RTA_UID] = { "uid", NUMBER },
};

static const struct attr metric_attrs[] = {
	[RTAX_LOCK] = { "lock", NUMBER },
	[RTAX_MTU] = { "mtu", NUMBER },
	[RTAX_ADVMSS] = { "advmss", NUMBER },
};

static const struct attr link_attrs[] = {
	[IFLA_IFNAME] = { "name", STRING },
	[IFLA_MASTER] = { "master", NUMBER },
	[IFLA_CARRIER] = { "carrier" },
};

static const struct attr address_attrs[] = {
	[IFA_ADDRESS] = { "address", ADDRESS },
	[IFA_LOCAL] = { "local", ADDRESS },
	[IFA_LABEL] = { "label", STRING },
	[IFA_BROADCAST] = { "broadcast", ADDRESS },
	[IFA_FLAGS] = { "flags", NUMBER },
	[IFA_RT_PRIORITY] = { "metric", NUMBER },
};

static const struct attr rule_attrs[] = {
	[FRA_DST] = { "to", ADDRESS },
	[FRA_PRIORITY] = { "priority", NUMBER },
	[FRA_FWMARK] = { "fwmark", NUMBER },
	[FRA_SUPPRESS_PREFIXLEN] = { "suppress_prefixlength", NUMBER },
	[FRA_TABLE] = { "table", NUMBER },
	[FRA_OIFNAME] = { "oif", STRING },
};

static const struct attr nexthop_attrs[] = {
	[NHA_ID] = { "id", NUMBER },
	[NHA_GROUP] = { "group" },
	[NHA_BLACKHOLE] = { "blackhole" },
	[NHA_OIF] = { "dev", NUMBER },
	[NHA_GATEWAY] = { "via", ADDRESS },
};

static const struct attr neighbour_attrs[] = {
	[NDA_DST] = { "dst", ADDRESS },
	[NDA_LLADDR] = { "lladdr" },
};

static const struct attr error_attrs[] = {
	[NLMSGERR_ATTR_MSG] = { "message", STRING },
	[NLMSGERR_ATTR_OFFS] = { "offset", NUMBER },
};

/* By the number of the first type of each family of messages. */
static const struct family {
	int first;
	const char *name;
	size_t head;
	const struct attr *attrs;
	size_t count;
} families[] = {
	{ RTM_NEWLINK, "LINK", sizeof(struct ifinfomsg), link_attrs,
	  ARRAY_SIZE(link_attrs) },
	{ RTM_NEWADDR, "ADDR", sizeof(struct ifaddrmsg), address_attrs,
	  ARRAY_SIZE(address_attrs) },
	{ RTM_NEWROUTE, "ROUTE", sizeof(struct rtmsg), route_attrs,
	  ARRAY_SIZE(route_attrs) },
	{ RTM_NEWNEIGH, "NEIGH", sizeof(struct ndmsg), neighbour_attrs,
	  ARRAY_SIZE(neighbour_attrs) },
	{ RTM_NEWRULE, "RULE", sizeof(struct fib_rule_hdr), rule_attrs,
	  ARRAY_SIZE(rule_attrs) },
	{ RTM_NEWNEXTHOP, "NEXTHOP", sizeof(struct nhmsg), nexthop_attrs,
	  ARRAY_SIZE(nexthop_attrs) },
};

static void print_hex(const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	while (size--)
		printf("%02x", *byte++);
}

static void print_attrs(const struct rtattr *attr, int len,
			const struct attr *known, size_t count);

static void print_hops(const struct rtattr *hops)
{
	const struct rtnexthop *hop = RTA_DATA(hops);
	int len = RTA_PAYLOAD(hops);

	for (; RTNH_OK(hop, len);
	     len -= RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
		printf(" [dev %d weight %d flags %#x", hop->rtnh_ifindex,
		       hop->rtnh_hops + 1, hop->rtnh_flags);
		print_attrs(RTNH_DATA(hop), hop->rtnh_len - sizeof(*hop),
			    route_attrs, ARRAY_SIZE(route_attrs));
		printf("]");
	}
}

static void print_value(const struct rtattr *attr, enum how how)
{
	const size_t size = RTA_PAYLOAD(attr);
	unsigned char *byte = RTA_DATA(attr);
	__u32 number;

	switch (how) {
	case NUMBER:
	case ADDRESS:
		if (size != sizeof(number))
			break;
		memcpy(&number, RTA_DATA(attr), size);
		if (how == NUMBER)
			printf(" %u", number);
		else
			printf(" %u.%u.%u.%u", byte[0], byte[1], byte[2],
			       byte[3]);
		return;
	case STRING:
		printf(" \"%.*s\"", (int)size, (char *)RTA_DATA(attr));
		return;
	case METRICS:
		printf(" (");
		print_attrs(RTA_DATA(attr), size, metric_attrs,
			    ARRAY_SIZE(metric_attrs));
		printf(" )");
		return;
	case HOPS:
		print_hops(attr);
		return;
	default:
		break;
	}
	printf(" ");
	print_hex(RTA_DATA(attr), size);
}

static void print_attrs(const struct rtattr *attr, int len,
			const struct attr *known, size_t count)
{
	for (; RTA_OK(attr, len); attr = RTA_NEXT(attr, len)) {
		const size_t type = attr->rta_type & NLA_TYPE_MASK;
		const bool named = type < count && known[type].name;

		if (named)
			printf(" %s", known[type].name);
		else
			printf(" attr-%zu", type);
		print_value(attr, named ? known[type].how : HEX);
	}
}

static void print_route(const struct rtmsg *rtm)
{
	printf("/%u tos %#x table %u proto %u scope %u type %u flags %#x",
	       rtm->rtm_dst_len, rtm->rtm_tos, rtm->rtm_table,
	       rtm->rtm_protocol, rtm->rtm_scope, rtm->rtm_type,
	       rtm->rtm_flags);
}

static void print_error(const struct nlmsghdr *hdr)
{
	const struct nlmsgerr *err = NLMSG_DATA(hdr);
	size_t size = sizeof(*err);

	printf(" %s", err->error ? strerror(-err->error) : "done");
	if (!(hdr->nlmsg_flags & NLM_F_CAPPED))
		size += err->msg.nlmsg_len - sizeof(err->msg);
	if (hdr->nlmsg_flags & NLM_F_ACK_TLVS)
		print_attrs((void *)err + NLMSG_ALIGN(size),
			    NLMSG_PAYLOAD(hdr, NLMSG_ALIGN(size)), error_attrs,
			    ARRAY_SIZE(error_attrs));
}

static void print_family(const struct nlmsghdr *hdr,
			 const struct family *family)
{
	static const char * const verbs[] = { "NEW", "DEL", "GET", "SET" };
	const char *head = NLMSG_DATA(hdr);

	printf(" %s%s %#x ", verbs[hdr->nlmsg_type - family->first],
	       family->name, hdr->nlmsg_flags);
	if (family->first == RTM_NEWROUTE)
		print_route(NLMSG_DATA(hdr));
	else
		print_hex(head, family->head);
	print_attrs((void *)(head + NLMSG_ALIGN(family->head)),
		    NLMSG_PAYLOAD(hdr, family->head), family->attrs,
		    family->count);
}

void text_print(const char *what, const struct nlmsghdr *hdr)
{
	size_t i;

	printf("    %s:", what);
	if (hdr->nlmsg_type == NLMSG_ERROR) {
		print_error(hdr);
		goto out;
	}
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (hdr->nlmsg_type >= families[i].first &&
		    hdr->nlmsg_type < families[i].first + 4) {
			print_family(hdr, &families[i]);
			goto out;
		}
	}
	printf(" message %u %#x ", hdr->nlmsg_type, hdr->nlmsg_flags);
	print_hex(NLMSG_DATA(hdr), NLMSG_PAYLOAD(hdr, 0));
out:
	printf("\n");
}
