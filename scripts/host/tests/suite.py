# SPDX-License-Identifier: GPL-2.0
"""Runs jobs on all processors and tells, a line for each test, how they ended.

A job is a function that returns results; one that raises, or returns none, has failed.
"""

import collections
import concurrent.futures
import os
import re
import sys
import traceback

from host.tests.ktap import Result

MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}


def check(name, condition, log=""):
    return Result(name, "passed" if condition else "failed", str(log))


def on(kernel, job):
    """The same job on another kernel, of which the names of its results tell."""
    def run_there():
        for result in job(kernel):
            result.name += f", {kernel} kernel"
            yield result
    run_there.__name__ = f"{job.__name__} {kernel}"
    return run_there


def run(jobs, skips=()):
    """Runs all jobs; returns the exit status. What is skipped must be in `skips`, and the reverse:
    these are patterns of names."""
    results, unused = [], set(skips)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for future in concurrent.futures.as_completed(pool.submit(_job, job) for job in jobs):
            for result in future.result():
                if result.outcome == "skipped":
                    allowed = {skip for skip in skips if re.search(skip, result.name)}
                    unused -= allowed
                    if not allowed:
                        result.outcome = "failed"
                        result.log += "\nskipped, which is on no list of what may be"
                results.append(result)
                _show(result)
    for skip in unused:
        results.append(check(f"skips: {skip} is skipped by nothing any more", False))
        _show(results[-1])
    counts = collections.Counter(result.outcome for result in results)
    failed = [result.name for result in results if result.outcome == "failed"]
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
