// SPDX-License-Identifier: GPL-2.0
/* Random changes of what routes depend on, and dumps. */
#include <stdio.h>

#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/nexthop.h>

#include "kselftest.h"
#include "step.h"

static int pick_device(struct random *random)
{
	return D0 + below(random, DEVICES);
}

static void set_link(union message *message, int dev, unsigned int flags,
		     unsigned int change)
{
	struct ifinfomsg ifi = {
		.ifi_index = dev,
		.ifi_flags = flags,
		.ifi_change = change,
	};

	message_start(message, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
}

void make_link(union message *message, struct random *random)
{
	set_link(message, pick_device(random), chance(random, 80) ? IFF_UP : 0,
		 IFF_UP);
}

void make_carrier(union message *message, struct random *random)
{
	const __u8 carrier = chance(random, 50);

	set_link(message, pick_device(random), 0, 0);
	message_put(message, IFLA_CARRIER, &carrier, sizeof(carrier));
}

void make_device(union message *message, struct random *random)
{
	struct ifinfomsg ifi = { .ifi_index = pick_device(random) };
	char name[IFNAMSIZ];
	struct rtattr *nest;

	if (chance(random, 20)) {
		message_start(message, RTM_DELLINK, 0, &ifi, sizeof(ifi));
		return;
	}
	snprintf(name, sizeof(name), "d%d", ifi.ifi_index - D0);
	message_start(message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &ifi,
		      sizeof(ifi));
	message_put_string(message, IFLA_IFNAME, name);
	nest = message_nest(message, IFLA_LINKINFO);
	message_put_string(message, IFLA_INFO_KIND, "dummy");
	message_nest_end(message, nest);
}

void make_master(union message *message, struct random *random)
{
	set_link(message, pick_device(random), 0, 0);
	message_put_u32(message, IFLA_MASTER, chance(random, 50) ? VRF : 0);
}

void make_address(union message *message, struct random *random)
{
	const bool add = chance(random, 75);
	const int number = below(random, DEVICES);
	const __u32 address = device_address(number, 1 + below(random, 4));
	struct ifaddrmsg ifa = {
		.ifa_family = AF_INET,
		.ifa_prefixlen = chance(random, 75) ? 24 : 32,
		.ifa_scope = chance(random, 10) ? RT_SCOPE_HOST :
						  RT_SCOPE_UNIVERSE,
		.ifa_index = D0 + number,
	};

	message_start(message, add ? RTM_NEWADDR : RTM_DELADDR,
		      add ? NLM_F_CREATE | NLM_F_EXCL : 0, &ifa, sizeof(ifa));
	message_put_address(message, IFA_LOCAL, address);
	if (chance(random, 10))
		message_put_address(message, IFA_ADDRESS,
				    device_address(number, 200));
	else
		message_put_address(message, IFA_ADDRESS, address);
	if (add && chance(random, 30))
		message_put_address(message, IFA_BROADCAST,
				    device_address(number, 255));
	if (add && chance(random, 25))
		message_put_u32(message, IFA_RT_PRIORITY, 5);
	if (add && chance(random, 10))
		message_put_u32(message, IFA_FLAGS, IFA_F_NOPREFIXROUTE);
}

/* Of the rules that are there from the start: local, main, default. */
static void make_first_rule(union message *message, struct random *random,
			    struct fib_rule_hdr *rule, unsigned short type,
			    unsigned short flags)
{
	static const struct {
		__u32 priority;
		unsigned char table;
	} first[] = {
		{ 0, RT_TABLE_LOCAL }, { 50, RT_TABLE_LOCAL },
		{ 32766, RT_TABLE_MAIN }, { 32767, RT_TABLE_DEFAULT },
	};
	const unsigned int which = below(random, ARRAY_SIZE(first));

	rule->table = first[which].table;
	message_start(message, type, flags, rule, sizeof(*rule));
	message_put_u32(message, FRA_PRIORITY, first[which].priority);
}

void make_rule(union message *message, struct random *random, __u64 seed)
{
	static const unsigned char actions[] = {
		FR_ACT_BLACKHOLE, FR_ACT_UNREACHABLE, FR_ACT_PROHIBIT,
		FR_ACT_NOP, FR_ACT_GOTO,
	};
	static const __u32 lengths[] = { 0, 8, 24, 32 };
	const bool add = chance(random, 60);
	const unsigned short type = add ? RTM_NEWRULE : RTM_DELRULE;
	const unsigned short flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	struct fib_rule_hdr rule = {
		.family = AF_INET,
		.action = FR_ACT_TO_TBL,
	};
	unsigned char length;
	__u32 dst;

	if (chance(random, 35)) {
		make_first_rule(message, random, &rule, type, flags);
		return;
	}
	pick_prefix(random, seed, &dst, &length);
	if (chance(random, 10))
		rule.action = PICK(random, actions);
	if (chance(random, 10))
		rule.flags = FIB_RULE_INVERT;
	if (chance(random, 20))
		rule.tos = 0x10;
	if (chance(random, 20))
		rule.dst_len = length;
	message_start(message, type, flags, &rule, sizeof(rule));
	message_put_u32(message, FRA_PRIORITY, 100 + below(random, 4));
	message_put_u32(message, FRA_TABLE, pick_table(random));
	if (rule.dst_len)
		message_put_address(message, FRA_DST, dst);
	if (rule.action == FR_ACT_GOTO)
		message_put_u32(message, FRA_GOTO, 32766);
	if (chance(random, 40))
		message_put_u32(message, FRA_FWMARK, 1 + below(random, 2));
	if (chance(random, 15))
		message_put_string(message, FRA_OIFNAME, "d1");
	if (chance(random, 25))
		message_put_u32(message, FRA_SUPPRESS_PREFIXLEN,
				PICK(random, lengths));
}

static void put_group(union message *message, struct random *random)
{
	struct nexthop_grp group[3] = {};
	unsigned int i, count = 1 + below(random, ARRAY_SIZE(group));

	for (i = 0; i < count; i++) {
		group[i].id = 1 + below(random, 5);
		group[i].weight = below(random, 4);
	}
	message_put(message, NHA_GROUP, group, count * sizeof(group[0]));
}

void make_nexthop(union message *message, struct random *random)
{
	struct nhmsg nh = { .nh_family = AF_INET };
	const int number = below(random, DEVICES);
	const __u32 id = 1 + below(random, 8);
	const unsigned int how = below(random, 100);

	if (how < 12) {
		nh.nh_family = AF_UNSPEC;
		message_start(message, RTM_DELNEXTHOP, 0, &nh, sizeof(nh));
		message_put_u32(message, NHA_ID, id);
		return;
	}
	nh.nh_protocol = chance(random, 30) ? RTPROT_BIRD : RTPROT_UNSPEC;
	if (how >= 25 && how < 55)
		nh.nh_family = AF_UNSPEC;
	if (how >= 55 && chance(random, 8))
		nh.nh_flags = RTNH_F_ONLINK;
	message_start(message, RTM_NEWNEXTHOP, NLM_F_CREATE |
		      (chance(random, 40) ? NLM_F_REPLACE : NLM_F_EXCL),
		      &nh, sizeof(nh));
	message_put_u32(message, NHA_ID, id);
	if (how < 25) {
		message_put(message, NHA_BLACKHOLE, NULL, 0);
	} else if (how < 55) {
		put_group(message, random);
	} else {
		message_put_u32(message, NHA_OIF, D0 + number);
		if (how < 85 || nh.nh_flags)
			message_put_address(message, NHA_GATEWAY,
					    device_address(number, 254));
	}
}

/* Which default route is taken depends on what is known of its gateway. */
void make_neighbour(union message *message, struct random *random)
{
	static const __u8 address[6] = { 2 };
	const bool add = chance(random, 70);
	const int number = below(random, DEVICES);
	struct ndmsg nd = {
		.ndm_family = AF_INET,
		.ndm_ifindex = D0 + number,
		.ndm_state = chance(random, 50) ? NUD_PERMANENT : NUD_FAILED,
	};

	message_start(message, add ? RTM_NEWNEIGH : RTM_DELNEIGH,
		      add ? NLM_F_CREATE | NLM_F_REPLACE : 0, &nd, sizeof(nd));
	message_put_address(message, NDA_DST,
			    device_address(number, 254 - below(random, 2)));
	if (add)
		message_put(message, NDA_LLADDR, address, sizeof(address));
}

void make_dump(union message *message, struct random *random)
{
	static const unsigned char protocols[] = {
		RTPROT_KERNEL, RTPROT_BOOT, RTPROT_STATIC, RTPROT_BIRD,
	};
	struct rtmsg rtm = { .rtm_family = AF_INET };
	struct nhmsg nh = {};
	const unsigned int how = below(random, 100);

	if (how < 8) {
		message_start(message, RTM_GETNEXTHOP, NLM_F_DUMP, &nh,
			      sizeof(nh));
		return;
	}
	if (how < 16) {
		struct fib_rule_hdr rule = { .family = AF_INET };

		message_start(message, RTM_GETRULE, NLM_F_DUMP, &rule,
			      sizeof(rule));
		return;
	}
	if (how > 55 && chance(random, 40))
		rtm.rtm_protocol = PICK(random, protocols);
	if (how > 55 && chance(random, 40))
		rtm.rtm_type = 1 + below(random, RTN_MAX);
	if (how < 25)
		rtm.rtm_flags = RTM_F_PREFIX;
	message_start(message, RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	if (how > 55 && chance(random, 70))
		message_put_u32(message, RTA_TABLE, pick_table(random));
	if (how > 55 && chance(random, 30))
		message_put_u32(message, RTA_OIF, pick_device(random));
}
