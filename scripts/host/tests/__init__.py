# SPDX-License-Identifier: GPL-2.0
"""What `make test` runs. A job is a function that yields results."""
