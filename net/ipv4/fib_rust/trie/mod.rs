// SPDX-License-Identifier: GPL-2.0

//! A table of IPv4 prefixes, each with a word: what a FIB holds its routes in.

#![forbid(unsafe_code)]

mod branch;
mod entries;
mod insert;
mod leaf;
mod lookup;
mod platform;
mod prefix;
mod remove;
mod split;
mod walk;

pub use platform::{
    Block,
    Cell,
    Cursor,
    Fresh,
    Memory,
    Node,
    Publication, //
};
pub use prefix::Prefix;

/// A table of prefixes.
///
/// Readers may look while one writer, whom [`Publication::Writer`] stands for, changes it.
pub struct Trie<P: Publication> {
    root: P::Root,
}

impl<P: Publication> Trie<P> {
    /// Makes an empty table. It needs no memory of its own.
    pub fn new() -> Self {
        Self {
            root: P::Root::default(),
        }
    }
}

impl<P: Publication> Default for Trie<P> {
    fn default() -> Self {
        Self::new()
    }
}
