# SPDX-License-Identifier: GPL-2.0
"""C's trie and the FIB in Rust: the same sequences of changes and questions, the same answers."""

import difflib
import subprocess
import tempfile
from pathlib import Path

from host import fib_sequence, toolchain
from host.common import CACHE, GUEST
from host.tests import guests
from host.tests.kselftests import kselftest
from host.tests.suite import check

# As many lines as are run before all is shown.
PART = 100


def trace(kernel, seed, count):
    """What came of a sequence, and what the kernel complained of."""
    lines = [*fib_sequence.SETUP, "", *fib_sequence.steps(seed, count)]
    parts = ["\n".join(lines[:len(fib_sequence.SETUP)])]
    rest = lines[len(fib_sequence.SETUP) + 1:]
    parts += ["\n".join(rest[at:at + PART]) for at in range(0, len(rest), PART)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "steps")
        file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
        script = guests.in_sections(trace="sh /root/fib-sequence /root/steps 2>&1",
                                    complaints=guests.complaints(kernel))
        _, out, err = guests.run(script, kernel=kernel, module=False, timeout=1800, files=[
            (GUEST / "fib-sequence", "/root/fib-sequence"), (file, "/root/steps")])
    found = guests.sections(out)
    return found.get("trace", out + err), found.get("complaints", "no end")


def panics():
    """No panic can be reached if the object refers to none."""
    symbols = subprocess.run(
        [toolchain.program("llvm-nm"), "--undefined-only",
         CACHE / "fib/net/ipv4/fib_rust/fib_rust.o"], capture_output=True, text=True, check=True)
    found = [name for name in symbols.stdout.split() if "panic" in name]
    yield check("fib: no panic can be reached", "fib_props" in symbols.stdout and not found, found)


def same(seed, count):
    """A sequence comes to the same with both."""
    def job():
        ours, complained = trace("fib", seed, count)
        theirs, _ = trace("release", seed, count)
        differ = difflib.unified_diff(theirs.splitlines(), ours.splitlines(), "C", "Rust",
                                      lineterm="", n=3)
        yield check(f"fib: sequence {seed}, {count} steps: as with C's trie", ours == theirs,
                    "\n".join(list(differ)[:200]))
        yield check(f"fib: sequence {seed}: much has come of it", theirs.count("\n") > count,
                    theirs)
        yield check(f"fib: sequence {seed}: no complaint of the kernel", not complained, complained)
    job.__name__ = f"fib sequence {seed}"
    return job


JOBS = [
    panics,
    same(1, 2_000),
    *(kselftest(bits, server=server, kernel="fib") for server in ("C", "Rust") for bits in (64, 32)),
]
