// SPDX-License-Identifier: GPL-2.0

//! The IPv4 routing ioctls, `SIOCADDRT` and `SIOCDELRT`, in Rust.
//!
//! What they mean, in the order in which a call comes through:
//!
//! 1. [`handler`] asks whether the caller may do this at all.
//! 2. [`request`] copies the bytes of the caller's `struct rtentry`, once.
//! 3. [`route`] works out what they ask for: every check that needs no lock.
//! 4. [`name`] copies the name of the device, if there is one.
//! 5. [`handler`] again makes the change, under RTNL.
//!
//! The C code that this stands in for: `ip_rt_ioctl()` in
//! [`net/ipv4/fib_frontend.c`](srctree/net/ipv4/fib_frontend.c). Where the two differ is said in
//! [`Documentation/networking/route_ioctl.rst`](srctree/Documentation/networking/route_ioctl.rst).

#![forbid(unsafe_code)]

mod handler;
mod name;
mod request;
mod route;

kernel::module_route_ioctl! {
    type: handler::Handler,
    name: "route_ioctl_rust",
    authors: ["Route ioctl maintainers"],
    description: "IPv4 routing ioctls in Rust",
    license: "GPL",
}
