// SPDX-License-Identifier: GPL-2.0

//! A provider of the routing ioctls that refuses all calls.

#![forbid(unsafe_code)]

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
    uaccess::UserPtr, //
};

kernel::module_route_ioctl! {
    type: Nobody,
    name: "nobody",
    authors: ["Route ioctl maintainers"],
    description: "Nobody may change routes",
    license: "GPL",
}

struct Nobody;

#[vtable]
impl RouteIoctl for Nobody {
    fn ipv4(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
        Err(EPERM)
    }

    fn ipv6(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
        Err(EPERM)
    }
}
