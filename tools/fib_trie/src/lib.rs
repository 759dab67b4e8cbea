// SPDX-License-Identifier: GPL-2.0

//! The FIB's data structure on the host.
//!
//! `trie` is the kernel's, unchanged. What it stands on in the kernel is played by [`host`].

#[path = "../../../net/ipv4/fib_rust/trie/mod.rs"]
pub mod trie;

pub mod host;
pub mod model;
pub mod routes;
