# SPDX-License-Identifier: GPL-2.0
"""Lays files into an initramfs: files.py TARGET GUEST=HOST..."""

import os
import sys

from cpio import Archive


def main():
    target, *files = sys.argv[1:]
    with open(f"{target}.tmp", "wb") as file, Archive(file) as archive:
        for pair in files:
            archive.copy(*pair.split("=", 1))
    os.replace(f"{target}.tmp", target)


if __name__ == "__main__":
    main()
