/* SPDX-License-Identifier: GPL-2.0 */
/* What sequences of IPv4 and of IPv6 requests are made of. */
#ifndef FAMILY_H
#define FAMILY_H

#include "entry.h"
#include "random.h"
#include "step.h"

/* A device by its names, and gateways that it may or may not reach. */
struct site {
	const char *name[8];
	const char *gateway[6];
};

/* Namespace 1 has no others, and to ask for what is not there takes long. */
#define COMMON_SITES	2

struct family {
	int family;
	size_t size;		/* of the argument */
	/* Few enough to be met again, by either kind of call. */
	const char *prefix[12];
	struct site site[4];
	const char *source;	/* that a route may be for, or NULL */

	/* Makes a request to add a route, */
	void (*request)(struct random *random, struct step_request *request);
	/* makes of it another to do with the same route, */
	void (*vary)(struct random *random, struct step_request *request);
	/* or gives a field or another what callers do not mean. */
	void (*spoil)(struct random *random, struct step_request *request);
};

extern const struct family family_ipv4, family_ipv6;

static inline const struct family *family_number(unsigned int number)
{
	return number % 2 ? &family_ipv6 : &family_ipv4;
}

/* All of the argument can be read, and nothing behind it. */
static inline struct step_request request_of(unsigned long cmd,
					     const struct family *family,
					     const struct entry *entry)
{
	struct step_request request = {
		.family = family->family,
		.cmd = cmd,
		.argument = argument_of(entry),
		.place = { .kind = PLACE_BEFORE, .count = family->size },
		.name_place = { .kind = PLACE_NOWHERE },
	};

	return request;
}

/* For IPv4. Whatever reads beyond what it may read finds nothing there. */
static inline void set_name(struct step_request *request, const char *name)
{
	snprintf(request->name, sizeof(request->name), "%s", name);
	request->name_place = (struct place){
		.kind = PLACE_BEFORE,
		.count = IFNAMSIZ - 1,
	};
}

/* A place of @size bytes, of which some may not be there. */
struct place random_place(struct random *random, unsigned int size);

/* Nothing is there, in any layout. */
extern const unsigned long nowhere[8];

#endif /* FAMILY_H */
