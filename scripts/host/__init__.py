# SPDX-License-Identifier: GPL-2.0
"""What runs on the host: builds kernels and guests, runs them, tests and measures."""
