# SPDX-License-Identifier: GPL-2.0
"""Runs one command as root in a fresh guest; its streams and exit status are the script's.

A guest that panics, hangs or ends by itself is an error: exit status 125, and the end of
its console on stderr. Standard input is passed on unless it is a terminal.
"""

import argparse
import os
import signal
import sys

from host import guest
from host.arch import ARCHES
from host.common import Stop, say
from host.kernel import KERNELS, NAMES
from host.prepare import prepare

GUEST_FAILED = 125


class Parser(argparse.ArgumentParser):
    def error(self, message):
        say(f"error: {message} (scripts/vm --help)")
        sys.exit(2)


def _file(text):
    host, _, place = text.partition(":")
    if not os.path.isfile(host):
        raise argparse.ArgumentTypeError(f"no such file: {host}")
    return host, os.path.join("/root", place or os.path.basename(host))


def _late(_):
    raise argparse.ArgumentTypeError("comes before any other option")


def parse(arguments):
    kernels = "".join(f"\n  {name:15}{KERNELS[name].what}" for name in NAMES)
    parser = Parser(prog="scripts/vm", description=__doc__, allow_abbrev=False,
                    usage="%(prog)s [options] -- COMMAND [ARG...]", epilog=f"kernels:{kernels}",
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--arch", type=_late, metavar="ARCH", help="the guest's architecture, "
                        f"before any other option: {', '.join(ARCHES)} (default: this machine's)")
    parser.add_argument("--file", action="append", default=[], type=_file, dest="files",
                        metavar="HOST[:GUEST]", help="bring a file, and the shared libraries "
                        "that a program needs (default: to /root, where COMMAND starts)")
    parser.add_argument("--kernel", default="release", choices=NAMES, metavar="KERNEL",
                        help="which one, see below; it is built first (default: release)")
    parser.add_argument("--no-module", action="store_false", dest="module",
                        help="leave route_ioctl_rust out: C serves the calls")
    parser.add_argument("--memory", type=int, default=1024, metavar="MIB")
    parser.add_argument("--cpus", type=int, default=1, metavar="N")
    parser.add_argument("--timeout", type=float, default=600, metavar="S",
                        help="how long until the guest counts as hung (default: 600)")
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto")
    parser.add_argument("--icount", action="store_true",
                        help="the guest's clock counts instructions, a nanosecond each (TCG)")
    parser.add_argument("--append", default="", metavar="ARGS", help="for the kernel")
    parser.add_argument("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    command = options.__dict__.pop("command")
    del options.arch
    if command[:1] == ["--"]:
        command = command[1:]
    if not command:
        parser.error("no command given")
    if options.icount and options.accel == "kvm":
        parser.error("--icount needs --accel tcg")
    return guest.Options(**vars(options)), command


def _writer(descriptor):
    def write(data):
        while data:
            data = data[os.write(descriptor, data):]
    return write


def main(*arguments):
    options, command = parse(arguments)
    # A guest whose reader is gone, or that nobody waits for, must not stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        prepare(options.kernel)
        return guest.run(command, options, stdin=None if os.isatty(0) else 0,
                         stdout=_writer(1), stderr=_writer(2))
    except (Stop, FileNotFoundError) as error:
        say(f"error: {error}")
        return GUEST_FAILED
    except BrokenPipeError:
        return 128 + signal.SIGPIPE
