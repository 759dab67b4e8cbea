# SPDX-License-Identifier: GPL-2.0
"""Builds what the series touches, in each configuration that a reviewer's machine may have."""

import dataclasses
import os
import re
import subprocess

from host import toolchain
from host.common import CACHE, TOP, Stop, remove, write

FOLDER = CACHE / "series"
TREE = FOLDER / "linux"
# How tools say what they think of a file.
SAID = [re.compile(form, re.MULTILINE | re.IGNORECASE) for form in (
    # compilers of C, sparse, Kconfig
    r"^(?P<file>[^\s:]+):\d+:(?:\d+:)? ?(?P<text>(?:warning|error): .*)",
    # rustc, clippy, rustdoc
    r"^(?P<text>(?:warning|error)(?:\[.*?\])?: .*)\n +--> (?P<file>[^\s:]+):\d+",
    # kernel-doc
    r"^(?:warning|error): (?P<file>[^\s:]+):\d+ (?P<text>.*)")]

# What is said of the kernel as it came.
KNOWN = (
    # sparse takes no __builtin_strlen() for a constant, as MODULE_PARM_DESC() has it. What is none
    # the compiler rejects.
    "error: bad constant expression",
    # Without IPv6, no header that af_inet.c includes declares it.
    "symbol 'disable_ipv6_mod' was not declared",
)


@dataclasses.dataclass(frozen=True)
class Configuration:
    what: str
    new: str            # how what the series adds is chosen: m, y, or n
    options: str = ""   # besides those of the guests' kernel
    without: str = ""   # what it must not have
    arch: str = "x86_64"

    @property
    def objects(self):
        return FOLDER / self.what.replace(" ", "-")


def _fragment(name):
    """Options of the guests' kernel, as far as they have that architecture."""
    path = TOP / f"scripts/kernel/{name}.config"
    return path.read_text().splitlines() if path.exists() else []


# After each patch. What is for this machine starts as a copy of the first's objects.
EACH = [
    # Otherwise what lets a provider in is not built before there is one.
    Configuration("modules", "m", "CONFIG_COMPILE_TEST=y\n# CONFIG_WERROR is not set"),
    Configuration("nothing new", "n"),
    Configuration("no IPv4", "m", "# CONFIG_INET is not set", "INET"),
    Configuration("no IPv6", "m", "# CONFIG_IPV6 is not set", "IPV6"),
    Configuration("no compat", "m", "# CONFIG_IA32_EMULATION is not set", "COMPAT"),
    Configuration("no modules", "y", "# CONFIG_MODULES is not set", "MODULES"),
]
# After the last one, as well. What is built in is built after each by that without modules.
LAST = [
    Configuration("built in", "y"),
    Configuration("no networking", "n", "# CONFIG_NET is not set", "NET"),
    Configuration("no proc", "y", "# CONFIG_PROC_FS is not set", "PROC_FS"),
    Configuration("small", "y", "\n".join(
        [*_fragment("single-table"), *_fragment("small"), "# CONFIG_PROC_FS is not set"]), "SMP"),
    Configuration("arm64", "m", arch="arm64"),
    Configuration("arm", "m", "CONFIG_MMU=y\nCONFIG_ARCH_MULTI_V7=y", arch="arm"),
]


