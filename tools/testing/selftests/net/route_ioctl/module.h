/* SPDX-License-Identifier: GPL-2.0 */
/* The module that serves the routing ioctls, as long as it is loaded. */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

#define MODULE	"route_ioctl_rust"

/* False, too, if what it does is built in. */
bool module_is_loaded(void);

/*
 * The file that ROUTE_IOCTL_MODULE names, or else what modprobe finds. Both
 * return 0 or a negative errno, 0 if there is nothing to do.
 */
int module_load(void);
int module_unload(void);

/* Whether it serves, loaded or built in. Needs debugfs. */
bool module_serves(void);

/* How many calls it has served since it was loaded. */
unsigned long module_calls(void);

#endif /* MODULE_H */
