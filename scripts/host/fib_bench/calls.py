# SPDX-License-Identifier: GPL-2.0
"""Instructions of calls, lookups, a forwarded packet and namespaces, and memory, in guests that
count instructions as scripts/host/bench.py has them do.
"""

import re
import sys

from host import guest
from host.bench import CPU
from host.common import GUEST, Stop, say
from host.fib_bench import module
from host.image import compile_c

# By who holds the routes.
KERNELS = {"C": "unpatched", "Rust": "release"}
PROGRAM = module.FOLDER / "fib-bench"
# Of all tables together that the module fills.
ROUTES = 50_000
MIB = 3072
SECONDS = 7200


def build():
    compile_c(GUEST / "fib-bench.c", PROGRAM)
    for name in KERNELS.values():
        module.build(name)


def _show(text):
    """A run takes minutes; a dot is a figure."""
    print("." * text.count("\n"), end="", file=sys.stderr, flush=True)


def count(who, tables):
    """What comes of it in a guest of that kernel: figures by size, and by name. `tables` is files
    by size."""
    kernel = KERNELS[who]
    files = [(PROGRAM, "/root/fib-bench"), (GUEST / "fib-measure", "/root/fib-measure"),
             (module.FOLDER / kernel / "fib_bench.ko", "/root/fib_bench.ko"),
             *((path, f"/root/routes.{size}") for size, path in tables.items())]
    sizes = [str(number) for size in tables for number in (size, module.tables(size, ROUTES))]
    status, out, err = guest.output(
        "sh", "fib-measure", *sizes, files=files, kernel=kernel, module=False, icount=True, cpu=CPU,
        memory=MIB, timeout=SECONDS, watch=_show)
    say()
    if status or err:
        raise Stop(f"{kernel} kernel: {err.strip()}")
    found = {}
    for part in re.split(r"^size ", out, flags=re.MULTILINE)[1:]:
        size, text = part.split("\n", 1)
        found[int(size)] = {name: int(value) for name, value in
                            re.findall(r"^(?!fib_bench:)(.*) (\d+)$", text, re.MULTILINE)}
        if int(size):
            found[int(size)] |= module.read(text, int(size), ROUTES)
    return found


def measure(tables):
    """The same of both kernels: by size, who holds the routes, and name."""
    of_c, of_rust = (count(who, tables) for who in ("C", "Rust"))
    found = {size: {"C": of_c[size], "Rust": of_rust[size]} for size in of_c}
    for both in found.values():
        module.check(both)
    return found
