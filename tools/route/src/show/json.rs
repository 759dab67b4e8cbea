// SPDX-License-Identifier: GPL-2.0

//! `--json`: routes of the main table, with the names that `ip -j route` has.

use super::{
    families,
    table::Devices,
    Output, //
};
use crate::{
    error::{
        in_words,
        Error,
        Status, //
    },
    line::Options,
    netlink::{
        Info,
        Netlink,
        Step, //
    },
};
use rustix::io::Errno;
use std::{
    io::Write,
    net::IpAddr, //
};

/// Shows the routes of the families that `options` ask for, as one array. Returns whether a table
/// has changed meanwhile.
pub fn show(options: &Options<'_>, output: &mut Output<impl Write>) -> Result<bool, Error> {
    push_array(options, output).map_err(|errno| {
        // Half an array is none.
        output.forget();
        Error::new(
            Status::Unsupported,
            format!("--json: rtnetlink: {}", in_words(errno.raw_os_error())),
        )
    })
}

fn push_array(options: &Options<'_>, output: &mut Output<impl Write>) -> Result<bool, Errno> {
    let mut netlink = Netlink::open()?;
    let mut devices = Devices::default();
    let mut is_first = true;
    let mut changed = false;

    output.buffer().push(b'[');
    for family in families(options) {
        let before = is_first;
        changed |= output.retry(|output| {
            is_first = before;
            let mut lost = false;
            let changed = netlink.routes(family.number(), |info| {
                let out = output.buffer();
                let start = out.len();
                if !is_first {
                    out.extend(b",\n");
                }
                if push_route(out, info, &mut devices) {
                    is_first = false;
                } else {
                    out.truncate(start);
                    lost = true;
                }
                if output.is_broken() {
                    Step::Break(())
                } else {
                    Step::Continue(())
                }
            })?;
            Ok(changed || lost)
        })?;
        if output.is_broken() {
            break;
        }
    }
    output.buffer().extend(b"]\n");
    Ok(changed)
}

/// Appends a route as an object. Returns whether that was possible: a device may be gone by now,
/// and its routes with it.
pub fn push_route(out: &mut Vec<u8>, info: &Info<'_>, devices: &mut Devices) -> bool {
    let mut whole = true;
    out.push(b'{');
    if info.kind != libc::RTN_UNICAST {
        text(out, "type", kind_name(info.kind).as_bytes());
    }
    key(out, "dst");
    out.push(b'"');
    push_destination(out, info);
    out.push(b'"');
    if info.next_hops.is_empty() {
        whole &= push_way(out, info.gateway, info.via, info.device, devices);
    }
    text(out, "protocol", &named(info.protocol, PROTOCOLS));
    // What is everywhere is not mentioned.
    if info.family == libc::AF_INET as u8 && info.scope != 0 {
        text(out, "scope", &named(info.scope, SCOPES));
    }
    if let Some(source) = address(info.source) {
        text(out, "prefsrc", source.to_string().as_bytes());
    }
    if info.priority != 0 {
        number(out, "metric", info.priority);
    }
    push_metrics(out, info);
    push_flags(out, info.flags);
    if !info.next_hops.is_empty() {
        key(out, "nexthops");
        out.push(b'[');
        for hop in info.hops() {
            if out.last() == Some(&b'}') {
                out.push(b',');
            }
            out.push(b'{');
            whole &= push_way(out, hop.gateway, hop.via, hop.device, devices);
            number(out, "weight", hop.weight);
            push_flags(out, hop.flags.into());
            out.push(b'}');
        }
        out.push(b']');
    }
    out.push(b'}');
    whole
}

/// Appends the destination: `default`, an address, or a prefix.
pub fn push_destination(out: &mut Vec<u8>, info: &Info<'_>) {
    let all = match info.family.into() {
        libc::AF_INET6 => 128,
        _ => 32,
    };
    match (address(info.destination), info.length) {
        (None, 0) => out.extend(b"default"),
        (None, length) => out.extend(format!("0/{length}").as_bytes()),
        (Some(address), length) if length == all => out.extend(address.to_string().as_bytes()),
        (Some(address), length) => out.extend(format!("{address}/{length}").as_bytes()),
    }
}

/// Gateway and device of each next hop.
pub fn ways<'a>(info: &Info<'a>) -> impl Iterator<Item = (Option<IpAddr>, u32)> + 'a {
    let far = |gateway, via: &[u8]| address(gateway).or_else(|| address(via.get(2..)?));
    let one = info
        .next_hops
        .is_empty()
        .then(|| (far(info.gateway, info.via), info.device));
    let hops = info.hops();
    one.into_iter()
        .chain(hops.map(move |hop| (far(hop.gateway, hop.via), hop.device)))
}

/// An address of either family. `None` for what is neither.
pub fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => Some(IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => Some(IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        _ => None,
    }
}

