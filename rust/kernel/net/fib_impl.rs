// SPDX-License-Identifier: GPL-2.0

//! What an implementation of the IPv4 FIB stands on: `fib_info`, tables, lists of routes, and who
//! is told of changes.
//!
//! [`net::fib`] is what others use. This is what is below: `net/ipv4/fib_rust/` holds the routes in
//! place of `net/ipv4/fib_trie.c`.
//!
//! # Who may do what
//!
//! - Readers have a [`Reader`], evidence that nothing they find is freed meanwhile.
//! - The one who changes something holds RTNL, and so has a [`Writer`] and a [`Locked`].
//!
//! # Who owns what
//!
//! - A table owns its lists of routes, by number: [`Lists`].
//! - A list has a reference to the [`Info`] of each of its routes, for each of the prefixes that
//!   share the list.
//!
//! C header: `net/ipv4/fib_lookup.h`
//!
//! [`net::fib`]: crate::net::fib

mod dump;
mod flow;
mod info;
mod list;
mod lists;
mod notify;
mod prefix;
mod request;
mod table;
mod tables;
mod writer;

pub use dump::{
    Dump,
    Meant,
    Progress, //
};
pub use flow::Flow;
pub use info::{
    refusal,
    Choice,
    Info,
    InfoRef,
    NextHop, //
};
pub use list::{
    List,
    NewList,
    NewRoute,
    Route, //
};
pub use lists::Lists;
pub use notify::{
    forget_cached,
    notify_on_flag_change,
    Asker,
    Event,
    HwFlags,
    Message, //
};
pub use prefix::Prefix;
pub use request::{
    flag,
    Extack,
    Request, //
};
pub use table::Table;
pub use tables::Tables;
pub use writer::{
    Locked,
    Reader,
    Writer, //
};
