# SPDX-License-Identifier: GPL-2.0
"""The module that measures from inside of a kernel: scripts/modules/fib_bench.c."""

import os
import re
import subprocess

from host import toolchain
from host.arch import OBJECTS
from host.common import CACHE, TOP, Stop, say
from host.kernel import FIXED, KERNELS
from host.progress import failure

FOLDER = OBJECTS / "fib-bench"
SETS = {"random": "random addresses", "table": "addresses in the table",
        "hot1024": "1,024 hot addresses", "hot64": "64 hot addresses"}
# More would make the kernel look for a table for long.
MOST_TABLES = 2_000


def build(name):
    """Builds it for a kernel; returns its path."""
    built, log = FOLDER / name, FOLDER / f"{name}.log"
    built.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as said:
        if subprocess.run(["make", "-C", CACHE / KERNELS[name].source, f"O={OBJECTS / name}",
                           f"ARCH={KERNELS[name].arch}", *toolchain.for_make(),
                           f"M={TOP}/scripts/modules", f"MO={built}", "ONLY=fib_bench.o",
                           "modules"],
                          stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                          env=os.environ | FIXED).returncode:
            say(failure(log, "error"))
            raise Stop(f"scripts/modules/fib_bench.c was not built; all of it: {log}")
    return built / "fib_bench.ko"


def tables(size, routes):
    """How many tables of a size have so many routes together."""
    return min(MOST_TABLES, -(-routes // size))


def read(log, size, routes):
    """What it says in a kernel's log: figures by name, bytes of a route among them."""
    found = {name: int(value) for name, value in
             re.findall(r"fib_bench: ([\w.]+) (\d+)$", log, re.MULTILINE)}
    if "longest" not in found:
        say("\n".join(log.splitlines()[-30:]))
        raise Stop("nothing was measured in the kernel; see above")
    found["bytes"] /= size * tables(size, routes)
    return {name: value / 1000 if name in SETS else value for name, value in found.items()}


def check(found):
    """What both have looked up has led to the same routes."""
    for name, value in found["C"].items():
        if name.endswith(".sum") and found["Rust"][name] != value:
            raise Stop(f"C's trie and the FIB in Rust do not find the same: {name}")
