# SPDX-License-Identifier: GPL-2.0
"""A random sequence of changes of a FIB and questions to it, by iproute2: the same for a seed."""

import random

# Few, and one within the other, so that they meet.
PREFIXES = ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/16", "10.0.0.0/24", "10.0.0.0/32",
            "10.0.0.1/32", "10.0.1.0/24", "10.0.1.128/25", "10.1.0.0/16", "10.128.0.0/9",
            "10.255.255.255/32", "192.0.2.0/24", "192.0.2.128/25", "198.51.100.0/24",
            "128.0.0.0/1", "0.0.0.0/1", "255.255.255.255/32")
ADDRESSES = ("10.0.0.0", "10.0.0.1", "10.0.0.77", "10.0.1.1", "10.0.1.200", "10.1.2.3", "10.200.0.1",
             "10.255.255.255", "192.0.2.9", "192.0.2.222", "198.51.100.3", "203.0.113.77", "8.8.8.8",
             "172.16.0.9", "172.16.1.9", "127.0.0.1")
DEVICES = ("d0", "d1", "d2")
GATEWAYS = {"d0": "172.16.0.254", "d1": "172.16.1.254", "d2": "172.16.2.254"}
SOURCES = {"d0": "172.16.0.1", "d1": "172.16.1.1", "d2": "172.16.2.1"}
TYPES = ("blackhole", "unreachable", "prohibit", "throw", "local", "broadcast")
TABLES = ("main", "main", "main", "local", "100", "254", "default", "300")
DSCPS = ("", "", "", "tos 0x04", "tos 0x08", "tos 0x10")

SETUP = [
    "link set lo up",
    *(line for at, device in enumerate(DEVICES) for line in (
        f"link add {device} type dummy", f"link set {device} up",
        f"address add 172.16.{at}.1/24 dev {device}")),
]


def _device(rng):
    device = rng.choice(DEVICES)
    how = rng.random()
    if how < 0.4:
        return f"dev {device}"
    if how < 0.8:
        return f"via {GATEWAYS[device]} dev {device}"
    return f"via {GATEWAYS[device]}"


def _hops(rng):
    how = rng.random()
    if how < 0.65:
        return _device(rng)
    if how < 0.8:
        hops = (f"nexthop {_device(rng)} weight {rng.randint(1, 3)}"
                for _ in range(rng.randint(2, 3)))
        return " ".join(hops)
    return f"nhid {rng.randint(1, 6)}"


def _route(rng):
    words = [rng.choice(PREFIXES), rng.choice(DSCPS), f"table {rng.choice(TABLES)}"]
    kind = rng.choice(TYPES) if rng.random() < 0.15 else ""
    if rng.random() < 0.5:
        words.append(f"metric {rng.choice((0, 1, 5, 100))}")
    if rng.random() < 0.1:
        words.append(f"proto {rng.choice(('static', 'bird', 'boot'))}")
    if rng.random() < 0.1:
        words.append(f"scope {rng.choice(('link', 'host', 'global'))}")
    if rng.random() < 0.1 and not kind:
        words.append(f"src {rng.choice(list(SOURCES.values()))}")
    if rng.random() < 0.1:
        words.append(f"mtu {rng.choice((1280, 1400))} advmss 1200")
    # After a nexthop, ip takes nothing else.
    if kind in ("", "local", "broadcast"):
        words.append(f"dev {rng.choice(DEVICES)}" if kind else _hops(rng))
    return " ".join(filter(None, [kind, *words]))


def _lookup(rng):
    words = [f"route get {rng.choice(ADDRESSES)}", rng.choice(DSCPS)]
    if rng.random() < 0.2:
        words.append(f"mark {rng.choice((1, 2))}")
    if rng.random() < 0.2:
        words.append(f"oif {rng.choice(DEVICES)}")
    if rng.random() < 0.5:
        words.append("fibmatch")
    return " ".join(filter(None, words))


def _link(rng):
    device = rng.choice(DEVICES)
    return rng.choice((f"link set {device} down", *[f"link set {device} up"] * 4,
                       f"link set {device} carrier off", *[f"link set {device} carrier on"] * 2))


def _address(rng):
    at = rng.randrange(len(DEVICES))
    verb = rng.choice(("add", "add", "add", "del"))
    return (f"address {verb} 172.16.{at}.{rng.choice((1, 2, 3))}/{rng.choice((24, 24, 24, 32))} "
            f"dev {DEVICES[at]}")


def _rule(rng):
    return (f"rule {rng.choice(('add', 'del'))} fwmark {rng.choice((1, 2))} "
            f"table {rng.choice(('100', 'main', '300'))} priority {rng.choice((100, 200))}")


def _nexthop(rng):
    number = rng.randint(1, 6)
    how = rng.random()
    if how < 0.25:
        return f"nexthop del id {number}"
    verb = rng.choice(("add", "add", "replace"))
    if how < 0.4:
        return f"nexthop {verb} id {number} blackhole"
    if how < 0.6:
        return f"nexthop {verb} id {number} group {rng.randint(1, 3)}/{rng.randint(1, 3)}"
    device = rng.choice(DEVICES)
    gateway = f"via {GATEWAYS[device]} " if how < 0.8 else ""
    return f"nexthop {verb} id {number} {gateway}dev {device}"


def _flush(rng):
    return rng.choice((f"route flush table {rng.choice(TABLES)}", "route flush cache",
                       f"route flush root {rng.choice(PREFIXES)}",
                       f"route flush dev {rng.choice(DEVICES)}"))


def _show(rng):
    return rng.choice(("route show table all", f"route show table {rng.choice(TABLES)}",
                       f"route show dev {rng.choice(DEVICES)}", "route show type blackhole",
                       "route show proto static table all", "nexthop show"))


STEPS = (
    (24, lambda rng: f"route add {_route(rng)}"),
    (8, lambda rng: f"route append {_route(rng)}"),
    (8, lambda rng: f"route prepend {_route(rng)}"),
    (8, lambda rng: f"route replace {_route(rng)}"),
    (4, lambda rng: f"route change {_route(rng)}"),
    (12, lambda rng: f"route del {_route(rng)}"),
    (6, lambda rng: f"route del {rng.choice(PREFIXES)} table {rng.choice(TABLES)}"),
    (30, _lookup),
    (4, _link),
    (4, _address),
    (2, _rule),
    (8, _nexthop),
    (1, _flush),
    (4, _show),
)


def steps(seed, count):
    """So many lines for `ip -batch`."""
    rng = random.Random(seed)
    weights, makers = zip(*STEPS)
    return [make(rng) for make in rng.choices(makers, weights, k=count)]
