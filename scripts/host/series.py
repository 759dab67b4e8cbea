# SPDX-License-Identifier: GPL-2.0
"""Writes the overlay as the patches that `git send-email` sends, with a cover letter: a series of
the routing ioctls, and one of the FIB, patches/fib/, that goes on top of it.

What goes into which patch is said in patches/, each of which holds a message, after `---` a line
`Adds: PATH` for each file that is new to the kernel (of a folder, with `/` at the end, all that
nobody names), and the diff of the kernel's own files. Its subject begins with `[PATCH net]` if it
is for that tree, and can be sent alone. A Makefile of selftests leaves out what only a later patch
brings. The author and the sign-off are those of git's configuration, so that whoever sends the
series can certify it.
"""

import dataclasses
import email
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from host import overlay, packages, source
from host.common import PRISTINE, TOP, Stop, locked, say

# The tree of what is new.
TREE = "net-next"
COVER = "0000-cover-letter"
# The series: the commits of each in the order of all, and the folder of its patches.
SERIES = {"ioctl": ("base..ioctl", "patches"), "fib": ("ioctl..series", overlay.FIB)}
# What our modules have instead of a name.
AUTHOR = 'authors: ["Route ioctl maintainers"]'
# What names each of the files beside it.
LISTS = re.compile("tools/testing/selftests/.*/Makefile")


@dataclasses.dataclass
class Patch:
    name: str
    tree: str
    message: str
    adds: list      # as its lines say it
    diff: str

    @property
    def changes(self):
        """The kernel's own files that it changes."""
        return re.findall(r"^--- a/(\S+)", self.diff, re.MULTILINE)


def read(kernel):
    return [_parse(path) for path in overlay.patches(TOP, kernel)]


def _parse(path):
    mail = email.message_from_string(path.read_text(encoding="utf-8"))
    text, _, rest = mail.get_payload().partition("---\n")
    notes, start, diff = rest.partition("diff --git ")
    tree, subject = re.match(r"\[PATCH ?(.*?)\] (.*)", " ".join(mail["Subject"].split())).groups()
    return Patch(str(path.relative_to(TOP)), tree or TREE, f"{subject}\n\n{text.strip()}\n",
                 re.findall(r"^Adds: (\S+)$", notes, re.MULTILINE), start + diff)


def owners(patches):
    """The files that each patch adds, by its name, and what is wrong with that, a line each."""
    claims, wrong = {}, []
    for patch in patches:
        for claim in patch.adds:
            if claim in claims:
                wrong.append(f"{claim} is added by {claims[claim]} and by {patch.name}")
            claims[claim] = patch.name
    adds = {patch.name: [] for patch in patches}
    unused = set(claims)
    for path in sorted(overlay.files(TOP)):
        # The file, then the folders it lies in, from the innermost.
        names = [path, *(f"{parent}/" for parent in Path(path).parents)]
        claim = next((name for name in names if name in claims), None)
        if claim:
            adds[claims[claim]].append(path)
            unused.discard(claim)
        else:
            wrong.append(f"{path} belongs to no patch: let one of patches/ add it")
    wrong += [f"{claims[claim]} adds {claim}, which is not there" for claim in sorted(unused)]
    return adds, wrong


def sender():
    """The name and the address that git has been told."""
    asked = subprocess.run(["git", "-C", TOP, "-c", "user.useConfigOnly=true",
                            "var", "GIT_AUTHOR_IDENT"], capture_output=True, text=True)
    if asked.returncode:
        raise Stop("git does not know who sends this; tell it: "
                   "git config user.name NAME; git config user.email ADDRESS")
    return re.match(r"(.*) <(.*)>", asked.stdout).groups()


class Git:
    """A repository in which nobody's configuration has a say."""

    def __init__(self, tree, name, address):
        self.tree = tree
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": address,
            "GIT_COMMITTER_NAME": name, "GIT_COMMITTER_EMAIL": address}

    def __call__(self, *command, stdin=""):
        done = subprocess.run(["git", *command], cwd=self.tree, env=self.environment, input=stdin,
                              capture_output=True, text=True)
        if done.returncode:
            raise Stop(done.stderr.strip() or done.stdout.strip())
        return done.stdout

    def begin(self):
        """Makes what is in the folder the base of all that follows."""
        self("init", "--quiet", "--initial-branch=series")
        # Objects are read soon and seldom.
        self("config", "core.compression", "1")
        self("config", "gc.auto", "0")
        self("add", "--all", "--force")
        self("commit", "--quiet", "--allow-empty", "--message=base")
        self("tag", "base")


