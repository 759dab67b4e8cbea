# SPDX-License-Identifier: GPL-2.0
"""C and Rust in one boot: the same sequences of requests to both, the same answers from both."""

import re

from host.tests import guests, ktap
from host.tests.suite import check

# Enough to meet every answer that there is, of either family.
SHORT = 4_000
# A kernel with KASAN and lockdep takes a minute for these, and more than its share for more.
SHORTER = 1_000
PROGRESS = re.compile(r"^# (\d+) of (\d+) requests$", re.MULTILINE)


def compare(bits, seed, requests, *, name="release", watch=None, timeout=1800):
    """Runs the program that compares; returns what it and the kernel printed."""
    command = f"/usr/lib/kselftest/{bits}/differential -s {seed} -n {requests}"
    script = guests.in_sections(differential=f"{command} 2>&1",
                                complaints=guests.complaints(name))
    _, out, err = guests.run(script, watch=watch, kernel=name, module=False, timeout=timeout)
    found = guests.sections(out)
    return found.get("differential", out + err), found.get("complaints", "no end")


def job(bits, name="release", requests=SHORT):
    """The short form, with the same seed each time."""
    def run():
        label = f"differential {bits}-bit, {name} kernel"
        text, complained = compare(bits, 1, requests, name=name)
        yield from ktap.read(text, label)
        yield check(f"{label}: no complaint of the kernel", not complained, complained)
    run.__name__ = f"differential {bits} {name}"
    return run


JOBS = [job(64), job(32), job(64, "single-table")]
DEBUG_JOBS = [job(bits, "debug", SHORTER) for bits in (64, 32)]
