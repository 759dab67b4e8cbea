# SPDX-License-Identifier: GPL-2.0
"""Runs all tests: a line for each, the log of those that failed, and the counts.

  test            with the kernels that people run
  test debug      with the one that watches itself, which takes a build of its own
  test brief      what shows that another architecture does as this one
  test um         KUnit in a user-mode kernel
  test upstream   the kernel's own tests of routing, with C, with the module, with the FIB in Rust
  test fib        the FIB in Rust, beside C's trie
  test long-debug what takes too long for that: the same with C, and FIBs short of memory
  test small      a kernel for one processor, with one table and no multipath
  test daemons    routing daemons, on both
"""

import subprocess

from host import lint, qemu
from host.arch import ARCH, own
from host.common import TOP, Stop
from host.kernel import BY_FIB, UPSTREAM_BY_FIB
from host.prepare import prepare
from host.tests import (commands, compare, daemons, differential, fib, kselftests, kunit, machine,
                        misbehaving, module, planted, stumbles, suite, um, upstream)

KERNELS = {
    "release": ("release", "trie", "builtin", "single-table", "unpatched"),
    "debug": ("release", "debug"),
    "brief": ("release",),
    "um": (),
    "upstream": ("release", *UPSTREAM_BY_FIB.values()),
    "fib": (*BY_FIB.values(), "single-table"),
    "long-debug": ("release", "debug", "trie-debug"),
    "small": ("release", "small"),
    "daemons": tuple(BY_FIB.values()),
}
JOBS = {
    "release": [*kunit.JOBS, *kselftests.JOBS, *module.JOBS,
                *misbehaving.JOBS, *differential.JOBS, *compare.JOBS, *machine.JOBS, *fib.JOBS],
    "debug": [*planted.DEBUG_JOBS, *kunit.DEBUG_JOBS, *kselftests.DEBUG_JOBS,
              *differential.DEBUG_JOBS, *fib.DEBUG_JOBS],
    "brief": [*kunit.JOBS, *kselftests.BRIEF_JOBS, *module.BRIEF_JOBS, *differential.BRIEF_JOBS],
    "um": um.JOBS,
    "upstream": upstream.JOBS,
    "fib": fib.JOBS,
    "long-debug": [*fib.LONG_DEBUG_JOBS, *kselftests.C_DEBUG_JOBS],
    "small": fib.SMALL_JOBS,
    "daemons": daemons.JOBS,
}
# What needs no guest, and has been run with the machine's own.
if ARCH.native:
    JOBS["release"] = [lint.checks, *commands.JOBS, *JOBS["release"], *stumbles.JOBS]
# What takes programs of this machine's, or is one.
OWN = ("um", "upstream")
# What may be skipped, and must be: a pattern, and why.
FIB = {
    "kselftest fib, .*: fail_": "these kernels inject no faults",
    "kselftest fib, trie kernel: .*replace": "C's trie may find a shorter route meanwhile",
    "kselftest fib, single-table kernel: unmerge: ": "local and main stay one without rules",
}
# By kernels with one table.
SINGLE = {
    "(vrf|listing): ": "a VRF needs a table of its own",
    "ipv6_device: ipv6_vrf": "the same of IPv6",
    "gateway: gateway.own_address_with_rules": "nor are there rules",
    "route: route.other_tables": "nor other tables",
}
SKIPS = {
    "release": FIB | {
        "builtin kernel: (files|inflight): ": "what is no module cannot be unloaded",
        **{f"single-table kernel: {skip}": why for skip, why in SINGLE.items()},
    },
    "debug": {},
    "brief": {},
    "um": {": compat_": "it has no 32-bit programs"},
    "upstream": {},
    "fib": FIB,
    "long-debug": {},
    "small": {
        "kselftest fib, .*: fail_": "these kernels inject no faults",
        "kselftest fib, .*: unmerge: ": "local and main stay one without rules",
        **{f"small kernel: {skip}": why for skip, why in SINGLE.items()},
    },
    "daemons": {},
}
if len(ARCH.widths) == 1:
    for skips in (SKIPS["release"], SKIPS["brief"], SKIPS["fib"], SKIPS["small"]):
        skips[": compat_"] = "it has no 32-bit programs"
if ARCH.shifts_out:
    for skips in (SKIPS["release"], SKIPS["fib"]):
        skips["^route .*/3[23] "] = "net-tools does otherwise there, by mistake"
FAR_DATA = {"sample: ": "this QEMU takes far data for near"}


def main(name="release"):
    if name not in JOBS:
        raise Stop(f"scripts/test takes no argument, or one of: {', '.join(list(JOBS)[1:])}")
    if name in OWN and not ARCH.native:
        raise Stop(f"scripts/test {name} runs programs of this machine's; it takes no other ARCH")
    if name == "um" and not ARCH.user_mode:
        raise Stop(f"Linux has no user-mode kernel of {ARCH.name}")
    prepare(*KERNELS[name], tools=upstream.PACKAGES if name == "upstream" else ())
    # What its answers are compared with may have to be built as well.
    if set(differential.ELSEWHERE) & set(JOBS[name]) and subprocess.run(
            [TOP / "scripts/prepare", "--arch", own().name, "release"]).returncode:
        return 1
    # Which QEMU it is shows only now: it may just have been installed.
    far = name in ("release", "brief", "fib") and not qemu.finds_far_data()
    return suite.run(JOBS[name], SKIPS[name] | (FAR_DATA if far else {}))
