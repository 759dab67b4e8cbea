# SPDX-License-Identifier: GPL-2.0
"""Routing daemons that load a table into kernels with C's trie and with the FIB in Rust: BIRD and
FRR, as Debian has them, with the same neighbour. See scripts/guest/daemons."""

import itertools
import re
import subprocess
import tempfile
from pathlib import Path

from host import roots, toolchain
from host.common import CACHE, GUEST, TOP, Stop, locked
from host.kernel import BY_FIB
from host.tests import guests

PACKAGES = ("bird2", "frr")
PROGRAMS = {"bird": ("usr/sbin/bird", "usr/sbin/birdc"),
            "frr": ("usr/sbin/bird", "usr/sbin/birdc", "usr/lib/frr/zebra", "usr/lib/frr/bgpd")}
# How many routes are there after each, of so many.
STAGES = {
    "all is announced": lambda count: count,
    "a tenth is taken back": lambda count: count - count // 10,
    "that is announced again": lambda count: count,
    "all is taken back": lambda count: 0,
}
# Of a guest's memory, in MiB: what it has without routes, and what a million of them take.
MEMORY, PER_MILLION = 1024, 4096
# What daemons do not take from a neighbour, and where this one is.
SKIPPED = ("0.", "127.", "10.")
# Made, of which some are skipped.
SPARE = 1.2


def generate(count):
    """So many prefixes, with the lengths and the nesting of the Internet's, a line each."""
    made = int(count * SPARE) + 100
    call = toolchain.cargo("run", "--release", "--quiet", "--locked", "--bin", "routes", str(made),
                           CARGO_TARGET_DIR=str(CACHE / "fib_trie"))
    done = subprocess.run(**call, cwd=TOP / "tools/fib_trie", capture_output=True, text=True)
    if done.returncode:
        raise Stop(done.stderr.strip())
    taken = [line for line in done.stdout.splitlines() if not line.startswith(SKIPPED)]
    return "".join(f"{line}\n" for line in taken[:count])


def tables(daemon, kernel, root, prefixes, timeout):
    """What the kernel has at each stage and what it complains of, and all that was said."""
    count = prefixes.count("\n")
    with tempfile.TemporaryDirectory() as folder:
        routes = Path(folder, "routes")
        routes.write_text(prefixes, encoding="ascii")
        files = [(GUEST / "daemons", "/root/daemons"), (routes, "/root/routes")]
        files += [(root / program, f"/{program}") for program in PROGRAMS[daemon]]
        script = f"/root/daemons {daemon} {count} 2>&1\n"
        script += guests.in_sections(complaints=guests.complaints(kernel))
        _, out, err = guests.run(script, kernel=kernel, module=False, timeout=timeout, files=files,
                                 memory=MEMORY + count * PER_MILLION // 1_000_000)
    found = guests.sections(out)
    return found, out + err


def compare(daemon, count, timeout=3600):
    """Rows of what was looked at, what came of it, whether that is as it should be, and why not."""
    prefixes = generate(count)
    with locked():
        root = roots.more("daemons", *PACKAGES)
    # One after the other, as a full table takes gigabytes of memory in a guest.
    c, _ = tables(daemon, BY_FIB["C"], root, prefixes, timeout)
    rust, log = tables(daemon, BY_FIB["Rust"], root, prefixes, timeout)
    for stage, wanted in STAGES.items():
        said = rust.get(stage, "")
        have = re.match(r"(\d+) routes\n", said)
        have = int(have[1]) if have else -1
        yield f"{daemon}: {stage}: routes", have, have == wanted(count), said[:2000] or log
        parts = itertools.zip_longest(c.get(stage, "").splitlines(), said.splitlines())
        different = sum(a != b for a, b in parts)
        yield (f"{daemon}: {stage}: parts of the table that differ", different,
               said and c.get(stage) == said, f"C:\n{c.get(stage)}\nRust:\n{said}")
    for fib, found in (("C", c), ("Rust", rust)):
        complained = found.get("complaints", "no end").splitlines()
        yield (f"{daemon}: complaints of the kernel, {fib}", len(complained), not complained,
               "\n".join(complained) + log)
