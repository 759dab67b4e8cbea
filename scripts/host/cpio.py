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
        path = self._place(path)
        if path not in self.folders:
            self.folders.add(path)
            self._entry(path, stat.S_IFDIR | mode, b"")

    def data(self, path, content, mode=0o644):
        self._entry(self._place(path), stat.S_IFREG | mode, content)

    def copy(self, path, source):
        """A file of the host, with its content and permissions but never its links."""
        with open(source, "rb") as file:
            self.data(path, file.read(), stat.S_IMODE(os.fstat(file.fileno()).st_mode))

    def link(self, path, target):
        self._entry(self._place(path), stat.S_IFLNK | 0o777, target.encode())

    def merged_usr(self):
        for name in MERGED:
            self.folder(f"usr/{name}")
            self._entry(name, stat.S_IFLNK | 0o777, f"usr/{name}".encode())

    def _place(self, path):
        """Where that is in the guest; the folders above it are there."""
        path = os.path.normpath(path).lstrip("/")
        if path.split("/")[0] in MERGED:
            path = f"usr/{path}"
        if parent := os.path.dirname(path):
            self.folder(parent)
        return path

    def _entry(self, path, mode, content):
        self.inode += 1
        name = path.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
        self._padded(b"070701" + b"".join(b"%08X" % field for field in fields) + name)
        self._padded(content)

    def _padded(self, data):
        self.file.write(data + bytes(-len(data) % 4))
