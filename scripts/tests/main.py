# SPDX-License-Identifier: GPL-2.0
"""Runs what scripts/test has prepared for: main.py release|debug|upstream."""

import os
import subprocess
import sys

# The modules of the host's side, and those beside this file.
sys.path.insert(1, os.path.join(os.environ["TOP"], "scripts/host"))

# pylint: disable=wrong-import-position
import compare
import differential
import faults
import fuzz
import kernel
import ktap
import machine
import route
import stumbles
import suite
import upstream


def lint():
    """The checks of `make lint`, each a test."""
    result = subprocess.run([os.path.join(os.environ["TOP"], "scripts/lint")],
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    yield from ktap.read(result.stdout, "lint")


JOBS = {
    "release": [lint, *fuzz.JOBS, *kernel.JOBS, *differential.JOBS, *faults.JOBS,
                route.tests, *compare.JOBS, *machine.JOBS, *stumbles.JOBS],
    "debug": [*faults.DEBUG_JOBS, *kernel.DEBUG_JOBS, *differential.DEBUG_JOBS],
    "upstream": upstream.JOBS,
}

if __name__ == "__main__":
    sys.exit(suite.run(JOBS[sys.argv[1]]))
