# SPDX-License-Identifier: GPL-2.0
"""A random sequence of changes of a FIB and questions to it, by iproute2: the same for a seed."""

import random

# Few, and one within the other, so that they meet.
PREFIXES = ("0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/16", "10.0.0.0/24", "10.0.0.0/32",
            "10.0.0.1/32", "10.0.1.0/24", "10.0.1.128/25", "10.1.0.0/16", "10.128.0.0/9",
            "10.255.255.255/32", "192.0.2.0/24", "192.0.2.128/25", "198.51.100.0/24",
            "128.0.0.0/1", "0.0.0.0/1", "255.255.255.255/32")
# So many more, in every second sequence: a leaf is split long before, and a dump has more than one
# message.
MORE = 600
ADDRESSES = ("10.0.0.0", "10.0.0.1", "10.0.0.77", "10.0.1.1", "10.0.1.200", "10.1.2.3", "10.200.0.1",
             "10.255.255.255", "192.0.2.9", "192.0.2.222", "198.51.100.3", "203.0.113.77", "8.8.8.8",
             "172.16.0.9", "172.16.1.9", "127.0.0.1")
DEVICES = ("d0", "d1", "d2")
GATEWAYS = {"d0": "172.16.0.254", "d1": "172.16.1.254", "d2": "172.16.2.254"}
SOURCES = {"d0": "172.16.0.1", "d1": "172.16.1.1", "d2": "172.16.2.1"}
TYPES = ("blackhole", "unreachable", "prohibit", "throw", "local", "broadcast")
TABLES = ("main", "main", "main", "local", "100", "254", "default", "300")
DSCPS = ("", "", "", "tos 0x04", "tos 0x08", "tos 0x10")
# What is no line for `ip` begins with this: a file below /proc/sys/net/ipv4, and what is put there.
SYSCTL = "sysctl"

SETUP = [
    "link set lo up",
    *(line for at, device in enumerate(DEVICES) for line in (
        f"link add {device} type dummy", f"link set {device} up",
        f"address add 172.16.{at}.1/24 dev {device}")),
]


