# SPDX-License-Identifier: GPL-2.0
"""Runs one command in a fresh guest: see `run`."""

import contextlib
import dataclasses
import os
import secrets
import selectors
import shlex
import shutil
import socket
import subprocess
import tempfile
import time

import libraries
import qemu
from cpio import Archive

# Where a loader looks by itself; libraries from elsewhere need LD_LIBRARY_PATH.
SYSTEM_LIBRARIES = ("/lib", "/usr/lib")
# Lines of the console that tell how a guest died.
CONSOLE_TAIL = 30


class GuestError(Exception):
    """The guest gave no exit status: it panicked, hung or ended by itself."""


@dataclasses.dataclass
class Options:
    """What a run may ask for; the defaults are those of scripts/vm."""
    kernel: str = "release"
    module: bool = True
    files: list = dataclasses.field(default_factory=list)
    memory: int = 1024
    cpus: int = 1
    cpu: str = "max"
    timeout: float = 600
    accel: str = "auto"
    icount: bool = False
    append: str = ""


class Stream:
    """What the guest writes to one port, up to the line that ends it."""

    def __init__(self, end, write):
        self.end = end
        self.write = write
        self.kept = b""
        self.status = None
        self.ours, self.theirs = socket.socketpair()

    def read(self):
        """Passes on what has come. False once nothing more will."""
        data = self.ours.recv(65536)
        if not data:
            return False
        self.kept += data
        before, end, after = self.kept.partition(self.end)
        if end:
            if not after.endswith(b"\n"):
                return True
            self.status = int(after)
            self._pass(before)
            return False
        # The last bytes may be the beginning of the end.
        held = next((n for n in range(len(self.end), 0, -1)
                     if self.kept.endswith(self.end[:n])), 0)
        cut = len(self.kept) - held
        self._pass(self.kept[:cut])
        self.kept = self.kept[cut:]
        return True

    def _pass(self, data):
        if data:
            self.write(data)


def run(cache, arguments, options, *, stdin=None, stdout, stderr):
    """Runs `arguments` as root in a fresh guest and returns their exit status.

    `stdin` is a file descriptor or None; `stdout` and `stderr` are called with bytes.
    """
    with scratch(cache) as folder:
        # Its first byte is rare, so that hardly anything is held back in a stream.
        end = b"\x01" + secrets.token_hex(16).encode() + b" "
        initrd = compose(cache, folder, options, command=shlex.join(arguments), end=end)
        line = qemu_line(cache, folder, initrd, options)
        return _follow(line, folder, options, end, stdin, stdout, stderr)


@contextlib.contextmanager
def scratch(cache):
    folder = tempfile.mkdtemp(prefix="run.", dir=os.path.join(cache, "image"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def qemu_line(cache, folder, initrd, options):
    kernel = os.path.join(cache, options.kernel, "vmlinux")
    accel = "tcg" if options.icount else qemu.accelerator(options.accel, cache, kernel)
    return qemu.command(kernel, initrd, os.path.join(folder, "console"), accel=accel,
                        memory=options.memory, cpus=options.cpus, cpu=options.cpu,
                        icount=options.icount, append=options.append)


def compose(cache, folder, options, *, command, end=b"", tty=None):
    """The initramfs of one run: what all runs share, the kernel's modules, this run's own."""
    initrd = os.path.join(folder, "initrd")
    image = os.path.join(cache, "image")
    with open(initrd, "wb") as file:
        for part in ("root.cpio", "route.cpio", f"{options.kernel}.cpio"):
            with open(os.path.join(image, part), "rb") as source:
                shutil.copyfileobj(source, file)
        with Archive(file) as archive:
            script = _add_files(archive, options.files) + command + "\n"
            archive.data("vm/command", os.fsencode(script))
            archive.data("vm/end", end)
            if options.module:
                archive.data("vm/module", b"")
            if tty:
                archive.data("vm/tty", tty.encode())
    return initrd


def _add_files(archive, files):
    """Lays files and the libraries they need into the archive; returns shell lines."""
    folders = []
    for host, guest in files:
        archive.copy(guest, host)
        for library in libraries.needed(host):
            archive.copy(library, library)
            folder = os.path.dirname(library)
            if not folder.startswith(SYSTEM_LIBRARIES) and folder not in folders:
                folders.append(folder)
    if not folders:
        return ""
    return f"export LD_LIBRARY_PATH={shlex.quote(':'.join(folders))}\n"


def _follow(line, folder, options, end, stdin, stdout, stderr):
    streams = [Stream(end, stdout), Stream(end, stderr)]
    ours, theirs = socket.socketpair()
    descriptors = [stream.theirs.fileno() for stream in streams] + [theirs.fileno()]
    line = line + ["-device", "virtio-serial-pci,max_ports=4"]
    for port, descriptor in enumerate(descriptors, start=1):
        line += ["-chardev", f"socket,id=p{port},fd={descriptor}",
                 "-device", f"virtserialport,chardev=p{port},nr={port}"]
    guest = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                             stderr=open(os.path.join(folder, "qemu"), "wb"),
                             pass_fds=descriptors)
    try:
        for stream in streams:
            stream.theirs.close()
        theirs.close()
        if _pump(streams, stdin, ours, time.monotonic() + options.timeout):
            return streams[0].status
        raise GuestError(_account(folder, options, guest))
    finally:
        guest.kill()
        guest.wait()


def _pump(streams, stdin, to_guest, deadline):
    """Moves bytes until both streams have ended. Whether they ended as they should."""
    waiting = b""
    with selectors.PollSelector() as selector:
        for stream in streams:
            selector.register(stream.ours, selectors.EVENT_READ, stream)
        if stdin is None:
            _end(to_guest)
        else:
            selector.register(stdin, selectors.EVENT_READ, "stdin")
        while not all(stream.status is not None for stream in streams):
            ready = selector.select(max(0, deadline - time.monotonic()))
            if not ready:
                return False
            for key, _ in ready:
                if isinstance(key.data, Stream):
                    if not key.data.read():
                        selector.unregister(key.fileobj)
                        if key.data.status is None:
                            return False
                elif key.data == "stdin":
                    waiting = os.read(stdin, 65536)
                    selector.unregister(stdin)
                    if waiting:
                        selector.register(to_guest, selectors.EVENT_WRITE, "guest")
                    else:
                        _end(to_guest)
                else:
                    try:
                        waiting = waiting[to_guest.send(waiting):]
                    except BrokenPipeError:
                        waiting, stdin = b"", None
                    if not waiting:
                        selector.unregister(to_guest)
                        if stdin is None:
                            _end(to_guest)
                        else:
                            selector.register(stdin, selectors.EVENT_READ, "stdin")
    return True


def _end(to_guest):
    # Closed, QEMU would drop what it has not read yet.
    with contextlib.suppress(OSError):
        to_guest.shutdown(socket.SHUT_WR)


def _account(folder, options, guest):
    """What became of a guest that gave no status."""
    try:
        guest.wait(timeout=1)
        what = "ended without an exit status"
    except subprocess.TimeoutExpired:
        what = f"gave no exit status within {options.timeout:g} s"
    text = f"the guest {what}"
    for name, title in (("qemu", "QEMU"), ("console", "the end of its console")):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            continue
        with open(path, "rb") as file:
            lines = file.read().decode(errors="replace").splitlines()
        if lines:
            text += f"; {title}:\n" + "\n".join(f"  {line}" for line in lines[-CONSOLE_TAIL:])
    return text
