# SPDX-License-Identifier: GPL-2.0
"""The architectures that a guest may have, and the one that this run is about: what is asked for
by `make ARCH=` or `scripts/COMMAND --arch`, else this machine's own.

What an architecture is stands here and in scripts/kernel/NAME.config. Names of options apart, no
other file knows one from another.
"""

import dataclasses
import os
import platform

from host.common import CACHE, Stop


@dataclasses.dataclass(frozen=True)
class Abi:
    """What programs of a width are built for."""
    bits: int
    triple: str         # GNU's
    debian: str         # what Debian calls it
    headers: str        # what the kernel calls it, whose headers these programs include


@dataclasses.dataclass(frozen=True)
class Arch:
    name: str           # what the kernel's folder or Debian's packages are called
    machine: str        # what `uname -m` says
    kernel: str         # ARCH of the kernel's Makefile
    image: str          # what QEMU starts, in the folder of the kernel's objects
    qemu: str
    package: str        # where Debian has that QEMU
    options: tuple      # the machine, but not its processor
    processor: str      # under TCG
    append: str         # for the kernel: its console, and what else this machine needs
    rust: str           # a target of rustc's
    abis: tuple
    big_endian: bool = False
    shifts_out: bool = False    # whether nothing is left of 32 bits that are shifted by 32
    multilib: bool = False      # a native gcc that builds for all of them, by -m64 and -m32

    @property
    def native(self):
        return self.machine == platform.machine()

    @property
    def widths(self):
        """Of programs that a guest runs, in bits."""
        return [abi.bits for abi in self.abis]

    def abi(self, bits):
        return next(abi for abi in self.abis if abi.bits == bits)

    def builds(self, bits):
        """Whether this machine's own compiler and libraries do for such programs."""
        return self.native and (bits == 64 or self.multilib)


ARCHES = {arch.name: arch for arch in (
    # On a busy machine TCG misses the ticks that a check of the timer counts, and the kernel would
    # rather panic than do without.
    Arch("x86_64", "x86_64", "x86_64", "vmlinux", "qemu-system-x86_64", "qemu-system-x86",
         ("-machine", "q35"), "max", "console=ttyS0 no_timer_check", "x86_64-unknown-linux-gnu",
         (Abi(64, "x86_64-linux-gnu", "amd64", "x86_64"),
          Abi(32, "i386-linux-gnu", "i386", "x86_64")), multilib=True),
    # A processor that runs 32-bit programs, too, which the newest do not.
    Arch("arm64", "aarch64", "arm64", "arch/arm64/boot/Image", "qemu-system-aarch64",
         "qemu-system-arm", ("-machine", "virt"), "cortex-a57", "console=ttyAMA0",
         "aarch64-unknown-linux-gnu",
         (Abi(64, "aarch64-linux-gnu", "arm64", "arm64"),
          Abi(32, "arm-linux-gnueabihf", "armhf", "arm"))),
    # Without 32-bit programs, for which Linux has dropped its support there, and without vector
    # instructions, by which QEMU 7.2 computes wrong checksums.
    Arch("s390x", "s390x", "s390", "arch/s390/boot/bzImage", "qemu-system-s390x",
         "qemu-system-s390x", ("-machine", "s390-ccw-virtio"), "max,vx=off", "console=ttyS0",
         "s390x-unknown-linux-gnu", (Abi(64, "s390x-linux-gnu", "s390x", "s390"),),
         big_endian=True, shifts_out=True),
)}


def own():
    """This machine's."""
    for arch in ARCHES.values():
        if arch.native:
            return arch
    raise Stop(f"this runs on {', '.join(arch.machine for arch in ARCHES.values())}, "
               f"not on {platform.machine()}")


def _asked():
    name = os.environ.get("ROUTE_ARCH")
    if name and name not in ARCHES:
        raise Stop(f"there is no ARCH={name}; there are {', '.join(ARCHES)}")
    return ARCHES[name] if name else own()


def figures_here():
    """For what is measured, and compared with other figures."""
    if ARCH.name != FIGURES:
        raise Stop(f"figures are those of {FIGURES}; this takes no other ARCH")


# What everything is measured on.
FIGURES = "x86_64"
ARCH = _asked()
# What is built for it. Sources and tools are the same for all.
OBJECTS = CACHE / ARCH.name
