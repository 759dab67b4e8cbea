# SPDX-License-Identifier: GPL-2.0
"""Runs one command as root in a fresh guest; its streams and exit status are the script's.

A guest that panics, hangs or ends by itself is an error: exit status 125, and the end of
its console on stderr. Standard input is passed on unless it is a terminal.
"""

import argparse
import os
import signal
import subprocess
import sys

import guest
import qemu

GUEST_FAILED = 125


class Parser(argparse.ArgumentParser):
    def error(self, message):
        sys.exit(_complain(f"{message} (scripts/vm --help)", 2))


def _complain(message, status):
    print(f"error: {message}", file=sys.stderr)
    return status


def _positive(kind):
    def convert(text):
        value = kind(text)
        if not 0 < value < 1e9:
            raise ValueError
        return value
    convert.__name__ = "positive number"
    return convert


def _file(text):
    host, _, place = text.partition(":")
    if not os.path.isfile(host):
        raise argparse.ArgumentTypeError(f"no such file: {host}")
    return host, os.path.join("/root", place or os.path.basename(host))


def parse(arguments):
    parser = Parser(prog="scripts/vm", description=__doc__, allow_abbrev=False,
                    usage="%(prog)s [options] -- COMMAND [ARG...]",
                    formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", action="append", default=[], type=_file, dest="files",
                        metavar="HOST[:GUEST]", help="bring a file, and the shared libraries "
                        "that a program needs (default: to /root, where COMMAND starts)")
    parser.add_argument("--kernel", default="release",
                        choices=os.environ.get("ROUTE_KERNELS", "release debug").split(),
                        help="debug: KASAN, lockdep, fault injection (default: release)")
    parser.add_argument("--no-module", action="store_false", dest="module",
                        help="leave route_ioctl_rust out: C serves the calls")
    parser.add_argument("--memory", type=_positive(int), default=1024, metavar="MIB")
    parser.add_argument("--cpus", type=_positive(int), default=1, metavar="N")
    parser.add_argument("--timeout", type=_positive(float), default=600, metavar="S",
                        help="how long until the guest counts as hung (default: 600)")
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto")
    parser.add_argument("--icount", action="store_true",
                        help="the guest's clock counts instructions, a nanosecond each (TCG)")
    parser.add_argument("--append", default="", metavar="ARGS", help="for the kernel")
    parser.add_argument("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    command = options.__dict__.pop("command")
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


def main():
    options, command = parse(sys.argv[1:])
    top, cache = os.environ["TOP"], os.environ["CACHE"]
    built = subprocess.run([os.path.join(top, "scripts/prepare"), options.kernel],
                           stdin=subprocess.DEVNULL, stdout=sys.stderr)
    if built.returncode:
        return GUEST_FAILED
    # A guest whose reader is gone, or that nobody waits for, must not stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        return guest.run(cache, command, options, stdin=None if os.isatty(0) else 0,
                         stdout=_writer(1), stderr=_writer(2))
    except (guest.GuestError, qemu.AccelError, FileNotFoundError) as error:
        return _complain(error, GUEST_FAILED)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        return 128 + signal.SIGPIPE


if __name__ == "__main__":
    sys.exit(main())
