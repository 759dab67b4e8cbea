# SPDX-License-Identifier: GPL-2.0
"""What a user may stumble over: one clear line, before any long work starts.

Machines that lack something are played by programs that stand before the real ones in
PATH and by functions that say so, kernels by trees of a few files.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from host import toolchain
from host.arch import ARCHES
from host.common import PRISTINE, TOP
from host.tests.suite import check

# What is said on stderr counts.
SCRIPT = """
import os, platform, shutil, sys
from pathlib import Path
from host import apt, overlay, packages, prepare, roots, source, toolchain
from host.__main__ import run
from host.common import CACHE
def stumble():
    {}
sys.exit(run(stumble))
"""


class Scene:
    """A cache of its own and programs that pretend."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.cache = self.folder / "cache"
        self.programs = self.folder / "bin"
        self.cache.mkdir()

    def program(self, name, script):
        path = self.write(self.programs / name, f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    def kernel(self, name, version):
        """A source tree, as far as anybody looks before a build."""
        major, minor = version.split(".")
        self.write(self.folder / name / "old.o", "built in place")
        return self.write(self.folder / name / "Makefile", f"VERSION = {major}\n"
                          f"PATCHLEVEL = {minor}\nmrproper:\n\trm -f *.o\n").parent

    @staticmethod
    def write(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, code, **variables):
        """Runs statements with our modules; returns the status and what was said."""
        return self.call(sys.executable, "-P", "-c", SCRIPT.format(code), **variables)

    def call(self, *command, seconds=60, **variables):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("KERNEL_SRC", "RUSTC", "BINDGEN")}
        environment |= {"ROUTE_CACHE": self.cache, "PATH": f"{self.programs}:{os.environ['PATH']}"}
        try:
            result = subprocess.run(command, env=environment | variables, cwd=TOP, timeout=seconds,
                                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                    stderr=subprocess.PIPE, text=True)
        except subprocess.TimeoutExpired as expired:
            return None, (expired.stderr or b"").decode()
        return result.returncode, result.stderr


def scene(test):
    def job():
        with tempfile.TemporaryDirectory() as folder:
            yield from test(Scene(folder))
    job.__name__ = test.__name__
    return job


def refuses(name, outcome, *words, exits=1):
    """It failed, and its last line, the only error, says all of `words`."""
    status, said = outcome
    errors = [line for line in said.splitlines() if line.startswith("error: ")]
    return check(f"stumble: {name}", status == exits and len(errors) == 1 and
                 said.splitlines()[-1] == errors[0] and all(word in errors[0] for word in words),
                 f"status {status}\n{said}")


@scene
def machines(place):
    yield refuses("a machine that is none of ours",
                  place.run("platform.machine = lambda: 'sparc'; packages.ensure()"),
                  "x86_64", "sparc")
    yield refuses("an ARCH that is none", place.call("scripts/vm", "--", "true", ARCH="sparc"),
                  "ARCH=sparc", "arm64", exits=2)
    other = next(arch.name for arch in ARCHES.values() if not arch.native)
    yield refuses("another architecture on a system without apt-get", place.run(
        "shutil.which = lambda name: None; packages.ensure = lambda: None; source.get = None; "
        "prepare.prepare()", ROUTE_ARCH=other), other, "apt-get")
    yield refuses("a system that is not Debian", place.run(
        "apt.system = lambda: 'plan9'; program = toolchain.program; toolchain.program = "
        "lambda name: name not in ('bison', 'flex') and program(name); packages.ensure()"),
                  "lacks bison, flex;")
    for name in ("bash", "dirname", "realpath", "id"):
        (place.folder / "few").mkdir(exist_ok=True)
        (place.folder / "few" / name).symlink_to(shutil.which(name))
    few = str(place.folder / "few")
    yield refuses("no Python, and none to be had",
                  place.call("scripts/vm", "--", "true", PATH=few), "python3")
    yield refuses("a machine without QEMU yet", place.run(
        "from host.tests import run; run.main('all')", PATH=few), "debug, brief")

    place.program("dpkg-query", "exit 1")
    place.program("sudo", "exit 1")
    yield refuses("no root and no sudo", place.run("os.geteuid = lambda: 1000; packages.ensure()"),
                  "no sudo", "apt-get install", "clang-19")
    place.program("apt-get", "exit 0")
    place.program("apt-cache", '[ "$3" != bison ]')
    ensure = "os.geteuid = lambda: 0; packages.ensure()"
    yield refuses("a package that cannot be had", place.run(ensure), "bison")
    place.program("apt-get", "echo Err:1 no such host; exit 100")
    place.program("apt-cache", "exit 1")
    yield refuses("no network for packages", place.run(ensure), "no network")
    yield refuses("no network for another architecture's packages",
                  place.run("roots.get()", ROUTE_ARCH=other), "no network", "Debian's packages for")
    place.program("apt-get", "exit 0")
    yield refuses("no packages for another architecture",
                  place.run("roots.get()", ROUTE_ARCH=other), "there are none for")
    yield refuses("disk too full", place.run(
        "shutil.disk_usage = lambda _: shutil._ntuple_diskusage(0, 0, 1 << 30); " + ensure),
                  "GiB", "ROUTE_CACHE=")


