// SPDX-License-Identifier: GPL-2.0

//! `get`: which route serves an address.

use crate::{
    address::parse_zoned,
    error::{
        in_words,
        shown,
        Error,
        Status, //
    },
    kernel::device_index,
    line::{
        Family,
        Options, //
    },
    names::Names,
    netlink::{
        Info,
        Netlink,
        Step, //
    },
    parse,
    route::DeviceName,
    show::{
        json,
        table::Devices,
        ATTEMPTS, //
    },
};
use rustix::io::Errno;
use std::net::IpAddr;

/// What is asked for.
#[derive(Debug, Eq, PartialEq)]
pub enum Asked {
    /// The default route.
    Default(Family),
    /// The route to an address, by way of a device if one is named.
    Route(IpAddr, Option<DeviceName>),
}

/// What `word` asks for.
pub fn asked(options: &Options<'_>, word: &[u8], names: &impl Names) -> Result<Asked, Error> {
    let family = match options.family()? {
        Family::Inet if options.families[0].is_none() && parse_zoned(word).is_some() => {
            Family::Inet6
        }
        family => family,
    };
    if word == b"default" {
        return Ok(Asked::Default(family));
    }
    let (address, device) = match family {
        Family::Inet => (IpAddr::V4(parse::host4(word, names)?), None),
        Family::Inet6 => {
            let (address, device) = parse::host6(word, names)?;
            (IpAddr::V6(address), device)
        }
    };
    // The kernel does not look up the address of none.
    if address.is_unspecified() {
        return Ok(Asked::Default(family));
    }
    Ok(Asked::Route(address, device))
}

/// The line that says which route serves the address that `words` name.
pub fn get(options: &Options<'_>, words: &[&[u8]], names: &impl Names) -> Result<Vec<u8>, Error> {
    let [word] = words else {
        return Err(Error::usage("get: one address or name has to follow"));
    };
    let asked = asked(options, word, names)?;
    let mut netlink = Netlink::open().map_err(|errno| {
        Error::new(
            Status::Kernel,
            format!("get: rtnetlink: {}", in_words(errno.raw_os_error())),
        )
    })?;
    let mut devices = Devices::default();
    // `None` if a device has gone meanwhile, and the route with it.
    let mut describe = |info: &Info<'_>| {
        let mut out = Vec::new();
        let whole = if options.json {
            out.push(b'[');
            let whole = json::push_route(&mut out, info, &mut devices);
            out.extend(b"]\n");
            whole
        } else {
            match &asked {
                Asked::Default(_) => out.extend(b"default: "),
                Asked::Route(address, _) => out.extend(format!("{address}: ").as_bytes()),
            }
            let whole = push_route(&mut out, info, &mut devices);
            out.push(b'\n');
            whole
        };
        whole.then_some(out)
    };

    match &asked {
        Asked::Default(family) => default(|each| netlink.routes(family.number(), each), describe),
        Asked::Route(address, device) => {
            let device = match device {
                Some(name) => device_index(&netlink, name),
                None => Ok(0),
            };
            device.and_then(|device| match address {
                IpAddr::V4(to) => {
                    netlink.route_to(Family::Inet.number(), &to.octets(), device, &mut describe)
                }
                IpAddr::V6(to) => {
                    netlink.route_to(Family::Inet6.number(), &to.octets(), device, &mut describe)
                }
            })
        }
    }
    .and_then(|line| line.ok_or(Errno::NODEV))
    .map_err(|errno| refused(&asked, &shown(word), errno))
}

/// What `describe` makes of the default route with the lowest metric. `routes` shows all routes
/// there are, and returns whether they have changed meanwhile.
pub fn default<T>(
    mut routes: impl FnMut(&mut dyn FnMut(&Info<'_>) -> Step) -> Result<bool, Errno>,
    mut describe: impl FnMut(&Info<'_>) -> Option<T>,
) -> Result<Option<T>, Errno> {
    for _ in 0..ATTEMPTS {
        let mut best: Option<(u32, _)> = None;
        let changed = routes(&mut |info| {
            let better = best
                .as_ref()
                .is_none_or(|(metric, _)| info.priority < *metric);
            if info.length == 0 && info.tos == 0 && better {
                best = Some((info.priority, describe(info)));
            }
            Step::Continue(())
        })?;
        if !changed {
            let (_, line) = best.ok_or(Errno::NETUNREACH)?;
            return Ok(line);
        }
    }
    Err(Errno::AGAIN)
}

/// What a lookup without a route to show ends in.
fn refused(asked: &Asked, word: &str, errno: Errno) -> Error {
    let text = match (errno, asked) {
        (Errno::NETUNREACH, Asked::Default(_)) => format!("{word}: there is no default route"),
        (Errno::NETUNREACH, _) => format!("{word}: no route serves it, not even a default route"),
        (Errno::HOSTUNREACH, _) => format!("{word}: unreachable, by a route that rejects it"),
        (Errno::ACCESS, _) => format!("{word}: prohibited, by a route that rejects it"),
        (Errno::INVAL, _) => format!("{word}: dropped, by a blackhole route"),
        (Errno::AGAIN, _) => format!("{word}: the table changes while it is read; ask again"),
        (Errno::NODEV, Asked::Route(_, Some(device))) => {
            format!("{word}: there is no device {}", shown(device.as_bytes()))
        }
        (errno, _) => format!("{word}: {}", in_words(errno.raw_os_error())),
    };
    Error::new(Status::Kernel, text)
}

/// Appends a route as `get` says it. Returns whether all devices are known.
pub fn push_route(out: &mut Vec<u8>, info: &Info<'_>, devices: &mut Devices) -> bool {
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
            let Some(name) = devices.name(device) else {
                return false;
            };
            out.extend(b" dev ");
            out.extend(name);
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
    true
}
