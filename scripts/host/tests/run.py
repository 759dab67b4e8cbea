# SPDX-License-Identifier: GPL-2.0
"""Runs all tests: a line for each, the log of those that failed, and the counts.

  test            with the kernels that people run
  test debug      with the one that watches itself, which takes a build of its own
  test brief      what shows that another architecture does as this one
  test um         KUnit in a user-mode kernel
  test upstream   the kernel's own tests of routing, against C and Rust
  test fib        the FIB in Rust, beside C's trie
"""

from host import lint, qemu
from host.arch import ARCH
from host.common import Stop
from host.kernel import BY_FIB, UPSTREAM_BY_FIB
from host.prepare import prepare
from host.tests import (commands, compare, differential, fib, kselftests, kunit, machine, misbehaving,
                        module, planted, stumbles, suite, um, upstream)

KERNELS = {
    "release": ("release", "builtin", "single-table", "unpatched"),
    "debug": ("release", "debug"),
    "brief": ("release",),
    "um": (),
    "upstream": ("release", *UPSTREAM_BY_FIB.values()),
    "fib": tuple(BY_FIB.values()),
}
JOBS = {
    "release": [*kunit.JOBS, *kselftests.JOBS, *module.JOBS,
                *misbehaving.JOBS, *differential.JOBS, *compare.JOBS, *machine.JOBS],
    "debug": [*planted.DEBUG_JOBS, *kunit.DEBUG_JOBS, *kselftests.DEBUG_JOBS,
              *differential.DEBUG_JOBS],
    "brief": [*kunit.JOBS, *kselftests.BRIEF_JOBS, *module.BRIEF_JOBS, *differential.BRIEF_JOBS],
    "um": um.JOBS,
    "upstream": upstream.JOBS,
    "fib": fib.JOBS,
}
# What needs no guest, and has been run with the machine's own.
if ARCH.native:
    JOBS["release"] = [lint.checks, *commands.JOBS, *JOBS["release"], *stumbles.JOBS]
# What may be skipped, and must be: a pattern, and why.
SKIPS = {
    "release": {
        "builtin kernel: (files|inflight): ": "what is no module cannot be unloaded",
        "single-table kernel: (vrf|listing): ": "a VRF needs a table of its own",
        "single-table kernel: ipv6_device: ipv6_vrf": "the same of IPv6",
        "single-table kernel: gateway: gateway.own_address_with_rules": "nor are there rules",
        "single-table kernel: route: route.other_tables": "nor other tables",
    },
    "debug": {},
    "brief": {},
    "um": {": compat_": "it has no 32-bit programs"},
    "upstream": {},
    "fib": {},
}
if not qemu.finds_far_data():
    for skips in (SKIPS["release"], SKIPS["brief"]):
        skips["sample: "] = "this QEMU takes far data for near"


def main(name="release"):
    if name not in JOBS:
        raise Stop(f"scripts/test takes no argument, or one of: {', '.join(list(JOBS)[1:])}")
    prepare(*KERNELS[name], tools=upstream.PACKAGES if name == "upstream" else ())
    return suite.run(JOBS[name], SKIPS[name])