@scene
def compilers(place):
    tools = "toolchain.for_make()"
    rustc = place.program("rustc", "case $1 in --version) echo rustc 1.84.1;; *) echo /none; esac")
    yield refuses("rustc too old", place.run(tools, RUSTC=rustc), "1.84.1", "1.85.0")
    place.program("rustc", "case $1 in --version) echo rustc 1.90.0;; *) echo /none; esac")
    yield refuses("rustc without rust-src", place.run(tools, RUSTC=rustc), "rust-src")
    yield refuses("no such rustc", place.run(tools, RUSTC="/no/rustc"), "/no/rustc")
    place.program("rustc", "echo rustup: no toolchain; exit 1")
    # The one that kernels were built with: none needs to be built for this.
    bindgen = toolchain.for_make()[2].removeprefix("BINDGEN=")
    status, said = place.run(tools, BINDGEN=bindgen)
    yield check("stumble: a rustc that is first in PATH is left alone", status == 0, said)
    # As at the start of a run that installs it.
    status, said = place.run("return not toolchain.program('clang')", PATH=str(place.programs))
    yield check("stumble: a clang that was not in PATH when we started is found", status == 0, said)


@scene
def sources(place):
    yield refuses("KERNEL_SRC that is nothing", place.run("source.get()", KERNEL_SRC="/no"), "/no")
    yield refuses("KERNEL_SRC that is no kernel",
                  place.run("source.get()", KERNEL_SRC=str(place.folder)), "no source of Linux")
    place.program("apt-get", "exit 100")
    place.program("curl", "exit 6")
    yield refuses("no network for the kernel", place.run("source.get()"),
                  "no network", "KERNEL_SRC=")

    tree = place.kernel("tree", "6.1")
    place.write(place.cache / "pristine.new/half", "of an interrupted run")
    place.write(place.cache / "linux/half", "of an interrupted run")
    status, said = place.run("source.get(); source.copy()", KERNEL_SRC=str(tree))
    yield check("stumble: nothing half-written is trusted", status == 0 and
                sorted(os.listdir(place.cache / "linux")) == [".route-source", "Makefile"], said)
    yield check("stumble: KERNEL_SRC is never modified",
                sorted(os.listdir(tree)) == ["Makefile", "old.o"], os.listdir(tree))
    status, said = place.run("source.get()")
    yield check("stumble: a source that is there needs no network", status == 0, said)


@scene
def overlays(place):
    checkout, linux = place.folder / "checkout", place.cache / "linux"
    for name in ("patches", "include", "net"):
        shutil.copytree(TOP / name, checkout / name)
    place.write(place.cache / "pristine/Makefile", (PRISTINE / "Makefile").read_text())
    for patch in (checkout / "patches").rglob("*.patch"):
        for line in patch.read_text().splitlines():
            path = line.removeprefix("+++ b/")
            if path != line and not (linux / path).exists():
                for tree in (linux, place.cache / "pristine"):
                    place.write(tree / path, (PRISTINE / path).read_text())
    hook, patched = linux / "net/ipv4/route_ioctl.c", linux / "net/ipv4/af_inet.c"
    lay = f"overlay.lay(Path('{checkout}'), CACHE)"

    def written():
        return [path.stat().st_mtime_ns for path in (hook, patched)]

    place.run(lay)
    before = written()
    place.run(lay)
    yield check("overlay: what has not changed is not written", before == written())
    (checkout / "net/ipv4/route_ioctl.c").unlink()
    shutil.rmtree(checkout / "patches")
    place.run(lay)
    yield check("overlay: what leaves it is taken back", not hook.exists() and
                patched.read_bytes() == (PRISTINE / "net/ipv4/af_inet.c").read_bytes())
    place.write(checkout / "net/ipv4/af_inet.c", "a copy")
    yield refuses("a file that the kernel has", place.run(lay), "af_inet.c", "patch")
    (checkout / "net/ipv4/af_inet.c").unlink()
    place.write(checkout / "patches/0001-wrong.patch",
                "--- a/net/ipv4/af_inet.c\n+++ b/net/ipv4/af_inet.c\n"
                "@@ -11,3 +11,3 @@\n no\n-such\n+line\n here\n")
    yield refuses("a patch that does not apply", place.run(lay), "0001-wrong.patch",
                  "net/ipv4/af_inet.c, hunk #1, at line 11")


@scene
def locks(place):
    with open(place.cache / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, said = place.call("scripts/prepare", "release", seconds=10)
    yield check("stumble: a second run waits for the first, and says so",
                status is None and "waiting for another run" in said, said)


JOBS = [machines, compilers, sources, overlays, locks]
