# SPDX-License-Identifier: GPL-2.0
"""What guests are made of that are not of this machine's architecture: Debian's packages for
theirs, unpacked into the cache, roots/ARCHITECTURE. Nothing of it is installed or run here. So are
packages for guests of its own architecture that this machine had better not run.

The release is the machine's own. Debian's cross compilers are not used: they cannot be installed
beside the one that builds for 32 bits.
"""

import re
import shutil
import subprocess
from pathlib import Path

from host import apt
from host.arch import ARCH
from host.common import CACHE, Stop, need_space, remove, say, stamped, write
from host.cpio import MERGED

ROOTS = CACHE / "roots"
# What a C program is built from; the compiler's own library besides.
BUILD = ("libc6-dev", "linux-libc-dev")
# What guests run, of this machine's architecture as well.
PROGRAMS = ("bash", "busybox-static", "coreutils", "dash", "findutils", "iproute2", "net-tools",
            "util-linux")


def of(bits):
    """The root of this architecture's programs of a width; None if they are this machine's."""
    return None if ARCH.builds(bits) else ROOTS / ARCH.abi(bits).debian


def get():
    """Fetches what this architecture needs. To be called under the cache's lock."""
    for abi in ARCH.abis:
        root = of(abi.bits)
        if root:
            # Programs of the smaller width are our own.
            _get(root, abi, BUILD if abi.bits < ARCH.bits else (*BUILD, *PROGRAMS))


def more(name, *packages):
    """Fetches packages, and what they depend on, for guests that are to run them: their root. To be
    called under the cache's lock."""
    root = ROOTS / f"{ARCH.name}-{name}"
    _get(root, ARCH.abi(ARCH.bits), packages, builds=False)
    return root


def holding(path):
    """The root that a file lies in, if it lies in one."""
    inside = ROOTS in Path(path).parents
    return ROOTS / Path(path).relative_to(ROOTS).parts[0] if inside else None


def find(program):
    """A program for guests, by the path that it has there."""
    name = program.rpartition("/")[2]
    for folder in ("sbin", "bin"):
        path = of(ARCH.bits) / "usr" / folder / name
        if path.exists():
            return path
    raise Stop(f"{of(ARCH.bits)} has no {program}; remove that folder, and run again")


def _get(root, abi, packages, builds=True):
    """Whether programs are built from it makes a difference of one package."""
    wanted = f"{apt.system()} {' '.join(packages)}\n"
    if stamped(root / ".route-root", wanted):
        return
    if not shutil.which("apt-get"):
        raise Stop(f"guests of {ARCH.name} are made of Debian's packages, and this machine has no "
                   "apt-get")
    need_space(3)
    folder = CACHE / "download" / root.name
    remove(folder)
    # As if nothing were installed.
    write(folder / "status", "")
    options = apt.private(folder, Dir__State__status=folder / "status",
                          APT__Architecture=abi.debian, APT__Architectures=abi.debian)
    say(f"getting Debian's packages for {root.name}")
    # It may fail for an index that does not matter here.
    updated = _run("apt-get", *options, "-q", "update", check=False)
    compiler = re.search(r"^Depends: .*\bgcc-(\d+) ",
                         _run("apt-cache", *options, "show", "gcc", check=False), re.MULTILINE)
    if not compiler:
        raise Stop(f"no network: Debian's packages for {abi.debian} cannot be had"
                   if apt.failed(updated) else
                   f"where this machine gets its packages from, there are none for {abi.debian}")
    _run("apt-get", *options, "-q", "-y", "--no-install-recommends", "--download-only", "install",
         *packages, *([f"libgcc-{compiler[1]}-dev"] if builds else []))
    new = root.with_name(f"{root.name}.new")
    remove(new)
    for name in MERGED:
        (new / "usr" / name).mkdir(parents=True)
        (new / name).symlink_to(f"usr/{name}")
    for package in sorted(folder.glob("cache/archives/*.deb")):
        with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package],
                              stdout=subprocess.PIPE) as unpacked:
            # It follows the links to usr/, which an older package does not know of.
            subprocess.run(["tar", "-x", "--keep-directory-symlink", "--no-same-owner", "-C", new],
                           stdin=unpacked.stdout, check=True)
    for path in new.rglob("*"):
        if path.is_symlink() and path.readlink().is_absolute():
            _point_inside(path, new)
    write(new / ".route-root", wanted)
    remove(root)
    new.rename(root)
    shutil.rmtree(folder)


def _point_inside(link, root):
    """A link to a file of the root must not lead to one of this machine's."""
    above = len(link.relative_to(root).parts) - 1
    target = f"{'../' * above}{str(link.readlink()).lstrip('/')}"
    link.unlink()
    link.symlink_to(target)


def _run(*command, check=True):
    """What a command prints."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if check and done.returncode:
        reasons = [line for line in done.stderr.splitlines() if line.startswith("E: ")]
        raise Stop(f"packages for {ARCH.name} cannot be had: {(reasons or [done.stderr])[0]}")
    return done.stdout
