// SPDX-License-Identifier: GPL-2.0

//! Routes as the ioctls take them.

use crate::route::{
    Route4,
    Route6, //
};
use libc::{
    c_char,
    in6_addr,
    in6_rtmsg,
    rtentry,
    sockaddr,
    AF_INET, //
};
use std::net::{
    Ipv4Addr,
    Ipv6Addr, //
};

/// `route` as a `struct rtentry`.
///
/// The device's name is not in it: `rt_dev` is to point to it.
pub fn rtentry_of(route: &Route4, rt_dev: *mut c_char) -> rtentry {
    rtentry {
        rt_pad1: 0,
        rt_dst: socket_address(route.destination),
        rt_gateway: socket_address(route.gateway),
        rt_genmask: socket_address(route.mask),
        rt_flags: route.flags,
        rt_pad2: 0,
        rt_pad3: 0,
        rt_tos: 0,
        rt_class: 0,
        rt_pad4: [0; 3],
        // One more than the user's; zero is for none.
        rt_metric: route.metric.map_or(0, |metric| metric as i16 + 1),
        rt_dev,
        rt_mtu: route.mtu.into(),
        rt_window: route.window.into(),
        rt_irtt: route.irtt,
    }
}

/// A `struct sockaddr_in` without a port.
fn socket_address(address: Ipv4Addr) -> sockaddr {
    let mut sa_data = [0; 14];
    for (to, from) in sa_data[2..6].iter_mut().zip(address.octets()) {
        *to = from as c_char;
    }
    sockaddr {
        sa_family: AF_INET as u16,
        sa_data,
    }
}

/// A `struct in6_rtmsg`, in full.
///
/// The crate `libc` has the struct, but keeps its fields to itself.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub struct In6Rtmsg {
    pub rtmsg_dst: [u8; 16],
    pub rtmsg_src: [u8; 16],
    pub rtmsg_gateway: [u8; 16],
    pub rtmsg_type: u32,
    pub rtmsg_dst_len: u16,
    pub rtmsg_src_len: u16,
    pub rtmsg_metric: u32,
    pub rtmsg_info: libc::c_ulong,
    pub rtmsg_flags: u32,
    pub rtmsg_ifindex: i32,
}

const _: () = assert!(size_of::<In6Rtmsg>() == size_of::<in6_rtmsg>());
const _: () = assert!(size_of::<Ipv6Addr>() == size_of::<in6_addr>());

/// `route` as a `struct in6_rtmsg`, by way of the device of index `ifindex`, or 0.
pub fn in6_rtmsg_of(route: &Route6, ifindex: u32) -> In6Rtmsg {
    In6Rtmsg {
        rtmsg_dst: route.destination.octets(),
        rtmsg_src: [0; 16],
        rtmsg_gateway: route.gateway.octets(),
        rtmsg_type: 0,
        rtmsg_dst_len: route.length.into(),
        rtmsg_src_len: 0,
        rtmsg_metric: route.metric,
        rtmsg_info: 0,
        rtmsg_flags: route.flags,
        rtmsg_ifindex: ifindex as i32,
    }
}
