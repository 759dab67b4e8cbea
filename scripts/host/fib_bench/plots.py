# SPDX-License-Identifier: GPL-2.0
"""Plots of lookups and memory over the size of the table."""

import subprocess

from host.fib_bench.module import SETS
from host.fib_bench.native import KERNELS

UNITS = {"native": "nanoseconds", "instructions": "instructions"}
DASH = {"C": 2, "Rust": 1}


def draw(part, found, folder):
    """Writes two plots; returns their paths. `found` is figures of the part by size, holder of the
    routes, and name."""
    lookups = [(f"{who}, {title}", who, name, colour)
               for colour, (name, title) in enumerate(SETS.items(), start=1) for who in KERNELS]
    memory = [(who, who, "bytes", colour) for colour, who in enumerate(KERNELS, start=1)]
    tables = {size: figures for size, figures in found.items() if size}
    return [_plot(tables, folder / "lookups.svg", f"{UNITS[part]} of a lookup", lookups),
            _plot(tables, folder / "memory.svg", "bytes of a route", memory)]


def _plot(found, path, title, lines):
    data = "".join(f"$line{number} << EOD\n" +
                   "".join(f"{size} {figures[who][name]}\n" for size, figures in found.items()) +
                   "EOD\n" for number, (_, who, name, _) in enumerate(lines))
    drawn = ", ".join(f"$line{number} with linespoints title '{label}' lc {colour} "
                      f"dt {DASH[who]} pt {DASH[who] * 4 + 3} ps 0.6"
                      for number, (label, who, _, colour) in enumerate(lines))
    subprocess.run(["gnuplot"], text=True, check=True, input=f"""
set terminal svg size 900,500 font 'sans,11' background 'white'
set output '{path}'
set logscale xy; set format x '%.0f'; set grid; set key outside right
set xlabel 'routes'; set ylabel '{title}'
{data}plot {drawn}
""")
    return path
