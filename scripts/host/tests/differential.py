# SPDX-License-Identifier: GPL-2.0
"""C and Rust in one boot: the same sequences of requests to both, the same answers from both."""

import re
import subprocess

from host.arch import ARCH, own
from host.common import TOP
from host.tests import guests, ktap
from host.tests.suite import check

# Enough to meet every answer that there is, of either family.
SHORT = 4_000
# A kernel with KASAN and lockdep takes a minute for these, and more than its share for more.
SHORTER = 1_000
CHECKSUM = re.compile(r"^# checksum of what came of them: (\w+)$", re.MULTILINE)
PROGRESS = re.compile(r"^# (\d+) of (\d+) requests$", re.MULTILINE)


def _command(bits, seed, requests):
    return f"/usr/lib/kselftest/{bits}/differential -s {seed} -n {requests}"


def compare(bits, seed, requests, *, name="release", watch=None, timeout=1800):
    """Runs the program that compares; returns what it and the kernel printed."""
    command = _command(bits, seed, requests)
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


def elsewhere(bits):
    """What comes of it here comes of it on this machine's own architecture."""
    def run():
        here, _ = compare(bits, 1, SHORT)
        vm = [TOP / "scripts/vm", "--arch", own().name, "--no-module", "--timeout", "1800"]
        there = subprocess.run([*vm, "--", *_command(bits, 1, SHORT).split()], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
        sums = [CHECKSUM.findall(text) for text in (here, there)]
        yield check(f"differential {bits}-bit: {ARCH.name} answers as {own().name}",
                    sums[0] and sums[0] == sums[1], f"{sums}\n{here}\n{there}")
    run.__name__ = f"differential {bits} elsewhere"
    return run


# What is compared is bytes as they come from the kernel. Some sockets do not serve programs whose
# width is not the kernel's.
ELSEWHERE = [elsewhere(bits) for bits in ARCH.widths if not ARCH.native and
             (ARCH.big_endian, ARCH.bits) == (own().big_endian, own().bits)]
BRIEF_JOBS = [*(job(bits) for bits in ARCH.widths), *ELSEWHERE]
JOBS = [*BRIEF_JOBS, job(ARCH.bits, "single-table")]
DEBUG_JOBS = [job(bits, "debug", SHORTER) for bits in ARCH.widths]
