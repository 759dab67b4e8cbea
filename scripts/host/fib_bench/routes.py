# SPDX-License-Identifier: GPL-2.0
"""Tables of routes: prefixes made up like those of the Internet, or from a file, by gateways."""

import random
import re
import struct
import subprocess
from pathlib import Path

from host import toolchain
from host.common import CACHE, TOP, Stop, say

# On the device's network, 10.1.0.0/24, which is in no table: as many as a router may have.
GATEWAYS = [0x0a010002 + number for number in range(64)]
NETWORK = 0x0a010000, 24
# What is made up may come twice.
SPARE = 10


class Routes:
    """The same ones each time: of a size, as many of a file in an order that looks random."""

    def __init__(self, file=None):
        self.all = None
        if file:
            self.all = list(_parse(Path(file).read_text(encoding="ascii")))
            random.Random(0).shuffle(self.all)

    def write(self, size, path):
        """Writes a table as the programs that measure read it."""
        prefixes = self._made_up(size + SPARE) if self.all is None else self.all
        prefixes = [prefix for prefix in dict.fromkeys(prefixes) if prefix != NETWORK][:size]
        if len(prefixes) < size:
            raise Stop(f"there are {len(prefixes)} routes, fewer than {size}")
        path.write_bytes(b"".join(
            struct.pack(">II", address, GATEWAYS[(address >> 8) * 0x9e3779b9 % (1 << 32) % 64]) +
            struct.pack("=I", length) for address, length in prefixes))

    @staticmethod
    def _made_up(size):
        call = toolchain.cargo("run", "--release", "--locked", "--quiet", "--bin", "routes", "--",
                               str(size), CARGO_TARGET_DIR=str(CACHE / "fib_trie"))
        done = subprocess.run(**call, cwd=TOP / "tools/fib_trie", stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        if done.returncode:
            say(done.stderr.strip())
            raise Stop("tools/fib_trie was not built; see above")
        return _parse(done.stdout)


def _parse(text):
    for number, line in enumerate(text.splitlines(), start=1):
        found = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)\.(\d+)/(\d+)", line.strip())
        *parts, length = map(int, found.groups()) if found else (256, 33)
        if max(parts) > 255 or length > 32:
            raise Stop(f"line {number} is no prefix: {line}")
        address = int.from_bytes(bytes(parts), "big")
        yield address >> 32 - length << 32 - length, length
