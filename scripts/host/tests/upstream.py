# SPDX-License-Identifier: GPL-2.0
"""The kernel's own tests of routing give the same results with the module as without.

What the guest's kernel or programs lack (mausezahn, say) is skipped or fails with C, and has to
with Rust. Some of the tests race with a server that they start; in a guest whose clock counts
instructions, who wins does not depend on how busy the host is.
"""

import re
import tempfile
from pathlib import Path

from host.arch import OBJECTS
from host.common import LINUX
from host.image import compile_c
from host.tests.guests import run
from host.tests.suite import check

PACKAGES = ["iputils-ping", "jq", "netbase", "socat", "traceroute"]
SELFTESTS = LINUX / "tools/testing/selftests/net"
# They ask for more than BusyBox's versions of these can do.
FILES = ("/etc/protocols", "/usr/bin/jq", "/usr/bin/ping", "/usr/bin/socat",
         "/usr/bin/traceroute", "/usr/sbin/bridge", "/usr/sbin/tc")
RESULT = re.compile(r"^ *TEST: (.*?) +\[ *(\w+) *\]", re.MULTILINE)
SECONDS = 3600


def results(script, nettest, *, module):
    """What each test in `script` came to, in order: (name, OK or FAIL)."""
    files = [(SELFTESTS / name, f"/root/net/{name}")
             for name in (script, "lib.sh", "lib/sh/defer.sh")]
    files += [(program, program) for program in FILES] + [(nettest, "/root/net/nettest")]
    _, text, _ = run(f"cd net && PATH=$PATH:$PWD ./{script} 2>&1", kernel="upstream", module=module,
                     files=files, timeout=SECONDS, icount=True)
    return RESULT.findall(text), text


def same(script):
    def job():
        with tempfile.TemporaryDirectory() as folder:
            # The program by which these tests make connections.
            nettest = compile_c(SELFTESTS / "nettest.c", Path(folder, "nettest"), "-w",
                                "-isystem", OBJECTS / "release/usr/include", "-I", SELFTESTS)
            by_c, text = results(script, nettest, module=False)
            by_rust, other = results(script, nettest, module=True)
        passed = sum(result == "OK" for _, result in by_c)
        yield check(f"upstream: {script} has results with C", passed, text)
        differing = [f"{a} with C, {b} with Rust" for a, b in zip(by_c, by_rust) if a != b]
        yield check(f"upstream: {script}: the same {len(by_c)} results, {passed} of them OK",
                    by_c == by_rust, "\n".join(differing) + "\n" + other)
    job.__name__ = script
    return job


JOBS = [same(script) for script in ("fib_nexthops.sh", "fib_tests.sh", "fib_rule_tests.sh",
                                    "fib-onlink-tests.sh", "vrf_route_leaking.sh")]
