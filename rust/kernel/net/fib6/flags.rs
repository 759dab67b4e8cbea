// SPDX-License-Identifier: GPL-2.0

//! Flags of IPv6 routes.
//!
//! C headers: [`include/uapi/linux/route.h`](srctree/include/uapi/linux/route.h) and
//! [`include/uapi/linux/ipv6_route.h`](srctree/include/uapi/linux/ipv6_route.h)

use crate::bindings;
use core::ops::BitOr;

/// Flags of an IPv6 route, of `RTF_*`.
///
/// A few numbers have two meanings. 4 is `RTF_HOST`, which C makes nothing of, and
/// `RTNH_F_ONLINK`: the gateway counts as a neighbour by the device of the route, which must be
/// given, whatever the routes to it say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u32);

impl Flags {
    /// There is a gateway.
    pub const GATEWAY: Self = Self(bindings::RTF_GATEWAY);
    /// Packets are dropped, and their senders told.
    pub const REJECT: Self = Self(bindings::RTF_REJECT);
    /// The route is deleted by the kernel once its lifetime is over.
    pub const EXPIRES: Self = Self(bindings::RTF_EXPIRES);
    /// When deleting: what a route has learned about one destination, such as its path's MTU,
    /// instead of the route. No route that is added may have it.
    pub const CACHE: Self = Self(bindings::RTF_CACHE);

    /// Makes flags of any integer.
    #[inline]
    pub const fn from_raw(flags: u32) -> Self {
        Self(flags)
    }

    /// Returns the integer.
    #[inline]
    pub const fn as_raw(self) -> u32 {
        self.0
    }

    /// Returns whether all of `flags` are set.
    #[inline]
    pub const fn contains(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }
}

impl BitOr for Flags {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
