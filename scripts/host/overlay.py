# SPDX-License-Identifier: GPL-2.0
"""Makes a kernel tree what the overlay says it is.

All is staged first, then only files whose content differs are written, so that a build
after it is incremental. What has left the overlay is taken back.

  pristine/    the kernel as it came
  linux/       the tree; as long as nobody changes them, its files are those of pristine/
  overlay      a line for each file laid over it; it names a file before that is written
  overlay.sum  changes when what a kernel is built from does
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from host.common import Stop, digest, remove, write

# What of the checkout lies at its place in the kernel.
FOLDERS = ("Documentation", "include", "net", "rust", "samples", "tools/testing")
# The patches of the FIB in Rust, which follow all others.
FIB = "patches/fib"
# What of that no kernel is built from.
READ_ONLY = ("Documentation/", "tools/")
LEFTOVERS = re.compile(r"(~|\.orig|\.rej|\.sw[op])$")


def lay(checkout, cache):
    linux, pristine, manifest = cache / "linux", cache / "pristine", cache / "overlay"
    laid = set(manifest.read_text().splitlines()) if manifest.exists() else set()
    with tempfile.TemporaryDirectory(dir=cache, prefix="stage.") as folder:
        stage = Path(folder)
        patched = _patched(checkout, pristine, stage)
        added = files(checkout)
        for path in added:
            if path in patched:
                raise Stop(f"{path} is a file of the overlay, and patched as well")
            if (pristine / path).exists():
                raise Stop(f"the kernel has a {path} of its own: make it a patch")
            _copy(checkout / path, stage / path)
        staged = sorted(patched | added)
        write(manifest, "".join(f"{path}\n" for path in sorted(laid.union(staged))))
        for path in staged:
            _place(stage / path, linux / path)
        for path in laid.difference(staged):
            if (pristine / path).exists():
                _place(pristine / path, linux / path)
            else:
                remove(linux / path)
        write(manifest, "".join(f"{path}\n" for path in staged))
        built = [path for path in staged if not path.startswith(READ_ONLY)]
        write(cache / "overlay.sum", digest(*(stage / path for path in built)) + repr(built))


def files(checkout):
    """What the overlay adds to a kernel."""
    return {str(path.relative_to(checkout)) for top in FOLDERS
            for path in (checkout / top).rglob("*")
            if path.is_file() and not LEFTOVERS.search(path.name)}


def patches(checkout, kernel):
    """What edits a kernel's own files: first what an older series lacks of the newest; last, what
    the FIB in Rust changes."""
    version = re.findall(r"^(?:VERSION|PATCHLEVEL) = (\d+)$", (kernel / "Makefile").read_text(),
                         re.MULTILINE)
    folders = f"patches/{'.'.join(version)}", "patches", FIB
    return [patch for folder in folders for patch in sorted((checkout / folder).glob("*.patch"))]


def _patched(checkout, pristine, stage):
    """Stages the kernel's files with all patches applied; returns their paths."""
    touched = set()
    for patch in patches(checkout, pristine):
        name, text = patch.relative_to(checkout), patch.read_text(encoding="utf-8")
        paths = set(re.findall(r"^\+\+\+ b/(\S+)", text, re.MULTILINE))
        for path in set(re.findall(r"^--- a/(\S+)", text, re.MULTILINE)) - touched:
            if not (pristine / path).exists():
                raise Stop(f"{name} does not apply: this kernel has no {path}")
            _copy(pristine / path, stage / path)
        touched |= paths
        applied = paths and subprocess.run(
            ["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", "-r", "-", "-N",
             "-d", stage, "-i", patch],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if applied and applied.returncode:
            raise Stop(f"{name} does not apply to this kernel: {_why(applied.stdout)}")
    return touched


def _why(said):
    """The hunks that have failed, each with its file and line."""
    reasons, file = [], ""
    for line in said.splitlines():
        file = line.removeprefix("patching file ") if line.startswith("patching file ") else file
        if failed := re.match(r"(Hunk #\d+) FAILED at (\d+)", line):
            reasons.append(f"{file}, {failed[1].lower()}, at line {failed[2]}")
    return "; ".join(reasons) or said.strip().splitlines()[0]


def _copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f"{target.name}.tmp")
    shutil.copy(source, new)
    new.replace(target)


def _place(source, target):
    same = target.exists() and target.stat().st_mode == source.stat().st_mode
    if not same or source.read_bytes() != target.read_bytes():
        _copy(source, target)
