# SPDX-License-Identifier: GPL-2.0
"""What `make fib-bench` measures: C's trie and the FIB in Rust, side by side.

  main       the command: measures, compares, judges
  routes     tables of routes, made up or from a file
  native     lookups, insertions and memory, in user-mode kernels
  calls      instructions of calls, lookups and a forwarded packet, and memory, in guests
  module     what measures from inside of either kernel
  limits     what must hold
  plots      time and memory over the size of the table
"""