class _Sequence:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.prefixes, self.addresses = list(PREFIXES), list(ADDRESSES)
        if seed % 2 == 0:
            for _ in range(MORE):
                length = self.rng.choice((*range(9, 33), *[24] * 24))
                address = 10 << 24 | self.rng.getrandbits(24) & self.rng.choice((0xff0fff, 0x0fffff))
                self.prefixes.append(f"{_dotted(address >> 32 - length << 32 - length)}/{length}")
                self.addresses.append(_dotted(address))
        self.made = []
        # A table of its own for local, with the first rule: not before some routes are there.
        self.until_rules = self.rng.choice((0, 100, 400))

    def _device(self):
        device = self.rng.choice(DEVICES)
        how = self.rng.random()
        if how < 0.4:
            return f"dev {device}"
        if how < 0.8:
            return f"via {GATEWAYS[device]} dev {device}"
        return f"via {GATEWAYS[device]}"

    def _hops(self):
        how = self.rng.random()
        if how < 0.65:
            return self._device()
        if how < 0.8:
            hops = (f"nexthop {self._device()} weight {self.rng.randint(1, 3)}"
                    for _ in range(self.rng.randint(2, 3)))
            return " ".join(hops)
        return f"nhid {self.rng.randint(1, 8)}"

    def _route(self):
        choice, how = self.rng.choice, self.rng.random
        words = [choice(self.prefixes), choice(DSCPS), f"table {choice(TABLES)}"]
        kind = choice(TYPES) if how() < 0.15 else ""
        if how() < 0.5:
            words.append(f"metric {choice((0, 1, 5, 100))}")
        if how() < 0.1:
            words.append(f"proto {choice(('static', 'bird', 'boot'))}")
        if how() < 0.1:
            words.append(f"scope {choice(('link', 'host', 'global'))}")
        if how() < 0.1 and not kind:
            words.append(f"src {choice(list(SOURCES.values()))}")
        if how() < 0.1:
            words.append(f"mtu {choice((1280, 1400))} advmss 1200")
        # After a nexthop, ip takes nothing else.
        if kind in ("", "local", "broadcast"):
            words.append(f"dev {choice(DEVICES)}" if kind else self._hops())
        return " ".join(filter(None, [kind, *words]))

    def _add(self, verb):
        self.made.append(self._route())
        return f"route {verb} {self.made[-1]}"

    def add(self, verb):
        return lambda: self._add(verb)

    def change(self, verb):
        """Of what may be there, more often than not."""
        return lambda: (f"route {verb} {self.rng.choice(self.made)}"
                        if self.made and self.rng.random() < 0.6 else self._add(verb))

    def forget(self):
        return f"route del {self.rng.choice(self.prefixes)} table {self.rng.choice(TABLES)}"

    def lookup(self):
        choice, how = self.rng.choice, self.rng.random
        words = [f"route get {choice(self.addresses)}", choice(DSCPS)]
        if how() < 0.2:
            words.append(f"mark {choice((1, 2))}")
        if how() < 0.2:
            words.append(f"oif {choice(DEVICES)}")
        if how() < 0.2:
            words.append(f"from {choice(list(SOURCES.values()))}")
        if how() < 0.2:
            words.append(f"ipproto udp sport {self.rng.randint(1, 999)} dport 53")
        if how() < 0.5:
            words.append("fibmatch")
        return " ".join(filter(None, words))

    def link(self):
        device = self.rng.choice(DEVICES)
        return self.rng.choice((
            f"link set {device} down", *[f"link set {device} up"] * 4,
            *[f"link set {device} carrier off"] * 2, *[f"link set {device} carrier on"] * 2))

    def device(self):
        device = self.rng.choice(DEVICES)
        return self.rng.choice((f"link del {device}", *[f"link add {device} type dummy"] * 2))

    def address(self):
        at = self.rng.randrange(len(DEVICES))
        verb = self.rng.choice(("add", "add", "add", "del"))
        metric = self.rng.choice(("", "", "", " metric 5")) if verb == "add" else ""
        return (f"address {verb} 172.16.{at}.{self.rng.choice((1, 2, 3))}/"
                f"{self.rng.choice((24, 24, 24, 32))} dev {DEVICES[at]}{metric}")

    def rule(self):
        if self.until_rules > 0:
            return self.lookup()
        choice, verb = self.rng.choice, self.rng.choice(("add", "del"))
        how = self.rng.random()
        if how < 0.2:
            return f"rule {verb} priority {choice((0, 50))} table local"
        if how < 0.3:
            return f"rule {verb} priority 32766 table main"
        if how < 0.4:
            return f"rule {verb} priority 150 table main suppress_prefixlength {choice((0, 8, 24))}"
        return (f"rule {verb} fwmark {choice((1, 2))} table {choice(('100', 'main', '300'))} "
                f"priority {choice((100, 200))}")

    def nexthop(self):
        choice, number = self.rng.choice, self.rng.randint(1, 8)
        how = self.rng.random()
        if how < 0.2:
            return f"nexthop del id {number}"
        verb = choice(("add", "add", "replace"))
        if how < 0.3:
            return f"nexthop {verb} id {number} blackhole"
        if how < 0.6:
            members = self.rng.sample(range(1, 6), self.rng.randint(1, 3))
            weights = (f"{member},{self.rng.randint(1, 4)}" for member in members)
            return f"nexthop {verb} id {number} group {'/'.join(weights)}"
        device = choice(DEVICES)
        gateway = f"via {GATEWAYS[device]} " if how < 0.85 else ""
        return f"nexthop {verb} id {number} {gateway}dev {device}"

    def flush(self):
        choice = self.rng.choice
        return choice((f"route flush table {choice(TABLES)}", "route flush cache",
                       f"route flush root {choice(self.prefixes)}", "nexthop flush",
                       f"route flush dev {choice(DEVICES)}"))

    def show(self):
        choice = self.rng.choice
        return choice(("route show table all", f"route show table {choice(TABLES)}",
                       f"route show dev {choice(DEVICES)}", "route show type blackhole",
                       "route show proto static table all", "nexthop show", "rule show",
                       f"route show table all root {choice(self.prefixes)}",
                       f"route show match {choice(self.prefixes)}",
                       f"route show exact {choice(self.prefixes)}"))

    def sysctl(self):
        choice = self.rng.choice
        return f"{SYSCTL} " + choice((
            *[f"conf/{choice(('all', *DEVICES))}/ignore_routes_with_linkdown {choice('0111')}"] * 3,
            f"fib_multipath_hash_policy {choice('01')}",
            f"conf/all/promote_secondaries {choice('01')}"))

    def lines(self, count):
        kinds = (
            (30, self.add("add")),
            (8, self.add("append")),
            (8, self.add("prepend")),
            (8, self.change("replace")),
            (4, self.change("change")),
            (14, self.change("del")),
            (6, self.forget),
            (30, self.lookup),
            (4, self.link),
            (1, self.device),
            (4, self.address),
            (3, self.rule),
            (9, self.nexthop),
            (1, self.flush),
            (4, self.show),
            (1, self.sysctl),
        )
        weights, makers = zip(*kinds)
        for make in self.rng.choices(makers, weights, k=count):
            self.until_rules -= 1
            yield make()


def _dotted(address):
    return ".".join(str(address >> shift & 0xff) for shift in (24, 16, 8, 0))


def steps(seed, count):
    """So many lines for `ip -batch`, and for what `SYSCTL` is there."""
    return list(_Sequence(seed).lines(count))
