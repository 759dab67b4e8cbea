// SPDX-License-Identifier: GPL-2.0

//! A table of IPv4 prefixes, each with a word: what a FIB holds its routes in.
//!
//! It knows no kernel, and has no unsafe code: memory and publication are traits ([`Memory`],
//! [`Publication`]). The words are the caller's; none is zero.
//!
//! # Structure
//!
//! Few prefixes are one leaf: sorted, searched and copied as a whole. A leaf that is full becomes a
//! branch, which parts a range of addresses, with a leaf for each part that has something. What a
//! part is too small for, its first slot holds: the rest.
//!
//! ```text
//!   root
//!    |
//!    v  branch, level 0: parts by the first 8 bits
//!   [rest|0|1|2| ... |10| ... |255]
//!     |               |      |
//!     v               |      `--> leaf
//!    leaf:            |           198.51.100.0/24  203.0.113.0/24 ...
//!    0.0.0.0/0        |
//!    10.0.0.0/7       v  branch, level 16: what all below 10.244.0.0/16 agree in is skipped
//!                    [rest|0|1| ... |15]
//!                      |    |
//!                      v    `--> leaf
//!                     leaf:      10.244.0.0/24  10.244.0.7/32 ...
//!                     10.0.0.0/8
//!                     10.9.0.0/16
//! ```
//!
//! A lookup goes down by the bits of the address, at most four branches, to one leaf, and finds the
//! last entry that begins no later: the longest match, or one that begins within it. Links lead
//! from each entry to the longest that covers it. If none in the leaf serves, the rests of the
//! branches on the way hold what is shorter, from the last to the first. Whoever cannot use what
//! was found asks for the longest below it ([`Trie::longest`]): no state is kept between, so each
//! question is answered by the table as it is then.
//!
//! # What readers see
//!
//! All of a change is allocated and written first, then published by one store.
//!
//! - *A word changes, or is removed*: one store to its cell. Zero is nothing.
//! - *A leaf grows or shrinks*: the new one takes its slot. A reader has the one or the other, each
//!   with all that stays.
//! - *A leaf is split, a branch joined*: the same; what is below the slot is replaced as a whole.
//! - *A branch that skips something moves below another*, since too much lies outside of it: the
//!   other one has a copy of it, to which the parts move, but not the rest. Who is in the old
//!   branch finds the old rest there, and the parts as they were.
//!
//! What is replaced is not written to any more, and freed after a grace period.
//!
//! Allocation fails only in [`Trie::insert`], with nothing published. [`Trie::remove`] needs no
//! memory: it makes things smaller if there is some. No change does more than copy the entries of
//! one leaf or of one rest, 255 at most, and the slots of one branch.
//!
//! # Why not
//!
//! - *C's trie*: a node for each address and an alias for each prefix, 134 bytes each with a full
//!   table; growth of its root is one change of unbounded length.
//! - *A tree bitmap*: several prefixes share a node as well, but each step counts bits, for which
//!   the baseline of x86-64 has no instruction; small tables are as deep as large ones.
//! - *Leaf pushing* (Poptrie, DXR, DIR-24-8): the shorter matches are lost, which a FIB falls back
//!   to, and one short prefix rewrites thousands of entries.
//! - *Direct tables beside the tree*: with 256 parts at the two topmost levels, they would save
//!   one load, of a slot that is in the cache.

#![forbid(unsafe_code)]

mod branch;
mod entries;
mod insert;
mod leaf;
mod lookup;
mod path;
mod platform;
mod prefix;
mod remove;
mod split;
mod stat;
mod walk;
mod walk_back;

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
pub use stat::Stat;

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
