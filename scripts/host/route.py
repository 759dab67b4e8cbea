# SPDX-License-Identifier: GPL-2.0
"""Builds the `route` command into the cache, as route/route, and runs its tests."""

import re
import subprocess

from host import toolchain
from host.common import CACHE, TOP, Stop, remove, say
from host.progress import Bar, failure, follow

FOLDER = CACHE / "route"
PROGRAM = FOLDER / "route"
# The guest has no libraries but those of other programs, and BusyBox is static as well.
STATIC = "-C target-feature=+crt-static -C relocation-model=static"
CRATE = TOP / "tools/route"


def cargo(command, *arguments, **variables):
    return {"cwd": CRATE} | toolchain.cargo(command, "--locked", "--target", toolchain.TARGET,
                                            *arguments, CARGO_TARGET_DIR=str(FOLDER), **variables)


def build():
    """To be called under the cache's lock."""
    toolchain.for_make()
    FOLDER.mkdir(exist_ok=True)
    log, call = CACHE / "route.log", cargo("build", "--release", RUSTFLAGS=STATIC)
    # Crates to compile, to scale the bar.
    if follow(call.pop("args"), Bar("route", 14), "^ *Compiling ", log=log, **call):
        if re.search("spurious network error|failed to download|Could not resolve",
                     log.read_text()):
            raise Stop(f"no network: the crates that route needs cannot be had; see {log}")
        say(failure(log, "^error"))
        raise Stop(f"route was not built; all of it: {log}")
    if not PROGRAM.exists():
        remove(PROGRAM)
        PROGRAM.symlink_to(f"{toolchain.TARGET}/release/route")


def test(*arguments, **options):
    """Runs the tests that need no root."""
    return subprocess.run(**cargo("test", "--no-fail-fast", *arguments), **options)


def main(*arguments):
    return test(*arguments).returncode
