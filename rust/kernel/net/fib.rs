// SPDX-License-Identifier: GPL-2.0

//! The IPv4 forwarding information base (FIB): routing tables and their routes.
//!
//! A [`Table`] is found under RTNL, a [`Config`] says what to insert into it or to delete from it.
//! Where the prefixes themselves live is chosen when the kernel is built: in the trie of
//! `net/ipv4/fib_trie.c`, or in that of `net/ipv4/fib_rust/`.
//!
//! C header: [`include/net/ip_fib.h`](srctree/include/net/ip_fib.h)
//!
//! # Examples
//!
//! A route that makes a prefix unreachable, added and deleted:
//!
//! ```
//! use core::net::Ipv4Addr;
//! use kernel::net::{
//!     fib::{
//!         Config,
//!         Prefix,
//!         Protocol,
//!         RouteType,
//!         Table,
//!         TableId, //
//!     },
//!     namespace::Namespace, //
//! };
//!
//! let prefix = Prefix::new(Ipv4Addr::new(192, 0, 2, 0), 24).ok_or(EINVAL)?;
//! let mut route = Config::new(prefix);
//! route.kind(RouteType::UNREACHABLE).protocol(Protocol::STATIC);
//!
//! let rtnl = Namespace::init().rtnl_lock();
//! let main = Table::get_or_create(&rtnl, TableId::MAIN)?;
//! main.insert(&mut route)?;
//! assert_eq!(main.insert(&mut route), Err(EEXIST));
//! main.delete(&mut route)?;
//! assert_eq!(main.delete(&mut route), Err(ESRCH));
//! # Ok::<(), Error>(())
//! ```

mod config;
mod metrics;
mod prefix;
mod table;
mod types;

pub use config::Config;
pub use metrics::Metrics;
pub use prefix::Prefix;
pub use table::{
    address_type,
    Table, //
};
pub use types::{
    Protocol,
    RouteType,
    Scope,
    TableId, //
};
