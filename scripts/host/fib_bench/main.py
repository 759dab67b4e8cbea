# SPDX-License-Identifier: GPL-2.0
"""Measures C's trie and the FIB in Rust beside each other: fib-bench [PART...] [SIZE...]

A PART is "native", nanoseconds in user-mode kernels, or "instructions", in guests that count them.
For tables of SIZE routes; without a SIZE, of one route up to those of the Internet, or half as many
where instructions are counted. ROUTES=FILE takes the prefixes of a file, one a line, instead of
making them up. A limit that is not kept makes the exit status nonzero.
"""

import dataclasses
import os
import tempfile
from pathlib import Path

from host import kernel
from host.arch import figures_here
from host.common import Stop, locked, say, write
from host.fib_bench import calls, module, native, plots
from host.fib_bench.limits import Limit, limit
from host.fib_bench.routes import Routes
from host.prepare import prepare

PARTS = ("native", "instructions")
SMALLER = (1, 10, 100, 1_000, 10_000, 100_000)
# What is counted takes long: no more routes than its limits are for, unless more are asked for.
SIZES = {"native": (*SMALLER, 900_000), "instructions": (*SMALLER, 500_000)}
TITLES = {"bytes": "bytes of a route", "insert": "insertion by rtnetlink", "longest": "the longest",
          **{name: f"lookup: {title}" for name, title in module.SETS.items()}}


@dataclasses.dataclass
class Row:
    """A figure of both, and what ours must keep to."""
    name: str
    c: float
    rust: float
    limit: Limit = None

    @property
    def ratio(self):
        return self.rust / self.c

    @property
    def title(self):
        return TITLES.get(self.name, self.name)

    @property
    def missed(self):
        return self.limit is not None and not self.limit.kept(self.c, self.rust)

    def __str__(self):
        c, rust = (f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
                   for value in (self.c, self.rust))
        text = f"  {self.title:36}{c:>14}{rust:>14}{self.ratio:9.3f}"
        return text + f"{self.limit!s:>12}  {'MISSED' if self.missed else 'ok'}" * bool(self.limit)


def rows(part, found, size):
    """What both have found of a table of so many routes."""
    return [Row(name, value, found["Rust"][name], limit(part, name, size))
            for name, value in found["C"].items() if not name.endswith(".sum")]


def details(part, size, table):
    """Each figure of a table of so many routes."""
    title = f"{part}: " + (f"{size:,} routes" if size else "without routes")
    return (f"\n{title:38}{'C':>14}{'Rust':>14}{'ratio':>9}{'at most':>12}\n" +
            "".join(f"{row}\n" for row in table))


def ratios(part, tables):
    """What Rust takes of what C does, by figure and size."""
    sizes = [size for size in tables if size]
    lines = {}
    for row in (row for size in sizes for row in tables[size]):
        lines.setdefault(row.title, []).append(f"{row.ratio:.3f}" + (" !" if row.missed else "  "))
    title = f"{part}: Rust / C"
    return (f"\n{title:34}" + "".join(f"{size:>10,}  " for size in sizes) + "\n" +
            "".join(f"  {name:32}" + "".join(f"{ratio:>12}" for ratio in line) + "\n"
                    for name, line in lines.items()))


def prepare_native():
    with locked():
        for name in native.KERNELS.values():
            kernel.build(name)
            module.build(name)


def measure(parts, sizes, folder):
    """Figures by part, size, holder of the routes, and name."""
    routes, tables, found = Routes(os.environ.get("ROUTES")), {}, {}
    for part in parts:
        tables[part] = {size: Path(folder, str(size)) for size in sizes or SIZES[part]}
        for size, table in tables[part].items():
            if not table.exists():
                routes.write(size, table)
    if "native" in parts:
        found["native"] = {}
        for size, table in tables["native"].items():
            say(f"{size:,} routes, native ...")
            found["native"][size] = native.measure(table, size)
    if "instructions" in parts:
        say("instructions ...")
        found["instructions"] = calls.measure(tables["instructions"])
    return found


def main(*arguments):
    figures_here()
    parts = [part for part in PARTS if part in arguments] or PARTS
    sizes = [argument for argument in arguments if argument not in PARTS]
    if not all(size.isdecimal() and int(size) for size in sizes):
        raise Stop(f"a number of routes, or one of: {', '.join(PARTS)}")
    prepare(*calls.KERNELS.values(), tools=["gnuplot-nox"])
    if "native" in parts:
        prepare_native()
    if "instructions" in parts:
        calls.build()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(parts, sorted(map(int, sizes)), folder)
    tables = {part: {size: rows(part, both, size) for size, both in by_size.items()}
              for part, by_size in found.items()}
    everything = [(part, size, table) for part, by_size in tables.items()
                  for size, table in by_size.items()]
    text = "".join(details(*one) for one in everything)
    text += "".join(ratios(part, by_size) for part, by_size in tables.items())
    missed = sum(row.missed for *_, table in everything for row in table)
    text += f"\nLimits missed: {missed}" + ", marked !" * bool(missed) + "\n"
    print(text, end="")
    write(module.FOLDER / "fib-bench.txt", text)
    for path in plots.draw(*next(iter(found.items())), module.FOLDER):
        print(f"A plot: {path}")
    return missed > 0
