# SPDX-License-Identifier: GPL-2.0
"""What a user may stumble over: one clear line, before any long work starts.

Machines that lack something are played by programs that stand before the real ones in
PATH, kernels by trees of a few files.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile

from suite import check

TOP = os.environ["TOP"]
CACHE = os.environ["CACHE"]


class Scene:
    """A cache of its own and programs that pretend."""

    def __init__(self, folder):
        self.folder = folder
        self.cache = os.path.join(folder, "cache")
        self.programs = os.path.join(folder, "bin")
        os.makedirs(self.cache)
        os.makedirs(self.programs)

    def program(self, name, script):
        path = os.path.join(self.programs, name)
        self.write(path, f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)
        return path

    def kernel(self, name, version):
        """A source tree, as far as anybody looks before a build."""
        tree = os.path.join(self.folder, name)
        major, minor = version.split(".")
        self.write(os.path.join(tree, "Makefile"),
                   f"VERSION = {major}\nPATCHLEVEL = {minor}\nmrproper:\n\trm -f *.o\n")
        self.write(os.path.join(tree, "old.o"), "built in place")
        return tree

    @staticmethod
    def write(path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run(self, script, *, seconds=60, **variables):
        """Runs a script of ours; returns its status and what it wrote on stderr."""
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("KERNEL_SRC", "RUSTC", "BINDGEN")}
        environment.update(variables, ROUTE_CACHE=self.cache,
                           PATH=f"{self.programs}:{environment['PATH']}")
        try:
            result = subprocess.run(["bash", "-c", script], env=environment, timeout=seconds,
                                    cwd=TOP, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
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


def refuses(name, outcome, *words):
    """The script failed, and its last line, the only error, says all of `words`."""
    status, said = outcome
    errors = [line for line in said.splitlines() if line.startswith("error: ")]
    return check(f"stumble: {name}", status == 1 and len(errors) == 1 and
                 said.splitlines()[-1] == errors[0] and all(word in errors[0] for word in words),
                 f"status {status}\n{said}")


@scene
def machines(place):
    place.program("uname", "echo riscv64")
    yield refuses("not x86-64", place.run("scripts/packages"), "x86-64", "riscv64")
    os.remove(os.path.join(place.programs, "uname"))

    place.program("dpkg-query", "exit 1")
    place.program("sudo", "exit 1")
    place.program("id", "echo 1000")
    yield refuses("no root and no sudo", place.run("scripts/packages"),
                  "no sudo", "apt-get install", "clang-19")

    place.program("id", "echo 0")
    place.program("apt-get", "exit 0")
    place.program("apt-cache", '[ "$3" != bison ]')
    yield refuses("a package that cannot be had", place.run("scripts/packages"), "bison")

    place.program("apt-get", "echo Err:1 no such host; exit 100")
    place.program("apt-cache", "exit 1")
    yield refuses("no network for packages", place.run("scripts/packages"), "no network")

    place.program("df", "echo Avail; echo 1G")
    yield refuses("disk too full", place.run("scripts/packages"), "GiB", "ROUTE_CACHE=")


@scene
def compilers(place):
    check_toolchain = ". scripts/common.sh; . scripts/toolchain.sh"
    rustc = place.program("rustc", "case $1 in --version) echo rustc 1.84.1;; *) echo /none; esac")
    yield refuses("rustc too old", place.run(check_toolchain, RUSTC=rustc), "1.84.1", "1.85.0")
    place.program("rustc", "case $1 in --version) echo rustc 1.90.0;; *) echo /none; esac")
    yield refuses("rustc without rust-src", place.run(check_toolchain, RUSTC=rustc), "rust-src")
    yield refuses("no such rustc", place.run(check_toolchain, RUSTC="/no/rustc"), "/no/rustc")
    place.program("rustc", "echo rustup: no toolchain; exit 1")
    status, said = place.run(check_toolchain, BINDGEN=os.environ.get("BINDGEN") or _bindgen())
    yield check("stumble: a rustc that is first in PATH is left alone", status == 0, said)


def _bindgen():
    """The one that kernels were built with: none needs to be built for this."""
    built = os.path.join(CACHE, "tools/bin/bindgen")
    return built if os.path.exists(built) else "/usr/bin/bindgen"


@scene
def sources(place):
    old = place.kernel("old", "6.1")
    yield refuses("KERNEL_SRC of another series", place.run("scripts/source", KERNEL_SRC=old),
                  "6.1", "7.3")
    yield refuses("KERNEL_SRC that is nothing", place.run("scripts/source", KERNEL_SRC="/no"),
                  "/no")
    yield refuses("KERNEL_SRC that is no kernel",
                  place.run("scripts/source", KERNEL_SRC=place.programs), "7.3")
    place.program("apt-get", "exit 100")
    place.program("curl", "exit 6")
    yield refuses("no network for the kernel", place.run("scripts/source"),
                  "no network", "KERNEL_SRC=")

    tree = place.kernel("tree", "7.3")
    place.write(os.path.join(place.cache, "linux.tmp/half"), "of an interrupted run")
    place.write(os.path.join(place.cache, "linux/half"), "of an interrupted run")
    status, said = place.run("scripts/source", KERNEL_SRC=tree)
    linux = os.path.join(place.cache, "linux")
    yield check("stumble: nothing half-written is trusted", status == 0 and
                sorted(os.listdir(linux)) == [".route-source", "Makefile"], said)
    yield check("stumble: KERNEL_SRC is never modified",
                sorted(os.listdir(tree)) == ["Makefile", "old.o"], os.listdir(tree))
    status, said = place.run("scripts/source")
    yield check("stumble: a source that is there needs no network", status == 0, said)


@scene
def overlays(place):
    checkout, linux = os.path.join(place.folder, "checkout"), os.path.join(place.cache, "linux")
    shutil.copytree(os.path.join(CACHE, "pristine"), linux)
    for name in ("patches", "include", "net"):
        shutil.copytree(os.path.join(TOP, name), os.path.join(checkout, name))
    seam = os.path.join(linux, "net/ipv4/route_ioctl.c")
    patched = os.path.join(linux, "net/ipv4/af_inet.c")
    lay = f"python3 scripts/host/overlay.py {checkout} {place.cache}"

    def written():
        return [os.stat(path).st_mtime_ns for path in (seam, patched)]

    place.run(lay)
    before = written()
    place.run(lay)
    yield check("overlay: what has not changed is not written", before == written())
    os.remove(os.path.join(checkout, "net/ipv4/route_ioctl.c"))
    patches = os.path.join(checkout, "patches")
    for name in os.listdir(patches):
        os.rename(os.path.join(patches, name), os.path.join(place.folder, name))
    place.run(lay)
    with open(patched, "rb") as now, \
            open(os.path.join(CACHE, "pristine/net/ipv4/af_inet.c"), "rb") as kept:
        yield check("overlay: what leaves it is taken back",
                    not os.path.exists(seam) and now.read() == kept.read())
    place.write(os.path.join(checkout, "net/ipv4/af_inet.c"), "a copy")
    yield refuses("a file that the kernel has", place.run(lay), "af_inet.c", "patch")
    os.remove(os.path.join(checkout, "net/ipv4/af_inet.c"))
    place.write(os.path.join(patches, "0001-wrong.patch"),
                "--- a/net/ipv4/af_inet.c\n+++ b/net/ipv4/af_inet.c\n"
                "@@ -1,3 +1,3 @@\n no\n-such\n+line\n here\n")
    yield refuses("a patch that does not apply", place.run(lay), "0001-wrong.patch")


@scene
def locks(place):
    with open(os.path.join(place.cache, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, said = place.run("exec scripts/prepare release", seconds=5)
    yield check("stumble: a second run waits for the first, and says so",
                status is None and "waiting for another run" in said, said)


JOBS = [machines, compilers, sources, overlays, locks]
