# SPDX-License-Identifier: GPL-2.0
"""Builds kernels and their modules into the cache, each in the folder of its name.

To be called under the cache's lock, with the overlay laid. If nothing has changed since,
kbuild is not asked.
"""

import dataclasses
import os
import re
import subprocess

from host import toolchain
from host.arch import ARCH, OBJECTS
from host.common import (CACHE, LINUX, PRISTINE, TOP, Stop, digest, need_space, remove, say,
                         stamped, states, write)
from host.progress import Bar, failure, follow
from host.source import STAMP


# What QEMU starts.
BOOTS = os.path.basename(ARCH.image)


@dataclasses.dataclass(frozen=True)
class Kernel:
    what: str
    fragments: tuple
    # Compilations from nothing, to scale the bar: counted once, on 7.3.4. None are known of those
    # that start as a copy of another's objects, `like`.
    steps: int = 0
    gib: int = 4
    source: str = LINUX.name
    targets: tuple = (BOOTS, "modules", "headers")
    like: str = "release"
    arch: str = ARCH.kernel
    base: tuple = ("guest", f"arch/{ARCH.name}")


KERNELS = {
    "release": Kernel("what people run", (), 1420),
    "debug": Kernel("KASAN, lockdep, kmemleak, fault injection", ("debug",), 1500, 8),
    "builtin": Kernel("Rust's routing ioctls are part of it", ("builtin",)),
    "single-table": Kernel("one FIB table, no multipath", ("single-table",)),
    "small": Kernel("the same for one processor", ("single-table", "small")),
    "small-trie": Kernel("the same, with C's trie", ("single-table", "small", "trie"),
                         like="small"),
    "unpatched": Kernel("as it came, nothing of ours", ("unpatched",), source="pristine",
                        targets=(BOOTS, "modules")),
    "trie": Kernel("C's trie holds the routes, not the FIB in Rust", ("trie",)),
    "trie-debug": Kernel("the same, with C's trie", ("trie", "debug"), like="debug", gib=8),
    "upstream": Kernel("for the kernel's own tests of routing", ("upstream",)),
    "upstream-trie": Kernel("the same, with C's trie", ("upstream", "trie"), like="upstream"),
    # Never run: clippy reads its Rust code instead of building it.
    "clippy": Kernel("", (), targets=("CLIPPY=1", "rust/", "net/ipv4/", "samples/rust/")),
}
# In user mode, where the kernel's code runs as fast as it does: only fib-bench runs them.
UM = {"arch": "um", "base": ("um",), "targets": ("vmlinux", "modules")}
KERNELS |= {
    "um": Kernel("", (), 700, **UM),
    "um-trie": Kernel("", ("trie",), like="um", **UM),
}
# The same kernels, by who wrote their FIB.
BY_FIB = {"C": "trie", "Rust": "release"}
SMALL_BY_FIB = {"C": "small-trie", "Rust": "small"}
UPSTREAM_BY_FIB = {"C": "upstream-trie", "Rust": "upstream"}
# What can be run.
NAMES = [name for name, kernel in KERNELS.items() if kernel.what]
FIXED = {"KBUILD_BUILD_USER": "route", "KBUILD_BUILD_HOST": "route", "KBUILD_BUILD_VERSION": "1",
         "KBUILD_BUILD_TIMESTAMP": "Thu Jan  1 00:00:00 UTC 1970"}


def modules(name):
    """The modules that belong to a kernel."""
    order = OBJECTS / name / "modules.order"
    listed = order.read_text().split() if order.exists() else []
    return [OBJECTS / name / f"{module.removesuffix('.o')}.ko" for module in listed]


def built(name):
    """What vouches for a kernel: changes when it is built from something else."""
    return OBJECTS / name / ".route-built"


