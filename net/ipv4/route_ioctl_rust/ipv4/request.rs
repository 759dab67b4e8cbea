// SPDX-License-Identifier: GPL-2.0

//! The bytes that a caller passes: `struct rtentry`, in its own or in 32-bit layout.

use crate::argument::{
    assert_layout,
    copy, //
};
use kernel::{
    net::route_ioctl::Layout,
    prelude::*,
    uaccess::UserPtr,
    uapi, //
};

#[cfg(CONFIG_COMPAT)]
use kernel::net::route_ioctl::compat_rtentry;

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

/// `struct compat_rtentry` from `rt_dst` to `rt_irtt`. What is before and behind is not read, and
/// may lie on pages that cannot be.
#[cfg(CONFIG_COMPAT)]
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

pub(crate) const NATIVE_SIZE: usize = size_of::<Native>();
#[cfg(CONFIG_COMPAT)]
pub(crate) const COMPAT_SIZE: usize = size_of::<Compat>();
#[cfg(CONFIG_COMPAT)]
const COMPAT_START: usize = core::mem::offset_of!(compat_rtentry, rt_dst);

macro_rules! assert_rtentry {
    ($ours:ty, $theirs:ty, $start:expr) => {
        assert_layout!($ours, $theirs, $start, {
            destination: rt_dst,
            gateway: rt_gateway,
            mask: rt_genmask,
            flags: rt_flags,
            metric: rt_metric,
            device: rt_dev,
            mtu: rt_mtu,
            window: rt_window,
            irtt: rt_irtt,
        });
    };
}

assert_rtentry!(Native, uapi::rtentry, 0);
const _: () = assert!(NATIVE_SIZE == size_of::<uapi::rtentry>());

#[cfg(CONFIG_COMPAT)]
assert_rtentry!(Compat, compat_rtentry, COMPAT_START);

impl Request {
    /// Copies a request from user memory, once. May sleep.
    ///
    /// `EFAULT` if it cannot be read.
    pub(crate) fn read(arg: UserPtr, layout: Layout) -> Result<Self> {
        match layout {
            Layout::Native => copy(arg).map(Self::from_native),
            #[cfg(CONFIG_COMPAT)]
            Layout::Compat => copy(arg.wrapping_byte_add(COMPAT_START)).map(Self::from_compat),
        }
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

    #[cfg(CONFIG_COMPAT)]
    pub(crate) fn from_compat(bytes: [u8; COMPAT_SIZE]) -> Self {
        let raw: Compat = zerocopy::transmute!(bytes);

        Self {
            destination: raw.destination,
            gateway: raw.gateway,
            mask: raw.mask,
            flags: raw.flags.into(),
            metric: raw.metric,
            // CAST: As `compat_ptr()` widens the pointer, on every architecture.
            device: raw.device as usize,
            mtu: raw.mtu,
            window: raw.window,
            irtt: raw.irtt,
        }
    }
}
