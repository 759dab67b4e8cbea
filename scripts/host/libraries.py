# SPDX-License-Identifier: GPL-2.0
"""The shared libraries that a program needs, as its own loader finds them."""

import re
import subprocess

from host.common import Stop


def needed(program):
    """Every file that a program needs at run time, its loader too; none for all other files."""
    found = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    if missing := re.search(r"^\t(\S+) => not found", found, re.MULTILINE):
        raise Stop(f"{program} needs {missing[1]}, which this machine does not have")
    return re.findall(r"^\t(?:\S+ => )?(/\S+) \(0x", found, re.MULTILINE)
