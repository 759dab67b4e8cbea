// SPDX-License-Identifier: GPL-2.0

//! The routing ioctls of IPv4 and IPv6, `SIOCADDRT` and `SIOCDELRT`, in Rust.
//!
//! What they mean, in the order in which a call comes through:
//!
//! 1. [`handler`] asks whether the caller may do this at all.
//! 2. `request` copies the bytes of the caller's `struct rtentry` or `struct in6_rtmsg`, once.
//! 3. `route` works out what they ask for: every check that needs no lock.
//! 4. [`name`](ipv4::name), of IPv4, copies the name of the device, if there is one.
//! 5. `change` makes the change: of IPv4 under RTNL, of which IPv6 has no need.
//!
//! Of all but the first there is one for each family, in [`ipv4`] and in [`ipv6`].
//!
//! The C code that this stands in for: `ip_rt_ioctl()` in
//! [`net/ipv4/fib_frontend.c`](srctree/net/ipv4/fib_frontend.c) and `ipv6_route_ioctl()` in
//! [`net/ipv6/route.c`](srctree/net/ipv6/route.c). Where the two differ from this is said in
//! [`Documentation/networking/route_ioctl.rst`](srctree/Documentation/networking/route_ioctl.rst).

#![forbid(unsafe_code)]

mod argument;
mod handler;
/// A `struct rtentry`, with netmasks and the name of a device.
mod ipv4 {
    pub(crate) mod change;
    mod name;
    mod request;
    mod route;
}
/// A `struct in6_rtmsg`, with lengths of prefixes and the index of a device.
#[cfg(CONFIG_IPV6)]
mod ipv6 {
    pub(crate) mod change;
    mod request;
    mod route;
}

kernel::module_route_ioctl! {
    type: handler::Handler,
    name: "route_ioctl_rust",
    authors: ["Route ioctl maintainers"],
    description: "Routing ioctls in Rust",
    license: "GPL",
}
