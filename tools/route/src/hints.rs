// SPDX-License-Identifier: GPL-2.0

//! Why the kernel has refused a route, and what to do about it.

use crate::{
    error::{
        in_words,
        shown,
        Error,
        Status, //
    },
    route::{
        flags,
        Change,
        DeviceName,
        Route, //
    },
};
use rustix::io::Errno;

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
        Errno::PERM => "changing routes takes CAP_NET_ADMIN; run it as root".into(),
        Errno::NETUNREACH if what.gateway.is_some() => format!(
            "the gateway {} is not on a connected network",
            what.gateway?
        ),
        Errno::HOSTUNREACH if what.gateway.is_some() => {
            format!("the gateway {} cannot be reached directly", what.gateway?)
        }
        Errno::EXIST => format!(
            "there is a route to {} with this metric already; delete it, or give another metric",
            what.target
        ),
        Errno::SRCH if !add => format!(
            "there is no such route to {}; {} must be as route -n shows it",
            what.target,
            match route {
                Route::V4(_) => "every word given",
                Route::V6(_) => "the metric (1 unless given) and every word given",
            }
        ),
        Errno::NODEV => match what.device {
            Some(name) => no_such_device(&name),
            None => "it takes a gateway or a device: gw ADDRESS, or dev IF".into(),
        },
        Errno::NETDOWN => match what.device {
            Some(name) => {
                let name = shown(name.as_bytes());
                format!("the device {name} is down; ip link set {name} up")
            }
            None => "the device is down; ip link set IF up".into(),
        },
        Errno::INVAL if add && what.gateway.is_some() => format!(
            "the gateway {} cannot be one: is it an address of this machine, or no host's?",
            what.gateway?
        ),
        Errno::NOBUFS | Errno::NOMEM => "the kernel has no memory for it".into(),
        _ => return None,
    })
}

/// What the hints speak of.
struct Described {
    target: String,
    gateway: Option<String>,
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
                        .then(|| route.gateway.to_string()),
                    device: route.device,
                }
            }
            Route::V6(route) => Described {
                target: format!("{}/{}", route.destination, route.length),
                gateway: (route.flags & flags::GATEWAY != 0).then(|| route.gateway.to_string()),
                device: route.device,
            },
        }
    }
}
