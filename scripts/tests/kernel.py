# SPDX-License-Identifier: GPL-2.0
"""Tests that run in a guest: KUnit, kselftests against C and Rust, the sample."""

import os
import re
import shlex

import guest
import ktap
from suite import check

CACHE = os.environ["CACHE"]
TOP = os.environ["TOP"]
CALLS = "/sys/kernel/debug/route_ioctl_rust/calls"
# What a kernel says when it has found a fault in itself.
COMPLAINTS = (r"WARNING:|BUG:|UBSAN:|KASAN:|INFO: .*(lock|stall|blocked)|unreferenced object|Oops"
              r"|kmemleak: .*(Cannot|disabled)|waiting for .* to become free")
# Kselftests that take long, or want another kernel, more processors, or the module unloaded.
APART = "differential|failnth|memory|reload|vanish"


def run(command, watch=None, **options):
    """Runs a shell command in a guest; returns its status and its streams as text.

    `watch` is called with what comes on standard output, as it comes.
    """
    out, err = [], []

    def read(data):
        out.append(data)
        if watch:
            watch(data)

    status = guest.run(CACHE, ["sh", "-c", command], guest.Options(**options),
                       stdout=read, stderr=err.append)
    return status, b"".join(out).decode(), b"".join(err).decode()


def sections(text):
    """The parts of a text that a line of `## NAME` introduces, by name."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def in_sections(**commands):
    return "\n".join(f"echo '## {name}'\n{command}" for name, command in commands.items())


def kselftest(bits, *, server, kernel="release", programs=None, cpus=1,
              rounds=None):
    """The kselftests against `server`: C, Rust, or Rust that is no module.

    Those that are named, or all but those that stand apart.
    """
    def job():
        name = f"kselftest {bits}-bit {server}, {kernel} kernel"
        folder = f"/usr/lib/kselftest/{bits}"
        apart = "/none" if programs else APART
        script = f"export ROUTE_IOCTL_ROUNDS={rounds}\n" if rounds else ""
        script += (f"cd {folder}; for test in {programs or '*'}; do\n"
                   f"case $test in {apart}) continue;; esac\n"
                   "echo \"## $test\"; ./$test 2>&1; done\n")
        script += in_sections(calls=f"cat {CALLS}", complaints=complaints(kernel))
        module = server != "C" and kernel != "builtin"
        _, out, err = run(script, kernel=kernel, module=module, cpus=cpus,
                          timeout=1800)
        found = sections(out)
        calls, complained = found.pop("calls"), found.pop("complaints")
        for program, text in found.items():
            yield from ktap.read(text, f"{name}: {program}")
        name += f" ({programs})" if programs else ""
        if server == "C":
            yield check(f"{name}: no call served by Rust", "ok" not in calls, calls)
        else:
            served = all(re.search(f"^{command} ok [1-9]", calls, re.MULTILINE)
                         for command in ("SIOCADDRT", "SIOCDELRT"))
            yield check(f"{name}: calls served by Rust", served, calls + err)
        yield check(f"{name}: no complaint of the kernel", not complained, complained)
    job.__name__ = f"kselftest {bits} {server} {kernel}"
    return job


def complaints(kernel):
    search = f"dmesg | grep -E {shlex.quote(COMPLAINTS)}"
    if kernel == "debug":
        # An object counts as lost only after it has been there for five seconds.
        search = ("leaks=/sys/kernel/debug/kmemleak; sleep 6; echo scan >$leaks;"
                  f" echo scan >$leaks; cat $leaks; {search}")
    return search


def kunit(kernel="release"):
    """The module's suites, and the examples in the documentation of our abstractions."""
    def job():
        results = "/sys/kernel/debug/kunit"
        script = "insmod /lib/modules/route_ioctl_rust_kunit.ko\n" + \
            f"for suite in {results}/*; do echo \"## ${{suite##*/}}\"; cat $suite/results; done\n"
        script += in_sections(complaints=complaints(kernel))
        _, out, err = run(script, kernel=kernel, append="kunit.enable=1 kunit.autorun=1")
        found = sections(out)
        complained = found.pop("complaints")
        suites = [name for name in found if name.startswith("route_ioctl_rust")]
        yield check(f"KUnit, {kernel} kernel: the module's suites ran", len(suites) >= 2, out + err)
        for suite in suites:
            yield from ktap.read(inner(found[suite]), f"KUnit, {kernel} kernel: {suite}")
        examples = {result.name: result
                    for result in ktap.read(inner(found["rust_doctests_kernel"]), "doctest")}
        for source in documented():
            stem = "doctest: rust_doctest_kernel_" + re.sub(r"[/.]", "_", source) + "_"
            ours = [result for name, result in examples.items()
                    if name.startswith(stem) and name[len(stem):].isdigit()]
            yield check(f"doctest, {kernel} kernel: {source} has examples", ours)
            for result in ours:
                result.name = f"doctest, {kernel} kernel: {result.name[len('doctest: '):]}"
                yield result
        yield check(f"KUnit, {kernel} kernel: no complaint of the kernel", not complained,
                    complained)
    job.__name__ = f"kunit {kernel}"
    return job