class Builder:
    """Builds with warnings on, clippy and sparse. `series` is the text of all patches."""

    def __init__(self, series):
        self.files = set(re.findall(r"^diff --git a/(\S+)", series, re.MULTILINE))
        self.added = re.findall(r"^--- /dev/null\n\+\+\+ b/(\S+)", series, re.MULTILINE)
        # C's trie is what is there when nothing is chosen.
        self.symbols = set(re.findall(r"^\+(?:menu)?config (\w+)$", series,
                                      re.MULTILINE)) - {"IP_FIB_TRIE"}
        self.maintained = re.findall(r"^\+F:\t(\S+)$", series, re.MULTILINE)
        self.targets = sorted({_target(path) for path in self.files} - {None})
        guest = _fragment("guest")
        added = rf"CONFIG_({'|'.join(self.symbols)})="
        # The examples in the documentation are built by `make test`.
        self.old = [line for line in guest if not re.match(added, line) and "DOCTESTS" not in line]
        self.new = [line for line in guest if re.match(added, line)]
        if len(self.new) != len(self.symbols):
            raise Stop(f"scripts/kernel/guest.config does not name each of {self.symbols}")
        self.before = set()

    def begin(self):
        """Builds what the series starts from, and remembers what is said of that."""
        first = EACH[0]
        jobs = f"-j{os.cpu_count()}"
        for arguments in ([jobs], ["C=1"]):
            for path in self.files:
                if path.endswith(".c"):
                    (first.objects / path).with_suffix(".o").unlink(missing_ok=True)
            status, log = self._build(first, *arguments)
            if status or "not up to date" in log:
                raise Stop("what the series starts from does not build:\n" + log[-2000:])
        self.before = self.said(log)
        self.make(first, "headers")     # for the selftests
        for other in [*EACH, *LAST]:
            if other.arch == first.arch and not other.objects.exists():
                _copy(first.objects, other.objects)

    def concerned(self, files):
        """Whether a change of these files can change what is built."""
        return any(_target(path) or path.startswith("include/") for path in files)

    def check(self, configuration, last=False):
        """What is wrong with a configuration, now."""
        # sparse does not know what clang is told for every architecture.
        status, log = self._build(configuration, f"C={int(configuration.arch == EACH[0].arch)}")
        wrong = sorted(self.said(log) - self.before)
        config = (configuration.objects / ".config").read_text().splitlines()
        if f"CONFIG_{configuration.without}=y" in config:
            wrong.append(f"this configuration has {configuration.without}")
        if last and configuration.without not in ("INET", "NET"):
            wrong += [f"this configuration does not take {line}"
                      for line in self._chosen(configuration) if line not in config]
        if status:
            wrong.append(log[-3000:])
        return "\n".join(wrong)

    def said(self, log):
        """What tools say of the series' files, without the number of the line."""
        found = {(match["file"].removeprefix(f"{TREE}/"), match["text"])
                 for form in SAID for match in form.finditer(log)}
        return {f"{path}: {text}" for path, text in found
                if path in self.files and not any(known in text for known in KNOWN)}

    def make(self, configuration, *arguments):
        """The status, and what is said."""
        done = subprocess.run(
            ["make", "-C", TREE, f"O={configuration.objects}", f"ARCH={configuration.arch}", "W=1",
             # What Debian's sparse does not know.
             "CF=-D__typeof_unqual__=__typeof__", "CLIPPY=1", *toolchain.for_make(), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            errors="replace")
        return done.returncode, done.stdout

    def _build(self, configuration, *arguments):
        objects = configuration.objects
        write(objects / ".series-options", "\n".join(
            [*self.old, *_fragment(f"arch/{configuration.arch}"), configuration.options,
             *self._chosen(configuration), ""]))
        status, log = self.make(configuration, f"KCONFIG_ALLCONFIG={objects}/.series-options",
                                "allnoconfig")
        if not status:
            gone = {"INET": "net/ipv4/", "NET": "net/"}.get(configuration.without)
            targets = [target for target in self.targets if (TREE / target).exists() and
                       not (gone and target.startswith(gone))]
            status, more = self.make(configuration, *arguments, *targets)
            log += more
        write(objects.with_name(f"{objects.name}.log"), log)
        return status, log

    def _chosen(self, configuration):
        value = {"m": "=m", "y": "=y"}.get(configuration.new)
        return [line.replace("=m", value) for line in self.new] if value else []


def _target(path):
    """What builds a file of the kernel, or None."""
    top, *more = path.split("/")
    if top == "rust":
        return "rust/"
    return f"{top}/{more[0]}/" if top in ("net", "samples") and len(more) > 1 else None


def _copy(original, copy):
    """Copies objects so that kbuild takes them for those of the other folder."""
    new = copy.with_name(f"{copy.name}.new")
    remove(new)
    subprocess.run(["cp", "-a", "--reflink=auto", original, new], check=True)
    for command in new.rglob(".*.cmd"):
        text = command.read_text()
        moved = re.sub(rf"{original}\b", str(copy), text)
        if moved != text:
            command.write_text(moved)
    new.rename(copy)
