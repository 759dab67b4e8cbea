// SPDX-License-Identifier: GPL-2.0

//! A provider of the routing ioctls that never unregisters. Its calls end with `EXDEV`, which no
//! other provider returns.

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
    type: Forgetful,
    name: "forgetful",
    authors: ["Route ioctl maintainers"],
    description: "A provider that never unregisters",
    license: "GPL",
}

struct Forgetful;

#[vtable]
impl RouteIoctl for Forgetful {
    fn ioctl(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
        Err(EXDEV)
    }
}

impl kernel::Module for Forgetful {
    fn init(_: &'static ThisModule) -> Result<Self> {
        core::mem::forget(Registration::<Self>::new()?);
        Ok(Self)
    }
}
