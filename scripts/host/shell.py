# SPDX-License-Identifier: GPL-2.0
"""Ties this terminal to a shell in a fresh guest, until the guest powers off."""

import os
import subprocess
import sys
import termios

import guest

# The shell reads /etc/profile, but its prompt is better than its name.
COMMAND = "export PS1='guest:\\w# '; exec sh"


def main():
    cache = os.environ["CACHE"]
    options = guest.Options()
    size = os.get_terminal_size()
    kept = termios.tcgetattr(0)
    print("A guest with route_ioctl_rust loaded. Ctrl-D powers it off.", flush=True)
    try:
        with guest.scratch(cache) as folder:
            initrd = guest.compose(cache, folder, options, command=COMMAND,
                                   tty=f"rows {size.lines} cols {size.columns}")
            line = guest.qemu_line(cache, folder, initrd, options)
            # Keys such as Ctrl-C are the guest's.
            line += ["-chardev", "stdio,id=tty,signal=off",
                     "-device", "virtio-serial-pci", "-device", "virtconsole,chardev=tty"]
            return subprocess.run(line).returncode
    finally:
        termios.tcsetattr(0, termios.TCSADRAIN, kept)


if __name__ == "__main__":
    sys.exit(main())
