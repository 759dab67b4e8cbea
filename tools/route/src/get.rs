// SPDX-License-Identifier: GPL-2.0

//! `get`: which route serves an address.

use crate::{
    error::{
        in_words,
        shown,
        Error,
        Status, //
    },
    line::{
        Family,
        Options, //
    },
    names::Names,
    netlink::{
        Info,
        Netlink, //
    },
    parse,
    show::{
        json,
        table::Devices, //
    },
};
use rustix::io::Errno;
use std::net::IpAddr;

/// The line that says which route serves the address that `words` name.
pub fn get(options: &Options<'_>, words: &[&[u8]], names: &impl Names) -> Result<String, Error> {
    let [word] = words else {
        return Err(Error::usage("get: one address or name has to follow"));
    };
    let address = match options.family()? {
        Family::Inet
            if options.families[0].is_none() && crate::address::parse_ipv6(word).is_some() =>
        {
            IpAddr::V6(parse::host6(word, names)?)
        }
        Family::Inet => IpAddr::V4(parse::host4(word, names)?),
        Family::Inet6 => IpAddr::V6(parse::host6(word, names)?),
    };
    let failed = |errno| refused(&shown(word), errno);
    let mut netlink = Netlink::open().map_err(failed)?;
    let mut devices = Devices::default();
    let describe = |info: &Info<'_>| {
        let mut out = Vec::new();
        if options.json {
            out.push(b'[');
            json::push_route(&mut out, info, &mut devices);
            out.extend(b"]\n");
        } else {
            out.extend(format!("{address}: ").as_bytes());
            push_route(&mut out, info, &mut devices);
            out.push(b'\n');
        }
        String::from_utf8_lossy(&out).into_owned()
    };
    match address {
        IpAddr::V4(address) => netlink.route_to(libc::AF_INET as u8, &address.octets(), describe),
        IpAddr::V6(address) => netlink.route_to(libc::AF_INET6 as u8, &address.octets(), describe),
    }
    .map_err(failed)
}

/// What a lookup without a route to show ends in.
fn refused(word: &str, errno: Errno) -> Error {
    let text = match errno {
        Errno::NETUNREACH => format!("{word}: no route serves it, not even a default route"),
        Errno::HOSTUNREACH => format!("{word}: unreachable, by a route that rejects it"),
        Errno::ACCESS => format!("{word}: prohibited, by a route that rejects it"),
        Errno::INVAL => format!("{word}: dropped, by a blackhole route"),
        errno => format!("{word}: {}", in_words(errno.raw_os_error())),
    };
    Error::new(Status::Kernel, text)
}

fn push_route(out: &mut Vec<u8>, info: &Info<'_>, devices: &mut Devices) {
    if info.kind != libc::RTN_UNICAST {
        out.extend(json::kind_name(info.kind).as_bytes());
        out.push(b' ');
    }
    json::push_destination(out, info);
    for (gateway, device) in json::ways(info) {
        if let Some(gateway) = gateway {
            out.extend(format!(" via {gateway}").as_bytes());
        }
        if device != 0 {
            out.extend(b" dev ");
            out.extend(devices.name(device).unwrap_or(b"?"));
        }
    }
    if let Some(source) = json::address(info.source) {
        out.extend(format!(" src {source}").as_bytes());
    }
    if info.priority != 0 {
        out.extend(format!(" metric {}", info.priority).as_bytes());
    }
    if info.kind == libc::RTN_LOCAL {
        out.extend(b" (an address of this machine)");
    } else if info.table != u32::from(libc::RT_TABLE_MAIN) {
        out.extend(format!(" (table {})", info.table).as_bytes());
    }
}