def build(name):
    if name not in KERNELS:
        raise Stop(f"there is no kernel {name}; there are {', '.join(NAMES)}")
    kernel, objects = KERNELS[name], OBJECTS / name
    if not kernel.steps:
        build(kernel.like)
    source = CACHE / kernel.source
    fragments = [TOP / f"scripts/kernel/{fragment}.config"
                 for fragment in (*kernel.base, *kernel.fragments)]
    config = digest(*fragments)
    inputs = "\n".join((
        config, repr(kernel), (PRISTINE / STAMP).read_text(),
        "" if source == PRISTINE else (CACHE / "overlay.sum").read_text(),
        os.environ.get("BINDGEN", ""), states(toolchain.rustc(), toolchain.program("clang"))))
    if stamped(built(name), inputs):
        return
    make = ["make", "-C", source, f"O={objects}", f"ARCH={kernel.arch}", *toolchain.for_make()]
    building, log = objects / ".route-building", OBJECTS / f"{name}.log"
    if not objects.exists():
        need_space(kernel.gib)
        if not kernel.steps:
            _copy(kernel.like, objects, source)
    if building.exists():
        _distrust_last(objects)
    write(building, "")
    anew = _configure(make, objects, fragments, config, log)
    # What a killed run has built counts.
    count = 0 if anew or built(name).exists() else sum(1 for _ in objects.rglob("*.o"))
    total = 0 if built(name).exists() and not anew else kernel.steps
    if built(name).exists():
        write(built(name), "nothing yet")
    if follow([*make, f"-j{os.cpu_count()}", *kernel.targets], Bar(f"{name} kernel", total),
              r"^  (?:AS|CC|CLIPPY|HOSTCC|LD|RUSTC)\b", log=log, start=count,
              env=os.environ | FIXED):
        building.unlink()
        raise _failed(name, log)
    building.unlink()
    write(built(name), inputs)


def _failed(name, log):
    say(failure(log, r"(^|[ :])error(\[|:)|\*\*\* "))
    return Stop(f"the {name} kernel was not built; all of it: {log}")


def _copy(name, objects, source):
    """What differs by an option or two shares most of its objects."""
    new, old = objects.with_name(f"{objects.name}.new"), OBJECTS / name
    remove(new)
    subprocess.run(["cp", "-a", "--reflink=auto", old, new], check=True)
    for stamp in new.glob(".route-*"):
        stamp.unlink()
    overlaid = {f"{LINUX}/{path}" for path in (CACHE / "overlay").read_text().split()}
    # kbuild builds anew what was built by another command, such as one that names another folder.
    for command in new.rglob(".*.cmd"):
        text = command.read_text()
        if source != LINUX and not overlaid.isdisjoint(text.split()):
            # The file that came with the kernel is older than what was built from ours.
            command.unlink()
            continue
        moved = text.replace(f"{old}/", f"{objects}/").replace(f"{LINUX}/", f"{source}/")
        moved = re.sub(rf"{old}\b", str(objects), moved)
        if moved != text:
            command.write_text(moved)
    new.rename(objects)


def _distrust_last(objects):
    """A run was killed. What it was writing is among the last that it wrote."""
    times = {path: path.stat().st_mtime for path in objects.rglob("*")
             if path.is_file() and not path.is_symlink()}
    for path, time in times.items():
        if time > max(times.values()) - 10:
            path.unlink()


def _configure(make, objects, fragments, config, log):
    """Whether there was anything to configure."""
    if stamped(objects / ".route-config", config) and (objects / ".config").exists():
        return False
    # The last word on an option is the last fragment's.
    wanted, lines = {}, "".join(fragment.read_text() for fragment in fragments)
    for line in lines.splitlines():
        if found := re.fullmatch(r"(CONFIG_\w+)=(.*)|# (CONFIG_\w+) is not set", line):
            wanted[found[1] or found[3]] = line
    write(objects / ".route-fragments", "".join(f"{line}\n" for line in wanted.values()))
    with open(log, "wb") as said:
        if subprocess.run([*make, f"KCONFIG_ALLCONFIG={objects}/.route-fragments", "allnoconfig"],
                          stdin=subprocess.DEVNULL, stdout=said, stderr=said, close_fds=False,
                          env=os.environ | FIXED).returncode:
            raise _failed(objects.name, log)
    # Kconfig drops silently what it cannot have.
    has = set((objects / ".config").read_text().splitlines())
    for line in wanted.values():
        if not line.startswith("#") and line not in has:
            raise Stop(f"this kernel does not take {line} (scripts/kernel/)")
    write(objects / ".route-config", config)
    return True
