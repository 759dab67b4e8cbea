// SPDX-License-Identifier: GPL-2.0

//! The calls themselves, the only code here that is unsafe.

#![allow(unsafe_code)]

use crate::{
    request::{
        in6_rtmsg_of,
        rtentry_of,
        In6Rtmsg, //
    },
    route::{
        Change,
        Route4,
        Route6, //
    },
};
use libc::rtentry;
use rustix::{
    fd::OwnedFd,
    io::Result,
    ioctl::{
        ioctl,
        Opcode,
        Setter, //
    },
    net::{
        netdevice::name_to_index,
        socket_with,
        AddressFamily,
        SocketFlags,
        SocketType, //
    },
};
use std::ptr;

const SIOCADDRT: Opcode = libc::SIOCADDRT as Opcode;
const SIOCDELRT: Opcode = libc::SIOCDELRT as Opcode;

/// A datagram socket of one family, by which the kernel is asked to change routes.
#[derive(Debug)]
pub struct Inet(OwnedFd);

/// The same for IPv6.
#[derive(Debug)]
pub struct Inet6(OwnedFd);

fn datagram(family: AddressFamily) -> Result<OwnedFd> {
    socket_with(family, SocketType::DGRAM, SocketFlags::CLOEXEC, None)
}

impl Inet {
    /// Opens the socket.
    pub fn open() -> Result<Self> {
        datagram(AddressFamily::INET).map(Inet)
    }

    /// Adds or deletes a route.
    pub fn change(&self, change: Change, route: &Route4) -> Result<()> {
        let device = route.device;
        // The kernel only reads it.
        let rt_dev = device
            .as_ref()
            .map_or(ptr::null(), |name| name.with_zeros().as_ptr());
        let entry = rtentry_of(route, rt_dev.cast_mut().cast());

        // SAFETY: Both calls take a pointer to a `struct rtentry`. Its `rt_dev` is null or points to
        // a name ended by zero, in `device`, which outlives the call.
        unsafe {
            match change {
                Change::Add => ioctl(&self.0, Setter::<SIOCADDRT, rtentry>::new(entry)),
                Change::Delete => ioctl(&self.0, Setter::<SIOCDELRT, rtentry>::new(entry)),
            }
        }
    }
}

impl Inet6 {
    /// Opens the socket.
    pub fn open() -> Result<Self> {
        datagram(AddressFamily::INET6).map(Inet6)
    }

    /// The index of a device. A name that is not UTF-8 is found as little as one that is not there.
    pub fn device_index(&self, name: &[u8]) -> Result<u32> {
        let name = std::str::from_utf8(name).map_err(|_| rustix::io::Errno::NODEV)?;
        name_to_index(&self.0, name)
    }

    /// Adds or deletes a route by way of the device of index `ifindex`, or of any if that is 0.
    pub fn change(&self, change: Change, route: &Route6, ifindex: u32) -> Result<()> {
        let message = in6_rtmsg_of(route, ifindex);

        // SAFETY: Both calls take a pointer to a `struct in6_rtmsg`, which holds no pointers.
        unsafe {
            match change {
                Change::Add => ioctl(&self.0, Setter::<SIOCADDRT, In6Rtmsg>::new(message)),
                Change::Delete => ioctl(&self.0, Setter::<SIOCDELRT, In6Rtmsg>::new(message)),
            }
        }
    }
}
