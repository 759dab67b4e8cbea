# SPDX-License-Identifier: GPL-2.0
"""Builds the `route` command for guests into the cache, as route/route, and runs its tests here."""

import re
import subprocess

from host import toolchain
from host.arch import ARCH, OBJECTS, own
from host.common import TOP, Stop, remove, say
from host.progress import Bar, failure, follow

FOLDER = OBJECTS / "route"
PROGRAM = FOLDER / "route"
# The guest has no libraries but those of other programs, and BusyBox is static as well.
STATIC = "-C target-feature=+crt-static -C relocation-model=static"
CRATE = TOP / "tools/route"


def cargo(command, *arguments, target=None, **variables):
    """By default for this machine."""
    return {"cwd": CRATE} | toolchain.cargo(command, "--locked", "--target", target or own().rust,
                                            *arguments, CARGO_TARGET_DIR=str(FOLDER), **variables)


def _for_guest():
    """Cargo's call, and how many crates it compiles, to scale the bar."""
    if ARCH.native:
        return cargo("build", "--release", RUSTFLAGS=STATIC), 14
    linker, *options = toolchain.cc()
    flags = [STATIC, f"-C linker={linker}", *(f"-C link-arg={option}" for option in options)]
    # Not every Debian has Rust's library for every architecture in the version of its rustc. Its
    # source is what the kernel is built with; that cargo builds it is no stable feature.
    return cargo("build", "--release", "-Zbuild-std=std,panic_abort", target=ARCH.rust,
                 RUSTFLAGS=" ".join(flags), RUSTC_BOOTSTRAP="1"), 27


def build():
    """To be called under the cache's lock."""
    toolchain.for_make()
    FOLDER.mkdir(exist_ok=True)
    log, (call, crates) = OBJECTS / "route.log", _for_guest()
    if follow(call.pop("args"), Bar("route", crates), "^ *Compiling ", log=log, **call):
        if re.search("spurious network error|failed to download|Could not resolve",
                     log.read_text()):
            raise Stop(f"no network: the crates that route needs cannot be had; see {log}")
        say(failure(log, "^error"))
        raise Stop(f"route was not built; all of it: {log}")
    if not PROGRAM.exists():
        remove(PROGRAM)
        PROGRAM.symlink_to(f"{ARCH.rust}/release/route")


def test(*arguments, **options):
    """Runs the tests that need no root."""
    return subprocess.run(**cargo("test", "--no-fail-fast", *arguments), **options)


def main(*arguments):
    return test(*arguments).returncode
