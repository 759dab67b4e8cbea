# SPDX-License-Identifier: GPL-2.0
"""Runs jobs on all processors and tells, a line for each test, how they ended.

A job is a function that returns results; one that raises, or returns none, has failed.
"""

import concurrent.futures
import os
import sys
import traceback

from ktap import Result

MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}


def check(name, condition, log=""):
    return Result(name, "passed" if condition else "failed", str(log))


def run(jobs):
    """Runs all jobs; returns the exit status."""
    counts = dict.fromkeys(MARKS, 0)
    failed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in concurrent.futures.as_completed(pool.submit(_job, job) for job in jobs):
            for result in future.result():
                counts[result.outcome] += 1
                _show(result)
                if result.outcome == "failed":
                    failed.append(result.name)
    if len(failed) > 1:
        print("\nfailed:", *failed, sep="\n  ")
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    if counts["skipped"]:
        line += f", {counts['skipped']} skipped"
    print(line, flush=True)
    return 0 if counts["passed"] and not counts["failed"] else 1


def _job(job):
    try:
        results = list(job())
    except Exception:  # pylint: disable=broad-except
        return [Result(job.__name__, "failed", traceback.format_exc())]
    return results or [Result(job.__name__, "failed", "ran no test")]


def _show(result):
    print(f"{MARKS[result.outcome]:8}{result.name}")
    if result.outcome == "failed":
        for line in result.log.splitlines():
            print(f"        | {line}")
    sys.stdout.flush()
