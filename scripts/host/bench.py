# SPDX-License-Identifier: GPL-2.0
"""Counts the instructions of routing ioctls in guests; says which limits hold.

What is counted and how: scripts/guest/bench.c. C and Rust take turns in one boot; of their
rounds, the middle one counts: between them, what the allocators have at hand differs. Writes a
table and a plot into the cache and the table to standard output; the exit status is 1 if a limit
is missed.

Each byte that `rep movsb` moves counts as an instruction, and that is how C copies a request, if
the processor is quick at it. On one that is not, it copies by words: there the calls are counted
too, but only the time under RTNL has a limit.
"""

import collections
import concurrent.futures
import dataclasses
import math
import os
import re
import statistics
import subprocess
import sys

import guest

CACHE = os.environ["CACHE"]
# How often C and Rust take turns, by table. Filling one is half a million calls each time.
ROUNDS = {"small": 5, "full": 3, "filling": 3}
# What a ratio may be more than its limit: half a percent.
TOLERANCE = 1.005
# The most of C's instructions that Rust may take, by when a call ends.
LIMITS = {"done": 1.0, "before": 0.8, "under": 1.0, "C": 1.0}
# A processor for which C copies by words.
WORDS = "max,-erms,-fsrm"


@dataclasses.dataclass(frozen=True)
class Setting:
    bits: int
    table: str
    cpus: int = 1
    cpu: str = "max"
    kernel: str = "release"
    servers: str = "C,Rust"

    def __str__(self):
        tables = {"small": "few routes", "full": "500,000 routes", "filling": "filling a table"}
        cpus = "1 CPU" if self.cpus == 1 else f"{self.cpus} CPUs"
        words = ", copies by words" if self.cpu == WORDS else ""
        return f"{self.bits}-bit caller, {tables[self.table]}, {cpus}{words}"

    def limit(self, end):
        return LIMITS[end] if self.cpu == "max" else math.nan


SETTINGS = [Setting(bits, table) for table in ("filling", "full", "small") for bits in (64, 32)]
SETTINGS += [Setting(bits, "small", cpus=2) for bits in (64, 32)]
SETTINGS += [Setting(bits, "small", cpu=WORDS) for bits in (64, 32)]
# Without the seam, and with it after a provider has gone, in boots that are alike otherwise.
SEAM = [[Setting(bits, "small", kernel="unpatched", servers="C"),
         Setting(bits, "small", servers="C again")] for bits in (64, 32)]
# Boots differ by tens of instructions in how soon percpu memory is found. Where they are compared,
# the least of so many counts.
BOOTS = 3


@dataclasses.dataclass
class Figure:
    """What one call costs: what each round found."""
    end: str
    costs: list
    holds: list

    @property
    def cost(self):
        return statistics.median(self.costs)

    @property
    def held(self):
        return statistics.median(self.holds)

    @property
    def spread(self):
        return (max(self.costs) - min(self.costs)) / self.cost


@dataclasses.dataclass
class Row:
    """Two figures of one call: what it costs must not be more than `limit`, if that is a number,
    of what it did."""
    name: str
    before: Figure
    after: Figure
    limit: float

    @property
    def ratio(self):
        return self.after.cost / self.before.cost

    @property
    def held(self):
        """Whether the limits are."""
        return not self.ratio > self.limit * TOLERANCE and \
            self.after.held <= self.before.held

    def __str__(self):
        text = f"  {self.name:30}{self.before.cost:8,}{self.after.cost:8,}{self.ratio:8.3f}" \
               f"{'-' if math.isnan(self.limit) else format(self.limit, '.2f'):>7}"
        if self.before.held or self.after.held:
            text += f"{self.before.held:10,}{self.after.held:8,}"
        else:
            text += " " * 18
        return text + ("  ok" if self.held else "  MISSED")


def count(setting):
    """Runs a guest and returns its figures, by call and server."""
    out, said = [], []
    command = [f"/root/bench{setting.bits}", setting.servers, setting.table,
               str(ROUNDS[setting.table]), address(setting.kernel, "rtnl_mutex")]
    options = guest.Options(kernel=setting.kernel, module=False, icount=True, cpus=setting.cpus,
                            cpu=setting.cpu, timeout=3600)
    status = guest.run(CACHE, command, options, stdout=out.append, stderr=said.append)
    if status:
        raise guest.GuestError(b"".join(said).decode().strip())
    figures = {}
    for line in b"".join(out).decode().splitlines():
        name, end, server, cost, held = line.split("\t")
        figure = figures.setdefault((name, server), Figure(end, [], []))
        figure.costs.append(int(cost))
        figure.holds.append(int(held))
    return figures


