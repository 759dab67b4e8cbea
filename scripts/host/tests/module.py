# SPDX-License-Identifier: GPL-2.0
"""The module and the sample, loaded and unloaded; and what `make run` shows."""

from host import qemu
from host.kernel import BY_FIB
from host.tests.guests import CALLS, in_sections, run, sections
from host.tests.ktap import Result
from host.tests.suite import check

SERVE = (f"route add -net 198.51.100.0/24 dev lo && route del -net 198.51.100.0/24 dev lo && "
         f"sed 1d {CALLS}")
HOLDERS = {BY_FIB["C"]: "C's trie", BY_FIB["Rust"]: "the FIB in Rust"}
ENABLED = "/sys/module/route_ioctl/parameters/enabled"


def sample(kernel="release"):
    """The sample's route is there as long as the sample is loaded, and no longer."""
    if not qemu.finds_far_data():
        yield Result("sample: finds init_net", "skipped")
        return
    show = "ip route show type blackhole"
    _, out, err = run(in_sections(
        before=show, loaded=f"insmod /lib/modules/rust_blackhole_route.ko; {show}",
        after=f"rmmod rust_blackhole_route; {show}"), kernel=kernel, module=False)
    found = sections(out)
    yield check("sample: adds its route", "198.51.100.0/24" in found["loaded"], out + err)
    yield check("sample: takes its route away", not found["before"] and not found["after"],
                out + err)


def provider(kernel="release"):
    """C serves unless a provider is there that may; what a provider answers is counted."""
    load, unload = "insmod /lib/modules/route_ioctl_rust.ko", "rmmod route_ioctl_rust"
    _, out, err = run(in_sections(
        unloaded=f"{SERVE} && echo works", loaded=f"{load}; {SERVE}",
        disabled=f"echo 0 >{ENABLED}; {SERVE}; echo 1 >{ENABLED}",
        gone=f"{unload}; {SERVE}", reloaded=f"{load}; {SERVE}"), kernel=kernel, module=False)
    found = sections(out)
    for name, what, calls in (
            ("loaded", "loaded, Rust serves", 1), ("disabled", "disabled, C serves", 1),
            ("gone", "unloaded, C serves", 1), ("reloaded", "loaded again, Rust serves", 2)):
        yield check(f"provider: {what}", found[name] ==
                    f"IPv4 SIOCADDRT ok {calls}\nIPv4 SIOCDELRT ok {calls}\n", out + err)
    yield check("provider: without it C serves", found["unloaded"] == "works\n", out + err)


def off_at_boot():
    """The parameter is heeded before there is a provider: C serves, until it is changed."""
    _, out, err = run(in_sections(
        off=SERVE, on=f"echo 1 >{ENABLED}; {SERVE}"),
        kernel="builtin", module=False, append="route_ioctl.enabled=0")
    found = sections(out)
    yield check("provider: off at boot, C serves", found["off"] == "", out + err)
    yield check("provider: then on, Rust serves",
                found["on"] == "IPv4 SIOCADDRT ok 1\nIPv4 SIOCDELRT ok 1\n", out + err)


def demo(kernel="release"):
    """What `make run` shows is what it says it shows."""
    status, out, _ = run("/root/demo", kernel=kernel)
    yield check("demo: ends well", status == 0, out)
    yield check("demo: says who holds the routes", f"held by {HOLDERS[kernel]}\n" in out, out)
    before, _, after = out.partition("rmmod route_ioctl_rust")
    yield check("demo: Rust serves all calls while the module is loaded",
                before.count("served by Rust: IPv4 ") == 10 and
                before.count("served by Rust: IPv6 ") == 1 and "served by C" not in before, out)
    yield check("demo: C serves the call without it",
                after.count("served by C: ") == 1 and "served by Rust" not in after, out)


BRIEF_JOBS = [sample, provider, demo]
JOBS = [*BRIEF_JOBS, off_at_boot]
