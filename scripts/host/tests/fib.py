# SPDX-License-Identifier: GPL-2.0
"""C's trie and the FIB in Rust: the same sequences of changes and questions, the same answers."""

import difflib
import subprocess
import tempfile
from pathlib import Path

from host import fib_sequence, toolchain
from host.arch import ARCH, OBJECTS
from host.common import GUEST
from host.tests import guests, ktap
from host.tests.kselftests import kselftest
from host.tests.suite import check

# As many lines as are run before all is shown.
PART = 100


def _parts(seed, count):
    """Paragraphs for the guest: the setup, so many lines, or one that is not for `ip`."""
    parts, lines = [fib_sequence.SETUP], []
    for line in fib_sequence.steps(seed, count):
        alone = line.startswith(fib_sequence.SYSCTL)
        if lines and (alone or len(lines) == PART):
            parts.append(lines)
            lines = []
        if alone:
            parts.append([line])
        else:
            lines.append(line)
    return "".join("\n".join(part) + "\n\n" for part in (*parts, lines) if part)


def trace(kernel, seeds, count):
    """What came of sequences, and what the kernel complained of."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"steps.{seed}") for seed in seeds]
        for seed, file in zip(seeds, files):
            file.write_text(_parts(seed, count), encoding="utf-8")
        inside = " ".join(f"/root/{file.name}" for file in files)
        script = guests.in_sections(trace=f"sh /root/fib-sequence {inside} 2>&1",
                                    complaints=guests.complaints(kernel))
        _, out, err = guests.run(script, kernel=kernel, module=False, timeout=3600, files=[
            (GUEST / "fib-sequence", "/root/fib-sequence"),
            *((file, f"/root/{file.name}") for file in files)])
    found = guests.sections(out)
    return found.get("trace", out + err), found.get("complaints", "no end")


def panics():
    """No panic can be reached if the object refers to none."""
    symbols = subprocess.run(
        [toolchain.program("llvm-nm"), "--undefined-only",
         OBJECTS / "fib/net/ipv4/fib_rust/fib_rust.o"], capture_output=True, text=True, check=True)
    found = [name for name in symbols.stdout.split() if "panic" in name]
    yield check("fib: no panic can be reached", "fib_props" in symbols.stdout and not found, found)


def same(seeds, count):
    """Sequences come to the same with both."""
    what = f"fib: sequences {', '.join(map(str, seeds))}"

    def job():
        ours, complained = trace("fib", seeds, count)
        theirs, _ = trace("release", seeds, count)
        differ = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "C", "Rust",
                                      lineterm="", n=3)
        yield check(f"{what}, {count:,} steps each: as with C's trie", ours == theirs,
                    "\n".join(list(differ)[:200]))
        yield check(f"{what}: much has come of them", theirs.count("\n") > count * len(seeds),
                    theirs)
        yield check(f"{what}: no complaint of the kernel", not complained, complained)
    job.__name__ = what
    return job


def under_faults(kernel, programs="*", *, cpus=1, rounds=None):
    """The kselftests of the FIB, in tools/testing/selftests/net/fib/: those that are named."""
    def job():
        name = f"kselftest fib, {kernel} kernel"
        script = f"export ROUTE_IOCTL_ROUNDS={rounds}\n" if rounds else ""
        script += (f"cd /usr/lib/kselftest/fib; for test in {programs}; do\n"
                   "echo \"## $test\"; ./$test 2>&1; done\n")
        script += guests.in_sections(complaints=guests.complaints(kernel))
        _, out, err = guests.run(script, kernel=kernel, module=False, cpus=cpus, timeout=3600)
        found = guests.sections(out)
        complained = found.pop("complaints", f"no end: {out}{err}")
        for program, text in found.items():
            yield from ktap.read(text, f"{name}: {program}")
        yield check(f"{name} ({programs}): no complaint of the kernel", not complained, complained)
    job.__name__ = f"kselftest fib {kernel} {programs}"
    return job


JOBS = [
    panics,
    same((1, 2, 3, 4), 2_000),
    *(under_faults(kernel, cpus=2) for kernel in ("fib", "release")),
    *(kselftest(bits, server=server, kernel="fib") for server in ("C", "Rust")
      for bits in ARCH.widths),
]

DEBUG_JOBS = [
    *(under_faults(kernel, "fail_all fail_nth") for kernel in ("fib-debug", "debug")),
    under_faults("fib-debug", "dump readers unmerge", cpus=2, rounds=1),
]
