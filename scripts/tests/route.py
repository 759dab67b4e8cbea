# SPDX-License-Identifier: GPL-2.0
"""Tests of the `route` command that need no root: what cargo runs in tools/route."""

import os
import re
import subprocess

from ktap import Result
from suite import check

TOP = os.environ["TOP"]
# cargo's own words: what it starts, and what libtest says of each test.
PROGRAM = re.compile(r"^ *(?:Running (?:unittests )?(\S+)|Doc-tests \S+)")
CASE = re.compile(r"^test (.*?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)")
LOG = re.compile(r"^---- (.*?) stdout ----$")
OUTCOMES = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}


def tests():
    result = subprocess.run([os.path.join(TOP, "scripts/route-test")], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    found = list(read(result.stdout))
    yield from found
    yield check("route: cargo test", result.returncode == 0 and len(found) > 1,
                result.stdout[-4000:])


def read(text):
    """The results in what `cargo test` has written, the log of each failure with it."""
    cases, logs, program, name = [], {}, "", None
    for line in text.splitlines():
        start, case, log = PROGRAM.match(line), CASE.match(line), LOG.match(line)
        if start:
            program = os.path.basename(start[1] or "examples")
        elif case:
            cases.append((program, case[1], OUTCOMES[case[2]]))
        elif log:
            name = (program, log[1])
        elif not line and name in logs:
            name = None
        if name and not log:
            logs[name] = logs.get(name, "") + f"{line}\n"
    for program, name, outcome in cases:
        yield Result(f"route: {program}: {name}", outcome, logs.get((program, name), ""))
