# SPDX-License-Identifier: GPL-2.0
"""Tests of what the calls survive: memory that runs out, a module, a device or a namespace
that goes away meanwhile; and that the kernel's complaints do not go unnoticed."""

import re

import ktap
from kernel import complaints, in_sections, kselftest, run, sections
from suite import check

# Faults that a kernel can find in itself, by its own modules. KASAN turns lockdep off.
PLANTED = """
insmod /lib/modules/kmemleak-test.ko
insmod /lib/modules/lkdtm.ko
for fault in SPINLOCKUP WARNING ARRAY_BOUNDS READ_AFTER_FREE; do
	sh -c "echo $fault >/sys/kernel/debug/provoke-crash/DIRECT"
done
"""


def planted():
    """What the debug kernel would say is what all other jobs look for."""
    _, out, err = run(PLANTED + complaints("debug"), kernel="debug")
    for what, words in {
            "a warning": "WARNING: drivers/misc/lkdtm",
            "an index out of bounds": "UBSAN: array-index-out-of-bounds",
            "a use after free": "KASAN: slab-use-after-free",
            "a lock that is never released": "lock held when returning to user space",
            "a leak": "unreferenced object",
    }.items():
        yield check(f"planted, debug kernel: {what} is found", words in out, out + err)


JOBS = [
    kselftest(64, server="Rust", programs="memory reload vanish", cpus=2),
    kselftest(64, server="C", programs="memory vanish", cpus=2),
]

DEBUG_JOBS = [
    planted,
    kselftest(64, server="Rust", kernel="debug", programs="reload vanish", cpus=2, rounds=10),
    kselftest(64, server="C", kernel="debug", programs="vanish", cpus=2, rounds=10),
    *(kselftest(bits, server=server, kernel="debug", programs="failnth")
      for bits in (64, 32) for server in ("Rust", "C")),
]

# What a program says that it has counted, such as "50 cycles, 14360 calls".
REPORT = re.compile(r"^# \w+\.c:\d+:\w+:(-?\d+ .*)$", re.MULTILINE)
COUNT = re.compile(r"(-?\d+) ([^,]+)")


def soak(program, rounds, *, server="Rust", bits=64, kernel="release"):
    """A step of scripts/tests/soak.py: the program's own counts, over all of its tests."""
    def step():
        name = f"{program} {bits}-bit {server}, {kernel} kernel"
        command = f"ROUTE_IOCTL_ROUNDS={rounds} /usr/lib/kselftest/{bits}/{program} 2>&1"
        _, out, err = run(in_sections(program=command, complaints=complaints(kernel)),
                          kernel=kernel, module=server == "Rust", cpus=2, timeout=4 * 3600)
        found = sections(out)
        counts = {}
        for report in REPORT.findall(found["program"]):
            for count, what in COUNT.findall(report):
                counts[what] = counts.get(what, 0) + int(count)
        for what, count in counts.items():
            yield f"{name}: {what}", count, True
        failed = [result for result in ktap.read(found["program"], program)
                  if result.outcome != "passed"]
        yield f"{name}: tests that failed", len(failed), not failed
        complained = found["complaints"].splitlines()
        yield f"{name}: complaints of the kernel", len(complained), not complained
        if failed or complained:
            print(out, err)
    step.__name__ = f"{program}-{bits}-{server}-{kernel}"
    return step


# What `make soak` runs of these.
STEPS = [
    soak("reload", 1000),
    soak("vanish", 1000),
    soak("vanish", 1000, server="C"),
    soak("memory", 100_000),
    soak("memory", 100_000, server="C"),
    soak("reload", 100, kernel="debug"),
    soak("vanish", 100, kernel="debug"),
    *(soak("failnth", 1, bits=bits, server=server, kernel="debug")
      for bits in (64, 32) for server in ("Rust", "C")),
]