def inner(text):
    """The cases of a KUnit suite: what is indented below it."""
    return "\n".join(line for line in text.splitlines() if line.startswith("    "))


def documented():
    """Our files in the kernel crate that have examples, relative to it."""
    crate = os.path.join(TOP, "rust/kernel")
    for folder, _, names in sorted(os.walk(crate)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, encoding="utf-8") as file:
                if re.search(r"^\s*//[/!] ```$", file.read(), re.MULTILINE):
                    yield os.path.relpath(path, crate)


def sample():
    """The sample's route is there as long as the sample is loaded, and no longer."""
    # By path: BusyBox's shell would take its own, which knows no types.
    show = "/sbin/ip route show type blackhole"
    _, out, err = run(in_sections(
        before=show, loaded=f"insmod /lib/modules/rust_blackhole_route.ko; {show}",
        after=f"rmmod rust_blackhole_route; {show}"), module=False)
    found = sections(out)
    yield check("sample: adds its route", "198.51.100.0/24" in found["loaded"], out + err)
    yield check("sample: takes its route away", not found["before"] and not found["after"],
                out + err)


def provider():
    """One provider at a time, in use it stays, and C serves again when it has gone."""
    load = "insmod /lib/modules/route_ioctl_rust.ko"
    change = "/usr/local/sbin/route add -net 198.51.100.0/24 dev lo"
    undo = "/usr/local/sbin/route del -net 198.51.100.0/24 dev lo"
    _, out, err = run(in_sections(
        unloaded=f"{change} && {undo} && echo works",
        loaded=f"{load}; {change} && {undo} && cat {CALLS}",
        again=f"rmmod route_ioctl_rust; [ -e {CALLS} ] || {change} && {undo} && echo works",
        reloaded=f"{load}; {change} && {undo} && cat {CALLS}"), module=False)
    found = sections(out)
    counted = "command result calls\nSIOCADDRT ok 1\nSIOCDELRT ok 1\n"
    yield check("provider: without it C serves", found["unloaded"] == "works\n", out + err)
    yield check("provider: loaded, it counts each call", found["loaded"] == counted, out + err)
    yield check("provider: unloaded, C serves again", found["again"] == "works\n", out + err)
    yield check("provider: it can be loaded again", found["reloaded"] == counted, out + err)


def demo():
    """What `make run` shows is what it says it shows."""
    status, out, _ = run("/root/demo")
    yield check("demo: ends well", status == 0, out)
    before, _, after = out.partition("rmmod route_ioctl_rust")
    yield check("demo: Rust serves all calls while the module is loaded",
                before.count("served by Rust: ") == 10 and "served by C" not in before, out)
    yield check("demo: C serves the call without it",
                after.count("served by C: ") == 1 and "served by Rust" not in after, out)


DEBUG_JOBS = [
    *(kselftest(bits, server=server, kernel="debug") for server in ("C", "Rust")
      for bits in (64, 32)),
    kunit("debug"),
]

JOBS = [
    kunit(),
    *(kselftest(bits, server=server) for server in ("C", "Rust") for bits in (64, 32)),
    kselftest(64, server="Rust", kernel="builtin"),
    kselftest(64, server="C", kernel="single-table"),
    kselftest(64, server="Rust", kernel="single-table"),
    sample, provider, demo,
]
