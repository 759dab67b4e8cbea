# SPDX-License-Identifier: GPL-2.0
"""Modules of scripts/modules: a second provider, and what safe code may not do."""

import os
import subprocess

from host import toolchain
from host.arch import ARCH, OBJECTS
from host.common import LINUX, TOP
from host.kernel import FIXED
from host.tests.guests import complaints, in_sections, run, sections
from host.tests.suite import check


def _make(kernel, *variables):
    """Builds those modules for a kernel; returns the status, what is said, and the folder."""
    built = OBJECTS / "modules" / kernel
    built.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["make", "-C", LINUX, f"O={OBJECTS / kernel}", f"ARCH={ARCH.kernel}",
                           *toolchain.for_make(), f"M={TOP}/scripts/modules", f"MO={built}",
                           *variables, "modules"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, env=os.environ | FIXED)
    return done.returncode, done.stdout, built


def misbehaving(kernel="release"):
    for module, error, what in (
            ("outlives_rtnl", "E0505", "keeps a device for longer than RTNL"),
            ("route_outlives_rtnl", "E0505", "keeps a route to be for longer than its device"),
            ("forgets", "E0133", "forgets to end a registration")):
        status, said, _ = _make(kernel, f"ONLY={module}.o")
        yield check(f"modules: none compiles that {what}", status and f"error[{error}]" in said, said)
    status, said, built = _make(kernel)
    yield check("modules: another provider compiles", not status, said)
    serve = "route add -net 198.51.100.0/24 dev lo"
    insmod = "insmod /root/nobody.ko 2>&1"
    _, out, err = run(in_sections(
        alone=f"{insmod}; {serve} 2>&1", gone=f"rmmod nobody && {serve} && echo works",
        second=f"insmod /lib/modules/route_ioctl_rust.ko; {insmod}", complaints=complaints(kernel)),
        kernel=kernel, module=False, files=[(built / "nobody.ko", "/root/nobody.ko")])
    found = sections(out)
    yield check("modules: it serves", "Operation not permitted" in found["alone"], out + err)
    yield check("modules: it goes, and C serves again", found["gone"] == "works\n", out + err)
    yield check("modules: there is one provider at most", "resource busy" in found["second"],
                out + err)
    yield check("modules: no complaint of the kernel", not found["complaints"], out + err)


JOBS = [misbehaving]
