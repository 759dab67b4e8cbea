# SPDX-License-Identifier: GPL-2.0
"""Runs shell commands in guests, and reads what they and the kernel say."""

import re
import shlex

from host import guest
from host.kernel import KERNELS

# What providers have answered since the boot.
CALLS = "/sys/kernel/debug/route_ioctl/calls"
# What a kernel says when it has found a fault in itself.
COMPLAINTS = (r"WARNING:|BUG:|UBSAN:|KASAN:|INFO: .*(lock|stall|blocked)|unreferenced object|Oops"
              r"|kmemleak: .*(Cannot|disabled)|waiting for .* to become free")


def run(command, **options):
    """Runs a shell command in a guest; returns its status and its streams as text."""
    return guest.output("sh", "-c", command, **options)


def sections(text):
    """The parts of a text that a line of `## NAME` introduces, by name."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def in_sections(**commands):
    return "\n".join(f"echo '## {name}'\n{command}" for name, command in commands.items())


def complaints(kernel):
    search = f"dmesg | grep -E {shlex.quote(COMPLAINTS)}"
    if "debug" in KERNELS[kernel].fragments:
        # An object counts as lost only after it has been there for five seconds.
        search = ("leaks=/sys/kernel/debug/kmemleak; sleep 6; echo scan >$leaks;"
                  f" echo scan >$leaks; cat $leaks; {search}")
    return search
