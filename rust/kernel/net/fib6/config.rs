// SPDX-License-Identifier: GPL-2.0

//! What to add, or to delete.

use super::{
    Flags,
    Prefix, //
};
use crate::net::fib::{
    Protocol,
    RouteType,
    TableId, //
};
use core::{
    net::Ipv6Addr,
    num::NonZero, //
};

/// A route to be, or one to be found: what a `struct fib6_config` is made of. See the
/// [module's example](super).
///
/// Any combination may be tried. What makes no sense as a route, [`add()`](super::add) refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where packets go.
    pub destination: Prefix,
    /// Where they come from: [`Prefix::ANY`] but for routes by source, which only a kernel with
    /// `CONFIG_IPV6_SUBTREES` has.
    pub source: Prefix,
    /// The table. [`TableId::UNSPEC`] is [`TableId::MAIN`].
    pub table: TableId,
    /// The metric: of routes to one prefix, the one with the lowest is used. What users add without
    /// one has 1024, `IP6_RT_PRIO_USER`; zero is a metric here, and the lowest. When deleting, zero
    /// matches any.
    pub metric: u32,
    /// What the route does with a packet. [`RouteType::UNSPEC`] is [`RouteType::UNICAST`]. When
    /// deleting, any matches.
    pub kind: RouteType,
    /// Who makes the route. [`Protocol::UNSPEC`] is [`Protocol::BOOT`] when adding, and matches any
    /// when deleting.
    pub protocol: Protocol,
    /// The index of the device that packets leave by. When deleting, none matches any.
    pub device: Option<NonZero<i32>>,
    /// The gateway. When deleting, none matches any.
    pub gateway: Option<Ipv6Addr>,
    /// After how many clock ticks of user space, of which a second has `USER_HZ`, the kernel
    /// deletes the route. More than half of what its own clock counts is over at once. Does not
    /// matter when deleting.
    pub lifetime: Option<usize>,
    /// Further flags. Those of a gateway and of a lifetime are implied.
    pub flags: Flags,
}

impl Config {
    /// Makes the configuration of a route to `destination` in the main table, with neither device
    /// nor gateway, source, metric, lifetime nor flags, and of no type or protocol in particular.
    #[inline]
    pub const fn new(destination: Prefix) -> Self {
        Self {
            destination,
            source: Prefix::ANY,
            table: TableId::MAIN,
            metric: 0,
            kind: RouteType::UNSPEC,
            protocol: Protocol::UNSPEC,
            device: None,
            gateway: None,
            lifetime: None,
            flags: Flags::from_raw(0),
        }
    }
}
