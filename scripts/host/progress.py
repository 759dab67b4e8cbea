# SPDX-License-Identifier: GPL-2.0
"""A bar with counts on stderr; without a terminal, a line now and then."""

import re
import subprocess
import sys
import time

from host.common import say

WIDTH = 30
# Where there is no terminal to redraw, one line in this many seconds.
QUIET = 30


class Bar:
    """Shows nothing before the first count. `total` is 0 if nobody knows."""

    def __init__(self, label, total=0):
        self.label = label
        self.total = total
        self.count = None
        self.started = self.shown = time.monotonic()
        self.redraws = sys.stderr.isatty()

    def show(self, count):
        if self.count is None and not self.redraws:
            say(f"{self.label} ...")
        self.count = count
        if self.redraws:
            sys.stderr.write(f"\r\x1b[K{self._text()}")
            sys.stderr.flush()
        elif time.monotonic() - self.shown >= QUIET:
            self.shown = time.monotonic()
            say(self._text())

    def _text(self):
        if not self.total:
            return f"{self.label}: {self.count}"
        # Totals were measured on another day; the last word is not theirs.
        total = max(self.total, self.count)
        bar = "#" * (WIDTH * self.count // total)
        return f"{self.label} [{bar:.<{WIDTH}}] {self.count}/{total}"

    def end(self):
        if self.count is not None:
            say(("\r\x1b[K" if self.redraws else "") + f"{self.label}: {self.count} in "
                f"{time.monotonic() - self.started:.0f} s")


def follow(command, bar, pattern, *, log, start=0, **options):
    """Runs a command, counts the lines that match, or shows the number that they give; returns
    the status. What it says goes to the file `log`."""
    count = start
    # It inherits the cache's lock.
    with open(log, "wb", buffering=0) as kept, \
            subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, close_fds=False, **options) as process:
        for line in process.stdout:
            kept.write(line)
            found = re.search(pattern, line.decode(errors="replace"))
            if found:
                count = int(found[1]) if found.groups() else count + 1
                bar.show(count)
    bar.end()
    return process.returncode


def failure(log, pattern):
    """Of a log, the first lines that say what went wrong, or the last ones."""
    lines = log.read_text(errors="replace").splitlines()
    for number, line in enumerate(lines):
        if re.search(pattern, line):
            return "\n".join(lines[number:number + 12])
    return "\n".join(lines[-12:])
