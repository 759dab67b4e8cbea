// SPDX-License-Identifier: GPL-2.0

//! The IPv4 routing ioctls, `SIOCADDRT` and `SIOCDELRT`, in Rust.
//!
//! What they mean, in the order in which a call comes through:
//!
//! 1. [`handler`] asks whether the caller may do this at all.
//! 2. [`request`] copies the bytes of the caller's `struct rtentry`, once.
//! 3. [`config`] works out what they ask for: every check that needs no lock.
//! 4. [`handler`] again makes the change, under RTNL.
//! 5. [`calls`] counts it.
//!
//! The C code that this stands in for: `ip_rt_ioctl()` in
//! [`net/ipv4/fib_frontend.c`](srctree/net/ipv4/fib_frontend.c). Where the two differ is said in
//! [`Documentation/networking/route_ioctl.rst`](srctree/Documentation/networking/route_ioctl.rst).

#![forbid(unsafe_code)]

use kernel::{
    debugfs,
    net::route_ioctl::Registration,
    prelude::*, //
};

mod calls;
mod config;
mod handler;
mod request;

module! {
    type: RouteIoctlModule,
    name: "route_ioctl_rust",
    authors: ["Route ioctl maintainers"],
    description: "IPv4 routing ioctls in Rust",
    license: "GPL",
}

/// What lives as long as the module is loaded. Fields are dropped from the top down: first the
/// calls stop, then their counts vanish.
#[pin_data]
struct RouteIoctlModule {
    _registration: Registration<handler::Handler>,
    #[pin]
    _calls: debugfs::File<calls::Calls>,
    _dir: debugfs::Dir,
}

impl kernel::InPlaceModule for RouteIoctlModule {
    fn init(_module: &'static ThisModule) -> impl PinInit<Self, Error> {
        let dir = debugfs::Dir::new(c"route_ioctl_rust");

        try_pin_init!(Self {
            _calls <- dir.read_callback_file(c"calls", calls::Calls, &calls::show),
            _registration: Registration::new()?,
            _dir: dir.clone(),
        })
    }
}
