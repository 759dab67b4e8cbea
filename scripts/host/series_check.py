# SPDX-License-Identifier: GPL-2.0
"""Checks the series as those would who get it.

It is written and applied by `git am` to a clean tree. After each patch, what it touches is built in
each configuration, and read by the kernel's own tools; with a number, after that patch and those
that follow. All is kept in the cache, in series/:

  linux/      the tree, a git repository
  patches/    the series, and for each patch, in a file .to, who would have to see it
  NAME/       the objects of a configuration; what was said when they were last built is in NAME.log
"""

import concurrent.futures
import fnmatch
import functools
import glob
import os
import re
import subprocess
from pathlib import Path

from host import packages, series, source, toolchain
from host.common import PRISTINE, Stop, locked, remove, say
from host.series_build import EACH, FOLDER, LAST, TREE, Builder


class Report:
    """A line for each check as it ends, with the reasons of those that failed."""

    def __init__(self):
        self.passed, self.failed = 0, []

    def __call__(self, name, wrong):
        if wrong:
            self.failed.append(name)
            print(f"FAILED  {name}", *wrong.splitlines(), sep="\n        | ", flush=True)
        else:
            self.passed += 1
            print(f"ok      {name}", flush=True)

    def close(self):
        if len(self.failed) > 1:
            print("\nfailed:", *self.failed, sep="\n  ")
        print(f"{self.passed} passed, {len(self.failed)} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def clean_tree():
    """The kernel as it came, in git. Objects of another kernel go."""
    with locked():
        source.get()
        toolchain.for_make()
        stamp = (PRISTINE / source.STAMP).read_text()
        if not (TREE / source.STAMP).exists() or (TREE / source.STAMP).read_text() != stamp:
            remove(FOLDER)
            FOLDER.mkdir()
            new = FOLDER / "linux.new"
            # By hard links: git writes a new file where one changes.
            subprocess.run(["cp", "-al", PRISTINE, new], check=True)
            say("putting the kernel into git")
            series.Git(new, *series.sender()).begin()
            new.rename(TREE)
    git = series.Git(TREE, *series.sender())
    remove(TREE / ".git/rebase-apply")
    git("checkout", "--quiet", "--force", "-B", "series", "base")
    git("clean", "--quiet", "--force", "-d", "-x")
    return git


def _said(*command, **options):
    """The status of a tool, and what it says."""
    done = subprocess.run(command, cwd=TREE, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, **options)
    return done.returncode, done.stdout.strip()


class Patch:
    """The checks of a patch that is the last of those that are applied: each returns what is wrong."""

    def __init__(self, path, builder):
        self.path, self.builder = path, builder
        self.text = path.read_text(encoding="utf-8")
        self.files = re.findall(r"^diff --git a/(\S+)", self.text, re.MULTILINE)

    def ending(self, *ends):
        return [path for path in self.files if path.endswith(ends)]

    def checkpatch(self):
        # The tree's git has no history to look commits up in. New files are checked against
        # MAINTAINERS when that comes, in the last patch.
        _, said = _said("perl", "scripts/checkpatch.pl", "--strict", "--terse", "--no-summary",
                        "--show-types", "--ignore=UNKNOWN_COMMIT_ID,FILE_PATH_CHANGES", self.path,
                        env=os.environ | {"GIT_DIR": "none"})
        return said

    def maintainers(self):
        """Those who would have to see it."""
        _, said = _said("perl", "scripts/get_maintainer.pl", "--no-git", "--no-git-fallback",
                        self.path)
        self.path.with_suffix(".to").write_text(f"{said}\n", encoding="utf-8")
        wrong = [] if re.search(r"\((maintainer|supporter|reviewer)", said) else [f"nobody: {said}"]
        if "MAINTAINERS" in self.files:
            patterns = re.findall(r"^\+F:\t(\S+)$", self.text, re.MULTILINE)
            wrong += [f"MAINTAINERS lists {pattern}, which is not there" for pattern in patterns
                      if not glob.glob(str(TREE / pattern))]
            wrong += [f"MAINTAINERS does not list {path}" for path in self.builder.added
                      if (TREE / path).exists() and
                      not any(_covers(pattern, path) for pattern in self.builder.maintained)]
        return "\n".join(wrong)

    def kernel_doc(self):
        return "\n".join(self.builder.said(kernel_doc(self.ending(".c", ".h"))) -
                         self.builder.before)

    def rustfmt(self):
        edition = re.search(r"--edition=(\d+)", (TREE / "Makefile").read_text())[1]
        status, said = _said(toolchain.rust("rustfmt"), "--check", "--edition", edition,
                             "--config", "skip_children=true", *self.ending(".rs"))
        return said if status else ""

    def selftests(self):
        """Those that it adds: a folder, or programs in one that the kernel has."""
        wrong = []
        for folder in {os.path.dirname(path) for path in self.ending(".c") if "selftests" in path}:
            objects = FOLDER / "selftests" / os.path.basename(folder)
            objects.mkdir(parents=True, exist_ok=True)
            programs = [objects / Path(path).stem for path in self.ending(".c")
                        if os.path.dirname(path) == folder]
            # A Makefile of ours knows by itself what there is so far.
            ours = f"{folder}/Makefile" in self.builder.added
            status, said = _said("make", "-C", folder, f"OUTPUT={objects}",
                                 f"KHDR_INCLUDES=-isystem {EACH[0].objects}/usr/include",
                                 *([] if ours else programs))
            wrong += [said] if status or "warning" in said else []
        return "\n".join(wrong)

    def checks(self):
        yield "checkpatch", self.checkpatch
        yield "get_maintainer", self.maintainers
        if self.ending(".c", ".h"):
            yield "kernel-doc", self.kernel_doc
        if self.ending(".rs"):
            yield "rustfmt", self.rustfmt
        if any("selftests" in path for path in self.ending(".c")):
            yield "selftests build", self.selftests


def _covers(pattern, path):
    """Whether a pattern of MAINTAINERS is one of that file: a star stands for no slash."""
    return path.startswith(pattern) if pattern.endswith("/") else (
        fnmatch.fnmatch(path, pattern) and path.count("/") == pattern.count("/"))


def kernel_doc(files):
    return _said("scripts/kernel-doc", "-none", "-Wall", *files)[1]


def rustdoc(builder):
    status, said = builder.make(EACH[0], "rustdoc")
    return "\n".join(builder.said(said)) or (said[-3000:] if status else "")


def main(first="1"):
    if not first.isdigit():
        raise Stop(f"scripts/series-check takes the number of a patch to begin with, not {first}")
    packages.ensure("git", "sparse")
    # Others may build meanwhile.
    with locked("series.lock"):
        return check(int(first))


def check(first):
    git = clean_tree()
    patches = sorted(series.write(PRISTINE, FOLDER / "patches"))[1:]
    builder = Builder("".join(path.read_text(encoding="utf-8") for path in patches))
    say("building what the series starts from")
    builder.begin()
    builder.before |= builder.said(kernel_doc(
        [path for path in builder.files if path.endswith((".c", ".h")) and (TREE / path).exists()]))
    report, choice = Report(), None
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, path in enumerate(patches, 1):
            print(f"{number:02} {path.stem[5:]}")
            try:
                git("am", "--quiet", path)
            except Stop as stop:
                report(f"{number:02} applies", str(stop))
                break
            report(f"{number:02} applies", "")
            patch, last = Patch(path, builder), path == patches[-1]
            choice = choice or re.search(r"^\+(menu)?config ", patch.text, re.MULTILINE)
            if number < first:
                continue
            checks = dict(patch.checks())
            if last or builder.concerned(patch.files):
                for configuration in [*EACH, *(LAST if last else [])]:
                    # As long as there is nothing to choose, the first is without it, too.
                    if choice or configuration.new != "n":
                        checks[f"builds: {configuration.what}"] = functools.partial(
                            builder.check, configuration, last)
            running = {pool.submit(check): name for name, check in checks.items()}
            for check in concurrent.futures.as_completed(running):
                report(f"{number:02} {running[check]}", check.result())
            if last:
                report(f"{number:02} rustdoc", rustdoc(builder))
    return report.close()
