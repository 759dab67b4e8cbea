# SPDX-License-Identifier: GPL-2.0
"""Sets of routes, the same for the same seed, as `ip -batch` and our --batch read them."""

import ipaddress
import random

SEED = 20261124
# How long the prefixes of a full BGP table are, in percent.
LENGTHS = {24: 60, 23: 10, 22: 11, 21: 5.5, 20: 4.5, 19: 3, 18: 1.6, 17: 1, 16: 1.5, 15: 0.6,
           14: 0.5, 13: 0.3, 12: 0.2, 11: 0.1, 10: 0.1, 9: 0.01, 8: 0.003}
# On the device that the guest has, 10.1.0.1/24.
GATEWAYS = [f"10.1.0.{number}" for number in range(2, 18)]


def adjacent(count):
    """Prefixes of length 24, one beside the other."""
    start = int(ipaddress.IPv4Address("20.0.0.0"))
    return [(start + (index << 8), 24) for index in range(count)]


def like_bgp(count):
    """Random prefixes of unicast addresses, in random order."""
    chance = random.Random(SEED)
    lengths = chance.choices(list(LENGTHS), LENGTHS.values(), k=count)
    found = {}
    for length in lengths:
        while True:
            # Not below 11.0.0.0, where the guest's own address is.
            first = chance.randrange(11 << 24, 224 << 24) >> 32 - length << 32 - length
            if first >> 24 != 127 and (first, length) not in found:
                break
        found[first, length] = None
    return list(found)


def write(prefixes, for_ip, for_ours):
    """Writes the same routes for both programs; gateways take turns at random."""
    chance = random.Random(SEED)
    with open(for_ip, "w", encoding="ascii") as ip, open(for_ours, "w", encoding="ascii") as ours:
        for first, length in prefixes:
            prefix = f"{ipaddress.IPv4Address(first)}/{length}"
            gateway = chance.choice(GATEWAYS)
            ip.write(f"route add {prefix} via {gateway}\n")
            ours.write(f"add -net {prefix} gw {gateway}\n")
