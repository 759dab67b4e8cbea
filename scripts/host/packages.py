# SPDX-License-Identifier: GPL-2.0
"""Sees to it that the tools are there: on Debian 12 and 13 installs the packages that are
missing, elsewhere names the tools that are. Nothing to do costs a tenth of a second."""

import os
import shutil
import subprocess
import sys

from host import apt, arch, roots, toolchain
from host.arch import ARCH
from host.common import CACHE, Stop, need_space, say
from host.progress import Bar, follow

COMMON = """
    bc bison clang-19 flex libelf-dev libssl-dev lld-19 llvm-19 patch perl xz-utils
    ca-certificates curl gcc libc6-dev shellcheck
""".split() + list(roots.PROGRAMS)
# Debian 12 keeps a second, newer Rust beside its own.
RUST = {
    "debian12": "cargo-web rust-web-clippy rust-web-src rustc-web rustfmt-web".split(),
    "debian13": "bindgen cargo rust-clippy rust-src rustc rustfmt".split(),
}
TOOLS = """bash bc bison busybox clang curl dash flex gcc ip ld.lld llvm-nm make patch perl
    route shellcheck tar xz""".split()
# What else a command may ask for, where the package is called otherwise.
OTHERWISE = {"gnuplot-nox": "gnuplot", "iputils-ping": "ping", "netbase": "ip"}
# What a compiler has to find, too.
HEADERS = {"libelf's headers": ("-x", "c", "-include", "gelf.h")}
HEADERS_32 = {"a libc for 32 bits": ("-x", "c", "-m32", "-include", "stdlib.h")}


def ensure(*more):
    """Packages that all need, and `more`; elsewhere, their programs."""
    multilib, system = arch.own().multilib, apt.system()
    if system in RUST:
        # Somebody who brings a Rust of their own need not install ours.
        _install([*COMMON, ARCH.older.get(system, ARCH.package),
                  *(["gcc-multilib"] if multilib else []), *more,
                  *(() if os.environ.get("RUSTC") else RUST[system])])
    else:
        _look_for([*TOOLS, ARCH.qemu, *(OTHERWISE.get(name, name) for name in more)],
                  HEADERS | (HEADERS_32 if multilib else {}))


def _look_for(tools, headers):
    missing = [tool for tool in tools if not toolchain.program(tool)]
    if toolchain.program("gcc"):
        missing += [what for what, options in headers.items() if subprocess.run(
            ["gcc", *options, "-fsyntax-only", "/dev/null"], capture_output=True).returncode]
    if missing:
        raise Stop(f"this machine lacks {', '.join(missing)}; please install them")


def _install(packages):
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages]
    known = subprocess.run(query, capture_output=True, text=True).stdout
    missing = [package for package in packages if f"{package} installed\n" not in known]
    if not missing:
        return
    root = _root(f"apt-get install --no-install-recommends {' '.join(missing)}")
    need_space(5)
    get = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q",
           "-o", "DPkg::Lock::Timeout=60", "--no-install-recommends"]
    log = CACHE / "packages.log"
    say("installing what is missing:", *missing)
    # An update may fail for a source that does not matter here; what is had decides.
    updated = _output(*get, "update")
    log.write_text(updated)
    for package in missing:
        if subprocess.run(["apt-cache", "show", "--no-all-versions", package],
                          capture_output=True).returncode:
            if apt.failed(updated):
                raise Stop(f"no network: package {package} cannot be had (see {log})")
            raise Stop(f"apt-get finds no package {package} on this machine (see {log})")
    steps = 3 * _output(*get, "-s", "install", *missing).count("\nInst ")
    if follow([*get, "install", *missing], Bar("packages", steps),
              "^(?:Get:|Unpacking |Setting up )", log=log):
        reasons = [line for line in log.read_text().splitlines() if line.startswith("E: ")]
        raise Stop(f"packages could not be installed: {(reasons or [f'see {log}'])[0]}")


def _output(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True).stdout


def _root(install):
    """The words by which a command is run as root."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]
    if not shutil.which("sudo") or \
            subprocess.run([*sudo, "-v"], stderr=subprocess.DEVNULL).returncode:
        raise Stop(f"no root and no sudo; ask an administrator for: {install}")
    return sudo
