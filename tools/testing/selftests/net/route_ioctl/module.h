/* SPDX-License-Identifier: GPL-2.0 */
/* The module that serves the routing ioctls, as long as it is loaded. */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

#define MODULE	"route_ioctl_rust"

/* False, too, if what it does is built in. */
bool module_is_loaded(void);
/* Who holds it: a reference for each call that it is serving. */
int module_references(void);

/*
 * The file that ROUTE_IOCTL_MODULE names, or else what modprobe finds. Returns
 * 0 or a negative errno, 0 if there is nothing to do.
 */
int module_load(void);

/* What delete_module() answers: 0 or a negative errno. */
int module_try_unload(int flags);

/*
 * The same for a module that may be in use: new calls go to C until it has
 * gone, for which the calls that it is serving have ten seconds. Returns 0, too,
 * if there is nothing to do.
 */
int module_unload(void);

/* Whether new calls may go to the module; 0 or a negative errno. */
int module_enable(bool enable);

/*
 * Whether it serves, loaded or built in: makes a call that cannot succeed, and
 * looks whether it is counted. Needs debugfs.
 */
bool module_serves(void);

/* How many calls it has served since boot. */
unsigned long module_calls(void);

#endif /* MODULE_H */
