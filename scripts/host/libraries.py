# SPDX-License-Identifier: GPL-2.0
"""The shared libraries that a program needs, as its own loader finds them."""

import os
import re
import subprocess

from host import roots, toolchain
from host.arch import ARCH
from host.common import Stop


def needed(program):
    """Every file that a program needs at run time, its loader too: where it is in a guest, and
    here. None for all other files."""
    bits = _bits(program)
    if not bits:
        return {}
    root = roots.holding(program) or bits in ARCH.widths and roots.of(bits)
    return _in_root(program, root, ARCH.abi(bits).triple) if root else _here(program)


def _bits(program):
    with open(program, "rb") as file:
        start = file.read(5)
    return {b"\x7fELF\1": 32, b"\x7fELF\2": 64}.get(start)


def _here(program):
    found = subprocess.run(["ldd", program], capture_output=True, text=True).stdout
    if missing := re.search(r"^\t(\S+) => not found", found, re.MULTILINE):
        raise Stop(f"{program} needs {missing[1]}, which this machine does not have")
    return {path: path for path in re.findall(r"^\t(?:\S+ => )?(/\S+) \(0x", found, re.MULTILINE)}


def _in_root(program, root, triple):
    """For what does not run here."""
    found, pending = {}, [program]
    while pending:
        said = subprocess.run([toolchain.program("llvm-readelf"), "-l", "-d", pending.pop()],
                              capture_output=True, text=True).stdout
        folders = [f"/lib/{triple}", *re.findall(r"Library runpath: \[(.*)\]", said)]
        for path in re.findall(r"program interpreter: (/.*)\]|Shared library: \[(.*)\]", said):
            places = [path[0]] if path[0] else [f"{folder}/{path[1]}" for folder in folders]
            guest = next((place for place in places if (root / place.lstrip("/")).exists()), None)
            if not guest:
                raise Stop(f"{program} needs {os.path.basename(places[0])}, which {root} does not "
                           f"have; is it built for {triple}?")
            library = root / guest.lstrip("/")
            if guest not in found:
                found[guest] = library
                pending.append(library)
    return found
