# SPDX-License-Identifier: GPL-2.0
"""The shared libraries that a program needs, as its own loader finds them."""

import os
import struct
import subprocess

PT_INTERP = 3


def interpreter(path):
    """The loader that a dynamic ELF program asks for; None for all other files."""
    with open(path, "rb") as file:
        head = file.read(64)
        if head[:4] != b"\x7fELF" or len(head) < 52:
            return None
        wide = head[4] == 2
        offset, = struct.unpack_from("<Q" if wide else "<I", head, 32 if wide else 28)
        size, count = struct.unpack_from("<HH", head, 54 if wide else 42)
        for index in range(count):
            file.seek(offset + index * size)
            entry = file.read(size)
            if struct.unpack_from("<I", entry)[0] != PT_INTERP:
                continue
            start, = struct.unpack_from("<Q" if wide else "<I", entry, 8 if wide else 4)
            length, = struct.unpack_from("<Q" if wide else "<I", entry, 32 if wide else 16)
            file.seek(start)
            return file.read(length).rstrip(b"\0").decode()
    return None


def needed(path):
    """Every file that `path` needs at run time, its loader first."""
    loader = interpreter(path)
    if loader is None:
        return []
    if not os.path.exists(loader):
        raise FileNotFoundError(f"{path} needs {loader}, which this machine does not have")
    listing = subprocess.run([loader, "--list", os.path.abspath(path)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if listing.returncode:
        raise FileNotFoundError(f"{path}: {listing.stderr.strip()}")
    files = [loader]
    for line in listing.stdout.splitlines():
        name, _, found = line.strip().partition(" => ")
        if found.startswith("not found"):
            raise FileNotFoundError(f"{path} needs {name}, which this machine does not have")
        if found.startswith("/"):
            files.append(found.split(" (")[0])
    return files
