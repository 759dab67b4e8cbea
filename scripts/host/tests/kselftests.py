# SPDX-License-Identifier: GPL-2.0
"""The kselftests, in 64 and 32 bits, against C and Rust."""

import re

from host.arch import ARCH
from host.tests import ktap
from host.tests.guests import CALLS, complaints, in_sections, run, sections
from host.tests.suite import check

# What takes long, or wants another kernel, more processors, or the module unloaded.
APART = "differential|failnth|files|inflight|memory|reload|vanish"
# What would take the debug kernel longer than all else, and finds nothing more there.
LONG = "cgroup"
# What loads the module by itself, whoever serves before.
LOADERS = {"files", "inflight", "reload"}
# What shows the fault of C's that our first patch mends.
LATE_NAME = "rt_ioctl_late_name"


def kselftest(bits, *, server, kernel="release", programs=None, cpus=1, rounds=None):
    """The kselftests against `server`: C, Rust, or Rust that is no module.

    Those that are named, or all but those that stand apart.
    """
    def job():
        name = f"kselftest {bits}-bit {server}, {kernel} kernel"
        apart = "/none" if programs else f"{APART}|{LONG}" if kernel == "debug" else APART
        script = f"export ROUTE_IOCTL_ROUNDS={rounds}\n" if rounds else ""
        script += (f"cd /usr/lib/kselftest/{bits}; for test in {programs or '*'}; do\n"
                   f"case $test in {apart}) continue;; esac\n"
                   "echo \"## $test\"; ./$test 2>&1; done\n")
        script += in_sections(calls=f"cat {CALLS}", complaints=complaints(kernel))
        _, out, err = run(script, kernel=kernel, module=server != "C", cpus=cpus, timeout=1800)
        found = sections(out)
        calls, complained = found.pop("calls"), found.pop("complaints")
        for program, text in found.items():
            yield from ktap.read(text, f"{name}: {program}")
        name += f" ({programs})" if programs else ""
        served = set(re.findall(r"^(\S+ \S+) ok [1-9]", calls, re.MULTILINE))
        if server == "Rust":
            all_kinds = {f"IPv{family} {command}" for family in (4, 6)
                         for command in ("SIOCADDRT", "SIOCDELRT")}
            yield check(f"{name}: calls served by Rust", served >= all_kinds or programs and served,
                        calls + err)
        elif not LOADERS & set(found):
            yield check(f"{name}: no call served by Rust", not served, calls)
        yield check(f"{name}: no complaint of the kernel", not complained, complained)
    job.__name__ = f"kselftest {bits} {server} {kernel}"
    return job


def late_name():
    """A kernel without our patches holds RTNL while it waits for a device's name."""
    status, out, err = run(f"/usr/lib/kselftest/{ARCH.bits}/{LATE_NAME}", kernel="unpatched")
    yield check(f"kselftest {ARCH.bits}-bit C, unpatched kernel: {LATE_NAME} fails",
                status and re.search("^not ok ", out, re.MULTILINE), out + err)


def all_of(kernel):
    """All that has its place with a kernel that people run."""
    return [*(kselftest(bits, server=server, kernel=kernel, programs=programs)
              for programs in (None, "files inflight") for server in ("C", "Rust")
              for bits in ARCH.widths),
            kselftest(ARCH.bits, server="Rust", kernel=kernel, cpus=2,
                      programs="memory reload vanish")]


BRIEF_JOBS = all_of("release")
JOBS = [
    *BRIEF_JOBS,
    kselftest(ARCH.bits, server="Rust", kernel="builtin"),
    kselftest(ARCH.bits, server="C", kernel="single-table"),
    kselftest(ARCH.bits, server="Rust", kernel="single-table"),
    kselftest(ARCH.bits, server="Rust", kernel="builtin", programs="files inflight"),
    kselftest(ARCH.bits, server="C", programs="memory vanish", cpus=2),
    late_name,
]


def under_debug(server):
    return [*(kselftest(bits, server=server, kernel="debug", programs=programs)
              for programs in (None, "failnth") for bits in ARCH.widths),
            kselftest(ARCH.bits, server=server, kernel="debug", programs="vanish", cpus=2,
                      rounds=10)]


DEBUG_JOBS = [
    *under_debug("Rust"),
    kselftest(ARCH.bits, server="Rust", kernel="debug", programs="files inflight"),
    kselftest(ARCH.bits, server="Rust", kernel="debug", programs="reload", cpus=2, rounds=10),
]
C_DEBUG_JOBS = under_debug("C")
