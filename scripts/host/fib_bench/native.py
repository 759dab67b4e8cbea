# SPDX-License-Identifier: GPL-2.0
"""Lookups, insertions and memory in user-mode kernels, which run as fast as the machine does.

What the machine does beside it must not count: the kernels take turns, and of what their runs find,
the middle counts.
"""

import os
import signal
import statistics
import subprocess
import tempfile
from pathlib import Path

from host import toolchain
from host.arch import OBJECTS
from host.common import GUEST
from host.cpio import Archive
from host.fib_bench import module

# By who holds the routes.
KERNELS = {"C": "um-trie", "Rust": "um"}
# Of all tables together: so many that memory is told to a byte.
ROUTES = 200_000
# How often the kernels take turns; in each, how often one table is filled, and how often each
# address is looked up.
TURNS, ROUNDS, TRIES = 5, 3, 5
MIB = 2048
SECONDS = 900


def measure(table, size):
    """What each kernel finds with a table of so many routes, by who holds them."""
    turns = {who: [] for who in KERNELS}
    for _ in range(TURNS):
        for who, runs in turns.items():
            runs.append(_run(KERNELS[who], table, size))
        module.check({who: runs[-1] for who, runs in turns.items()})
    return {who: {name: statistics.median(run[name] for run in runs) for name in runs[0]}
            for who, runs in turns.items()}


def _run(kernel, table, size):
    tables = module.tables(size, ROUTES)
    with tempfile.TemporaryDirectory() as folder:
        initrd = Path(folder, "initrd")
        with open(initrd, "wb") as file, Archive(file) as archive:
            archive.merged_usr()
            archive.copy("bin/busybox", toolchain.program("busybox"))
            for path, source in (("init", GUEST / "um-init"), ("routes", table),
                                 ("fib_bench.ko", module.FOLDER / kernel / "fib_bench.ko")):
                archive.copy(path, source)
            for path in ("proc", "sys", "dev"):
                archive.folder(path)
        line = [OBJECTS / kernel / "vmlinux", f"mem={MIB}M", f"initrd={initrd}",
                f"uml_dir={folder}/", f"tables={tables}", f"tries={TRIES}",
                f"rounds={1 if tables > 1 else ROUNDS}"]
        # It has processes of its own, which end with it.
        with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, start_new_session=True,
                              errors="replace") as process:
            try:
                said = process.communicate(timeout=SECONDS)[0]
            except subprocess.TimeoutExpired:
                said = f"no end within {SECONDS} s"
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
    return module.read(said, size, ROUTES)
