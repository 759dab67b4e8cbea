// SPDX-License-Identifier: GPL-2.0

//! The bytes that a caller passes: `struct in6_rtmsg`, in its own or in 32-bit layout.

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
use kernel::net::route_ioctl::compat_in6_rtmsg;

/// The argument of a routing ioctl, whatever its layout was. Nothing in it has been checked.
pub(crate) type Request = Message<usize>;

/// `struct in6_rtmsg`, of which all is read. The layouts differ by `Ulong`, C's `unsigned long`,
/// and by what aligns it.
#[derive(Clone, Copy, Debug, FromBytes)]
#[repr(C)]
pub(crate) struct Message<Ulong> {
    /// `rtmsg_dst`
    pub(crate) destination: [u8; 16],
    /// `rtmsg_src`
    pub(crate) source: [u8; 16],
    /// `rtmsg_gateway`
    pub(crate) gateway: [u8; 16],
    /// `rtmsg_type`, of `RTN_*`, of which only 16 bits were ever used.
    pub(crate) kind: u32,
    /// `rtmsg_dst_len`: in bits.
    pub(crate) destination_len: u16,
    /// `rtmsg_src_len`: in bits.
    pub(crate) source_len: u16,
    /// `rtmsg_metric`
    pub(crate) metric: u32,
    /// `rtmsg_info`: how long the route is to live, in clock ticks of user space.
    pub(crate) info: Ulong,
    /// `rtmsg_flags`, of `RTF_*`
    pub(crate) flags: u32,
    /// `rtmsg_ifindex`: the index of a device, or zero for none.
    pub(crate) device: i32,
}

#[cfg(CONFIG_COMPAT)]
type Compat = Message<u32>;

pub(crate) const NATIVE_SIZE: usize = size_of::<Request>();
#[cfg(CONFIG_COMPAT)]
pub(crate) const COMPAT_SIZE: usize = size_of::<Compat>();

macro_rules! assert_in6_rtmsg {
    ($ours:ty, $theirs:ty) => {
        assert_layout!($ours, $theirs, 0, {
            destination: rtmsg_dst,
            source: rtmsg_src,
            gateway: rtmsg_gateway,
            kind: rtmsg_type,
            destination_len: rtmsg_dst_len,
            source_len: rtmsg_src_len,
            metric: rtmsg_metric,
            info: rtmsg_info,
            flags: rtmsg_flags,
            device: rtmsg_ifindex,
        });
        const _: () = assert!(size_of::<$ours>() == size_of::<$theirs>());
    };
}

assert_in6_rtmsg!(Request, uapi::in6_rtmsg);
#[cfg(CONFIG_COMPAT)]
assert_in6_rtmsg!(Compat, compat_in6_rtmsg);

impl Request {
    /// Copies a request from user memory, once. May sleep.
    ///
    /// `EFAULT` if it cannot be read.
    pub(crate) fn read(arg: UserPtr, layout: Layout) -> Result<Self> {
        match layout {
            Layout::Native => copy(arg).map(Self::from_native),
            #[cfg(CONFIG_COMPAT)]
            Layout::Compat => copy(arg).map(Self::from_compat),
        }
    }

    pub(crate) fn from_native(bytes: [u8; NATIVE_SIZE]) -> Self {
        zerocopy::transmute!(bytes)
    }

    #[cfg(CONFIG_COMPAT)]
    pub(crate) fn from_compat(bytes: [u8; COMPAT_SIZE]) -> Self {
        let raw: Compat = zerocopy::transmute!(bytes);

        Self {
            destination: raw.destination,
            source: raw.source,
            gateway: raw.gateway,
            kind: raw.kind,
            destination_len: raw.destination_len,
            source_len: raw.source_len,
            metric: raw.metric,
            // CAST: 32 bits without a sign, as C widens them.
            info: raw.info as usize,
            flags: raw.flags,
            device: raw.device,
        }
    }
}
