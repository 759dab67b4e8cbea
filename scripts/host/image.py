# SPDX-License-Identifier: GPL-2.0
"""Lays the root of every guest into an initramfs: image.py ROOT.CPIO INIT NAME=FILE...

BusyBox with all its applets, net-tools' `route` and iproute2's `ip` in place of its own, a
shell that looks for programs where PATH says, their libraries, and the files named, as
GUEST=HOST.
"""

import os
import subprocess
import sys

import libraries
from cpio import Archive

BUSYBOX = "/bin/busybox"
# Programs that take the place of the applets of their names.
PROGRAMS = ("/sbin/route", "/sbin/ip", "/bin/dash")
FOLDERS = ("dev", "proc", "sys", "run", "root", "etc", "var", "lib/modules", "mnt")


def main():
    target, *files = sys.argv[1:]
    with open(f"{target}.tmp", "wb") as file, Archive(file) as archive:
        fill(archive, [pair.split("=", 1) for pair in files])
    os.replace(f"{target}.tmp", target)


def fill(archive, files):
    archive.merged_usr()
    for folder in FOLDERS:
        archive.folder(folder)
    archive.folder("tmp", 0o1777)
    archive.data("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n"
                 b"nobody:x:65534:65534:nobody:/:/bin/sh\n")
    archive.data("etc/group", b"root:x:0:\nnogroup:x:65534:\n")
    archive.data("etc/hosts", b"127.0.0.1 localhost\n::1 localhost ip6-localhost\n")
    archive.data("etc/networks", b"loopback 127.0.0.0\nlink-local 169.254.0.0\n")
    archive.data("etc/nsswitch.conf", b"hosts: files dns\nnetworks: files\n")
    archive.copy("bin/busybox", BUSYBOX)
    taken = {os.path.basename(program) for program in PROGRAMS} | {"busybox"}
    applets = subprocess.run([BUSYBOX, "--list-full"], stdout=subprocess.PIPE, text=True,
                             check=True).stdout.split()
    for applet in applets:
        if os.path.basename(applet) not in taken:
            place = applet if applet.startswith("usr/") else f"usr/{applet}"
            archive.link(place, "/bin/busybox")
    carried = set()
    for guest, host in [(program, program) for program in PROGRAMS] + files:
        archive.copy(guest, host)
        carried.update(libraries.needed(host))
    for library in sorted(carried):
        archive.copy(library, library)


if __name__ == "__main__":
    main()
