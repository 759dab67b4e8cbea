# SPDX-License-Identifier: GPL-2.0
"""Runs what takes long and writes down what it was: soak.py [STEP...].

A step is a function that yields rows: what was counted, the count, and whether it is as it
should be. One that raises, or yields none, has failed.
"""

import concurrent.futures
import datetime
import os
import random
import re
import sys
import time
import traceback

# The modules of the host's side, and those beside this file.
sys.path.insert(1, os.path.join(os.environ["TOP"], "scripts/host"))

# pylint: disable=wrong-import-position
import differential
import faults
import fuzz
import trinity

TABLE = os.path.join(os.environ["CACHE"], "soak.md")
# Of each layout.
REQUESTS = int(os.environ.get("SOAK_REQUESTS", 500_000))


def show_progress(step):
    """What a guest prints goes on to stderr where it says how far it is."""
    shown = time.monotonic()

    def watch(data):
        nonlocal shown
        found = differential.PROGRESS.findall(data.decode(errors="replace"))
        if found and time.monotonic() - shown > 30:
            shown = time.monotonic()
            print(f"{step}: {int(found[-1][0]):,} of {int(found[-1][1]):,}", file=sys.stderr)
    return watch


def same_answers(bits):
    def step():
        name = f"same answers, {bits}-bit"
        seed = random.getrandbits(32)
        text, complained = differential.compare(bits, seed, REQUESTS, timeout=4 * 3600,
                                                watch=show_progress(name))
        passed = re.findall(r"^ok .*: (\d+) requests$", text, re.MULTILINE)
        failed = len(re.findall(r"^not ok ", text, re.MULTILINE))
        whole = len(passed) + failed == 2
        yield f"{name}: seed", seed, True
        yield f"{name}: requests compared", sum(map(int, passed)), whole
        yield f"{name}: differences", failed, whole and not failed
        yield f"{name}: complaints of the kernel", len(complained.splitlines()), not complained
        if failed or not whole or complained:
            print(text, complained, file=sys.stderr)
    step.__name__ = f"differential-{bits}"
    return step


STEPS = [same_answers(64), same_answers(32), *fuzz.STEPS, *trinity.STEPS, *faults.STEPS]


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


def main():
    names = [step.__name__ for step in STEPS]
    wanted = sys.argv[1:] or names
    for name in wanted:
        if name not in names:
            sys.exit(f"error: no step {name}; there are: {' '.join(names)}")
    steps = [step for step in STEPS if step.__name__ in wanted]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = [row for rows in pool.map(run, steps) for row in rows]
    text = "\n".join(table(rows)) + "\n"
    with open(f"{TABLE}.tmp", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(f"{TABLE}.tmp", TABLE)
    print(text, end="")
    print(f"\nwritten to {TABLE}", file=sys.stderr)
    return 0 if all(good for _, _, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