/// Returns whether the device is known.
fn push_way(
    out: &mut Vec<u8>,
    gateway: &[u8],
    via: &[u8],
    device: u32,
    devices: &mut Devices,
) -> bool {
    if let Some(gateway) = address(gateway) {
        text(out, "gateway", gateway.to_string().as_bytes());
    } else if let Some(host) = via.get(2..).and_then(address) {
        key(out, "via");
        out.push(b'{');
        text(
            out,
            "family",
            if host.is_ipv4() { b"inet" } else { b"inet6" },
        );
        text(out, "host", host.to_string().as_bytes());
        out.push(b'}');
    }
    if device != 0 {
        let Some(name) = devices.name(device) else {
            return false;
        };
        key(out, "dev");
        push_device(out, name);
    }
    true
}

/// A string, or if it is not UTF-8, an array of its bytes, as the journal of systemd has it.
fn push_device(out: &mut Vec<u8>, name: &[u8]) {
    if std::str::from_utf8(name).is_ok() {
        return string(out, name);
    }
    out.push(b'[');
    for (at, byte) in name.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        let _ = write!(out, "{byte}");
    }
    out.push(b']');
}

/// What net/ipv4/metrics.c calls them, and ip(8) as well.
const METRICS: &[(u16, &str)] = &[
    (1, "lock"),
    (2, "mtu"),
    (3, "window"),
    (4, "rtt"),
    (5, "rttvar"),
    (6, "ssthresh"),
    (7, "cwnd"),
    (8, "advmss"),
    (9, "reordering"),
    (10, "hoplimit"),
    (11, "initcwnd"),
    (12, "features"),
    (13, "rto_min"),
    (14, "initrwnd"),
    (15, "quickack"),
    (17, "fastopen_no_cookie"),
];

fn push_metrics(out: &mut Vec<u8>, info: &Info<'_>) {
    if info.metrics.is_empty() {
        return;
    }
    key(out, "metrics");
    out.extend(b"[{");
    for (metric, value) in info.metrics() {
        if let Some((_, name)) = METRICS.iter().find(|(known, _)| *known == metric) {
            number(out, name, value);
        }
    }
    out.extend(b"}]");
}

const FLAGS: &[(u32, &str)] = &[
    (1, "dead"),
    (2, "pervasive"),
    (4, "onlink"),
    (8, "offload"),
    (16, "linkdown"),
    (32, "unresolved"),
    (64, "trap"),
];

fn push_flags(out: &mut Vec<u8>, flags: u32) {
    key(out, "flags");
    out.push(b'[');
    for (flag, name) in FLAGS {
        if flags & flag != 0 {
            if out.last() != Some(&b'[') {
                out.push(b',');
            }
            string(out, name.as_bytes());
        }
    }
    out.push(b']');
}

/// The name of a type of route.
pub fn kind_name(kind: u8) -> &'static str {
    const KINDS: [&str; 12] = [
        "none",
        "unicast",
        "local",
        "broadcast",
        "anycast",
        "multicast",
        "blackhole",
        "unreachable",
        "prohibit",
        "throw",
        "nat",
        "xresolve",
    ];
    KINDS.get(usize::from(kind)).unwrap_or(&"unknown")
}

/// As iproute2 ships them in rt_protos.
const PROTOCOLS: &[(u8, &str)] = &[
    (0, "unspec"),
    (1, "redirect"),
    (2, "kernel"),
    (3, "boot"),
    (4, "static"),
    (8, "gated"),
    (9, "ra"),
    (10, "mrt"),
    (11, "zebra"),
    (12, "bird"),
    (13, "dnrouted"),
    (14, "xorp"),
    (15, "ntk"),
    (16, "dhcp"),
    (18, "keepalived"),
    (42, "babel"),
    (186, "bgp"),
    (187, "isis"),
    (188, "ospf"),
    (189, "rip"),
    (192, "eigrp"),
];

const SCOPES: &[(u8, &str)] = &[
    (0, "global"),
    (200, "site"),
    (253, "link"),
    (254, "host"),
    (255, "nowhere"),
];

/// A name, or where there is none, the number.
fn named(number: u8, names: &[(u8, &'static str)]) -> Vec<u8> {
    match names.iter().find(|(known, _)| *known == number) {
        Some((_, name)) => name.as_bytes().to_vec(),
        None => number.to_string().into_bytes(),
    }
}

fn key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    string(out, name.as_bytes());
    out.push(b':');
}

fn text(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    key(out, name);
    string(out, value);
}

fn number(out: &mut Vec<u8>, name: &str, value: u32) {
    key(out, name);
    // Into a vector, this cannot fail.
    let _ = write!(out, "{value}");
}

/// A string as JSON has it.
fn string(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for c in String::from_utf8_lossy(text).chars() {
        match c {
            '"' | '\\' => out.extend([b'\\', c as u8]),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}
