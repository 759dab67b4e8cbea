// SPDX-License-Identifier: GPL-2.0

//! Who may make a call, and which family serves it.

use crate::ipv4;
use kernel::{
    net::{
        namespace::Namespace,
        route_ioctl::{
            Command,
            Layout,
            RouteIoctl, //
        }, //
    },
    prelude::*,
    uaccess::UserPtr,
    user_namespace::Capability, //
};

#[cfg(CONFIG_IPV6)]
use crate::ipv6;

pub(crate) struct Handler;

#[vtable]
impl RouteIoctl for Handler {
    fn ipv4(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result {
        check(net)?;
        ipv4::change::serve(net, command, arg, layout)
    }

    #[cfg(CONFIG_IPV6)]
    fn ipv6(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result {
        check(net)?;
        ipv6::change::serve(net, command, arg, layout)
    }
}

/// Returns `EPERM` unless the caller may change routes. Comes first: who may not reaches nothing
/// else.
fn check(net: &Namespace) -> Result {
    if net.user_ns().capable(Capability::NET_ADMIN) {
        Ok(())
    } else {
        Err(EPERM)
    }
}
