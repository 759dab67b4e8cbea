# SPDX-License-Identifier: GPL-2.0
"""What runs on the host: the fuzzer for a few seconds, and cargo's tests of the `route` command and
of the FIB's data structure."""

import re
import subprocess

from host import fuzz, route, toolchain
from host.common import CACHE, TOP, Stop
from host.tests.ktap import Result
from host.tests.suite import check

EXECUTIONS = 1_000_000
# What libtest says of each test.
CASE = re.compile(r"^test (.*?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)", re.MULTILINE)
OUTCOMES = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}


def contract():
    try:
        said, good = fuzz.contract(EXECUTIONS), True
    except Stop as stop:
        said, good = stop, False
    yield check(f"fuzz: module and contract agree on {EXECUTIONS:,} requests", good, said)


def _cargo_test(what, result):
    found = CASE.findall(result.stdout)
    for name, outcome in found:
        yield Result(f"{what}: {name}", OUTCOMES[outcome])
    yield check(f"{what}: cargo test", result.returncode == 0 and found, result.stdout[-8000:])


def route_command():
    yield from _cargo_test("route", route.test(
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))


def fib_trie():
    """By itself; with small leaves, where more happens; and with readers, in every order."""
    for what, features in (("fib_trie", []), ("fib_trie, small leaves", ["--features", "small"]),
                           ("fib_trie, readers", ["--features", "loom", "--test", "readers"])):
        call = toolchain.cargo("test", "--release", "--locked", "--no-fail-fast", *features,
                               CARGO_TARGET_DIR=str(CACHE / "fib_trie"))
        yield from _cargo_test(what, subprocess.run(
            **call, cwd=TOP / "tools/fib_trie", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True))


JOBS = [contract, route_command, fib_trie]
