# SPDX-License-Identifier: GPL-2.0
"""The commands of scripts/, by name: python3 -m host COMMAND [--arch ARCH] [ARG...]"""

import importlib
import inspect
import os
import sys

from host.common import Stop, say

# The module and the function of each.
COMMANDS = {
    "bench": ("bench", "main"),
    "fib-bench": ("fib_bench.main", "main"),
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
        return stop.status
    except KeyboardInterrupt:
        return 130


def main(name, *arguments):
    if name not in COMMANDS:
        say("error: this is called by another name:", *COMMANDS)
        return 2
    # What is asked for here decides what other modules find when they are loaded.
    option, _, value = (arguments or ("",))[0].partition("=")
    if option == "--arch":
        arguments = [value, *arguments[1:]] if value else arguments[1:]
        if not arguments:
            say("error: --arch takes a name")
            return 2
        os.environ["ROUTE_ARCH"], *arguments = arguments
    return run(_call, name, *arguments)


def _call(name, *arguments):
    module, function = COMMANDS[name]
    function = getattr(importlib.import_module(f"host.{module}"), function)
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError as error:
        say(f"error: scripts/{name}: {error}")
        return 2
    return function(*arguments)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
