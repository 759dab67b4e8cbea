# SPDX-License-Identifier: GPL-2.0
"""Fuzzes the module's parsing code for a few seconds."""

import os
import subprocess

from suite import check

TOP = os.environ["TOP"]
EXECUTIONS = 1_000_000


def fuzz():
    result = subprocess.run([os.path.join(TOP, "scripts/fuzz"), str(EXECUTIONS)],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True)
    yield check(f"fuzz: module and contract agree on {EXECUTIONS:,} requests",
                result.returncode == 0, result.stdout)


JOBS = [fuzz]
