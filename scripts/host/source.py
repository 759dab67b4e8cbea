# SPDX-License-Identifier: GPL-2.0
"""Gets the kernel's source into the cache: a tree of the user's own (KERNEL_SRC), Debian's
package, or the tarball of kernel.org. To be called under the cache's lock."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from host import apt
from host.common import CACHE, LINUX, PRISTINE, Stop, need_space, remove, say, stamped, write
from host.progress import Bar, follow

SERIES = "7.3"
STAMP = ".route-source"
DOWNLOAD = CACHE / "download"
NEW = CACHE / "pristine.new"


def get():
    tree = os.environ.get("KERNEL_SRC")
    if tree:
        _from_user(Path(tree))
    elif not (PRISTINE / STAMP).exists() and not _from_debian() and not _from_kernel_org():
        raise Stop(f"no network: Linux {SERIES} cannot be had; "
                   "KERNEL_SRC=/path uses a source tree of your own")


def copy():
    """Makes the tree that the overlay is laid on, if it is not there yet."""
    if not LINUX.exists():
        # By hard links: whoever changes a file there writes a new one.
        new = LINUX.with_name(f"{LINUX.name}.new")
        remove(new)
        subprocess.run(["cp", "-al", PRISTINE, new], check=True)
        new.rename(LINUX)


def _fresh():
    need_space(8)
    remove(NEW)
    NEW.mkdir(parents=True)


def _adopt(name):
    """Makes the unpacked tree the cache's. What was built from another one is void."""
    write(NEW / STAMP, name)
    for path in (LINUX, PRISTINE, *CACHE.glob("overlay*")):
        remove(path)
    NEW.rename(PRISTINE)


def _from_user(tree):
    makefile = tree / "Makefile"
    if not tree.is_dir():
        raise Stop(f"KERNEL_SRC={tree} is not a folder")
    if not makefile.is_file() or not re.match(r"(#.*\n)*VERSION = \d", makefile.read_text()):
        raise Stop(f"KERNEL_SRC={tree} is no source of Linux")
    tree = tree.resolve()
    commit = subprocess.run(["git", "-C", tree, "rev-parse", "HEAD"], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True).stdout.strip()
    name = f"KERNEL_SRC={tree} {commit}"
    if stamped(PRISTINE / STAMP, name):
        return
    _fresh()
    say(f"copying {tree}")
    subprocess.run(["cp", "-a", "--reflink=auto", "-t", NEW,
                    *(path for path in tree.iterdir() if path.name != ".git")], check=True)
    # A tree that was built in place cannot be built elsewhere as well.
    subprocess.run(["make", "-C", NEW, "-s", "mrproper"], stdout=subprocess.DEVNULL, check=True)
    _adopt(name)


def _unpack(archive):
    """Unpacks a tarball below a folder of its own."""
    _fresh()
    if follow(["tar", "-x", "--checkpoint=500", "--checkpoint-action=echo=%u", "-C", NEW,
               "--strip-components=1", "-f", archive], Bar("unpack"), r"(\d+)$",
              log=DOWNLOAD / "unpack.log"):
        raise Stop(f"cannot unpack {archive}; is the disk full? See {DOWNLOAD}/unpack.log")


def _from_debian():
    """By apt, with sources and state of our own; the machine's are left alone. False if there is
    no network, or no apt."""
    uri, package, folder = _mirror(), f"linux-source-{SERIES}", DOWNLOAD / "apt"
    if not uri:
        return False
    (folder / "deb").mkdir(parents=True, exist_ok=True)
    write(folder / "sources/backports.sources",
          f"Types: deb\nURIs: {uri}\nSuites: trixie-backports\nComponents: main\n"
          "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n")
    get = ["apt-get", "-q", *apt.private(folder, Dir__Etc__SourceList="/dev/null",
                                         Dir__Etc__SourceParts=folder / "sources")]
    if subprocess.run([*get, "update"], capture_output=True).returncode:
        return False
    uris = subprocess.run([*get, "--print-uris", "download", package], capture_output=True,
                          text=True).stdout
    found = re.search(r"^'\S+ (\S+) (\d+)", uris, re.MULTILINE)
    if not found:
        return False
    deb, size = found[1], int(found[2])
    # apt checks what it finds, and fetches it again unless it is whole.
    bar = Bar(f"download {package} (bytes)", size)
    with subprocess.Popen([*get, "download", package], cwd=folder / "deb", stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            time.sleep(0.5)
            had = subprocess.run(["du", "-sb", folder / "deb"], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True).stdout
            bar.show(int(had.split()[0]))
    bar.end()
    if process.returncode:
        return False
    subprocess.run(["dpkg-deb", "-x", folder / "deb" / deb, folder / "unpacked"], check=True)
    _unpack(folder / f"unpacked/usr/src/{package}.tar.xz")
    _adopt(f"Debian {deb}")
    shutil.rmtree(folder)
    return True


def _mirror():
    """The mirror that this machine gets its own release from."""
    try:
        targets = subprocess.run(
            ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)",
             "Created-By: Packages"], stdout=subprocess.PIPE, text=True).stdout
        codename = re.search(r"^VERSION_CODENAME=(\w+)$", Path("/etc/os-release").read_text(),
                             re.MULTILINE)
    except FileNotFoundError:
        return None
    found = codename and re.search(rf"^(\S+) {codename[1]}$", targets, re.MULTILINE)
    return found and found[1]


def _from_kernel_org():
    site = f"https://cdn.kernel.org/pub/linux/kernel/v{SERIES.split('.', maxsplit=1)[0]}.x"
    DOWNLOAD.mkdir(parents=True, exist_ok=True)
    # The list of checksums is also the list of what there is.
    listing = subprocess.run(["curl", "-fsS", "--max-time", "60", f"{site}/sha256sums.asc"],
                             capture_output=True, text=True).stdout
    there = re.findall(rf"^(\w+)  (linux-{re.escape(SERIES)}(?:\.(\d+))?\.tar\.xz)$", listing,
                       re.MULTILINE)
    if not there:
        return False
    checksum, name, _ = max(there, key=lambda found: int(found[2] or 0))
    tarball = DOWNLOAD / name
    if subprocess.run(["curl", "-f", "-C", "-", "--progress-bar", "-o", tarball,
                       f"{site}/{name}"]).returncode:
        return False
    if subprocess.run(["sha256sum", "--quiet", "-c", "-"], text=True, stderr=subprocess.DEVNULL,
                      input=f"{checksum}  {tarball}\n", stdout=subprocess.DEVNULL).returncode:
        tarball.unlink()
        raise Stop(f"{name} is not what kernel.org's list of checksums says; run again")
    _unpack(tarball)
    _adopt(f"kernel.org {name}")
    tarball.unlink()
    return True
