/* SPDX-License-Identifier: GPL-2.0 */
/* Which FIB the kernel has: of that in Rust, more is asked in places. */
#ifndef IS_RUST_H
#define IS_RUST_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static inline bool fib_is_rust(void)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[1024];
	bool found = false;

	if (!file)
		return false;
	/* The crate's name, as it is in its symbols. */
	while (!found && fgets(line, sizeof(line), file))
		found = !!strstr(line, "8fib_rust");
	fclose(file);
	return found;
}

#endif /* IS_RUST_H */
