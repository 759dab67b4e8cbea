# SPDX-License-Identifier: GPL-2.0
"""The FIB in Rust and C's trie: the same sequences of changes and questions, the same answers."""

from host import fib_trace
from host.arch import ARCH
from host.kernel import BY_FIB, SMALL_BY_FIB
from host.tests import (compare, differential, guests, kselftests, ktap, kunit, misbehaving,
                        module)
from host.tests.suite import check, on


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
    same(range(1, 13)),
    under_faults(BY_FIB["Rust"], cpus=2),
    under_faults(BY_FIB["C"], cpus=2),
    under_faults("single-table", cpus=2),
    # What all other jobs show with the FIB in Rust, with C's trie.
    kunit.kunit(BY_FIB["C"]),
    *kselftests.all_of(BY_FIB["C"]),
    *(differential.job(bits, BY_FIB["C"]) for bits in ARCH.widths),
    *(on(BY_FIB["C"], job) for job in (*module.BRIEF_JOBS, *misbehaving.JOBS, *compare.JOBS)),
]

SMALL_JOBS = [
    kunit.kunit(SMALL_BY_FIB["Rust"]),
    under_faults(SMALL_BY_FIB["Rust"]),
    *(kselftests.kselftest(bits, server=server, kernel=SMALL_BY_FIB["Rust"])
      for server in ("C", "Rust") for bits in ARCH.widths),
    *(differential.job(bits, SMALL_BY_FIB["Rust"]) for bits in ARCH.widths),
]

DEBUG_JOBS = [
    under_faults("debug", "fail_all"),
    under_faults("debug", "dump notify readers unmerge", cpus=2, rounds=1),
]
LONG_DEBUG_JOBS = [
    under_faults("debug", "fail_netns fail_nth"),
    under_faults("trie-debug", "fail_all fail_netns fail_nth"),
]
