# SPDX-License-Identifier: GPL-2.0
"""Runs what takes too long for `make test`, and writes down what it was and what it found: a table
on stdout and in the cache. All steps of soak_steps, or those named.

A step that raises, or yields no row, has failed.
"""

import concurrent.futures
import datetime
import os
import time
import traceback

from host.arch import OBJECTS
from host.common import Stop, say, write
from host.kernel import BY_FIB, SMALL_BY_FIB
from host.prepare import prepare
from host.soak_steps import STEPS

TABLE = OBJECTS / "soak.md"


def run(step):
    started = time.monotonic()
    try:
        rows = list(step())
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        rows = []
    rows = rows or [(step.__name__, "failed", False)]
    return rows + [(f"{rows[0][0].split(':')[0]}: minutes",
                    round((time.monotonic() - started) / 60, 1), True)]


def table(rows):
    yield f"# What `make soak` found on {datetime.date.today()}\n"
    yield "| what | count | |"
    yield "| --- | ---: | --- |"
    for name, value, good in rows:
        count = f"{value:,}" if isinstance(value, int) and "seed" not in name else value
        yield f"| {name} | {count} | {'' if good else 'FAILED'} |"


def main(*wanted):
    names = [step.__name__ for step in STEPS]
    for name in wanted:
        if name not in names:
            raise Stop(f"no step {name}; there are: {' '.join(names)}")
    steps = [step for step in STEPS if not wanted or step.__name__ in wanted]
    prepare("debug", *BY_FIB.values(), *SMALL_BY_FIB.values(), tools=["valgrind"])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = [row for rows in pool.map(run, steps) for row in rows]
    text = "\n".join(table(rows)) + "\n"
    write(TABLE, text)
    print(text, end="")
    say(f"\nwritten to {TABLE}")
    return 0 if all(good for _, _, good in rows) else 1

