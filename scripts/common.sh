# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# What every script here starts with: where things are, and how to speak.

set -euo pipefail

# The checkout, and the folder for everything that is generated.
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${ROUTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/route-ioctl-rust}
LINUX=$CACHE/linux
export TOP CACHE LINUX

# A `make` that called us must not steer the kernel's own, nor may the caller's settings.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES ARCH CROSS_COMPILE KBUILD_OUTPUT O M V W C
export LC_ALL=C PYTHONDONTWRITEBYTECODE=1

say() {
	printf '%s\n' "$*" >&2
}

die() {
	say "error: $*"
	exit 1
}

# Whether stamp file $1 holds $2. A stamp is written last, so what it vouches for is whole.
stamped() {
	[ -e "$1" ] && [ "$(<"$1")" = "$2" ]
}

stamp() {
	printf '%s\n' "$2" >"$1.tmp"
	mv "$1.tmp" "$1"
}

# Dies before long work that needs $1 GiB in the cache, if they are not there.
need_space() {
	local free
	mkdir -p "$CACHE" || die "cannot write to $CACHE; ROUTE_CACHE=/path puts the cache elsewhere"
	free=$(df --output=avail -BG "$CACHE" | tail -n 1 | tr -dc 0-9)
	[ "$free" -ge "$1" ] || die "$CACHE needs $1 GiB and has $free;" \
		"free some, or put it elsewhere with ROUTE_CACHE=/path"
}

# Only one run at a time may change the cache. The lock ends with the process.
lock_cache() {
	mkdir -p "$CACHE"
	exec 9>"$CACHE/lock"
	flock -n 9 && return
	say "waiting for another run that is building in $CACHE"
	flock 9
}
