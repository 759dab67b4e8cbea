# SPDX-License-Identifier: GPL-2.0
"""Finds the tools that build the kernel, and checks them.

A rustup toolchain that is first in PATH has no rust-src, so all are named by path.
"""

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

from host import roots
from host.arch import ARCH
from host.common import CACHE, Stop
from host.progress import Bar, follow

RUST, BINDGEN = "1.85.0", "0.71.1"
# Debian 12's bindgen is too old, so this one is built once, by Debian's cargo.
OWN_BINDGEN = "0.72.1"
TOOLS = CACHE / "tools"
# What a program of the system is looked for in, whoever calls.
SYSTEM = "/usr/sbin:/usr/bin:/sbin:/bin"


def llvm():
    """What LLVM's programs have behind their names on Debian. Asked anew each time: the packages
    may have come only now."""
    return "-19" if shutil.which("clang-19", path=SYSTEM) else ""


def program(name):
    """A program of the system; None if there is none."""
    return shutil.which(name + llvm(), path=SYSTEM) or shutil.which(name, path=SYSTEM)


def rustc():
    """By default not what is first in PATH."""
    return Path(os.environ.get("RUSTC") or "/usr/bin/rustc")


def rust(name):
    """A program that belongs to that rustc."""
    return rustc().parent / name


def cc(bits=ARCH.bits):
    """How a C program for guests is compiled."""
    if ARCH.builds(bits):
        return ["gcc", f"-m{bits}"] if ARCH.multilib else ["gcc"]
    return [program("clang"), f"--target={ARCH.abi(bits).triple}", f"--sysroot={roots.of(bits)}",
            "-fuse-ld=lld"]


def _version(path):
    try:
        said = subprocess.run([path, "--version"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True).stdout
    except OSError:
        return None
    found = re.search(r"\d+(\.\d+)+", said)
    return found and found[0]


def _number(version):
    return [int(part) for part in version.split(".")]


def _check_rust():
    compiler = rustc()
    if not shutil.which(compiler):
        raise Stop(f"there is no {compiler}; unset RUSTC, or point it at a rustc")
    version = _version(compiler)
    if not version:
        raise Stop(f"{compiler} does not run; unset RUSTC")
    if _number(version) < _number(RUST):
        raise Stop(f"{compiler} is {version}, the kernel wants {RUST} or later; "
                   "unset RUSTC, or point it at one")
    root = subprocess.run([compiler, "--print", "sysroot"], stdout=subprocess.PIPE,
                          text=True).stdout.strip()
    source = Path(root, "lib/rustlib/src/rust/library/core")
    if not (source / "src/lib.rs").exists():
        raise Stop(f"{compiler} has no source of the core library ({source}); "
                   "unset RUSTC, or install its rust-src")


def cargo(*arguments, **variables):
    """How cargo is called. Registries are configured per user; everything that is written stays
    in the cache."""
    if not rust("cargo").exists():
        raise Stop(f"there is no {rust('cargo')}; "
                   "unset RUSTC, or install the cargo that belongs to it")
    home, users = TOOLS / "cargo", Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    home.mkdir(parents=True, exist_ok=True)
    for name in ("config.toml", "config", "credentials.toml"):
        if (users / name).exists() and not (home / name).exists():
            (home / name).unlink(missing_ok=True)
            (home / name).symlink_to((users / name).resolve())
    # Its subcommands are looked for in PATH, where another toolchain may be first.
    variables |= {"PATH": f"{rustc().parent}:{os.environ['PATH']}", "CARGO_HOME": str(home),
                  "RUSTC": str(rustc()), "RUSTDOC": str(rust("rustdoc"))}
    return {"args": [rust("cargo"), *arguments], "env": os.environ | variables}


def _bindgen():
    for found in (os.environ.get("BINDGEN") or "/usr/bin/bindgen", TOOLS / "bin/bindgen"):
        version = _version(found)
        if version and _number(version) >= _number(BINDGEN):
            return found
    TOOLS.mkdir(parents=True, exist_ok=True)
    log = TOOLS / "bindgen.log"
    call = cargo("install", "--locked", "--force", "--root", TOOLS, "bindgen-cli",
                 "--version", OWN_BINDGEN)
    if follow(call["args"], Bar("bindgen", 46), "^ *Compiling ", log=log, env=call["env"]):
        raise Stop(f"bindgen {OWN_BINDGEN} could not be built; see {log}")
    return TOOLS / "bin/bindgen"


@functools.cache
def for_make():
    """What the kernel's make is told about the tools."""
    _check_rust()
    if llvm():
        os.environ["LIBCLANG_PATH"] = f"/usr/lib/llvm{llvm()}/lib"
    return [f"LLVM={llvm() or 1}", f"RUSTC={rustc()}", f"BINDGEN={_bindgen()}",
            f"RUSTDOC={rust('rustdoc')}", f"RUSTFMT={rust('rustfmt')}",
            f"CLIPPY_DRIVER={rust('clippy-driver')}"]
