# SPDX-License-Identifier: GPL-2.0
"""The module's KUnit suites, and the examples in the documentation of our abstractions."""

import re

from host.common import TOP
from host.kernel import KERNELS
from host.tests import ktap
from host.tests.guests import complaints, in_sections, run, sections
from host.tests.suite import check

SCRIPT = """insmod /lib/modules/route_ioctl_rust_kunit.ko
for suite in /sys/kernel/debug/kunit/*; do echo "## ${suite##*/}"; cat $suite/results; done
"""
# What the crate has for the FIB in Rust only.
OF_FIB = ("net/fib_impl", "sync/once", "sync/rcu_")


def kunit(kernel="release"):
    """Each suite and each example that the sources have must have been run."""
    def job():
        label = f"KUnit, {kernel} kernel"
        _, out, err = run(SCRIPT + in_sections(complaints=complaints(kernel)), kernel=kernel,
                          append="kunit.enable=1 kunit.autorun=1")
        found = sections(out)
        for suite in suites():
            yield from ktap.read(cases(found.get(suite, err)), f"{label}: {suite}")
        results = ktap.read(cases(found.get("rust_doctests_kernel", err)), "")
        for source, count in _examples(kernel):
            stem = f": rust_doctest_kernel_{re.sub('[/.]', '_', source)}_"
            ours = [result for result in results if re.fullmatch(rf"{stem}\d+", result.name)]
            yield check(f"doctest, {kernel} kernel: {source}: {count} examples",
                        len(ours) == count, [result.name for result in ours])
            for result in ours:
                result.name = f"doctest, {kernel} kernel{result.name}"
                yield result
        yield check(f"{label}: no complaint of the kernel", not found["complaints"],
                    found["complaints"])
    job.__name__ = f"kunit {kernel}"
    return job


def suites():
    """The names that the module's sources give to suites."""
    names = [name for path in sorted((TOP / "net").rglob("*.rs"))
             for name in re.findall(r"#\[kunit_tests\((\w+)\)\]", path.read_text())]
    return names or ["the module's suites"]


def cases(text):
    """The cases of a KUnit suite: what is indented below it."""
    return "\n".join(line for line in text.splitlines() if line.startswith("    "))


def _examples(kernel):
    """Our files in that kernel's crate that have examples, relative to it, and how many."""
    crate = TOP / "rust/kernel"
    for path in sorted(crate.rglob("*.rs")):
        if "trie" in KERNELS[kernel].fragments and \
                str(path.relative_to(crate)).startswith(OF_FIB):
            continue
        # Fences open and close by turns.
        fences = re.findall(r"^\s*//[/!] ```(.*)$", path.read_text(), re.MULTILINE)[::2]
        count = sum(fence in ("", "rust") for fence in fences)
        if count:
            yield str(path.relative_to(crate)), count


JOBS, DEBUG_JOBS = [kunit()], [kunit("debug")]
