# SPDX-License-Identifier: GPL-2.0
"""What a figure of the FIB in Rust must keep to, beside that of C's trie."""

import dataclasses

# From so many routes on, a table counts as one of the whole Internet; for what changes it, as a
# large one.
FULL, LARGE = 500_000, 100_000
# Nearly every machine, and every namespace, has no more.
USUAL = 1_000
# How much two measurements at native speed may differ that ought to be the same.
NOISE = 1.02
MILLISECOND = 1_000_000


@dataclasses.dataclass(frozen=True)
class Limit:
    """At most so much of what C takes, or so many of a unit."""
    ratio: float = None
    most: float = None

    def kept(self, c, rust):
        return rust <= (self.most if self.ratio is None else c * self.ratio)

    def __str__(self):
        return f"{self.most:,}" if self.ratio is None else f"{self.ratio:.3f} C"


def _lookup(full):
    return [(1, USUAL, Limit(NOISE)), (FULL, None, Limit(full))]


_CHANGE = [(LARGE, None, Limit(0.5))]
# By part and figure: for tables from so many routes to so many.
_BOTH = {
    "bytes": [(1, USUAL, Limit(1.0)), (FULL, None, Limit(most=30))],
}
_NATIVE = _BOTH | {
    "random": _lookup(1 / 5),
    "table": _lookup(1 / 5),
    "hot1024": _lookup(1 / 2),
    "hot64": _lookup(1.0),
    "longest": [(FULL, None, Limit(most=MILLISECOND))],
}
_INSTRUCTIONS = _BOTH | {
    "add": _CHANGE,
    "delete": _CHANGE,
    "replace": _CHANGE,
    "withdraw and announce": _CHANGE,
    "flush": _CHANGE,
    "dump": [(LARGE, None, Limit(1.0))],
    "create a namespace": [(0, None, Limit(1.0))],
    "destroy it": [(0, None, Limit(1.0))],
    "bytes of a namespace": [(0, None, Limit(1.0))],
}
_LIMITS = {"native": _NATIVE, "instructions": _INSTRUCTIONS}


def limit(part, name, size):
    """That of a figure for a table of so many routes, if there is one."""
    for first, last, found in _LIMITS[part].get(name, []):
        if size >= first and (last is None or size <= last):
            return found
    return None
