# SPDX-License-Identifier: GPL-2.0
"""Makes a kernel tree what the overlay says it is: overlay.py CHECKOUT CACHE

All is staged first, then only files whose content differs are written, so that a build
after it is incremental. What has left the overlay is taken back.

  linux/       the tree
  pristine/    the kernel's own version of each file that a patch touches
  overlay      a line for each file laid over the tree; it names a file before that is written
  overlay.sum  changes when what a kernel is built from does
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

# What of the checkout lies at its place in the kernel.
FOLDERS = ("Documentation", "include", "net", "rust", "samples", "tools/testing")
# What of that no kernel is built from.
READ_ONLY = ("Documentation/", "tools/")
LEFTOVERS = re.compile(r"(~|\.orig|\.rej|\.sw[op])$")


class OverlayError(Exception):
    """The overlay does not fit the tree."""


def main():
    checkout, cache = sys.argv[1:]
    try:
        lay(checkout, cache)
    except OverlayError as error:
        sys.exit(f"error: {error}")


def lay(checkout, cache):
    linux = os.path.join(cache, "linux")
    pristine = os.path.join(cache, "pristine")
    manifest = os.path.join(cache, "overlay")
    laid = _read_lines(manifest)
    with tempfile.TemporaryDirectory(dir=cache, prefix="stage.") as stage:
        patched = _patched(checkout, linux, pristine, stage)
        added = _added(checkout)
        for path in added:
            if path in patched:
                raise OverlayError(f"{path} is a file of the overlay, and patched as well")
            if path not in laid and os.path.lexists(os.path.join(linux, path)):
                raise OverlayError(f"the kernel has a {path} of its own: make it a patch")
            _copy(os.path.join(checkout, path), os.path.join(stage, path))
        staged = sorted(patched | added)
        _write_lines(manifest, sorted(laid.union(staged)))
        for path in staged:
            _place(os.path.join(stage, path), os.path.join(linux, path))
        for path in laid.difference(staged):
            _take_back(os.path.join(pristine, path), os.path.join(linux, path))
        _write_lines(manifest, staged)
        built = [path for path in staged if not path.startswith(READ_ONLY)]
        _write_lines(os.path.join(cache, "overlay.sum"), [_sum(stage, built)])


def _patched(checkout, linux, pristine, stage):
    """Stages the kernel's files with all patches applied; returns their paths."""
    folder = os.path.join(checkout, "patches")
    patches = sorted(name for name in os.listdir(folder) if name.endswith(".patch"))
    touched = set()
    for name in patches:
        patch = os.path.join(folder, name)
        with open(patch, encoding="utf-8") as file:
            paths = set(re.findall(r"^\+\+\+ b/(\S+)", file.read(), re.MULTILINE))
        for path in paths - touched:
            kept = os.path.join(pristine, path)
            if not os.path.exists(kept):
                if not os.path.exists(os.path.join(linux, path)):
                    raise OverlayError(f"patches/{name}: this kernel has no {path}")
                _copy(os.path.join(linux, path), kept)
            _copy(kept, os.path.join(stage, path))
        touched |= paths
        applied = subprocess.run(
            ["patch", "-p1", "--fuzz=0", "--no-backup-if-mismatch", "-r", "-", "-s", "-N",
             "-d", stage, "-i", patch],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if applied.returncode:
            why = applied.stdout.strip().splitlines()
            raise OverlayError(f"patches/{name} does not apply to this kernel: "
                               f"{why[0] if why else 'no reason given'}")
    return touched


def _added(checkout):
    found = set()
    for top in FOLDERS:
        for folder, _, names in os.walk(os.path.join(checkout, top)):
            for name in names:
                if not LEFTOVERS.search(name):
                    found.add(os.path.relpath(os.path.join(folder, name), checkout))
    return found


def _copy(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(source, f"{target}.tmp")
    os.replace(f"{target}.tmp", target)


def _place(source, target):
    same = os.path.exists(target) and os.stat(target).st_mode == os.stat(source).st_mode
    if not same or _bytes(source) != _bytes(target):
        _copy(source, target)


def _take_back(kept, target):
    if os.path.exists(kept):
        _place(kept, target)
    elif os.path.exists(target):
        os.remove(target)


def _sum(stage, paths):
    total = hashlib.sha256()
    for path in paths:
        content = _bytes(os.path.join(stage, path))
        total.update(f"{path} {len(content)}\n".encode() + content)
    return total.hexdigest()


def _bytes(path):
    with open(path, "rb") as file:
        return file.read()


def _read_lines(path):
    if not os.path.exists(path):
        return set()
    with open(path, encoding="utf-8") as file:
        return set(file.read().splitlines())


def _write_lines(path, lines):
    with open(f"{path}.tmp", "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    os.replace(f"{path}.tmp", path)


if __name__ == "__main__":
    main()
