// SPDX-License-Identifier: GPL-2.0

//! A table of IPv4 prefixes, each with a word: what a FIB holds its routes in.
//!
//! It knows no kernel, and has no unsafe code: memory and publication are traits ([`Memory`],
//! [`Publication`]). The words are the caller's; none is zero, nor has more than 26 bits.
//!
//! # Structure
//!
//! Few prefixes are one leaf: keys in order, and for each what is found from there on. A leaf that
//! is full becomes a branch, which parts its range by the next 8 bits of the address. Prefixes that
//! are no longer than what a part agrees in are the rest, in a page: an array with what is found
//! for each prefix that could be there. So are those of a part that has many but none that is
//! longer, as nearly all of a table of the Internet are.
//!
//! ```text
//!   root
//!    |
//!    v  branch: parts by the first 8 bits
//!   [rest|0|1|2| ... |10| ... |255]
//!     |               |      |
//!     v               |      `--> leaf:
//!    page:            |           198.51.100.0/24  203.0.113.0/24 ...
//!    0.0.0.0/0        v  branch: parts by the next 8 bits
//!    10.0.0.0/7      [rest|0|1| ... |255]
//!    10.0.0.0/8        |    |
//!                      v    `--> page:
//!                     page:      10.1.0.0/22  10.1.2.0/24 ...
//!                     10.0.0.0/9
//!                     10.9.0.0/16
//! ```
//!
//! A lookup goes down by the bits of the address, at most three branches. Each time it takes what
//! the page of the rest has, one load; what is found last is longest. In a full table it touches
//! little memory that is not in a cache: a slot, and a cell of a page.
//!
//! Whoever cannot use what was found asks for the longest below it ([`Trie::longest`]): no state is
//! kept between, so each question is answered by the table as it is then.
//!
//! # What readers see
//!
//! What is found is one cell with length and word (`Match`), so each answer is one load, and that
//! of one change or the other. What is allocated for a change is written first, then published by
//! one store.
//!
//! - *A prefix comes into a page, or goes, or changes its word*: stores to the cells of what it
//!   covers, but those that longer ones cover. Each has what was found there before, or after.
//! - *It goes from a leaf, or changes its word, or comes back*: the same.
//! - *A leaf grows or shrinks*: the new one takes its slot. A reader has the one or the other, each
//!   with all that stays.
//! - *A leaf or a page becomes a branch, a branch is joined*: the same; what is below the slot is
//!   replaced as a whole.
//!
//! What is replaced is not written to any more, and freed after a grace period.
//!
//! [`Trie::insert`] allocates before it publishes, so if that fails, nothing has changed.
//! [`Trie::remove`] needs no memory: it makes things smaller if there is some. No change does more
//! than store to the cells of one page, or make a leaf, or a branch and what is in it, of one leaf
//! or page, or find out that a branch has few prefixes and make a leaf of these.
//!
//! # Why not
//!
//! - *C's trie*: a node for each address and an alias for each prefix, 134 bytes each with a full
//!   table; growth of its root is one change of unbounded length.
//! - *A tree bitmap*: smaller with a full table, but each step counts bits, for which the
//!   baseline of x86-64 has no instruction, and each new prefix copies a node.
//! - *Leaf pushing* (Poptrie, DXR, DIR-24-8): the shorter matches are lost, which a FIB falls back
//!   to, and one short prefix rewrites thousands of entries. Pages and leaves push no further than
//!   their own range, and keep what is covered.
//! - *A direct table of all /16 beside the tree*: it would save the load of one slot, of a branch
//!   that is in the cache.

#![forbid(unsafe_code)]

mod build;
mod entries;
mod insert;
mod leaf;
mod lookup;
mod page;
mod path;
mod platform;
mod prefix;
mod range;
mod remove;
mod set;
mod stat;
mod walk;
mod way;

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