def write(kernel, folder, only=None):
    """Writes what makes the kernel with that source what the overlay says, or only one of SERIES;
    returns the files."""
    commits, of = SERIES[only] if only else ("base", "patches")
    patches = read(kernel)
    adds, wrong = owners(patches)
    if wrong:
        raise Stop("\n".join(wrong))
    name, address = sender()
    with tempfile.TemporaryDirectory(prefix="series.") as tree:
        # No more of the kernel than what changes: the patches are the same.
        for path in {path for patch in patches for path in patch.changes}:
            if (kernel / path).exists():
                _copy(kernel / path, Path(tree, path))
        git = Git(tree, name, address)
        git.begin()
        makefiles = set()
        for patch in patches:
            for path in adds[patch.name]:
                _copy(TOP / path, Path(tree, path))
                if path.endswith(".rs"):
                    _sign(Path(tree, path), name)
            makefiles |= {path for path in adds[patch.name] if LISTS.fullmatch(path)}
            for path in makefiles:
                Path(tree, path).write_text(_so_far(TOP / path, Path(tree, path).parent))
            try:
                if patch.diff:
                    # Whoever sends the series maintains what it adds.
                    git("apply", "--index", stdin=re.sub(
                        r"^\+M:\t.*", f"+M:\t{name} <{address}>", patch.diff, flags=re.MULTILINE))
            except Stop as stop:
                raise Stop(f"{patch.name} does not apply to {kernel}\n{stop}") from None
            git("add", "--all", "--force")
            git("commit", "--quiet", "--signoff", "--cleanup=whitespace", "--file=-",
                stdin=patch.message)
            if not patch.name.startswith(overlay.FIB):
                git("branch", "--force", "ioctl")
        # That of the branch whose commits are written becomes the cover letter.
        for branch in ("ioctl", "series"):
            git("config", f"branch.{branch}.description",
                (TOP / of / COVER).read_text(encoding="utf-8"))
        _clear(folder)
        written = [Path(line) for line in git(
            "format-patch", f"--subject-prefix=PATCH {TREE}", "--cover-letter", "--zero-commit",
            "--cover-from-description=subject", "--no-signature",
            f"--output-directory={folder}", commits).splitlines()]
    # Those of the FIB are the last.
    first = len(patches) - len(written[1:]) if only == "fib" else 0
    for path, patch in zip(written[1:], patches[first:]):
        _replace(path, f"[PATCH {TREE} ", f"[PATCH {patch.tree} ")
    return written


def _clear(folder):
    """Removes the series that was written there before. What is none is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    old = list(folder.glob("*.patch"))
    if old and not (folder / f"{COVER}.patch").exists():
        raise Stop(f"{folder} holds patches that are no series; name another folder")
    for path in old:
        path.unlink()


def _so_far(makefile, folder):
    """A Makefile without the lines that are about files which are not in the folder yet."""
    def here(line):
        entry, rule = re.fullmatch(r"\t(\S+) \\", line), re.fullmatch(r"\$\(OUTPUT\)/.*: (.*)", line)
        return all((folder / name).exists() or (folder / f"{name}.c").exists()
                   for name in (entry or rule)[1].split()) if entry or rule else True
    lines = makefile.read_text(encoding="utf-8").splitlines()
    # What precedes a rule that is left out at the end is an empty line.
    return "\n".join(line for line in lines if here(line)).rstrip() + "\n"


def _sign(path, name):
    """Of a module, the author is who sends it."""
    _replace(path, AUTHOR, f"authors: [{json.dumps(name, ensure_ascii=False)}]")


def _replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _copy(path, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)


def main(folder="", name="ioctl"):
    if not folder or folder.startswith("-"):
        raise Stop("where to? make series OUT=FOLDER")
    if name not in SERIES:
        raise Stop(f"there is no series {name}; there are {' and '.join(SERIES)}")
    packages.ensure("git")
    kernel = Path(os.environ.get("KERNEL_SRC") or PRISTINE).absolute()
    if not kernel.exists() and kernel == PRISTINE:
        with locked():
            source.get()
    written = write(kernel, Path(folder).absolute(), name)
    say(f"a cover letter and {len(written) - 1} patches: git send-email {folder}/*.patch")
