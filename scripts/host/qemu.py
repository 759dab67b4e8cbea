# SPDX-License-Identifier: GPL-2.0
"""How QEMU is called here, and whether KVM can be used."""

import os
import re
import subprocess
import sys
import tempfile

from host import toolchain
from host.arch import ARCH
from host.common import Stop
from host.cpio import Archive

KVM = "/dev/kvm"
# A guest under KVM is up in less than one; a broken KVM hangs.
KVM_SECONDS = 10
# Older ones may miss that a processor changes code while another's is translated: a kernel
# that patches itself, as it does for a static branch, then meets a breakpoint long gone.
FIRST_TO_LOCK_CODE = (8, 1)


class AccelError(Stop):
    """KVM was asked for and cannot be had."""


def command(kernel, initrd, console, *, accel, memory=1024, cpus=1, cpu=ARCH.processor,
            icount=False, append=""):
    """QEMU's arguments for a guest without devices; what the caller needs is appended.

    `cpu` is for TCG: under KVM it is the host's.
    """
    if accel == "tcg" and cpus > 1 and version() < FIRST_TO_LOCK_CODE:
        accel += ",thread=single"
    # The guest ends with a panic or a power-off, and QEMU with it. An oops is no state to
    # go on testing in.
    arguments = f"{ARCH.append} quiet panic=-1 oops=panic {append}"
    line = [
        ARCH.qemu, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        *ARCH.options, "-accel", accel, "-cpu", "host" if accel == "kvm" else cpu,
        "-m", str(memory), "-smp", str(cpus),
        "-kernel", kernel, "-initrd", initrd, "-append", arguments,
        "-serial", f"file:{console}",
    ]
    if icount:
        line += ["-icount", "shift=0,sleep=off", "-rtc", "clock=vm"]
    return line


def finds_far_data():
    """Whether modules find all data that the kernel exports."""
    return version() >= ARCH.far_data


def version():
    """QEMU's, as numbers."""
    says = subprocess.run([ARCH.qemu, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"version (\d+)\.(\d+)", says)
    return tuple(map(int, found.groups())) if found else (0, 0)


def accelerator(wanted, cache, kernel, device=KVM):
    """`kvm` or `tcg`: only booting a guest proves that KVM works, so that is tried once."""
    if wanted == "kvm" and not ARCH.native:
        raise AccelError(f"{device} runs guests of this machine's own kind only; use --accel tcg")
    if wanted == "tcg" or not ARCH.native or (wanted == "auto" and not os.path.exists(device)):
        return "tcg"
    if _kvm_works(cache, kernel, device, say=wanted == "auto"):
        return "kvm"
    if wanted == "kvm":
        raise AccelError(f"{device} cannot run a guest on this machine; use --accel tcg")
    return "tcg"


def _kvm_works(cache, kernel, device, say):
    if not os.path.exists(device):
        return False
    with open("/proc/sys/kernel/random/boot_id") as file:
        boot = file.read().strip()
    access = os.access(device, os.R_OK | os.W_OK)
    # What the answer rests on; when it changes, the answer is sought anew.
    facts = f"{boot} {os.stat(device).st_ctime_ns} {access}"
    verdict = os.path.join(cache, "kvm")
    try:
        with open(verdict) as file:
            known, answer = file.read().splitlines()
        if known == facts:
            return answer == "works"
    except (FileNotFoundError, ValueError):
        pass
    works = access and _boots(kernel)
    if not works and say:
        why = "no guest boots with it" if access else "you may not open it (group kvm?)"
        print(f"{device} is there but {why}: guests run under TCG, more slowly", file=sys.stderr)
    with tempfile.NamedTemporaryFile("w", dir=cache, delete=False) as file:
        file.write(f"{facts}\n{'works' if works else 'broken'}\n")
    os.replace(file.name, verdict)
    return works


def _boots(kernel):
    """Whether a guest whose init powers it off at once does so."""
    with tempfile.TemporaryDirectory() as folder:
        initrd = os.path.join(folder, "initrd")
        console = os.path.join(folder, "console")
        with open(initrd, "wb") as file, Archive(file) as archive:
            archive.folder("proc")
            archive.copy("bin/busybox", toolchain.program("busybox"))
            archive.data("init", b"#!/usr/bin/busybox sh\n"
                         b"/usr/bin/busybox echo it boots >/dev/console\n"
                         b"/usr/bin/busybox poweroff -f\n", 0o755)
            archive.folder("dev")
        try:
            subprocess.run(command(kernel, initrd, console, accel="kvm"), timeout=KVM_SECONDS,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            with open(console, "rb") as file:
                return b"it boots" in file.read()
        except (subprocess.TimeoutExpired, FileNotFoundError):
            return False
