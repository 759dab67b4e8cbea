# SPDX-License-Identifier: GPL-2.0
"""Ties this terminal to a shell in a fresh guest, until the guest powers off."""

import os
import subprocess
import termios

from host import guest
from host.common import Stop
from host.prepare import prepare

COMMAND = r"export PS1='guest:\w# '; exec bash --norc"


def main():
    if not os.isatty(0) or not os.isatty(1):
        raise Stop("make shell needs a terminal; scripts/vm -- COMMAND does not")
    prepare("release")
    options, size, kept = guest.Options(), os.get_terminal_size(), termios.tcgetattr(0)
    print("A guest with route_ioctl_rust loaded. Ctrl-D powers it off.", flush=True)
    try:
        with guest.scratch() as folder:
            initrd = guest.compose(folder, options, command=COMMAND,
                                   tty=f"rows {size.lines} cols {size.columns}")
            # Keys such as Ctrl-C are the guest's.
            line = guest.qemu_line(folder, initrd, options) + [
                "-chardev", "stdio,id=tty,signal=off",
                "-device", "virtio-serial", "-device", "virtconsole,chardev=tty"]
            return subprocess.run(line).returncode
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, kept)
