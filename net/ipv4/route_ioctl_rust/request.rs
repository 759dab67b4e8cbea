// SPDX-License-Identifier: GPL-2.0

//! The bytes that a caller passes: `struct rtentry`, in its own or in 32-bit layout.

use kernel::{
    net::route_ioctl::{
        self,
        COMPAT_SIZE,
        NATIVE_SIZE, //
    },
    prelude::*,
    uaccess::UserPtr,
    uapi, //
};

/// The fields of `struct sockaddr_in` that count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromBytes)]
#[repr(C)]
pub(crate) struct SocketAddress {
    /// `AF_INET` if this is an address at all.
    pub(crate) family: u16,
    _port: u16,
    /// In network byte order.
    pub(crate) address: [u8; 4],
    _zero: [u8; 8],
}

/// The argument of a routing ioctl, whatever its layout was. Nothing in it has been checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    /// `rt_dst`
    pub(crate) destination: SocketAddress,
    /// `rt_gateway`
    pub(crate) gateway: SocketAddress,
    /// `rt_genmask`
    pub(crate) mask: SocketAddress,
    /// `rt_flags`, of `RTF_*`
    pub(crate) flags: u32,
    /// `rt_metric`: one more than the priority, or zero for none.
    pub(crate) metric: i16,
    /// `rt_dev`: where the name of a device is, or zero for none.
    pub(crate) device: usize,
    /// `rt_mtu`, of which only 32 bits were ever used.
    pub(crate) mtu: u32,
    /// `rt_window`, of which only 32 bits were ever used.
    pub(crate) window: u32,
    /// `rt_irtt`: in milliseconds.
    pub(crate) irtt: u16,
}

/// `struct rtentry`, which the kernel has always read in full.
#[derive(FromBytes)]
#[repr(C)]
struct Native {
    _pad1: usize,
    destination: SocketAddress,
    gateway: SocketAddress,
    mask: SocketAddress,
    flags: u16,
    _pad2: i16,
    _pad3: usize,
    _pad4: usize,
    metric: i16,
    device: usize,
    mtu: usize,
    window: usize,
    irtt: u16,
}

/// `struct compat_rtentry` without `rt_pad1` before and the padding behind it.
#[derive(FromBytes)]
#[repr(C, packed(2))]
struct Compat {
    destination: SocketAddress,
    gateway: SocketAddress,
    mask: SocketAddress,
    flags: u16,
    _pad2: i16,
    _pad3: u32,
    _tos: u8,
    _class: u8,
    _pad4: i16,
    metric: i16,
    _hole: u16,
    device: u32,
    mtu: u32,
    window: u32,
    irtt: u16,
}

const _: () = {
    use core::mem::offset_of;

    assert!(offset_of!(Native, destination) == offset_of!(uapi::rtentry, rt_dst));
    assert!(offset_of!(Native, flags) == offset_of!(uapi::rtentry, rt_flags));
    assert!(offset_of!(Native, metric) == offset_of!(uapi::rtentry, rt_metric));
    assert!(offset_of!(Native, device) == offset_of!(uapi::rtentry, rt_dev));
    assert!(offset_of!(Native, irtt) == offset_of!(uapi::rtentry, rt_irtt));
};

impl Request {
    /// Copies a request in native layout from user memory. May sleep.
    ///
    /// `EFAULT` if it cannot be read.
    #[inline]
    pub(crate) fn read_native(arg: UserPtr) -> Result<Self> {
        route_ioctl::read_native(arg).map(Self::from_native)
    }

    /// Copies a request in 32-bit layout from user memory. May sleep.
    ///
    /// `EFAULT` if it cannot be read.
    #[inline]
    pub(crate) fn read_compat(arg: UserPtr) -> Result<Self> {
        route_ioctl::read_compat(arg).map(Self::from_compat)
    }

    pub(crate) fn from_native(bytes: [u8; NATIVE_SIZE]) -> Self {
        let raw: Native = zerocopy::transmute!(bytes);

        Self {
            destination: raw.destination,
            gateway: raw.gateway,
            mask: raw.mask,
            flags: raw.flags.into(),
            metric: raw.metric,
            device: raw.device,
            // CAST: The upper half goes nowhere in C either.
            mtu: raw.mtu as u32,
            // CAST: As above.
            window: raw.window as u32,
            irtt: raw.irtt,
        }
    }

    pub(crate) fn from_compat(bytes: [u8; COMPAT_SIZE]) -> Self {
        let raw: Compat = zerocopy::transmute!(bytes);

        Self {
            destination: raw.destination,
            gateway: raw.gateway,
            mask: raw.mask,
            flags: raw.flags.into(),
            metric: raw.metric,
            device: raw.device as usize,
            mtu: raw.mtu,
            window: raw.window,
            irtt: raw.irtt,
        }
    }
}