def address(kernel, symbol):
    listing = subprocess.run(["llvm-nm-19", os.path.join(CACHE, kernel, "vmlinux")],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
    return re.search(rf"^([0-9a-f]+) . {symbol}$", listing, re.MULTILINE)[1]


def least(boots):
    """Of each call, the figure of the boot in which it cost least."""
    return {call: min((boot[call] for boot in boots), key=lambda figure: figure.cost)
            for call in boots[0]}


def without_rtnl(figure):
    """The seam is passed before RTNL is taken."""
    return dataclasses.replace(figure, holds=[0])


def main():
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = [*SETTINGS, *sum(SEAM, []) * BOOTS]
        figures = collections.defaultdict(list)
        for setting, found in zip(runs, pool.map(count, runs)):
            figures[setting].append(found)
    tables = []
    for setting in SETTINGS:
        [found] = figures[setting]
        tables.append((str(setting), "C", "Rust", [
            Row(name, found[name, "C"], found[name, "Rust"], setting.limit(found[name, "C"].end))
            for name, server in found if server == "C"]))
    for without, with_seam in SEAM:
        before, after = least(figures[without]), least(figures[with_seam])
        tables.append((f"{without}: C without and with the seam", "without", "with", [
            Row(call[0], without_rtnl(figure), without_rtnl(after[call]), 1.0)
            for call, figure in before.items()]))
    report(tables, [figure for boots in figures.values() for found in boots
                    for figure in found.values()])
    return 0 if all(row.held for *_, rows in tables for row in rows) else 1


def report(tables, figures):
    folder = os.path.join(CACHE, "bench")
    os.makedirs(folder, exist_ok=True)
    text = "Instructions per call; under RTNL, with some 1,390 that it takes to notice both ends\n"
    for title, before, after, rows in tables:
        text += f"\n{title + ':':32}{before:>8}{after:>8}{'ratio':>8}{'limit':>7}" \
                f"{before:>10}{after:>8}\n"
        text += "".join(f"{row}\n" for row in rows)
    missed = sum(not row.held for *_, rows in tables for row in rows)
    text += f"\nLimits missed: {missed}. Rounds differ by at most " \
            f"{max(figure.spread for figure in figures):.2%}.\n"
    print(text, end="")
    with open(os.path.join(folder, "bench.txt"), "w", encoding="utf-8") as file:
        file.write(text)
    plot(os.path.join(folder, "bench.svg"), tables)
    print(f"The plot: {folder}/bench.svg")


def plot(target, tables):
    """A field for each table, a line for each of its calls, and a point where the ratio is."""
    lines = sum(len(rows) + 5 for *_, rows in tables)
    script = f"set terminal svg size 900,{16 * lines} font 'sans,11' background 'white'\n" \
             f"set output '{target}'\nset multiplot\nset xrange [0.4:1.2]\n" \
             "set lmargin at screen 0.3\nset rmargin at screen 0.95\n" \
             "set grid xtics\nset key off\nset xtics 0.1\n"
    top = 0
    for title, before, after, rows in tables:
        data = "".join(f'"{row.name}" {row.ratio} {row.limit} {index} {0 if row.held else 1}\n'
                       for index, row in enumerate(rows))
        bottom = top + len(rows) + 5
        script += f"set title '{title} ({after} / {before})' noenhanced\n" \
                  f"set tmargin at screen {1 - (top + 2) / lines}\n" \
                  f"set bmargin at screen {1 - (bottom - 2) / lines}\n" \
                  f"set yrange [{len(rows) - 0.5}:-0.5]\n" \
                  f"$data << EOD\n{data}EOD\n" \
                  "plot $data using 3:4:ytic(1) with points pt 2 lc 'gray', " \
                  "'' using 2:($5 == 0 ? $4 : NaN) with points pt 7 lc 'dark-green', " \
                  "'' using 2:($5 == 1 ? $4 : NaN) with points pt 7 lc 'red'\n"
        top = bottom
    subprocess.run(["gnuplot"], input=script, text=True, check=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except guest.GuestError as error:
        sys.exit(f"error: {error}")
