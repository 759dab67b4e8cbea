# SPDX-License-Identifier: GPL-2.0
"""What `make soak` runs: each step is a function that yields rows, what was counted, the count,
and whether it is as it should be."""

import itertools
import os
import random
import re
import subprocess
import time

from host import daemons, fib_trace, fuzz, toolchain
from host.arch import ARCH, own
from host.common import CACHE, TOP, Stop, say
from host.kernel import BY_FIB, SMALL_BY_FIB
from host.tests import differential, ktap
from host.tests.guests import complaints, in_sections, run, sections

# Of each layout.
REQUESTS = int(os.environ.get("SOAK_REQUESTS", 500_000))
EXECUTIONS = 100_000_000
# Of many changes each.
TRIE_EXECUTIONS = 200_000
# What may be lost is what libtest holds in the end.
VALGRIND = ("valgrind", "--error-exitcode=1", "--leak-check=full",
            "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite")
# Of a FIB; and so many sequences in one boot.
CHANGES = int(os.environ.get("SOAK_CHANGES", 1_000_000))
ROUTES = int(os.environ.get("SOAK_ROUTES", 900_000))
SEQUENCES = 50


def show_progress(step):
    """What a guest prints goes on to stderr where it says how far it is."""
    shown = time.monotonic()

    def watch(data):
        nonlocal shown
        found = differential.PROGRESS.findall(data)
        if found and time.monotonic() - shown > 30:
            shown = time.monotonic()
            say(f"{step}: {int(found[-1][0]):,} of {int(found[-1][1]):,}")
    return watch


def same_answers(bits):
    def step():
        name = f"same answers, {bits}-bit"
        seed = random.getrandbits(32)
        text, complained = differential.compare(bits, seed, REQUESTS, timeout=4 * 3600,
                                                watch=show_progress(name))
        passed = re.findall(r"^ok .*: (\d+) requests$", text, re.MULTILINE)
        failed = len(re.findall(r"^not ok ", text, re.MULTILINE))
        # The boundaries of pages for each family, and the random sequences.
        whole = len(passed) + failed == 3
        yield f"{name}: seed", seed, True
        yield f"{name}: requests compared", sum(map(int, passed)), whole
        yield f"{name}: differences", failed, whole and not failed
        yield f"{name}: complaints of the kernel", len(complained.splitlines()), not complained
        if failed or not whole or complained:
            say(text, complained)
    step.__name__ = f"differential-{bits}"
    return step


def fuzzing():
    seed = random.getrandbits(31)
    try:
        good = bool(fuzz.contract(EXECUTIONS, seed))
    except Stop as stop:
        good = say(stop)
    yield "fuzzing against the contract: seed", seed, True
    yield "fuzzing against the contract: requests", EXECUTIONS if good else 0, good
    yield "fuzzing against the contract: disagreements", int(not good), good


fuzzing.__name__ = "fuzz"


def fuzzing_trie():
    seed = random.getrandbits(31)
    good, changes = fuzz.trie(TRIE_EXECUTIONS, seed)
    yield "fuzzing the trie: seed", seed, True
    yield "fuzzing the trie: changes, at least", changes, changes >= 5_000_000
    yield "fuzzing the trie: disagreements with a list", int(not good), good


fuzzing_trie.__name__ = "fuzz-trie"


