# SPDX-License-Identifier: GPL-2.0
"""Runs one command in a fresh guest: see `run`."""

import concurrent.futures
import contextlib
import dataclasses
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from host import kernel, libraries, qemu
from host.arch import ARCH, OBJECTS
from host.common import CACHE, Stop
from host.cpio import Archive
from host.image import IMAGE

# Where a loader looks by itself; libraries from elsewhere need LD_LIBRARY_PATH.
SYSTEM_LIBRARIES = ("/lib", "/usr/lib")
# Not every kernel has it as a module.
MODULE = "route_ioctl_rust.ko"
# The first byte of what ends a stream.
RARE = b"\x01"
# Lines of the console that tell how a guest died.
CONSOLE_TAIL = 30


class GuestError(Stop):
    """The guest gave no exit status: it panicked, hung or ended by itself."""


@dataclasses.dataclass
class Options:
    """What a run may ask for; the defaults are those of scripts/vm."""
    kernel: str = "release"
    module: bool = True
    files: list = dataclasses.field(default_factory=list)
    memory: int = 1024
    cpus: int = 1
    cpu: str = ARCH.processor
    timeout: float = 600
    accel: str = "auto"
    icount: bool = False
    append: str = ""


def run(arguments, options, *, stdin=None, stdout, stderr):
    """Runs `arguments` as root in a fresh guest and returns their exit status.

    `stdin` is a file descriptor or None; `stdout` and `stderr` are called with bytes.
    """
    with scratch() as folder:
        # Its first byte is rare, so that hardly anything is held back in a stream.
        end = RARE + secrets.token_hex(16).encode() + b" "
        initrd = compose(folder, options, command=shlex.join(arguments), end=end)
        line = qemu_line(folder, initrd, options)
        return _follow(line, folder, options, end, stdin, stdout, stderr)


def output(*arguments, watch=None, **options):
    """The same, with its streams as text: the status, standard output, standard error.

    `watch` is called with what comes on standard output, as it comes.
    """
    out, err = [], []

    def read(data):
        out.append(data)
        if watch:
            watch(data.decode(errors="replace"))

    status = run(arguments, Options(**options), stdout=read, stderr=err.append)
    return status, *(b"".join(stream).decode(errors="replace") for stream in (out, err))


@contextlib.contextmanager
def scratch():
    folder = tempfile.mkdtemp(prefix="run.", dir=IMAGE)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def qemu_line(folder, initrd, options):
    boots = OBJECTS / options.kernel / ARCH.image
    accel = "tcg" if options.icount else qemu.accelerator(options.accel, CACHE, boots)
    return qemu.command(boots, initrd, os.path.join(folder, "console"), accel=accel,
                        memory=options.memory, cpus=options.cpus, cpu=options.cpu,
                        icount=options.icount, append=options.append)


def compose(folder, options, *, command, end=b"", tty=None):
    """The initramfs of one run: what all runs share, the kernel's modules, this run's own."""
    initrd = os.path.join(folder, "initrd")
    with open(initrd, "wb") as file:
        for part in ("root.cpio", "route.cpio", f"{options.kernel}.cpio"):
            with open(IMAGE / part, "rb") as source:
                shutil.copyfileobj(source, file)
        with Archive(file) as archive:
            script = _add_files(archive, options.files) + command + "\n"
            archive.data("vm/command", os.fsencode(script))
            archive.data("vm/end", end)
            if options.module and MODULE in {path.name for path in kernel.modules(options.kernel)}:
                archive.data("vm/module", b"")
            if tty:
                archive.data("vm/tty", tty.encode())
    return initrd


def _add_files(archive, files):
    """Lays files and the libraries they need into the archive; returns shell lines."""
    folders = []
    for host, guest in files:
        archive.copy(guest, host)
        for there, library in libraries.needed(host).items():
            archive.copy(there, library)
            folder = os.path.dirname(there)
            if not folder.startswith(SYSTEM_LIBRARIES) and folder not in folders:
                folders.append(folder)
    if not folders:
        return ""
    return f"export LD_LIBRARY_PATH={shlex.quote(':'.join(folders))}\n"


def _follow(line, folder, options, end, stdin, stdout, stderr):
    pairs = [socket.socketpair() for _ in range(3)]
    line = line + ["-device", "virtio-serial,max_ports=4"]
    for port, (_, theirs) in enumerate(pairs, start=1):
        line += ["-chardev", f"socket,id=p{port},fd={theirs.fileno()}",
                 "-device", f"virtserialport,chardev=p{port},nr={port}"]
    with concurrent.futures.ThreadPoolExecutor() as pool, \
            open(os.path.join(folder, "qemu"), "wb") as said, \
            subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said,
                             pass_fds=[theirs.fileno() for _, theirs in pairs]) as guest:
        try:
            for _, theirs in pairs:
                theirs.close()
            (out, _), (err, _), (into, _) = pairs
            threading.Thread(target=_feed, args=(stdin, into), daemon=True).start()
            readers = [pool.submit(_read, ours, end, write)
                       for ours, write in ((out, stdout), (err, stderr))]
            concurrent.futures.wait(readers, options.timeout, concurrent.futures.FIRST_EXCEPTION)
            # This raises what one of them has met, such as a closed pipe.
            statuses = [reader.result() if reader.done() else None for reader in readers]
            if None not in statuses:
                return statuses[0]
            raise GuestError(_account(folder, options, guest))
        finally:
            guest.kill()


def _read(stream, end, write):
    """Passes on what comes before the end; returns the number behind it, None without an end."""
    kept = b""
    while data := stream.recv(65536):
        kept += data
        before, found, after = kept.partition(end)
        if found and after.endswith(b"\n"):
            write(before)
            return int(after)
        # The last bytes may be the beginning of the end.
        cut = len(before) if found else kept.find(RARE, max(0, len(kept) - len(end)))
        write(kept[:cut] if cut >= 0 else kept)
        kept = kept[cut:] if cut >= 0 else b""
    return None


def _feed(stdin, guest):
    """Closed, QEMU would drop what it has not read yet, so that is told the end only."""
    with contextlib.suppress(OSError):
        while stdin is not None and (data := os.read(stdin, 65536)):
            guest.sendall(data)
        guest.shutdown(socket.SHUT_WR)


def _account(folder, options, guest):
    """What became of a guest that gave no status."""
    try:
        guest.wait(timeout=1)
        text = "the guest ended without an exit status"
    except subprocess.TimeoutExpired:
        text = f"the guest gave no exit status within {options.timeout:g} s"
    for name, title in (("qemu", "QEMU"), ("console", "the end of its console")):
        path = Path(folder, name)
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        if lines:
            text += "\n  ".join([f"; {title}:", *lines[-CONSOLE_TAIL:]])
    return text
