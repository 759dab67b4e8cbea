# SPDX-License-Identifier: GPL-2.0
"""Counts the instructions of routing ioctls in guests: a table, a plot, and which limits hold.

What is counted and how: scripts/guest/bench.c. C and Rust take turns in one boot; of their
rounds, the middle one counts: between them, what the allocators have at hand differs.

The processor has no fast string moves: where it has, each byte that one of them moves would count
as an instruction.
"""

import concurrent.futures
import dataclasses
import os
import re
import statistics
import subprocess

from host import guest, toolchain
from host.arch import OBJECTS, figures_here
from host.common import GUEST, Stop, write
from host.image import compile_c
from host.prepare import prepare

FOLDER = OBJECTS / "bench"
CPU = "max,-erms,-fsrm"
# How often C and Rust take turns, by table. Filling one is half a million calls each time.
ROUNDS = {"small": 5, "large": 3}
# The most of C's instructions that Rust may take, by how a call ends.
LIMITS = {"accepted": 1.01, "refused": 1.0}
# And C with our patches, of those it takes without: what can be done before RTNL is a function of
# its own, which costs some ten.
PATCHED = 1.015


@dataclasses.dataclass(frozen=True)
class Setting:
    bits: int
    table: str = "small"
    cpus: int = 1
    # With C's trie, as people have it: what the calls have in common is the same then.
    kernel: str = "trie"

    def __str__(self):
        table = {"small": "few routes", "large": "500,000 routes"}[self.table]
        return f"{self.bits}-bit caller, {table}, {self.cpus} CPU{'s' * (self.cpus > 1)}"


SETTINGS = [Setting(bits, table, cpus) for table, cpus in (("large", 1), ("small", 1), ("small", 2))
            for bits in (64, 32)]
UNPATCHED = [Setting(bits, kernel="unpatched") for bits in (64, 32)]


@dataclasses.dataclass
class Figure:
    """What one call costs: what each round found."""
    end: str
    costs: list = dataclasses.field(default_factory=list)
    holds: list = dataclasses.field(default_factory=list)

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
    """Two figures of one call: the second must keep to the limit."""
    name: str
    before: Figure
    after: Figure
    limit: float

    @property
    def ratio(self):
        return self.after.cost / self.before.cost

    @property
    def kept(self):
        return self.ratio <= self.limit and self.after.held <= self.before.held

    def __str__(self):
        holds = f"{self.before.held:10,}{self.after.held:8,}" \
            if self.before.held or self.after.held else " " * 18
        return f"  {self.name:34}{self.before.cost:8,}{self.after.cost:8,}{self.ratio:8.3f}" \
               f"{self.limit:7.3f}{holds}  {'ok' if self.kept else 'MISSED'}"


def _program(bits):
    return FOLDER / f"bench{bits}"


def count(setting):
    """Runs a guest and returns its figures, by call and server."""
    listing = subprocess.run([toolchain.program("llvm-nm"), OBJECTS / setting.kernel / "vmlinux"],
                             stdout=subprocess.PIPE, text=True, check=True).stdout
    mutex = re.search(r"^([0-9a-f]+) . rtnl_mutex$", listing, re.MULTILINE)[1]
    servers = "C" if setting.kernel == "unpatched" else "C,Rust"
    status, out, err = guest.output(
        "./bench", servers, setting.table, str(ROUNDS[setting.table]), mutex,
        files=[(_program(setting.bits), "/root/bench")], kernel=setting.kernel, module=False,
        icount=True, cpus=setting.cpus, cpu=CPU, timeout=3600)
    if status:
        raise Stop(err.strip())
    figures = {}
    for line in out.splitlines():
        name, end, server, cost, held = line.split("\t")
        figure = figures.setdefault((name, server), Figure(end))
        figure.costs.append(int(cost))
        figure.holds.append(int(held))
    return figures


def tables(figures):
    """Titles of two columns, and their rows."""
    for setting in SETTINGS:
        found = figures[setting]
        yield str(setting), "C", "Rust", [
            Row(name, figure, found[name, "Rust"], LIMITS[figure.end])
            for (name, server), figure in found.items() if server == "C"]
    for setting in UNPATCHED:
        patched = figures[Setting(setting.bits)]
        yield f"{setting}: C, our patches", "without", "with", [
            Row(call[0], figure, patched[call], PATCHED)
            for call, figure in figures[setting].items()]


def main():
    # gnuplot-nox draws the plot from a short script, in one small package without a desktop.
    figures_here()
    prepare("trie", "unpatched", tools=["gnuplot-nox"])
    for bits in (64, 32):
        compile_c(GUEST / "bench.c", _program(bits), bits=bits)
    settings = [*SETTINGS, *UNPATCHED]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        figures = dict(zip(settings, pool.map(count, settings)))
    missed = 0
    text = "Instructions per call; under RTNL, with some 1,390 that it takes to notice both ends\n"
    found = list(tables(figures))
    for title, before, after, rows in found:
        text += f"\n{title + ':':36}{before:>8}{after:>8}{'ratio':>8}{'limit':>7}" \
                f"{before:>10}{after:>8}\n"
        text += "".join(f"{row}\n" for row in rows)
        missed += sum(not row.kept for row in rows)
    spread = max(figure.spread for calls in figures.values() for figure in calls.values())
    text += f"\nLimits missed: {missed}. Rounds differ by at most {spread:.2%}.\n"
    print(text, end="")
    write(FOLDER / "bench.txt", text)
    plot(found)
    print(f"The plot: {FOLDER}/bench.svg")
    return missed > 0


def plot(found):
    """A line for each call, a point where the ratio is, a ring where its limit is."""
    points = []
    for title, before, after, rows in found:
        points += ["", f'"{title} ({after} / {before})" NaN NaN NaN']
        points += [f'"{row.name}" {row.limit} {row.ratio if row.kept else "NaN"} '
                   f'{"NaN" if row.kept else row.ratio}' for row in rows]
    data = "".join(f"{line} {number}\n" if line else '"" NaN NaN NaN {number}\n'
                   for number, line in enumerate(points))
    subprocess.run(["gnuplot"], text=True, check=True, input=f"""
set terminal svg size 900,{16 * len(points) + 60} font 'sans,11' background 'white'
set output '{FOLDER}/bench.svg'
set xrange [*<0.8:1.2<*]; set yrange [{len(points)}:-1]
set grid xtics; set xtics 0.1; set key off; set lmargin 60
$data << EOD
{data}EOD
plot $data using 2:5:ytic(1) with points pt 6 lc 'gray', \\
     '' using 3:5 with points pt 7 lc 'dark-green', '' using 4:5 with points pt 7 lc 'red'
""")
