/* SPDX-License-Identifier: GPL-2.0 */
/* Messages of rtnetlink, as they are put together. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/types.h>

#define MESSAGE_SIZE	1024

union message {
	struct nlmsghdr hdr;
	char bytes[MESSAGE_SIZE];
};

/* @head is what follows the header, such as a struct rtmsg. */
void message_start(union message *message, unsigned short type,
		   unsigned short flags, const void *head, size_t size);
struct rtattr *message_put(union message *message, unsigned short type,
			   const void *data, size_t size);
void message_put_u32(union message *message, unsigned short type, __u32 value);
void message_put_string(union message *message, unsigned short type,
			const char *string);
/* An address, in the host's byte order. */
void message_put_address(union message *message, unsigned short type,
			 __u32 address);
/* What is put between these two is inside of the attribute. */
struct rtattr *message_nest(union message *message, unsigned short type);
void message_nest_end(union message *message, struct rtattr *nest);

#endif /* MESSAGE_H */
