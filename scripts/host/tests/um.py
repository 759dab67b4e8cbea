# SPDX-License-Identifier: GPL-2.0
"""The module's KUnit suites in a user-mode kernel, by the kernel's own program for that."""

import os
import subprocess
import sys

from host import toolchain
from host.common import CACHE, LINUX, locked
from host.kernel import FIXED
from host.tests import ktap
from host.tests.kunit import cases, suites
from host.tests.suite import check

OBJECTS = CACHE / "um"
FOLDER = "net/ipv4/route_ioctl_rust"
SECONDS = 1800


def _part(text, suite):
    """What one suite has printed, of all that the kernel has."""
    return text.partition(f"# Subtest: {suite}\n")[2].partition("\nok ")[0]


def um():
    """As the documentation says that it is called, with the tools that we use."""
    options = [f"--make_options={option}" for option in toolchain.for_make()]
    with locked():
        done = subprocess.run(
            [sys.executable, LINUX / "tools/testing/kunit/kunit.py", "run", "--arch=um",
             f"--build_dir={OBJECTS}", f"--kunitconfig={LINUX / FOLDER}", "--raw_output=kunit",
             f"--timeout={SECONDS}", *options], cwd=LINUX, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | FIXED)
    for suite in suites():
        yield from ktap.read(cases(_part(done.stdout, suite)), f"KUnit, user-mode kernel: {suite}")
    yield check("KUnit, user-mode kernel: it ran to its end", not done.returncode,
                done.stdout[-3000:])


JOBS = [um]
