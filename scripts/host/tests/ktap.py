# SPDX-License-Identifier: GPL-2.0
"""Reads KTAP, which KUnit and kselftests speak, into results."""

import dataclasses
import re

PLAN = re.compile(r"^1\.\.(\d+)")
CASE = re.compile(r"^(ok|not ok) \d+ ?-? ?(.*?)(?: *# (SKIP|XFAIL|TODO)\b.*)?$", re.IGNORECASE)


@dataclasses.dataclass
class Result:
    name: str
    outcome: str            # passed, failed, skipped
    log: str = ""


def read(text, prefix):
    """The results of one flat KTAP document. Less than its plan promises is a failure."""
    results, log, planned = [], [], None
    for line in text.splitlines():
        line = line.strip()
        plan, case = PLAN.match(line), CASE.match(line)
        if plan and planned is None:
            planned = int(plan[1])
        elif case:
            outcome = "passed" if case[1] == "ok" else "failed"
            if (case[3] or "").upper() == "SKIP":
                outcome = "skipped"
            results.append(Result(f"{prefix}: {case[2]}", outcome, "\n".join(log)))
            log = []
        else:
            log.append(line)
    if planned != len(results) or not results:
        results.append(Result(f"{prefix}: all of the {planned or 'planned'} tests", "failed",
                              f"{len(results)} have reported\n{text}"))
    return results
