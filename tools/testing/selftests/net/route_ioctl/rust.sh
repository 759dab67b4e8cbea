#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# All other tests once more, with the module: most do not know who serves, and
# do not load it.

module=route_ioctl_rust
skip=4
status=$skip

if [ -e /sys/module/$module ]; then
	echo "SKIP: $module is there already"
	exit $skip
fi
if ! modprobe -q $module && ! insmod "$ROUTE_IOCTL_MODULE"; then
	echo "SKIP: cannot load $module"
	exit $skip
fi
if [ ! -e /sys/module/$module/refcnt ]; then
	echo "SKIP: $module is built in: the other tests are with it"
	exit $skip
fi

# The runner's patience may end.
trap 'rmmod $module; exit 1' HUP INT TERM

for test in ./*; do
	case $test in
	*.sh) continue ;;
	esac
	[ -f "$test" ] && [ -x "$test" ] || continue
	echo "# $test"
	"$test"
	case $? in
	0) [ $status -ne "$skip" ] || status=0 ;;
	"$skip") ;;
	*) status=1 ;;
	esac
done

rmmod $module || status=1
exit $status
