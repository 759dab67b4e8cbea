// SPDX-License-Identifier: GPL-2.0

//! Gives arbitrary bytes to the parsing code of `route_ioctl_rust` and compares what it makes of
//! them with a model of the contract.
//!
//! The code under test is the module's and the `kernel` crate's own, unchanged. What it stands on
//! in the kernel is played by [`stand_in`]: above all user memory, which notes each read.

#![no_main]

// The code under test speaks of `kernel::`, that is this crate.
extern crate self as kernel;

#[path = "../../../net/ipv4/route_ioctl_rust/argument.rs"]
mod argument;
mod compare;
/// The module's, of IPv4.
#[path = "../../../net/ipv4/route_ioctl_rust/ipv4"]
mod ipv4 {
    pub(crate) mod name;
    pub(crate) mod request;
    pub(crate) mod route;
}
/// The module's, of IPv6.
#[path = "../../../net/ipv4/route_ioctl_rust/ipv6"]
mod ipv6 {
    pub(crate) mod request;
    pub(crate) mod route;
}
mod model;
pub mod net;
mod stand_in;

pub use stand_in::{
    bindings,
    prelude,
    uaccess,
    uapi, //
};

/// The bit of the first byte that makes a call one of IPv6. The models know the others.
const IPV6: u8 = 16;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.first().is_some_and(|first| first & IPV6 != 0) {
        compare::ipv6::compare(bytes);
    } else {
        compare::ipv4::compare(bytes);
    }
});
