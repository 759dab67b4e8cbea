# SPDX-License-Identifier: GPL-2.0
"""C's trie and the FIB in Rust: the same sequences of changes and questions, the same answers."""

import subprocess

from host import fib_trace, toolchain
from host.arch import ARCH, OBJECTS
from host.kernel import BY_FIB
from host.tests.kselftests import kselftest
from host.tests.suite import check


def panics():
    """No panic can be reached if the object refers to none."""
    symbols = subprocess.run(
        [toolchain.program("llvm-nm"), "--undefined-only",
         OBJECTS / BY_FIB["Rust"] / "net/ipv4/fib_rust/fib_rust.o"],
        capture_output=True, text=True, check=True)
    found = [name for name in symbols.stdout.split() if "panic" in name]
    yield check("fib: no panic can be reached", "fib_props" in symbols.stdout and not found, found)


def same(seeds):
    """Sequences come to the same with both."""
    def job():
        what = f"fib: sequences {', '.join(map(str, seeds))}"
        c, rust, complained = fib_trace.both(list(map(fib_trace.whole, seeds)))
        results = fib_trace.RESULT.findall(c)
        different = [seed for seed, line, other in zip(seeds, c.splitlines(), rust.splitlines())
                     if line != other]
        yield check(f"{what}, {fib_trace.STEPS:,} steps each: as with C's trie", c == rust,
                    fib_trace.reduce(different[0]) if different else f"{c}\n{rust}")
        changes, done = (sum(int(result[at]) for result in results) for at in (1, 2))
        yield check(f"{what}: many of the changes are made", len(results) == len(seeds) and
                    0.3 * changes < done < 0.9 * changes, c)
        yield check(f"{what}: no complaint of the kernel", not complained, complained)
    job.__name__ = f"sequences {seeds}"
    return job


JOBS = [
    panics,
    same(range(1, 13)),
    *(kselftest(bits, server=server, kernel=BY_FIB["Rust"]) for server in ("C", "Rust")
      for bits in ARCH.widths),
]
