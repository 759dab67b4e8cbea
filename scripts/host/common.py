# SPDX-License-Identifier: GPL-2.0
"""Where things are, how to speak, and what keeps one run from spoiling another."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import sys
import threading
from pathlib import Path

# The checkout, and the folder for everything that is generated.
TOP = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("ROUTE_CACHE") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache",
                  "route-ioctl-rust")).absolute()
# The kernel's source as it came, and the same with the overlay laid.
PRISTINE = CACHE / "pristine"
LINUX = CACHE / "linux"
GUEST = TOP / "scripts/guest"
# Seconds to wait for another run before saying so.
PATIENCE = 3


class Stop(Exception):
    """What a user has to be told in one line before we end."""
    status = 1


class Misuse(Stop):
    """The same of what was asked for by a name that is none."""
    status = 2


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def stamped(path, text):
    """Whether a stamp says so. It is written last, so what it vouches for is whole."""
    try:
        return path.read_text() == text
    except FileNotFoundError:
        return False


def write(path, text):
    """Writes a file, of which nobody sees a half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.tmp")
    new.write_text(text)
    new.replace(path)


def digest(*paths):
    """Changes when the content of one of the files does."""
    total = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        total.update(f"{path.name} {len(content)}\n".encode() + content)
    return total.hexdigest()


def states(*paths):
    """Changes when one of the programs is another one."""
    found = [(str(path), Path(path).exists() and Path(path).stat()) for path in paths]
    return " ".join(f"{path} {stat and (stat.st_size, stat.st_mtime)}" for path, stat in found)


def remove(path):
    """Removes a file or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def need_space(gib):
    """Stops before long work that needs so much in the cache, if it is not there."""
    try:
        CACHE.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Stop(f"cannot write to {CACHE}; ROUTE_CACHE=/path puts the cache elsewhere") from None
    free = shutil.disk_usage(CACHE).free >> 30
    if free < gib:
        raise Stop(f"{CACHE} needs {gib} GiB and has {free}; "
                   "free some, or put it elsewhere with ROUTE_CACHE=/path")


@contextlib.contextmanager
def locked(name="lock"):
    """Only one run at a time may change the cache. The lock ends with the last process that has
    it, so that a compiler which outlives us keeps it."""
    need_space(0)
    with open(CACHE / name, "w", encoding="ascii") as lock:
        os.set_inheritable(lock.fileno(), True)
        # One that finds nothing to build is not worth a word.
        warning = threading.Timer(PATIENCE, say, [
            f"waiting for another run that is building in {CACHE}"])
        warning.daemon = True
        warning.start()
        fcntl.flock(lock, fcntl.LOCK_EX)
        warning.cancel()
        yield
