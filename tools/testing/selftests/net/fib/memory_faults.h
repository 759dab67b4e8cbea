/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What tests of a FIB without memory share: that whatever asks for memory may
 * be refused, if it would wait for it or not, and that this is not logged.
 */
#ifndef MEMORY_FAULTS_H
#define MEMORY_FAULTS_H

#include "../route_ioctl/faults.h"
#include "../route_ioctl/route_ioctl.h"

#define FAILSLAB	"/sys/kernel/debug/failslab/"

static const struct fault_setting memory_faults[] = {
	{ FAILSLAB "ignore-gfp-wait", "N" },
	{ FAILSLAB "verbose", "0" },
};

#endif /* MEMORY_FAULTS_H */
