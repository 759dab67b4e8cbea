/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers that are the same for the same seed, everywhere. */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>

#include <linux/types.h>

#define PICK(_random, _array)						\
	({								\
		const typeof(_array) *__array = &(_array);		\
									\
		(*__array)[below((_random), ARRAY_SIZE(*__array))];	\
	})

struct random {
	__u64 state;
};

static inline __u32 next(struct random *random)
{
	__u64 z = random->state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z >> 32;
}

static inline __u32 below(struct random *random, __u32 end)
{
	return next(random) % end;
}

static inline bool chance(struct random *random, __u32 percent)
{
	return below(random, 100) < percent;
}

#endif /* RANDOM_H */
