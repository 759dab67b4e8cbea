// SPDX-License-Identifier: GPL-2.0

//! Routes as the ioctls take them, with the layout that linux/route.h and linux/ipv6_route.h give
//! them on every machine. What the crate `libc` has of them differs between C libraries, or keeps
//! its fields to itself.

#![allow(missing_docs)]

use crate::route::{
    Route4,
    Route6, //
};
use std::{
    ffi::{
        c_char,
        c_int,
        c_short,
        c_ulong,
        c_ushort,
        c_void, //
    },
    net::Ipv4Addr,
    ptr,
};

/// A `struct sockaddr_in`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SocketAddress {
    pub sin_family: u16,
    pub sin_port: u16,
    /// In network byte order.
    pub sin_addr: [u8; 4],
    pub sin_zero: [u8; 8],
}

/// A `struct rtentry`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Rtentry {
    pub rt_pad1: c_ulong,
    pub rt_dst: SocketAddress,
    pub rt_gateway: SocketAddress,
    pub rt_genmask: SocketAddress,
    pub rt_flags: c_ushort,
    pub rt_pad2: c_short,
    pub rt_pad3: c_ulong,
    pub rt_pad4: *const c_void,
    pub rt_metric: c_short,
    pub rt_dev: *const c_char,
    pub rt_mtu: c_ulong,
    pub rt_window: c_ulong,
    pub rt_irtt: c_ushort,
}

/// `route` as a `struct rtentry`.
///
/// The device's name is not in it: `rt_dev` is to point to it.
pub fn rtentry_of(route: &Route4, rt_dev: *const c_char) -> Rtentry {
    Rtentry {
        rt_pad1: 0,
        rt_dst: socket_address(route.destination),
        rt_gateway: socket_address(route.gateway),
        rt_genmask: socket_address(route.mask),
        rt_flags: route.flags,
        rt_pad2: 0,
        rt_pad3: 0,
        rt_pad4: ptr::null(),
        // One more than the user's; zero is for none.
        rt_metric: route.metric.map_or(0, |metric| metric as i16 + 1),
        rt_dev,
        rt_mtu: route.mtu.into(),
        rt_window: route.window.into(),
        rt_irtt: route.irtt,
    }
}

fn socket_address(address: Ipv4Addr) -> SocketAddress {
    SocketAddress {
        sin_family: libc::AF_INET as u16,
        sin_port: 0,
        sin_addr: address.octets(),
        sin_zero: [0; 8],
    }
}

/// A `struct in6_rtmsg`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct In6Rtmsg {
    pub rtmsg_dst: [u8; 16],
    pub rtmsg_src: [u8; 16],
    pub rtmsg_gateway: [u8; 16],
    pub rtmsg_type: u32,
    pub rtmsg_dst_len: u16,
    pub rtmsg_src_len: u16,
    pub rtmsg_metric: u32,
    pub rtmsg_info: c_ulong,
    pub rtmsg_flags: u32,
    pub rtmsg_ifindex: c_int,
}

/// `route` as a `struct in6_rtmsg`, by way of the device of index `ifindex`, or 0.
pub fn in6_rtmsg_of(route: &Route6, ifindex: c_int) -> In6Rtmsg {
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
        rtmsg_ifindex: ifindex,
    }
}

/// A `struct ifreq`, of which only a name and an index are used here.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Ifreq {
    pub ifr_name: [u8; 16],
    pub ifr_ifindex: c_int,
    /// The kernel reads and writes as much as its own is long, which is this or less.
    pub rest: [c_int; 5],
}
