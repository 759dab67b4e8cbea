# SPDX-License-Identifier: GPL-2.0
"""Measures our `route` beside others in a guest that counts instructions: route-bench [SIZE...]

Without a SIZE with all there are. A limit that is not kept makes the exit status nonzero.
"""

import collections
import ipaddress
import random
import re
import statistics
import sys
import tempfile
from pathlib import Path

from host import guest, image
from host.arch import figures_here
from host.common import GUEST, LINUX, Stop, say
from host.prepare import prepare
from host.tests import compare

# On the device that the guest has, 10.1.0.1/24.
GATEWAYS = [f"10.1.0.{number}" for number in range(2, 18)]
SEED = 20261124
# As long as the prefixes of a full BGP table.
LENGTHS = [24] * 12 + [23, 23, 22, 22, 21, 20, 19, 16]


def adjacent(count, _):
    """Prefixes of length 24, one beside the other."""
    return [(int(ipaddress.IPv4Address("20.0.0.0")) + (index << 8), 24) for index in range(count)]


def like_bgp(count, chance):
    """Random prefixes of unicast addresses, in random order; not below 11.0.0.0, where the guest's
    own address is."""
    found = {}
    while len(found) < count:
        length = chance.choice(LENGTHS)
        first = chance.randrange(11 << 24, 224 << 24) >> 32 - length << 32 - length
        if first >> 24 != 127:
            found[first, length] = None
    return list(found)


SETS = {20_000: adjacent, 500_000: like_bgp}
PROGRAMS = ("busybox", "net-tools", "ip", "ours")
# What ours may take at most, as a share of what another takes.
LIMITS = {
    "add": {"busybox": 1.15, "net-tools": 1},
    "load": {"ip": 1 / 2},
    "print": {"busybox": 1 / 3, "net-tools": 1 / 3, "ip": 1},
    # The main table, with so many routes in another one.
    "elsewhere": {"net-tools": 1},
}
# Memory must not grow with the table: that of the largest as a share of that of the smallest.
MEMORY_LIMIT = 1.05
# Byte for byte like net-tools, beside what the tests have.
DISPLAYED = 20_000


def main(*sizes):
    if not set(sizes) <= set(map(str, SETS)):
        raise Stop(f"there are sets of {' and of '.join(map(str, SETS))} routes")
    sizes = [int(size) for size in sizes] or list(SETS)
    figures_here()
    prepare("trie")
    instructions, memory = measure(sizes)
    show(instructions, memory, sizes)
    verdicts = list(judge(instructions, memory, sizes))
    verdicts += [(result.name, result.outcome == "passed")
                 for result in compare.display(DISPLAYED)()]
    for title, kept in verdicts:
        print("PASS" if kept else "FAIL", "", title)
    return 0 if all(kept for _, kept in verdicts) else 1


def measure(sizes):
    """Runs `measure` in a guest; returns instructions and KiB by measurement and program."""
    with tempfile.TemporaryDirectory() as folder:
        launch = image.compile_c(GUEST / "launch.c", Path(folder, "launch"), "-static", "-nostdlib",
                                 "-no-pie", "-fno-stack-protector",
                                 "-I", LINUX / "tools/include/nolibc")
        files = [(path, f"/root/{path.name}") for path in (launch, GUEST / "measure")]
        for size in sizes:
            files += [(path, f"/root/{path.name}") for path in write(Path(folder), size)]
        # ip keeps 4 KiB for each route of a batch. A run takes minutes; a dot is a measurement.
        _, text, complaints = guest.output(
            "sh", "measure", *map(str, sizes), files=files, kernel="trie", icount=True,
            memory=4096, timeout=3600,
            watch=lambda text: print("." * text.count("\n"), end="", file=sys.stderr, flush=True))
    say()
    if complaints:
        raise Stop(complaints.strip())
    spent, used = collections.defaultdict(list), collections.defaultdict(list)
    for line in text.splitlines():
        found = re.fullmatch(r"(.*) (\S+) (\d+) (\d+)", line)
        if not found:
            raise Stop(f"a measurement has failed: {line}")
        spent[found[1], found[2]].append(int(found[3]))
        used[found[1], found[2]].append(int(found[4]))
    # A tick of the clock, or what the kernel has put off, hits some runs.
    return ({what: statistics.median(runs) for what, runs in spent.items()},
            {what: max(runs) for what, runs in used.items()})


def write(folder, size):
    """Writes the same routes, the same each time, as `ip -batch` and as our --batch read them."""
    lists, chance = [folder / f"ip.{size}", folder / f"ours.{size}"], random.Random(SEED)
    with open(lists[0], "w", encoding="ascii") as ip, open(lists[1], "w", encoding="ascii") as ours:
        for first, length in SETS[size](size, chance):
            prefix, gateway = f"{ipaddress.IPv4Address(first)}/{length}", chance.choice(GATEWAYS)
            ip.write(f"route add {prefix} via {gateway}\n")
            ours.write(f"add -net {prefix} gw {gateway}\n")
    return lists


def show(instructions, memory, sizes):
    print(f"Seed {SEED}\n")
    row("", PROGRAMS)
    row("route add, instructions", [instructions["add", program] for program in PROGRAMS])
    for what in ("load", "print"):
        for size in sizes:
            row(f"{what} {size:,} routes, instructions each",
                [instructions.get((f"{what} {size}", program), 0) / size for program in PROGRAMS])
    for size in sizes:
        row(f"print, {size:,} routes elsewhere, instructions",
            [instructions[f"elsewhere {size}", program] for program in PROGRAMS])
    for size in (0, *sizes):
        row(f"print {size:,} routes, KiB",
            [memory[f"print {size}", program] for program in PROGRAMS])
    print()


def row(title, values):
    cells = (value if isinstance(value, str) else f"{value:,.0f}" if value else "-"
             for value in values)
    print(f"{title:48}" + "".join(f"{cell:>12}" for cell in cells))


def judge(instructions, memory, sizes):
    """A title for each limit, and whether it is kept."""
    def share(what, values, ours, other, limit):
        value = values[ours] / values[other]
        return f"{what}: {value:.3f}, at most {limit:.3f}", value <= limit

    for what, limits in LIMITS.items():
        for name in ["add"] if what == "add" else [f"{what} {size}" for size in sizes]:
            for other, limit in limits.items():
                yield share(f"{name}: as a share of {other}", instructions, (name, "ours"),
                            (name, other), limit)
    yield share("print: memory for the most routes as a share of that for the fewest", memory,
                (f"print {sizes[-1]}", "ours"), (f"print {sizes[0]}", "ours"), MEMORY_LIMIT)

