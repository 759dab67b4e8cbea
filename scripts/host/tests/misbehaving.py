# SPDX-License-Identifier: GPL-2.0
"""Modules that misbehave as far as safe code can: scripts/modules."""

import os
import subprocess

from host import toolchain
from host.common import CACHE, LINUX, TOP
from host.kernel import FIXED
from host.tests.guests import in_sections, run, sections
from host.tests.suite import check

BUILT = CACHE / "modules"


def _make(*variables):
    BUILT.mkdir(exist_ok=True)
    done = subprocess.run(["make", "-C", LINUX, f"O={CACHE}/release", *toolchain.for_make(),
                           f"M={TOP}/scripts/modules", f"MO={BUILT}", *variables, "modules"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, env=os.environ | FIXED)
    return done.returncode, done.stdout


def misbehaving():
    status, said = _make("OUTLIVES=m")
    yield check("modules: a device outlives RTNL in none that compiles",
                status and "error[E0505]" in said, said)
    status, said = _make()
    yield check("modules: one that never unregisters compiles", not status, said)
    serve = "route add -net 198.51.100.0/24 dev lo"
    _, out, err = run(in_sections(
        loaded=f"insmod /root/forgetful.ko; {serve} 2>&1",
        gone=f"rmmod forgetful && {serve} && echo works",
        complaints="dmesg | grep WARNING:"), module=False,
                      files=[(BUILT / "forgetful.ko", "/root/forgetful.ko")])
    found = sections(out)
    yield check("modules: it serves", "Invalid cross-device link" in found["loaded"], out + err)
    yield check("modules: it goes, and C serves again", found["gone"] == "works\n", out + err)
    yield check("modules: ... which the kernel complains of", "route_ioctl" in found["complaints"],
                out + err)


JOBS = [misbehaving]
