// SPDX-License-Identifier: GPL-2.0

//! The IPv6 forwarding information base (FIB): routes, added and deleted.
//!
//! A [`Config`] says what to [`add`] or to [`delete`]. Unlike that of [IPv4](super::fib), this FIB
//! has locks of its own, and finds tables and devices by their numbers: nobody need hold RTNL.
//!
//! C header: [`include/net/ip6_fib.h`](srctree/include/net/ip6_fib.h)
//!
//! # Examples
//!
//! A route that makes a prefix unreachable, added and deleted:
//!
//! ```
//! use core::net::Ipv6Addr;
//! use kernel::net::{
//!     fib::Protocol,
//!     fib6::{
//!         self,
//!         Config,
//!         Flags,
//!         Prefix, //
//!     },
//!     namespace::Namespace, //
//! };
//!
//! let net = Namespace::init();
//! let route = Config {
//!     flags: Flags::REJECT,
//!     metric: 1024,
//!     protocol: Protocol::STATIC,
//!     ..Config::new(Prefix::new(Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32))
//! };
//!
//! fib6::add(net, &route)?;
//! assert_eq!(fib6::add(net, &route), Err(EEXIST));
//! fib6::delete(net, &route)?;
//! assert_eq!(fib6::delete(net, &route), Err(ESRCH));
//! # Ok::<(), Error>(())
//! ```

mod change;
mod config;
mod flags;
mod prefix;

pub use change::{
    add,
    delete, //
};
pub use config::Config;
pub use flags::Flags;
pub use prefix::Prefix;
