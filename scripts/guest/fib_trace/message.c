// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <string.h>

#include "kselftest.h"
#include "message.h"

void message_start(union message *message, unsigned short type,
		   unsigned short flags, const void *head, size_t size)
{
	memset(message, 0, sizeof(*message));
	message->hdr.nlmsg_type = type;
	message->hdr.nlmsg_flags = NLM_F_REQUEST | flags;
	message->hdr.nlmsg_len = NLMSG_LENGTH(size);
	memcpy(NLMSG_DATA(&message->hdr), head, size);
}

struct rtattr *message_put(union message *message, unsigned short type,
			   const void *data, size_t size)
{
	const size_t start = NLMSG_ALIGN(message->hdr.nlmsg_len);
	struct rtattr *attr = (void *)(message->bytes + start);

	if (start + RTA_SPACE(size) > MESSAGE_SIZE)
		ksft_exit_fail_msg("a message is too long\n");
	attr->rta_type = type;
	attr->rta_len = RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attr), data, size);
	message->hdr.nlmsg_len = start + RTA_SPACE(size);
	return attr;
}

void message_put_u32(union message *message, unsigned short type, __u32 value)
{
	message_put(message, type, &value, sizeof(value));
}

void message_put_string(union message *message, unsigned short type,
			const char *string)
{
	message_put(message, type, string, strlen(string) + 1);
}

void message_put_address(union message *message, unsigned short type,
			 __u32 address)
{
	message_put_u32(message, type, htonl(address));
}

struct rtattr *message_nest(union message *message, unsigned short type)
{
	return message_put(message, type, NULL, 0);
}

void message_nest_end(union message *message, struct rtattr *nest)
{
	nest->rta_len = message->bytes + message->hdr.nlmsg_len - (char *)nest;
}
