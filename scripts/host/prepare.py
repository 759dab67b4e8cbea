# SPDX-License-Identifier: GPL-2.0
"""Builds all that a guest needs and does not have yet; of no kernel, lays the sources only."""

from host import image, kernel, overlay, packages, roots, route, source
from host.common import CACHE, TOP, locked


def prepare(*kernels, tools=()):
    packages.ensure(*tools)
    with locked():
        # Where it cannot be had at all, that shows before a kernel is fetched.
        roots.get()
        source.get()
        source.copy()
        overlay.lay(TOP, CACHE)
        if not kernels:
            return
        # Its headers are what programs for the guest are built with.
        for name in {"release": None} | dict.fromkeys(kernels):
            kernel.build(name)
        route.build()
        image.build(*kernels)
