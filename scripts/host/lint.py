# SPDX-License-Identifier: GPL-2.0
"""Checks formatting, style and the rules of the code; each check is a test.

A check is a function that returns what is wrong; nothing is well.
"""

import ast
import re
import subprocess

from host import kernel, overlay, packages, route, toolchain
from host import series as patch_series
from host.arch import OBJECTS, own
from host.common import LINUX, PRISTINE, TOP, Stop, locked
from host.prepare import prepare
from host.tests import suite


# What core and alloc call when they cannot go on, such as slice_index_fail and unwrap_failed.
PANIC = re.compile(r"\b_R\w*(?:panic|fail|alloc_error)\w*")


def _files(*folders, name="*"):
    return [path for folder in folders for path in sorted((TOP / folder).rglob(name))
            if path.is_file() and not path.is_symlink()]


def _said(*command, **options):
    """What a checker says: nothing, if it is content."""
    options = {"cwd": TOP, "stderr": subprocess.STDOUT, "input": ""} | options
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, **options)
    return result.stdout.strip() or result.returncode and f"status {result.returncode}"


def _cargo(command, *arguments):
    call = toolchain.cargo(command, *arguments, CARGO_TARGET_DIR=str(route.FOLDER))
    return _said(*call["args"], cwd=route.CRATE, env=call["env"])


def clippy():
    """What clippy says of the kernel crate and of the modules, in a build of its own."""
    with locked():
        kernel.build("clippy")
    return "\n".join(re.findall(r"^(?:warning|error).*(?:\n.*){0,8}",
                                (OBJECTS / "clippy.log").read_text(), re.MULTILINE))


def rustfmt():
    edition = re.search(r"--edition=(\d+)", (LINUX / "Makefile").read_text())[1]
    return _said(toolchain.rust("rustfmt"), "--check", "--edition", edition,
                 "--config-path", LINUX / ".rustfmt.toml", "--config", "skip_children=true",
                 *_files("net", "rust", "samples", "tools/route_ioctl_fuzz",
                         "tools/fib_trie/src", "tools/fib_trie/tests", "tools/fib_trie/bare",
                         name="*.rs"))


def route_fmt():
    return _cargo("fmt", "--check")


def route_clippy():
    return _cargo("clippy", "--locked", "--quiet", "--all-targets", "--target", own().rust,
                  "--", "-D", "warnings")


def route_unsafe():
    """What the system calls take, and nothing else."""
    allowed = {path.name for path in _files("tools/route/src", name="*.rs")
               if "allow(unsafe_code)" in path.read_text()}
    wrong = allowed ^ {"kernel.rs", "resolver.rs"}
    if 'unsafe_code = "deny"' not in (route.CRATE / "Cargo.toml").read_text().splitlines():
        wrong.add("Cargo.toml")
    return " ".join(wrong)


def _checkpatch(*arguments, **options):
    """LINUX is the kernel that it looks things up in. What it calls may lack a Python module."""
    return _said("perl", LINUX / "scripts/checkpatch.pl", f"--root={LINUX}", "--strict", "--terse",
                 "--no-summary", "--show-types", *arguments, stderr=subprocess.DEVNULL, **options)


def patches():
    """By standard input: what git tracks, checkpatch takes for a source file. The sign-off comes
    with the series; there is no history here to find commits in."""
    wrong = []
    for patch in overlay.patches(TOP, PRISTINE):
        text = patch.read_text()
        if "\n+++ b/" in text and (said := _checkpatch(
                "--ignore", "MISSING_SIGN_OFF,UNKNOWN_COMMIT_ID", "-", input=text)):
            wrong.append(f"{patch.name}: {said}")
    return "\n".join(wrong)


def files():
    return _checkpatch("-f", *_files(*overlay.FOLDERS), *_files("scripts", name="*.[ch]"))


def series():
    """Each file of the overlay belongs to one patch of the series."""
    return "\n".join(patch_series.owners(patch_series.read(PRISTINE))[1])


def _llvm(program, *arguments):
    return subprocess.run([toolchain.program(f"llvm-{program}"), *arguments],
                          stdout=subprocess.PIPE, text=True, check=True).stdout


def panics():
    """No panic can be reached from an object, or a function of ours in the kernel crate's, that
    refers to none."""
    objects = [OBJECTS / "release/net/ipv4/fib_rust/fib_rust.o",
               *(path for path in kernel.modules("release") if "kunit" not in path.name)]
    places = {path.name: _llvm("nm", "--undefined-only", path) for path in objects}
    # As their symbols have it: 6kernel3net4rtnl.
    parts = [path.relative_to(TOP / "rust").with_suffix("").parts
             for path in _files("rust/kernel", name="*.rs")]
    ours = re.compile("|".join("".join(f"{len(name)}{name}" for name in part) for part in parts))
    code = _llvm("objdump", "-dr", "--no-show-raw-insn", OBJECTS / "release/rust/kernel.o")
    functions = re.split(r"^[0-9a-f]+ <(\w+)>:$", code, flags=re.MULTILINE)[1:]
    places |= {name: body for name, body in zip(functions[::2], functions[1::2])
               if ours.search(name)}
    if len(objects) < 2 or len(places) == len(objects):
        return "there is no module, or nothing of ours in the kernel crate"
    return "\n".join(f"{place}: {name}" for place, text in places.items()
                     for name in sorted(set(PANIC.findall(text))))


def unsafe():
    """The module and the sample have no unsafe code, and name no bindings; nor has the FIB, but for
    the functions that C calls."""
    wrong = []
    called = TOP / "net/ipv4/fib_rust"
    for path in _files("net", "samples", name="*.rs"):
        if path == called / "c.rs" or path.parent == called / "c":
            continue
        text = path.read_text()
        code = re.sub("//.*", "", text)
        wrong += [f"{path.name}: {word}" for word in re.findall(r"\bunsafe\b|\bbindings\b", code)]
        # KUnit's macro makes some of its own.
        if re.search(r"^module! \{", text, re.MULTILINE) and not path.stem.endswith("_kunit") and \
                "#![forbid(unsafe_code)]" not in text.splitlines():
            wrong.append(f"{path.name} does not forbid unsafe code")
    return "\n".join(wrong)


def shell():
    scripts = [path for path in _files("scripts", ".ci")
               if re.match(rb"#!/bin/(ba)?sh\n", path.read_bytes())]
    return _said("shellcheck", "-S", "warning", *scripts)


def python():
    for path in _files("scripts", name="*.py"):
        ast.parse(path.read_text(), path)


CHECKS = [rustfmt, clippy, patches, files, series, panics, unsafe, shell, python,
          route_fmt, route_clippy, route_unsafe]


def checks():
    toolchain.for_make()
    for check in CHECKS:
        try:
            wrong = check()
        except (Stop, SyntaxError) as error:
            wrong = str(error)
        yield suite.check(f"lint: {check.__name__}", not wrong, wrong)


def main():
    packages.ensure()
    prepare("release")
    return suite.run([checks])
