# SPDX-License-Identifier: GPL-2.0
"""The architectures that a guest may have, and the one that this run is about: what is asked for
by `make ARCH=` or `scripts/COMMAND --arch`, else this machine's own.

What an architecture is stands here and in scripts/kernel/arch/NAME.config: a new one asks for no
change of another file.
"""

import dataclasses
import os
import platform

from host.common import CACHE, Misuse, Stop


@dataclasses.dataclass(frozen=True)
class Abi:
    """What programs of a width are built for."""
    bits: int
    triple: str         # GNU's
    debian: str         # what Debian calls it
    headers: str        # what the kernel calls it, whose headers these programs include


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arch:
    name: str           # what it is asked for by; also its folder and its configuration
    machine: str        # what `uname -m` says
    kernel: str         # ARCH of the kernel's Makefile
    image: str          # what QEMU starts, in the folder of the kernel's objects
    qemu: str
    package: str        # where Debian has that QEMU
    older: dict = dataclasses.field(default_factory=dict)   # and its releases that had it elsewhere
    options: tuple      # the machine, but not its processor
    processor: str      # under TCG
    append: str         # for the kernel: its console, and what else this machine needs
    rust: str           # a target of rustc's
    abis: tuple
    big_endian: bool = False
    shifts_out: bool = False    # whether nothing is left of 32 bits that are shifted by 32
    multilib: bool = False      # a native gcc that builds for all of them, by -m64 and -m32
    user_mode: bool = False     # Linux has a user-mode kernel of it
    far_data: tuple = (0,)      # the first QEMU where modules find all data of the kernel's

    @property
    def native(self):
        return self.machine == platform.machine()

    @property
    def widths(self):
        """Of programs that a guest runs, in bits."""
        return [abi.bits for abi in self.abis]

    @property
    def bits(self):
        """Of its kernel, and of the programs that come with it."""
        return max(self.widths)

    def abi(self, bits):
        return next(abi for abi in self.abis if abi.bits == bits)

    def builds(self, bits):
        """Whether this machine's own compiler and libraries do for such programs."""
        return self.native and (bits == self.bits or self.multilib)


ARCHES = {arch.name: arch for arch in (
    Arch(
        name="x86_64", machine="x86_64", kernel="x86_64", image="vmlinux",
        qemu="qemu-system-x86_64", package="qemu-system-x86",
        options=("-machine", "q35"), processor="max",
        # On a busy machine TCG misses the ticks that a check of the timer counts, and the kernel
        # would rather panic than do without.
        append="console=ttyS0 no_timer_check",
        rust="x86_64-unknown-linux-gnu", multilib=True, user_mode=True,
        abis=(Abi(64, "x86_64-linux-gnu", "amd64", "x86_64"),
              Abi(32, "i386-linux-gnu", "i386", "x86_64"))),
    Arch(
        name="arm64", machine="aarch64", kernel="arm64", image="arch/arm64/boot/Image",
        qemu="qemu-system-aarch64", package="qemu-system-arm",
        options=("-machine", "virt"),
        # It runs 32-bit programs, too, which the newest do not.
        processor="cortex-a57",
        append="console=ttyAMA0",
        rust="aarch64-unknown-linux-gnu",
        abis=(Abi(64, "aarch64-linux-gnu", "arm64", "arm64"),
              Abi(32, "arm-linux-gnueabihf", "armhf", "arm"))),
    Arch(
        name="s390x", machine="s390x", kernel="s390", image="arch/s390/boot/bzImage",
        qemu="qemu-system-s390x", package="qemu-system-s390x",
        older={"debian12": "qemu-system-misc"},
        options=("-machine", "s390-ccw-virtio"),
        # Without vector instructions, by which QEMU 7.2 computes wrong checksums.
        processor="max,vx=off",
        append="console=ttyS0",
        rust="s390x-unknown-linux-gnu", big_endian=True, shifts_out=True,
        # Linux has dropped its support of 32-bit programs there.
        abis=(Abi(64, "s390x-linux-gnu", "s390x", "s390"),),
        # QEMU 7.2 takes `larl` of more than 2 GiB ahead, by which modules find the kernel's data,
        # for as much behind. Nothing between the two was tried.
        far_data=(10, 0)),
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
        raise Misuse(f"there is no ARCH={name}; there are {', '.join(ARCHES)}")
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
