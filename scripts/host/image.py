# SPDX-License-Identifier: GPL-2.0
"""Builds what guests start from into the cache:

  image/root.cpio     programs, init, kselftests
  image/route.cpio    our own route
  image/KERNEL.cpio   the modules of that kernel

To be called under the cache's lock, with the kernels and route built.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

from host import kernel, libraries, roots, route, toolchain
from host.arch import ARCH, OBJECTS
from host.common import (GUEST, LINUX, PRISTINE, TOP, Stop, digest, remove, say, stamped, states,
                         write)
from host.cpio import Archive
from host.progress import failure
from host.source import STAMP

IMAGE = OBJECTS / "image"
SELFTESTS = OBJECTS / "selftests"
# Where the guest has them. BusyBox's applets of these names would do less, and start applets where
# they are asked for programs.
PROGRAMS = ["/sbin/route", "/sbin/ip", "/bin/dash", "/bin/bash", "/usr/bin/env", "/usr/bin/nsenter",
            "/usr/bin/setsid", "/usr/bin/timeout", "/usr/bin/unshare", "/usr/bin/xargs"]
FOLDERS = ("dev", "proc", "sys", "run", "root", "etc", "var", "lib/modules", "mnt")
TEXTS = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/hosts": "127.0.0.1 localhost\n::1 localhost ip6-localhost\n",
    "etc/networks": "loopback 127.0.0.0\nlink-local 169.254.0.0\n",
    "etc/nsswitch.conf": "hosts: files dns\nnetworks: files\n",
}
# By which bash edits a line.
TERMINFO = "/lib/terminfo/l/linux"


def build(*kernels):
    IMAGE.mkdir(parents=True, exist_ok=True)
    # A run that was killed could not clean up.
    for folder in IMAGE.glob("run.*"):
        if folder.stat().st_mtime < time.time() - 10 * 3600:
            shutil.rmtree(folder, ignore_errors=True)
    tests = TOP / "tools/testing/selftests"
    ours = TOP / "scripts/host"
    _archive("root", _root, "\n".join((
        digest(*(ours / f"{name}.py" for name in ("arch", "image", "cpio", "libraries")),
               *sorted(path for path in GUEST.iterdir() if path.is_file()),
               *sorted(path for path in tests.rglob("*") if path.is_file())),
        states(*map(program, ["/bin/busybox", *PROGRAMS])), (PRISTINE / STAMP).read_text())))
    _archive("route", lambda archive: archive.copy("usr/local/sbin/route", route.PROGRAM),
             states(route.PROGRAM))
    for name in kernels:
        _archive(name, lambda archive, name=name: _modules(archive, name),
                 kernel.built(name).read_text())


def _archive(name, fill, inputs):
    if stamped(IMAGE / f".{name}", inputs):
        return
    new = IMAGE / f"{name}.cpio.tmp"
    with open(new, "wb") as file, Archive(file) as archive:
        fill(archive)
    new.replace(IMAGE / f"{name}.cpio")
    write(IMAGE / f".{name}", inputs)


def _modules(archive, name):
    archive.folder("lib/modules")
    for module in kernel.modules(name):
        archive.copy(f"lib/modules/{module.name}", module)


def program(path):
    """A program of the guest's, where this machine has it."""
    if not ARCH.native:
        return roots.find(path)
    return toolchain.program(os.path.basename(path)) or path


def _root(archive):
    archive.merged_usr()
    for folder in FOLDERS:
        archive.folder(folder)
    archive.folder("tmp", 0o1777)
    for path, text in TEXTS.items():
        archive.data(path, text.encode())
    archive.copy("bin/busybox", program("/bin/busybox"))
    taken = {os.path.basename(program) for program in PROGRAMS} | {"busybox", "sh"}
    # Another architecture's cannot be asked here, but has the same.
    applets = subprocess.run([toolchain.program("busybox"), "--list-full"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
    for applet in applets.split():
        if os.path.basename(applet) not in taken:
            archive.link(applet if applet.startswith("usr/") else f"usr/{applet}", "/bin/busybox")
    archive.link("usr/bin/sh", "dash")
    if os.path.exists(TERMINFO):
        archive.copy(TERMINFO, TERMINFO)
    files = [(path, program(path)) for path in PROGRAMS]
    files += [("/init", GUEST / "init"), ("/root/demo", GUEST / "demo")]
    remove(SELFTESTS)
    for bits in ARCH.widths:
        files += [(f"/usr/lib/kselftest/{bits}/{path.name}", path)
                  for path in _selftests("route_ioctl", bits)]
    # Of a netlink message's layout, no width has its own.
    files += [(f"/usr/lib/kselftest/fib/{path.name}", path)
              for path in _selftests("fib", ARCH.bits)]
    carried = {}
    for guest, host in files:
        archive.copy(guest, host)
        carried |= libraries.needed(host)
    for guest, library in sorted(carried.items()):
        archive.copy(guest, library)


def _selftests(name, bits):
    """Builds kselftests of a folder, in the kernel's own way; returns the programs."""
    folder, log = SELFTESTS / f"{name}.{bits}", SELFTESTS / f"{name}.{bits}.log"
    folder.mkdir(parents=True)
    net = LINUX / "tools/testing/selftests/net"
    headers, compiler = f"-isystem {_headers(bits)}", " ".join(map(str, toolchain.cc(bits)))
    with open(log, "wb") as said:
        if subprocess.run(["make", "-C", net / name, f"OUTPUT={folder}",
                           f"KHDR_INCLUDES={headers}", f"CC={compiler}", "all"],
                          stdin=subprocess.DEVNULL, stdout=said, stderr=said).returncode:
            say(failure(log, "error"))
            raise Stop(f"the {bits}-bit kselftests of net/{name} were not built; all of it: {log}")
    # One that stands beside ours, since it needs nothing of them.
    late = net / "rt_ioctl_late_name.c"
    if name == "route_ioctl" and late.exists():
        compile_c(late, folder / late.stem, *headers.split(), "-I", net.parent, bits=bits)
    return sorted(path for path in folder.iterdir()
                  if path.is_file() and os.access(path, os.X_OK))


def _headers(bits):
    """What programs of a width include. The release kernel comes with those of the larger."""
    arch, objects = ARCH.abi(bits).headers, OBJECTS / "release"
    if arch != ARCH.kernel:
        objects = OBJECTS / f"headers{bits}"
        subprocess.run(["make", "-s", "-C", LINUX, f"O={objects}", f"ARCH={arch}",
                        *toolchain.for_make(), "headers"], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, check=True)
    return objects / "usr/include"


def compile_c(source, target, *options, bits=ARCH.bits):
    """Compiles a program of one file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    said = subprocess.run([*toolchain.cc(bits), "-O2", "-Wall", "-Wextra", *options, "-o", target,
                           source], stderr=subprocess.PIPE, text=True)
    if said.returncode:
        say(said.stderr.strip())
        raise Stop(f"{source.relative_to(source.parents[2])} was not built; see above")
    return Path(target)
