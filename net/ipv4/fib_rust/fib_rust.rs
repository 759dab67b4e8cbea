// SPDX-License-Identifier: GPL-2.0

//! The IPv4 FIB: what `net/ipv4/fib_trie.c` is, in Rust.
//!
//! Documentation/networking/fib_rust.rst leads through it: what a lookup does, and a change.
//!
//! ```text
//!   c        the functions that C calls, and the only unsafe code
//!    |
//!    +-- lookup   which route serves a packet
//!    +-- change   insert, replace, append, delete, flush, and who is told
//!    +-- unmerge  local and main get tables of their own
//!    +-- walk     dump, notify, /proc
//!    |
//!   table    what a table is made of
//!    +-- trie      prefixes, each with the number of a list
//!    +-- Lists     lists of routes, by number               rust/kernel/net/fib_impl/lists.rs
//!    +-- hardware  which routes hardware has
//! ```
//!
//! # Who may do what
//!
//! Readers are in an RCU read-side critical section: they have a `Reader`, to which all that they
//! find is bound. Whoever changes a table holds RTNL, and has the only `Writer`. A change stores
//! one pointer to a node of the trie, or cells of one node; each answer comes from one cell. What
//! it replaces is freed after a grace period, without waiting for that.
//!
//! # A change of a prefix
//!
//! A list of routes is made, or found: prefixes with the same only route share one. It gets a
//! number, which then takes the place of the old number in the trie. So a reader finds the old
//! routes or the new ones. When the FIB notifiers object, the old number takes its place again.
//! When they do not, the old list is let go of.

mod c;
mod change;
mod hardware;
mod lookup;
mod memory;
mod routes;
mod table;
#[expect(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the tests on the host use more of it"
)]
mod trie;
#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
mod unmerge;
mod walk;