def valgrind():
    """What plays the kernel's memory for the trie on the host is unsafe code."""
    runner = f"CARGO_TARGET_{own().rust.upper().replace('-', '_')}_RUNNER"
    for leaves, features in (("", []), (", small leaves", ["--features", "small"])):
        call = toolchain.cargo("test", "--release", "--locked", "--test", "memory", *features,
                               CARGO_TARGET_DIR=str(CACHE / "fib_trie"),
                               **{runner: " ".join(VALGRIND)})
        done = subprocess.run(**call, cwd=TOP / "tools/fib_trie", stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        passed = re.findall(r"^test result: ok\. (\d+) passed", done.stdout, re.MULTILINE)
        errors = re.findall(r"ERROR SUMMARY: ([\d,]+) errors", done.stdout)
        yield f"valgrind, the trie{leaves}: tests passed", sum(map(int, passed)), bool(passed)
        yield (f"valgrind, the trie{leaves}: errors", ", ".join(errors) or "unknown",
               errors == ["0"] and not done.returncode)
        if errors != ["0"] or done.returncode:
            say(done.stdout)


def same_fib(kernels, wanted, name="same FIB"):
    """The FIB in Rust beside C's trie, until something differs."""
    def step():
        first, changes, done, different, complained = random.getrandbits(30), 0, 0, [], ""
        seeds = range(first, first)
        while changes < wanted and not different:
            seeds = range(seeds.stop, seeds.stop + SEQUENCES)
            c, rust, complaints = fib_trace.both(map(fib_trace.whole, seeds), kernels,
                                                 timeout=2 * 3600)
            results = fib_trace.RESULT.findall(c)
            changes += sum(int(result[1]) for result in results)
            done += sum(int(result[2]) for result in results)
            different = [line.split(":")[0] for line, other in
                         itertools.zip_longest(c.splitlines(), rust.splitlines(), fillvalue="")
                         if line != other]
            if len(results) < SEQUENCES:
                different = different or [f"{len(results)} results"]
            complained += complaints
            say(f"{name}: {changes:,} of {wanted:,}")
        yield f"{name}: first seed", first, True
        yield f"{name}: changes compared", changes, changes >= wanted
        yield f"{name}: changes made", done, done > changes * 0.3
        yield f"{name}: sequences that differ", len(different), not different
        yield f"{name}: complaints of the kernel", len(complained.splitlines()), not complained
        if different:
            say(fib_trace.reduce(int(different[0]), kernels) if different[0].isdigit()
                else c + rust)
        if complained:
            say(complained)
    step.__name__ = "-".join(name.lower().replace(",", "").split()[1:])
    return step


def full_table(daemon):
    def step():
        for what, count, good, why in daemons.compare(daemon, ROUTES, timeout=4 * 3600):
            yield what, count, good
            if not good:
                say(why)
    step.__name__ = daemon
    return step


# What a program says that it has counted, such as "50 cycles, 14360 calls".
REPORT = re.compile(r"^# \w+\.c:\d+:\w+:(-?\d+ .*)$", re.MULTILINE)
COUNT = re.compile(r"(-?\d+) ([^,]+)")


def program(name, rounds, *, server="Rust", bits=ARCH.bits, kernel="release"):
    """The counts that a kselftest says itself, over all of its tests."""
    def step():
        label = f"{name} {bits}-bit {server}, {kernel} kernel"
        command = f"ROUTE_IOCTL_ROUNDS={rounds} /usr/lib/kselftest/{bits}/{name} 2>&1"
        _, out, err = run(in_sections(program=command, complaints=complaints(kernel)),
                          kernel=kernel, module=server == "Rust", cpus=2, timeout=4 * 3600)
        found = sections(out)
        counts = {}
        for report in REPORT.findall(found["program"]):
            for count, what in COUNT.findall(report):
                counts[what] = counts.get(what, 0) + int(count)
        for what, count in counts.items():
            yield f"{label}: {what}", count, True
        failed = [result for result in ktap.read(found["program"], name)
                  if result.outcome != "passed"]
        yield f"{label}: tests that failed", len(failed), not failed
        complained = found["complaints"].splitlines()
        yield f"{label}: complaints of the kernel", len(complained), not complained
        if failed or complained:
            say(out, err)
    step.__name__ = f"{name}-{bits}-{server}-{kernel}"
    return step


STEPS = [
    *map(same_answers, ARCH.widths), fuzzing, fuzzing_trie, valgrind,
    same_fib(BY_FIB, CHANGES),
    same_fib(SMALL_BY_FIB, CHANGES // 10, "same FIB, small"),
    *map(full_table, daemons.PROGRAMS),
    program("reload", 1000),
    program("vanish", 1000),
    program("vanish", 1000, server="C"),
    program("memory", 100_000),
    program("memory", 100_000, server="C"),
    program("reload", 100, kernel="debug"),
    program("vanish", 100, kernel="debug"),
    *(program("failnth", 1, bits=bits, server=server, kernel="debug")
      for bits in ARCH.widths for server in ("Rust", "C")),
]
