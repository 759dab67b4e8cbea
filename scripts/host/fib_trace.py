# SPDX-License-Identifier: GPL-2.0
"""The same random sequences of changes of a FIB, and of questions to it, for C's trie and for the
FIB in Rust: what comes of them, and the fewest steps by which that differs.

What they are made of, and what is compared: scripts/guest/fib_trace/.
"""

import concurrent.futures
import difflib
import re
import tempfile
from pathlib import Path

from host.arch import OBJECTS
from host.common import GUEST, LINUX
from host.image import compile_c
from host.kernel import BY_FIB
from host.tests import guests

SOURCES = GUEST / "fib_trace"
SELFTESTS = LINUX / "tools/testing/selftests"
# Steps of one sequence.
STEPS = 2_000
RESULT = re.compile(r"^(\d+): (\d+) changes, (\d+) of them done, (\w+)$", re.MULTILINE)
# So many places to cut at are tried in one boot.
CUTS = 32


def whole(seed, steps=STEPS):
    """The line of a sequence that nothing has been left out of."""
    return f"{seed} 0-{steps - 1}"


def _line(seed, steps):
    return f"{seed} {','.join(map(str, steps))}"


def trace(kernel, lines, *, as_text=False, timeout=3600):
    """What comes of sequences, and what the kernel complains of."""
    with tempfile.TemporaryDirectory() as folder:
        first, *others = sorted(SOURCES.glob("*.c"))
        program = compile_c(first, Path(folder, "fib_trace"), *others, "-D_GNU_SOURCE",
                            "-isystem", OBJECTS / "release/usr/include",
                            "-I", SELFTESTS, "-I", SELFTESTS / "net/route_ioctl")
        wanted = Path(folder, "lines")
        wanted.write_text("".join(f"{line}\n" for line in lines), encoding="ascii")
        script = guests.in_sections(
            trace=f"/root/fib_trace {'-v' if as_text else ''} </root/lines 2>&1",
            complaints=guests.complaints(kernel))
        _, out, err = guests.run(script, kernel=kernel, module=False, timeout=timeout,
                                 files=[(program, "/root/fib_trace"), (wanted, "/root/lines")])
    found = guests.sections(out)
    return found.get("trace", out + err), found.get("complaints", "no end")


def both(lines, kernels=BY_FIB, **options):
    """The same by C's trie and by Rust: two traces, and what the kernels complain of."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        c, rust = pool.map(lambda fib: trace(kernels[fib], lines, **options), ("C", "Rust"))
    return c[0], rust[0], c[1] + rust[1]


def differing(lines, kernels):
    """Of each sequence, whether it comes to something else."""
    c, rust, _ = both(lines, kernels)
    c, rust = RESULT.findall(c), RESULT.findall(rust)
    return [at >= len(c) or at >= len(rust) or c[at] != rust[at] for at in range(len(lines))]


def _first(seed, steps, kernels):
    """No more steps than it takes until something differs."""
    low, high = 0, len(steps)
    while high - low > 1:
        cuts = sorted({low + (high - low) * part // CUTS for part in range(1, CUTS + 1)} - {low})
        lines = [_line(seed, steps[:cut]) for cut in cuts]
        for cut, differs in zip(cuts, differing(lines, kernels)):
            if differs:
                high = cut
                break
            low = cut
        else:
            break
    return steps[:high]


def _without(seed, steps, size, kernels):
    """Leaves out parts of that size, as many as can be."""
    parts = [steps[at:at + size] for at in range(0, len(steps), size)]

    def lines(leaving):
        return [_line(seed, [step for number, part in enumerate(parts) if number not in out
                             for step in part]) for out in leaving]
    alone = differing(lines([{number} for number in range(len(parts))]), kernels)
    free = [number for number, differs in enumerate(alone) if differs]
    more = [set(free[:count]) for count in range(1, len(free) + 1)]
    together = dict(zip(map(len, more), differing(lines(more), kernels))) if more else {}
    count = max((count for count, differs in together.items() if differs), default=0)
    out = set(free[:count])
    return [step for number, part in enumerate(parts) if number not in out for step in part]


def reduce(seed, kernels=BY_FIB, steps=STEPS):
    """The shortest sequence that is found by which the two differ, and both traces of it."""
    left = _first(seed, list(range(steps)), kernels)
    size = max(1, len(left) // 8)
    while len(left) > 1:
        fewer = _without(seed, left, size, kernels)
        if size == 1 and len(fewer) == len(left):
            break
        left, size = fewer, max(1, min(size // 4, len(fewer) // 2))
    line = _line(seed, left)
    c, rust, _ = both([line], kernels, as_text=True)
    differ = difflib.unified_diff(c.splitlines(), rust.splitlines(), "C", "Rust", "", "", 3, "")
    return "\n".join((f"the sequence {line}", *differ, "all of it, by C:", c))
