// SPDX-License-Identifier: GPL-2.0

//! System calls that no safe wrapper has.

#![allow(unsafe_code)]

use crate::{
    request::{
        in6_rtmsg_of,
        rtentry_of,
        Ifreq,
        In6Rtmsg,
        Rtentry, //
    },
    route::{
        Change,
        DeviceName,
        Route4,
        Route6, //
    },
};
use rustix::{
    fd::{
        AsFd,
        AsRawFd,
        OwnedFd, //
    },
    io::{
        Errno,
        Result, //
    },
    ioctl::{
        ioctl,
        Opcode,
        Setter,
        Updater, //
    },
    net::{
        socket_with,
        AddressFamily,
        SocketFlags,
        SocketType, //
    },
};
use std::{
    ffi::c_int,
    ptr, //
};

const SIOCADDRT: Opcode = libc::SIOCADDRT as Opcode;
const SIOCDELRT: Opcode = libc::SIOCDELRT as Opcode;
const SIOCGIFINDEX: Opcode = libc::SIOCGIFINDEX as Opcode;
const SIOCGIFNAME: Opcode = libc::SIOCGIFNAME as Opcode;

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
        let rt_dev = match &route.device {
            Some(name) => name.with_zeros().as_ptr(),
            None => ptr::null(),
        };
        let entry = rtentry_of(route, rt_dev.cast());

        // SAFETY: Both calls take a pointer to a `struct rtentry`, and only read it. Its `rt_dev`
        // is null or points to a name ended by zero, in `route`, which outlives the call.
        unsafe {
            match change {
                Change::Add => ioctl(&self.0, Setter::<SIOCADDRT, Rtentry>::new(entry)),
                Change::Delete => ioctl(&self.0, Setter::<SIOCDELRT, Rtentry>::new(entry)),
            }
        }
    }
}

impl Inet6 {
    /// Opens the socket.
    pub fn open() -> Result<Self> {
        datagram(AddressFamily::INET6).map(Inet6)
    }

    /// Adds or deletes a route.
    pub fn change(&self, change: Change, route: &Route6, ifindex: c_int) -> Result<()> {
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

impl AsFd for Inet6 {
    fn as_fd(&self) -> rustix::fd::BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// The index of a device, by any socket. Names are bytes, of which the kernel forbids few.
pub fn device_index(socket: impl AsFd, name: &DeviceName) -> Result<c_int> {
    let mut request = Ifreq {
        ifr_name: *name.with_zeros(),
        ifr_ifindex: 0,
        rest: [0; 5],
    };
    // SAFETY: The call takes a pointer to a `struct ifreq`, of which it writes the index.
    unsafe { ioctl(socket, Updater::<SIOCGIFINDEX, Ifreq>::new(&mut request)) }?;
    Ok(request.ifr_ifindex)
}

/// The name of the device of this index, by any socket.
pub fn device_name(socket: impl AsFd, ifindex: c_int) -> Result<DeviceName> {
    let mut request = Ifreq {
        ifr_name: [0; DeviceName::SIZE],
        ifr_ifindex: ifindex,
        rest: [0; 5],
    };
    // SAFETY: The call takes a pointer to a `struct ifreq`, of which it writes the name.
    unsafe { ioctl(socket, Updater::<SIOCGIFNAME, Ifreq>::new(&mut request)) }?;
    Ok(DeviceName::from_zeros(request.ifr_name))
}

/// Has the kernel take what is said in a request for a dump, above all the table, for a filter.
/// Kernels before 4.20 cannot.
pub fn ask_strictly(socket: impl AsFd) -> Result<()> {
    let on: c_int = 1;
    // SAFETY: The option is an int.
    let result = unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            libc::SOL_NETLINK,
            libc::NETLINK_GET_STRICT_CHK,
            ptr::from_ref(&on).cast(),
            size_of_val(&on) as libc::socklen_t,
        )
    };
    if result == 0 {
        Ok(())
    } else {
        Err(Errno::NOPROTOOPT)
    }
}

/// Ends the process as if it had never ignored SIGPIPE. Returns only if that is blocked.
pub fn end_by_sigpipe() {
    // SAFETY: No handler of ours is set aside, and both take any number of a signal.
    unsafe {
        libc::signal(libc::SIGPIPE, libc::SIG_DFL);
        libc::raise(libc::SIGPIPE);
    }
}

/// Ends the process at once. All that is written must be flushed. Nothing is undone that ends
/// anyway, as std would do it: that is a fiftieth of what a change costs.
pub fn end(status: u8) -> ! {
    // SAFETY: It ends all threads, of which there is one, and takes any number.
    unsafe { libc::_exit(status.into()) }
}
