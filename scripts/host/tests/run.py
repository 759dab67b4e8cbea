# SPDX-License-Identifier: GPL-2.0
"""Runs all tests: a line for each, the log of those that failed, and the counts.

  test            with the kernels that people run
  test debug      with the one that watches itself, which takes a build of its own
  test upstream   the kernel's own tests of routing, against C and Rust
  test fib        the FIB in Rust, beside C's trie
"""

from host import lint
from host.common import Stop
from host.prepare import prepare
from host.tests import (commands, compare, differential, fib, kselftests, kunit, machine, misbehaving,
                        module, planted, stumbles, suite, upstream)

KERNELS = {
    "release": ("release", "builtin", "single-table", "unpatched"),
    "debug": ("release", "debug"),
    "upstream": ("release", "upstream"),
    "fib": ("release", "fib"),
}
JOBS = {
    "release": [lint.checks, *commands.JOBS, *kunit.JOBS, *kselftests.JOBS, *module.JOBS,
                *misbehaving.JOBS, *differential.JOBS, *compare.JOBS, *machine.JOBS,
                *stumbles.JOBS],
    "debug": [*planted.DEBUG_JOBS, *kunit.DEBUG_JOBS, *kselftests.DEBUG_JOBS,
              *differential.DEBUG_JOBS],
    "upstream": upstream.JOBS,
    "fib": fib.JOBS,
}
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
    "upstream": {},
    "fib": {},
}


def main(name="release"):
    if name not in JOBS:
        raise Stop("scripts/test takes no argument, debug, upstream, or fib")
    prepare(*KERNELS[name], tools=upstream.PACKAGES if name == "upstream" else ())
    return suite.run(JOBS[name], SKIPS[name])
