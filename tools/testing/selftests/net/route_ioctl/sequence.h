/* SPDX-License-Identifier: GPL-2.0 */
/* Sequences of steps: the same ones for the same arguments, everywhere. */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include "step.h"

#define SEQUENCE_STEPS	1280

struct sequence {
	int family;
	__u32 vrf_table;	/* of a VRF without members */
	int count;
	struct step step[SEQUENCE_STEPS];
};

/*
 * Arguments and names across each byte of a page's end and of its beginning. As
 * with all sequences, IPv4's if the number is even, else IPv6's.
 */
void sequence_boundaries(struct sequence *sequence, unsigned int number);

/* The @number-th sequence of @seed. */
void sequence_random(struct sequence *sequence, unsigned int seed,
		     unsigned int number);

int sequence_requests(const struct sequence *sequence);

#endif /* SEQUENCE_H */
