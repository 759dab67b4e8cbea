# SPDX-License-Identifier: GPL-2.0
"""What runs on the host: the fuzzer for a few seconds, and cargo's tests of the `route` command."""

import re
import subprocess

from host import fuzz, route
from host.common import Stop
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


def cargo_test():
    result = route.test(stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        text=True)
    found = CASE.findall(result.stdout)
    for name, outcome in found:
        yield Result(f"route: {name}", OUTCOMES[outcome])
    yield check("route: cargo test", result.returncode == 0 and found, result.stdout[-8000:])


JOBS = [contract, cargo_test]
