// SPDX-License-Identifier: GPL-2.0

//! Why the kernel has refused a route, and what to do about it.

use crate::{
    address::is_link_local,
    error::{
        in_words,
        shown,
        Error,
        Status, //
    },
    line::Family,
    netlink::Netlink,
    route::{
        flags,
        Change,
        DeviceName,
        Route, //
    },
    show::json,
};
use rustix::{
    io::Errno,
    process::geteuid, //
};
use std::net::IpAddr;

/// The error of a change that the kernel has answered with `errno`.
///
/// It begins as everybody's `route` has it, so that scripts which look for that find it.
pub fn refused(change: Change, route: &Route, errno: Errno) -> Error {
    let call = match change {
        Change::Add => "SIOCADDRT",
        Change::Delete => "SIOCDELRT",
    };
    let text = format!("{call}: {}", in_words(errno.raw_os_error()));
    Error::new(
        Status::Kernel,
        match hint(change, route, errno) {
            Some(hint) => format!("{text}: {hint}"),
            None => text,
        },
    )
}

/// The error of a device that is not there, asked for by name.
pub fn no_device(name: &DeviceName, errno: Errno) -> Error {
    Error::new(
        Status::Kernel,
        format!(
            "SIOCGIFINDEX: {}: {}",
            in_words(errno.raw_os_error()),
            no_such_device(name)
        ),
    )
}

/// The error of a socket that there is not.
pub fn no_socket(family: &str, errno: Errno) -> Error {
    let hint = match errno {
        Errno::AFNOSUPPORT => format!(": this kernel has no {family}"),
        _ => String::new(),
    };
    Error::new(
        Status::Kernel,
        format!("socket: {}{hint}", in_words(errno.raw_os_error())),
    )
}

fn no_such_device(name: &DeviceName) -> String {
    format!(
        "there is no device {}; ip link lists those that there are",
        shown(name.as_bytes())
    )
}

fn hint(change: Change, route: &Route, errno: Errno) -> Option<String> {
    let what = Described::of(route);
    let add = change == Change::Add;

    Some(match errno {
        Errno::PERM if geteuid().is_root() => {
            "changing routes takes CAP_NET_ADMIN, and root has been started without it here".into()
        }
        Errno::PERM => "changing routes takes CAP_NET_ADMIN; run it as root".into(),
        Errno::NODEV if what.device.is_some() => no_such_device(&what.device?),
        // Whatever it is that the kernel misses, that is what it says of it.
        _ if add && what.lacks_zone => format!(
            "a link-local gateway needs a device: dev IF, or gw {}%IF",
            what.gateway?
        ),
        Errno::NETUNREACH | Errno::INVAL if add && what.gateway.is_some() => {
            no_gateway(what.gateway?, errno)
        }
        Errno::HOSTUNREACH if what.gateway.is_some() => {
            format!("the gateway {} cannot be reached directly", what.gateway?)
        }
        Errno::EXIST => format!(
            "there is a route to {} with this metric already; delete it, or give another metric",
            what.target
        ),
        Errno::SRCH if !add => {
            let given = match route {
                Route::V4(_) => "every word given",
                Route::V6(_) => "the metric (1 unless given) and every word given",
            };
            let rest = match route {
                Route::V4(route) if u32::from(route.flags) & flags::REJECT != 0 => {
                    // Its scope is another one than an ioctl can ask for.
                    format!(
                        "; one that ip has made takes ip route del unreachable {}",
                        what.target
                    )
                }
                _ => String::new(),
            };
            format!(
                "there is no such route to {}; {given} must be as route -n shows it{rest}",
                what.target
            )
        }
        Errno::NODEV => "it takes a gateway or a device: gw ADDRESS, or dev IF".into(),
        Errno::NETDOWN => match what.device {
            Some(name) => {
                let name = shown(name.as_bytes());
                format!("the device {name} is down; ip link set {name} up")
            }
            None => "the device is down; ip link set IF up".into(),
        },
        Errno::NOBUFS | Errno::NOMEM => "the kernel has no memory for it".into(),
        _ => return None,
    })
}

/// Why an address is no gateway, by what the kernel takes it for.
fn no_gateway(gateway: IpAddr, errno: Errno) -> String {
    let kind = match gateway {
        IpAddr::V4(address) => kind_of(Family::Inet, &address.octets()),
        IpAddr::V6(address) => kind_of(Family::Inet6, &address.octets()),
    };
    match kind {
        Some(libc::RTN_LOCAL) => format!("the gateway {gateway} is an address of this machine"),
        Some(libc::RTN_BROADCAST | libc::RTN_MULTICAST | libc::RTN_ANYCAST) => {
            let kind = json::kind_name(kind.unwrap_or_default());
            format!("the gateway {gateway} is no host's address, but a {kind} one")
        }
        _ if errno == Errno::NETUNREACH => {
            format!("the gateway {gateway} is not on a connected network")
        }
        _ => format!(
            "the gateway {gateway} cannot be one: is it an address of this machine, or no host's?"
        ),
    }
}

/// The type of the route to an address, if there is one.
fn kind_of(family: Family, address: &[u8]) -> Option<u8> {
    let mut netlink = Netlink::open().ok()?;
    let kind = netlink.route_to(family.number(), address, 0, |info| info.kind);
    kind.ok()
}

/// What the hints speak of.
struct Described {
    target: String,
    gateway: Option<IpAddr>,
    /// Whether the gateway may be on any link, and no device says on which.
    lacks_zone: bool,
    device: Option<DeviceName>,
}

impl Described {
    fn of(route: &Route) -> Self {
        match route {
            Route::V4(route) => {
                let length = route.mask.to_bits().leading_ones();
                Described {
                    target: format!("{}/{length}", route.destination),
                    gateway: (u32::from(route.flags) & flags::GATEWAY != 0)
                        .then_some(route.gateway.into()),
                    lacks_zone: false,
                    device: route.device,
                }
            }
            Route::V6(route) => Described {
                target: format!("{}/{}", route.destination, route.length),
                gateway: (route.flags & flags::GATEWAY != 0).then_some(route.gateway.into()),
                lacks_zone: is_link_local(route.gateway) && route.device.is_none(),
                device: route.device,
            },
        }
    }
}
