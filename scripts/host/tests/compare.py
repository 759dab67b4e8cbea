# SPDX-License-Identifier: GPL-2.0
"""Our `route` beside BusyBox's and net-tools': what they do, and what they print."""

import difflib
import re

from host.arch import ARCH
from host.common import GUEST, TOP
from host.tests.guests import run, sections
from host.tests.ktap import Result
from host.tests.suite import check

MANUAL = TOP / "tools/route/route.8"
# As the table names them, and as the guest calls them.
OTHERS = {"busybox": "busybox route", "net-tools": "/sbin/route"}
OURS = "/usr/local/sbin/route"
# Routes that the kernel adds by itself, when it gets to it.
LATE = re.compile("(local|anycast|multicast) [0-9a-f]*:")
# What net-tools hears from the kernel or the resolver, ours may find by itself, and then says so:
# 3 is for the command line, 6 for names.
SOONER = {7: 3, 1: 6}
# net-tools shifts 32 bits by such a length, and C leaves open what comes of that.
SHIFTED = re.compile(r"\d/3[23] ")
# Larger ones take long: scripts/route-bench has them.
SIZES = (0, 1, 100, 2_000)


def in_guest(script, *arguments, kernel, data=()):
    """Runs a script of the guest's; returns its sections, and what it complained of."""
    files = [(GUEST / name, f"/root/{name}") for name in (script, *data)]
    _, out, err = run(" ".join(["sh", script, *map(str, arguments)]), kernel=kernel, files=files,
                      timeout=1800)
    return sections(out), err


class Outcome:
    """What came of a command line: its exit status, what it said, the routes."""

    def __init__(self, text):
        status, *lines = text.splitlines()
        self.text = text
        self.status = int(status.removeprefix("status "))
        self.failed = self.status != 0
        self.silent = not any(line.startswith("said ") for line in lines)
        self.routes = [line for line in lines
                       if not line.startswith("said ") and not LATE.match(line)]

    def same(self, other):
        return self.failed == other.failed and self.routes == other.routes

    def exits_as(self, other):
        """Whether the status is the other's where both have failed."""
        return not self.failed or not other.failed or \
            self.status in (other.status, SOONER.get(other.status))


def table():
    """The lines of scripts/guest/commands: number, whom ours follows, command, before."""
    for number, line in enumerate((GUEST / "commands").read_text().splitlines(), start=1):
        follows, *rest = line.split("\t")
        if rest:
            yield number, follows, rest[0], "".join(rest[1:])


def differences():
    """The headings under DIFFERENCES in the manual."""
    section = MANUAL.read_text().partition("\n.SH DIFFERENCES\n")[2].partition("\n.SH ")[0]
    return [heading.replace("\\-", "-").rstrip(".:")
            for heading in re.findall(r"^\.TP\n\.BR? (.*)$", section, re.MULTILINE)]


def commands(kernel="release"):
    """Each command line of the table has the outcome that the table promises."""
    explained = differences()
    found, err = in_guest("compare", "commands", kernel=kernel, data=["commands"])
    marks = set()
    for number, follows, command, before in table():
        outcomes = {program: Outcome(found[f"{number} {program}"])
                    for program in (*OTHERS.values(), OURS)}
        ours = outcomes[OURS]
        equal = [name for name, program in OTHERS.items() if ours.same(outcomes[program])]
        expected = list(OTHERS) if follows == "both" else [follows] if follows in OTHERS else []
        if not expected:
            marks.add(follows)
        log = [f"ours does as {' and '.join(equal) or 'neither'}"]
        log += [f"{program}: {outcome.text}" for program, outcome in outcomes.items()]
        name = f"route {command}{before and f' (after {before})'}: as {follows}"
        if ARCH.shifts_out and SHIFTED.search(command):
            yield Result(name, "skipped")
            continue
        yield check(name, equal == expected and ours.failed != ours.silent and
                    ours.exits_as(outcomes[OTHERS["net-tools"]]), "\n".join(log) + err)
    for mark in sorted(marks):
        yield check(f"route.8 tells of a difference: {mark}", mark in explained, explained)


def sessions(kernel="release"):
    """Our route answers as it is written down."""
    text = (GUEST / "sessions").read_text()
    answers, err = in_guest("transcript", "sessions", kernel=kernel, data=["sessions"])
    for title, session in sections(text).items():
        expected = [line for line in session.splitlines() if line and not line.startswith("+ ")]
        answered = answers.get(title, "").splitlines()
        wrong = difflib.unified_diff(expected, answered, "expected", "answered", lineterm="")
        yield check(f"route: {title}", expected == answered, "\n".join(wrong) + err)


def display(*sizes):
    """What ours prints is what net-tools prints, byte for byte."""
    def job(kernel="release"):
        found, err = in_guest("display", *sizes, kernel=kernel)
        yield check("route display: every table was printed",
                    {int(name.split()[0]) for name in found} == set(sizes), err)
        for name, text in found.items():
            printed, _, differences = text.partition("\n")
            size, flags = re.fullmatch(r"(\d+) routes: route ?(.*)", name).groups()
            # Below a title and a heading; IPv6 has some of its own.
            whole = printed == f"{int(size) + 2} lines" or flags not in ("-n", "-ne", "-nee")
            yield check(f"route display: {name}", whole and not differences, text + err)
    job.__name__ = "route display"
    return job


JOBS = [commands, sessions, display(*SIZES)]
