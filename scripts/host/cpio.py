# SPDX-License-Identifier: GPL-2.0
"""Writes an initramfs: a cpio archive ("newc"), everything owned by root.

Archives may be put one behind the other; the kernel unpacks them in turn.
"""

import os
import stat

# Debian's merged /usr: these are links in the guest, so nothing may be laid over them.
MERGED = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")


class Archive:
    def __init__(self, file):
        self.file = file
        self.inode = 0
        self.folders = set()

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self._entry("TRAILER!!!", 0, b"")

    def folder(self, path, mode=0o755):
        path = _place(path)
        if path and path not in self.folders:
            self._parents(path)
            self.folders.add(path)
            self._entry(path, stat.S_IFDIR | mode, b"")

    def data(self, path, content, mode=0o644):
        path = _place(path)
        self._parents(path)
        self._entry(path, stat.S_IFREG | mode, content)

    def copy(self, path, source):
        """A file of the host, with its content and permissions but never its links."""
        with open(source, "rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            self.data(path, file.read(), mode)

    def link(self, path, target):
        path = path.lstrip("/")
        self._parents(path)
        self._entry(path, stat.S_IFLNK | 0o777, target.encode())

    def merged_usr(self):
        for name in MERGED:
            self.folder(f"usr/{name}")
            self.link(name, f"usr/{name}")

    def _parents(self, path):
        self.folder(os.path.dirname(path))

    def _entry(self, path, mode, content):
        self.inode += 1
        name = path.encode() + b"\0"
        links = 2 if stat.S_ISDIR(mode) else 1
        fields = (self.inode, mode, 0, 0, links, 0, len(content), 0, 0, 0, 0, len(name), 0)
        header = b"070701" + b"".join(b"%08X" % field for field in fields)
        self._padded(header + name)
        self._padded(content)

    def _padded(self, data):
        self.file.write(data + bytes(-len(data) % 4))


def _place(path):
    path = os.path.normpath(path).lstrip("/")
    if path == ".":
        return ""
    return f"usr/{path}" if path.split("/")[0] in MERGED else path
