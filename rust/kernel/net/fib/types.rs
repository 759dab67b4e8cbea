// SPDX-License-Identifier: GPL-2.0

//! The small numbers of a route, each a type of its own.
//!
//! C header: [`include/uapi/linux/rtnetlink.h`](srctree/include/uapi/linux/rtnetlink.h)

use crate::bindings;

/// The number of a routing table, `RT_TABLE_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableId(u32);

impl TableId {
    /// No table in particular. Wherever a table is looked up, this means [`Self::MAIN`]. C keeps
    /// the number that a route was made with, though: made with this one, it is not the same route
    /// as with [`Self::MAIN`], and does not go when its preferred source does.
    pub const UNSPEC: Self = Self(bindings::rt_class_t_RT_TABLE_UNSPEC);
    /// The table that is asked last, and usually empty.
    pub const DEFAULT: Self = Self(bindings::rt_class_t_RT_TABLE_DEFAULT);
    /// The table that routes go to when nothing else is said.
    pub const MAIN: Self = Self(bindings::rt_class_t_RT_TABLE_MAIN);
    /// The table of the host's own and of broadcast addresses, kept by the kernel.
    pub const LOCAL: Self = Self(bindings::rt_class_t_RT_TABLE_LOCAL);

    /// Makes a table number of any integer.
    #[inline]
    pub const fn new(id: u32) -> Self {
        Self(id)
    }

    /// Returns the table that is meant where no table in particular is.
    #[inline]
    pub fn or_main(self) -> Self {
        if self == Self::UNSPEC {
            Self::MAIN
        } else {
            self
        }
    }

    /// Returns the integer.
    #[inline]
    pub const fn as_raw(self) -> u32 {
        self.0
    }
}

/// What a route does with a packet, or what kind of address one is: `RTN_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteType(pub(super) u8);

impl RouteType {
    /// None in particular: where a route is added by a configuration that may say so, a unicast
    /// one.
    pub const UNSPEC: Self = Self(bindings::RTN_UNSPEC as u8);
    /// To a next hop, or directly to a neighbour.
    pub const UNICAST: Self = Self(bindings::RTN_UNICAST as u8);
    /// A broadcast address: accepted and sent as broadcast.
    pub const BROADCAST: Self = Self(bindings::RTN_BROADCAST as u8);
    /// A multicast address.
    pub const MULTICAST: Self = Self(bindings::RTN_MULTICAST as u8);
    /// Drop without a word; local senders get `EINVAL`.
    pub const BLACKHOLE: Self = Self(bindings::RTN_BLACKHOLE as u8);
    /// Drop with an ICMP host unreachable; local senders get `EHOSTUNREACH`.
    pub const UNREACHABLE: Self = Self(bindings::RTN_UNREACHABLE as u8);

    /// Makes a type of its number, or [`None`] if there is no such type.
    #[inline]
    pub const fn from_raw(kind: u16) -> Option<Self> {
        if (kind as u32) < bindings::__RTN_MAX {
            // CAST: It was just compared to a small number.
            Some(Self(kind as u8))
        } else {
            None
        }
    }

    /// Returns the number.
    #[inline]
    pub const fn as_raw(self) -> u8 {
        self.0
    }
}

/// How far away a destination is: `RT_SCOPE_*`. A greater number is nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope(pub(super) u8);

impl Scope {
    /// Anywhere, behind a next hop.
    pub const UNIVERSE: Self = Self(bindings::rt_scope_t_RT_SCOPE_UNIVERSE as u8);
    /// On a directly attached link.
    pub const LINK: Self = Self(bindings::rt_scope_t_RT_SCOPE_LINK as u8);
    /// On this host.
    pub const HOST: Self = Self(bindings::rt_scope_t_RT_SCOPE_HOST as u8);
    /// Does not exist. When deleting: any scope matches.
    pub const NOWHERE: Self = Self(bindings::rt_scope_t_RT_SCOPE_NOWHERE as u8);
}

/// Who made a route: `RTPROT_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Protocol(pub(super) u8);

impl Protocol {
    /// Somebody. When deleting: any protocol matches.
    pub const UNSPEC: Self = Self(bindings::RTPROT_UNSPEC as u8);
    /// A command that does not say who it is, as at boot: the routing ioctls.
    pub const BOOT: Self = Self(bindings::RTPROT_BOOT as u8);
    /// The administrator.
    pub const STATIC: Self = Self(bindings::RTPROT_STATIC as u8);

    /// Returns the number.
    #[inline]
    pub const fn as_raw(self) -> u8 {
        self.0
    }
}
