// SPDX-License-Identifier: GPL-2.0

//! Forgets a registration, which would outlive the module: needs unsafe code (E0133).

#![forbid(unsafe_code)]

use kernel::{
    net::{
        namespace::Namespace,
        route_ioctl::{
            Command,
            Layout,
            Registration,
            RouteIoctl, //
        }, //
    },
    prelude::*,
    uaccess::UserPtr, //
};

module! {
    type: Forgets,
    name: "forgets",
    authors: ["Route ioctl maintainers"],
    description: "Forgets a registration",
    license: "GPL",
}

struct Forgets;

#[vtable]
impl RouteIoctl for Forgets {
    fn ipv4(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
        Err(EPERM)
    }
}

impl kernel::Module for Forgets {
    fn init(_: &'static ThisModule) -> Result<Self> {
        core::mem::forget(Registration::<Self>::new()?);
        Ok(Self)
    }
}
