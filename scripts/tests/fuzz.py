# SPDX-License-Identifier: GPL-2.0
"""Fuzzes the module's parsing code: for a few seconds, or for minutes."""

import os
import random
import subprocess
import sys

from suite import check

TOP = os.environ["TOP"]
EXECUTIONS = 1_000_000
# What `make soak` runs.
SOAKED = 100_000_000


def run(executions, seed=1):
    return subprocess.run([os.path.join(TOP, "scripts/fuzz"), str(executions), str(seed)],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)


def fuzz():
    result = run(EXECUTIONS)
    yield check(f"fuzz: module and contract agree on {EXECUTIONS:,} requests",
                result.returncode == 0, result.stdout)


def soak():
    """A step of scripts/tests/soak.py."""
    seed = random.getrandbits(31)
    result = run(SOAKED, seed)
    good = result.returncode == 0
    yield "fuzzing against the contract: seed", seed, True
    yield "fuzzing against the contract: requests", SOAKED if good else 0, good
    yield "fuzzing against the contract: disagreements", int(not good), good
    if not good:
        print(result.stdout, file=sys.stderr)


soak.__name__ = "fuzz"
JOBS = [fuzz]
STEPS = [soak]
