# SPDX-License-Identifier: GPL-2.0
"""Routing daemons and a small table: the same with C's trie and with the FIB in Rust."""

from host import daemons
from host.tests.suite import check

COUNT = 10_000


def same(daemon):
    def job():
        for what, count, good, why in daemons.compare(daemon, COUNT):
            yield check(f"daemons: {what}: {count:,}", good, why)
    job.__name__ = daemon
    return job


JOBS = list(map(same, daemons.PROGRAMS))
