# SPDX-License-Identifier: GPL-2.0
"""Tests of scripts/vm: what goes in, what comes out, and what it makes of a dead guest."""

import contextlib
import io
import os
import pty
import re
import secrets
import select
import signal
import subprocess
import tempfile

from host import image, qemu
from host.arch import ARCH
from host.common import TOP
from host.tests.suite import check

VM, SHELL = TOP / "scripts/vm", TOP / "scripts/shell"
# Nobody types that long; a guest that does not answer is a failure.
SHELL_SECONDS = 120


def vm(*arguments, stdin=b""):
    return subprocess.run([VM, *arguments], input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


def streams():
    result = vm("--", "sh", "-c", "echo out; echo err >&2; exit 42")
    yield check("vm: the exit status is the command's", result.returncode == 42, result)
    yield check("vm: standard output, and nothing else", result.stdout == b"out\n", result)
    yield check("vm: standard error, and nothing else", result.stderr == b"err\n", result)
    result = vm("--", "sh", "-c", "ip -j route && unshare -n sh -c 'env ip -j route'")
    yield check("vm: what is in PATH comes before BusyBox's applets",
                result.stdout.count(b"[]") == 2, result)
    result = vm("--", "sh", "-c", "kill -TERM $$")
    yield check("vm: a signal is 128 and its number", result.returncode == 128 + 15, result)
    result = vm("--", "printf", "%s|", "a b", "c'd", "$HOME", "", "*")
    yield check("vm: arguments arrive as they are", result.stdout == b"a b|c'd|$HOME||*|", result)
    data = bytes(range(256)) * 2000 + secrets.token_bytes(500_000) + b"\x01\x01"
    result = vm("--", "sh", "-c", "tee /dev/stderr", stdin=data)
    yield check("vm: bytes come through unchanged, in and out",
                result.stdout == data and result.stderr == data, result.returncode)
    result = vm("--", "sh", "-c", "echo noise >/dev/kmsg; sleep 100 & echo clean")
    yield check("vm: the console and what runs on stay out", result.stdout == b"clean\n" and
                not result.stderr, result)


def options():
    result = vm("--memory", "300", "--cpus", "2", "--append", "a.b=c", "--", "sh", "-c",
                "nproc; cat /proc/cmdline; free -m | awk '/Mem/ { print $2 }'; lsmod")
    cpus, cmdline, memory, modules = result.stdout.decode().split("\n", 3)
    yield check("vm: --cpus", cpus == "2", result)
    yield check("vm: --append", "a.b=c" in cmdline.split(), result)
    yield check("vm: --memory", 200 < int(memory) < 300, result)
    yield check("vm: the module is loaded", "route_ioctl_rust " in modules, result)
    result = vm("--no-module", "--", "lsmod")
    yield check("vm: --no-module", b"route_ioctl_rust" not in result.stdout, result)
    uptime = [vm("--icount", "--", "cat", "/proc/uptime").stdout.split()[:1] for _ in range(2)]
    yield check("vm: --icount makes time repeatable", uptime[0] and
                abs(float(uptime[0][0]) - float(uptime[1][0])) < 0.05, uptime)


def files():
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "script")
        with open(script, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\necho ran $0\n")
        os.chmod(script, 0o755)
        result = vm("--file", script, "--file", f"{script}:/opt/new/name",
                    "--", "sh", "-c", "./script; /opt/new/name")
        yield check("vm: --file keeps a file executable, and puts it where it is told",
                    result.stdout == b"ran ./script\nran /opt/new/name\n", result)
        program = image.program("/usr/bin/lsblk")
        result = vm("--file", program, "--", "./lsblk", "--version")
        yield check("vm: --file brings a program's libraries",
                    result.returncode == 0 and result.stdout.startswith(b"lsblk "), result)


def failures():
    result = vm("--append", "rdinit=/bin/false", "--", "true")
    yield check("vm: a panic is an error that shows the console", result.returncode == 125 and
                b"Kernel panic" in result.stderr, result)
    result = vm("--timeout", "5", "--", "sleep", "1000")
    yield check("vm: a guest that hangs is an error", result.returncode == 125 and
                b"within 5 s" in result.stderr, result)
    result = vm("--", "poweroff", "-f")
    yield check("vm: a guest that ends by itself is an error", result.returncode == 125 and
                b"without an exit status" in result.stderr, result)
    for arguments in (["--frobnicate", "--", "true"], ["--kernel", "old", "--", "true"],
                      ["--memory", "lots", "--", "true"], ["--file", "/no/such", "--", "true"],
                      ["--icount", "--accel", "kvm", "--", "true"], [], ["--arch"],
                      ["--arch=sparc", "--", "true"],
                      ["--cpus", "1", f"--arch={ARCH.name}", "--", "true"]):
        result = vm(*arguments)
        lines = result.stderr.decode().splitlines()
        yield check(f"vm: one line and exit status 2 for {arguments}", result.returncode == 2 and
                    len(lines) == 1 and lines[0].startswith("error: "), result)


def broken_kvm():
    """A /dev/kvm with which no guest boots is noticed, said once, and gone without. It is not even
    tried for a guest that it cannot be for."""
    said = io.StringIO()
    with tempfile.NamedTemporaryFile() as device, tempfile.TemporaryDirectory() as cache:
        with contextlib.redirect_stderr(said):
            chosen = [qemu.accelerator("auto", cache, "/dev/null", device.name)
                      for _ in range(2)]
        try:
            refused = qemu.accelerator("kvm", cache, "/dev/null", device.name)
        except qemu.AccelError as error:
            refused = str(error)
    yield check("vm: an unusable /dev/kvm means TCG", chosen == ["tcg", "tcg"], chosen)
    yield check("vm: ... which is said once", said.getvalue().count("\n") == ARCH.native,
                said.getvalue())
    yield check("vm: --accel kvm says that it cannot", "--accel tcg" in refused, refused)


def shell():
    """What a person sees who types into `make shell`."""
    ours, theirs = pty.openpty()
    guest = subprocess.Popen([SHELL], stdin=theirs, stdout=theirs, stderr=theirs,
                             start_new_session=True)
    os.close(theirs)
    shown, seen = b"", 0
    # The terminal is gone when the shell has ended.
    with contextlib.suppress(OSError):
        for prompt, keys in ((b"guest:~# ", b"lsmod; ip -V; echo sum $((40 + 2))\n"),
                             (b"sum 42", b""), (b"guest:~# ", b"\x04"), (None, b"")):
            while prompt is None or prompt not in shown[seen:]:
                if not select.select([ours], [], [], SHELL_SECONDS)[0]:
                    os.killpg(guest.pid, signal.SIGKILL)
                shown += os.read(ours, 65536)
            seen = shown.index(prompt, seen) + len(prompt)
            os.write(ours, keys)
    status = guest.wait()
    os.close(ours)
    shown = shown.decode(errors="replace")
    yield check("shell: answers", "sum 42" in shown, shown)
    yield check("shell: the module is loaded", re.search(r"route_ioctl_rust +\d", shown), shown)
    yield check("shell: what is in PATH comes first", "iproute2" in shown, shown)
    yield check("shell: Ctrl-D ends it", status == 0, shown)


JOBS = [failures, streams, options, files, broken_kvm, shell]
