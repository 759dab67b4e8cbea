# SPDX-License-Identifier: GPL-2.0
"""Fuzzes on the host, led by what code is reached: the module's parsers against a model of the
contract (scripts/fuzz), the `route` command's (scripts/route-fuzz), and what the FIB holds its
prefixes in against a list (scripts/soak).

The corpus of each, where what reaches new code is added, and what fails are kept in the cache.
"""

import re
import subprocess

from host import packages, toolchain
from host.arch import own
from host.common import CACHE, TOP, Stop, say

# What cargo-fuzz asks of rustc, which takes it without being a nightly one.
FLAGS = " ".join(f"-C{flag}" for flag in (
    "passes=sancov-module", "codegen-units=1", "llvm-args=-sanitizer-coverage-level=4",
    "llvm-args=-sanitizer-coverage-inline-8bit-counters",
    "llvm-args=-sanitizer-coverage-pc-table", "llvm-args=-sanitizer-coverage-trace-compares"))
# The fuzzers of the `route` command; the first input of each is a line that it understands.
ROUTE = {
    "line": "add -net 10.0.0.0/8 gw 192.0.2.1 metric 5 dev eth0",
    "networks": "loopback 127.0.0.0 lo\nlab 012.0x10.1 campus # of all",
    "proc_route": "tests/golden/route:1",
    "proc_ipv6_route": "tests/golden/ipv6_route:0",
    "rtnetlink": None,
}


def _number(text, what):
    if not str(text).isdigit():
        raise Stop(f"{what}, not {text or 'nothing'}")
    return int(text)


def _build(crate, folder, *options):
    """Builds the fuzzers of a crate; returns the folder they are in."""
    packages.ensure()
    toolchain.for_make()
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    call = toolchain.cargo("build", "--quiet", "--locked", "--release",
                           "--target", own().rust, "--target-dir", folder / "target", *options,
                           RUSTFLAGS=FLAGS, CXX=toolchain.program("clang++"))
    if subprocess.run(**call, cwd=crate).returncode:
        raise Stop("the fuzzer was not built; see above")
    return folder / "target" / own().rust / "release"


def _fuzz(program, folder, runs, seed, length, *arguments):
    """Runs a fuzzer, with corpora and further options: whether all is well, how many runs it was,
    the edges reached."""
    log = folder / f"{program.name}.log"
    with open(log, "wb") as said:
        status = subprocess.run(
            [program, f"-runs={runs}", f"-seed={seed}", f"-max_len={length}",
             "-print_final_stats=1", f"-artifact_prefix={folder}/{program.name}-", *arguments],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said).returncode
    text = log.read_text(errors="replace")
    if status:
        panic = re.search(r"^.*panicked(.*\n){1,4}", text, re.MULTILINE)
        say((panic[0] if panic else text[-2000:]).rstrip())
    executed = re.search(r"^stat::number_of_executed_units: *(\d+)", text, re.MULTILINE)
    edges = re.search(r"DONE *cov: (\d+)", text)
    return not status, executed and int(executed[1]) or 0, edges and edges[1]


def contract(count, seed=1):
    """Arbitrary requests: the module must do with each what the model says."""
    folder, crate = CACHE / "fuzz", TOP / "tools/route_ioctl_fuzz"
    program = _build(crate, folder) / "route_ioctl_fuzz"
    good, _, edges = _fuzz(program, folder, count, seed, 160, folder / "corpus", crate / "corpus")
    if not good:
        raise Stop(f"module and contract disagree, or worse (seed {seed}); "
                   f"see {folder}/{program.name}.log")
    return f"{count} executions, seed {seed}, {edges} edges of the code reached: no disagreement"


def trie(count, seed=1):
    """Arbitrary changes of a table of prefixes: whether it is what a list is after each, and how
    many changes that were, to 100,000."""
    folder = CACHE / "fib_trie/fuzz"
    program = _build(TOP / "tools/fib_trie", folder, "--features", "fuzz,small",
                     "--bin", "fuzz") / "fuzz"
    # Long ones from the start: little happens in a small table.
    good, _, _ = _fuzz(program, folder, count, seed, 2000, folder / "corpus", "-len_control=0")
    log = (folder / "fuzz.log").read_text(errors="replace")
    return good, max(map(int, re.findall(r"^(\d+) changes$", log, re.MULTILINE)), default=0)


def main(count="", seed="1"):
    usage = "scripts/fuzz takes a COUNT and perhaps a SEED"
    print(contract(_number(count, usage), _number(seed, usage)))


def route(runs="1000000"):
    runs = _number(runs, "scripts/route-fuzz takes a number of runs for each parser")
    folder, crate = CACHE / "route-fuzz", TOP / "tools/route"
    programs, status = _build(crate / "fuzz", folder), 0
    for name, first in ROUTE.items():
        corpus = folder / "corpus" / name
        corpus.mkdir(exist_ok=True)
        if first and first.startswith("tests/"):
            file, line = first.split(":")
            first = (crate / file).read_text().splitlines()[int(line)]
        if first:
            (corpus / "seed").write_text(first)
        good, executed, _ = _fuzz(programs / name, folder, runs, 1, 512, corpus)
        status |= not good
        print(f"{name}: {executed} runs")
    return status
