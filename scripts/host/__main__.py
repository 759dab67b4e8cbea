# SPDX-License-Identifier: GPL-2.0
"""The commands of scripts/, by name: python3 -m host COMMAND [ARG...]"""

import importlib
import inspect
import sys

from host.common import Stop, say

# The module and the function of each.
COMMANDS = {
    "bench": ("bench", "main"),
    "fuzz": ("fuzz", "main"),
    "lint": ("lint", "main"),
    "packages": ("packages", "ensure"),
    "prepare": ("prepare", "prepare"),
    "route-bench": ("route_bench", "main"),
    "route-fuzz": ("fuzz", "route"),
    "route-test": ("route", "main"),
    "series": ("series", "main"),
    "series-check": ("series_check", "main"),
    "shell": ("shell", "main"),
    "soak": ("soak", "main"),
    "test": ("tests.run", "main"),
    "vm": ("vm", "main"),
}


def run(function, *arguments):
    """Runs a command; returns its exit status."""
    try:
        return function(*arguments)
    except Stop as stop:
        say(f"error: {stop}")
        return 1
    except KeyboardInterrupt:
        return 130


def main(name, *arguments):
    if name not in COMMANDS:
        say("error: this is called by another name:", *COMMANDS)
        return 2
    module, function = COMMANDS[name]
    function = getattr(importlib.import_module(f"host.{module}"), function)
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError as error:
        say(f"error: scripts/{name}: {error}")
        return 2
    return run(function, *arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
