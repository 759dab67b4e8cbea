# SPDX-License-Identifier: GPL-2.0
"""Trinity's idea of arguments for routing ioctls, on the debug kernel."""

import os
import re
import subprocess
import sys
import tempfile

from kernel import CALLS, complaints, in_sections, run, sections

TOP = os.environ["TOP"]
SECONDS = 600
# Two children, and no sockets of its own: see scripts/guest/trinity.c.
COMMAND = f"""
ip link set lo up
ip link add d0 type dummy
ip link set d0 up
ip address add 10.1.0.1/24 dev d0
mkdir /tmp/trinity
cd /tmp/trinity
LD_PRELOAD=/root/trinity.so timeout -s INT {SECONDS} /usr/bin/trinity --dangerous -q -l off \
	-c ioctl --enable-fds=sockets -P PF_INET -C2 >log 2>&1
echo "status $?"
tail log
"""


def soak():
    """A step of scripts/tests/soak.py."""
    with tempfile.TemporaryDirectory() as folder:
        preloaded = os.path.join(folder, "trinity.so")
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", preloaded,
                        os.path.join(TOP, "scripts/guest/trinity.c")], check=True)
        _, out, err = run(in_sections(trinity=COMMAND, calls=f"cat {CALLS}",
                                      complaints=complaints("debug")),
                          kernel="debug", timeout=2 * SECONDS,
                          files=[(preloaded, "/root/trinity.so"),
                                 ("/usr/bin/trinity", "/usr/bin/trinity")])
    found = sections(out)
    calls = sum(map(int, re.findall(r"(\d+)$", found["calls"], re.MULTILINE)))
    ended = "status 0\n" in found["trinity"]
    complained = found["complaints"].splitlines()
    yield "trinity, debug kernel: calls", calls, calls > 0 and ended
    yield "trinity, debug kernel: complaints of the kernel", len(complained), not complained
    if not calls or not ended or complained:
        print(out, err, file=sys.stderr)


soak.__name__ = "trinity"
STEPS = [soak]
