# SPDX-License-Identifier: GPL-2.0
"""The kernel's own tests of routing give the same results with the module as without, and with the
FIB in Rust as with C's trie.

What the guest's kernel or programs lack (mausezahn, say) is skipped or fails with C, and has to
with Rust. Some of the tests race with a server that they start; in a guest whose clock counts
instructions, who wins does not depend on how busy the host is.
"""

import os
import re
import tempfile
from pathlib import Path

from host.arch import OBJECTS
from host.common import LINUX
from host.image import compile_c
from host.kernel import UPSTREAM_BY_FIB
from host.tests.guests import complaints, in_sections, run, sections
from host.tests.suite import check

PACKAGES = ["iputils-ping", "jq", "netbase", "socat", "traceroute"]
SELFTESTS = LINUX / "tools/testing/selftests"
LIBRARIES = ("net/lib.sh", "net/lib/sh/defer.sh", "net/forwarding/lib.sh",
             "net/forwarding/devlink_lib.sh", "net/forwarding/fib_offload_lib.sh")
# They ask for more than BusyBox's versions of these can do.
FILES = ("/etc/protocols", "/usr/bin/jq", "/usr/bin/ping", "/usr/bin/socat",
         "/usr/bin/traceroute", "/usr/sbin/bridge", "/usr/sbin/devlink", "/usr/sbin/tc")
RESULT = re.compile(r"^ *TEST: (.*?) +\[ *(\w+) *\]", re.MULTILINE)
SECONDS = 3600


def results(script, nettest, *, fib, module):
    """What each test in `script` came to, in order: (name, OK or FAIL), all that was said, and what
    the kernel complains of."""
    files = [(SELFTESTS / name, f"/root/{name}") for name in (script, *LIBRARIES)]
    files += [(program, program) for program in FILES] + [(nettest, "/root/net/nettest")]
    kernel = UPSTREAM_BY_FIB[fib]
    # What sends packets by mausezahn is not in these scripts, though their library looks for it.
    test = (f"cd {os.path.dirname(script)} && PATH=$PATH:$PWD REQUIRE_MZ=no "
            f"./{os.path.basename(script)} 2>&1")
    _, text, err = run(in_sections(test=f"({test})", complaints=complaints(kernel)), kernel=kernel,
                       module=module, files=files, timeout=SECONDS, icount=True)
    found = sections(text)
    said = found.get("test", text + err)
    return RESULT.findall(said), said, found.get("complaints", "no end")


def same(script, *others):
    """`others` are what is compared with C: a name, who wrote the FIB, and whether the module is
    there."""
    def job():
        with tempfile.TemporaryDirectory() as folder:
            # The program by which these tests make connections.
            nettest = compile_c(SELFTESTS / "net/nettest.c", Path(folder, "nettest"), "-w",
                                "-isystem", OBJECTS / "release/usr/include", "-I", SELFTESTS / "net")
            by_c, text, _ = results(script, nettest, fib="C", module=False)
            passed = sum(result == "OK" for _, result in by_c)
            yield check(f"upstream: {script} has results with C", passed, text)
            for name, fib, module in others:
                by_rust, other, complained = results(script, nettest, fib=fib, module=module)
                differing = [f"{a} with C, {b} with {name}"
                             for a, b in zip(by_c, by_rust) if a != b]
                yield check(f"upstream: {script}: the same {len(by_c)} results with {name}, "
                            f"{passed} of them OK", by_c == by_rust,
                            "\n".join(differing) + "\n" + other)
                yield check(f"upstream: {script}: no complaint of the kernel with {name}",
                            not complained, complained)
    job.__name__ = script
    return job


MODULE = ("the module", "C", True)
FIB = ("the FIB in Rust", "Rust", False)
JOBS = [
    *(same(f"net/{script}", MODULE, FIB) for script in (
        "fib_nexthops.sh", "fib_tests.sh", "fib_rule_tests.sh", "fib-onlink-tests.sh",
        "vrf_route_leaking.sh")),
    # What a driver is told; the ioctls are not in it.
    *(same(f"drivers/net/netdevsim/{script}", FIB) for script in (
        "fib.sh", "fib_notifications.sh", "nexthop.sh")),
]
