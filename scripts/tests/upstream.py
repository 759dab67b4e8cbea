# SPDX-License-Identifier: GPL-2.0
"""The kernel's own tests of routing give the same results with the module as without.

What the guest's kernel or programs lack (mausezahn, say) is skipped or fails with C, and has to
with Rust.
"""

import os
import re
import subprocess
import tempfile

import guest
from suite import check

CACHE = os.environ["CACHE"]
SELFTESTS = os.path.join(CACHE, "linux/tools/testing/selftests/net")
# They ask for bash by its path, and for more than BusyBox's versions of the rest can do.
FILES = ("/etc/protocols", "/usr/bin/bash", "/usr/bin/jq", "/usr/bin/ping", "/usr/bin/socat",
         "/usr/bin/traceroute", "/usr/sbin/bridge", "/usr/sbin/tc")
RESULT = re.compile(r"^ *TEST: (.*?) +\[ *(\w+) *\]", re.MULTILINE)
# Most of them wait for something now and then, and all wait for TCG.
SECONDS = 3600
# Some race with a server that they start, and lose if the host is busy.
TRIES = 4


def results(script, helper, *, module):
    """What each test in `script` came to, in order: (name, OK or FAIL)."""
    files = [(os.path.join(SELFTESTS, name), f"/root/net/{name}")
             for name in (script, "lib.sh", "lib/sh/defer.sh")]
    files += [(program, program) for program in FILES]
    files += [(helper, "/root/net/nettest")]
    out, err = [], []
    guest.run(CACHE, ["sh", "-c", f"cd net && PATH=$PATH:$PWD ./{script} 2>&1"],
              guest.Options(kernel="upstream", module=module, files=files, timeout=SECONDS),
              stdout=out.append, stderr=err.append)
    text = b"".join(out + err).decode(errors="replace")
    return RESULT.findall(text), text


def nettest(folder):
    """The program by which these tests make connections."""
    program = os.path.join(folder, "nettest")
    subprocess.run(["cc", "-O2", "-isystem",
                    os.path.join(CACHE, "release/usr/include"), "-I", SELFTESTS, "-o", program,
                    os.path.join(SELFTESTS, "nettest.c")], check=True)
    return program


def kinder(first, second):
    """Results of two runs of the same tests: what passed once can pass."""
    if [name for name, _ in first] != [name for name, _ in second]:
        return first
    return [max(pair, key=lambda result: result[1] == "OK") for pair in zip(first, second)]


def same(script):
    def job():
        with tempfile.TemporaryDirectory() as folder:
            helper = nettest(folder)
            by_c, text = results(script, helper, module=False)
            by_rust, other = results(script, helper, module=True)
            for _ in range(1, TRIES):
                if by_c == by_rust:
                    break
                by_c = kinder(by_c, results(script, helper, module=False)[0])
                by_rust = kinder(by_rust, results(script, helper, module=True)[0])
        passed = sum(result == "OK" for _, result in by_c)
        yield check(f"upstream: {script} has results with C", passed, text)
        differing = [f"{a} with C, {b} with Rust" for a, b in zip(by_c, by_rust) if a != b]
        yield check(f"upstream: {script}: the same {len(by_c)} results, {passed} of them OK",
                    by_c == by_rust, "\n".join(differing) + "\n" + other)
    job.__name__ = script
    return job


JOBS = [same(script) for script in ("fib_nexthops.sh", "fib_tests.sh", "fib_rule_tests.sh",
                                    "fib-onlink-tests.sh", "vrf_route_leaking.sh")]
