// SPDX-License-Identifier: GPL-2.0

//! Leaves: the prefixes of a range of addresses, few enough to be searched and copied at once.
//!
//! An entry is a key, where the prefix begins; a link, which says its length, and which entry is
//! the longest that covers it; and a word, what stands there. They are in the order of
//! [`Prefix::order`].
//!
//! Where all prefixes agree in their first 16 bits, the leaf is narrow: a key needs only the other
//! 16, and leaves room for its link in one cell. The word is the next cell. Before the entries is
//! an index: a nibble for each value that the next four bits of an address can have says where to
//! begin a search. Other leaves are wide: an array of keys, one of links, one of words; a search
//! begins by samples.
//!
//! A few keys are compared at once, without a branch between them.
//!
//! Only words change while readers look: to another, or to zero for what stands there no more.

mod build;
mod find;
mod longest;
mod shape;

use super::{
    platform::{
        Block,
        Cell, //
    },
    prefix::{
        Entry,
        Prefix, //
    }, //
};
use shape::Shape;

pub(super) use build::{
    build,
    grow, //
};

/// The most entries a leaf can have: a link has 8 bits for an entry, and one value says "none".
pub(super) const LIMIT: usize = 255;
/// What the link of an entry says that no other of the leaf covers.
const NONE: u32 = 0xff;

/// A leaf to read.
pub(super) struct Leaf<'a, C> {
    shape: Shape,
    body: &'a [C],
}

impl<C> Clone for Leaf<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Leaf<'_, C> {}

impl<'a, C: Cell> Leaf<'a, C> {
    #[inline]
    pub(super) fn new(block: Block<'a, C>) -> Self {
        Self {
            shape: Shape {
                is_narrow: block.tag != 0,
                head: block.head,
            },
            body: block.body,
        }
    }

    /// A leaf without entries.
    pub(super) fn empty() -> Self {
        Self {
            shape: Shape::new(0, 0),
            body: &[],
        }
    }

    /// How many entries there are, of words that are zero as well.
    pub(super) fn len(self) -> usize {
        self.shape.len()
    }

    /// How many bits the addresses of the leaf agree in.
    pub(super) fn depth(self) -> u8 {
        self.shape.depth()
    }

    /// How many entries have a word.
    pub(super) fn live(self) -> usize {
        (0..self.len())
            .filter_map(|at| self.word(at))
            .fold(0usize, |live, word| {
                live.wrapping_add(usize::from(word.load() != 0))
            })
    }

    fn key(self, at: usize) -> Option<&'a C> {
        if self.shape.is_narrow {
            self.body
                .get(self.shape.index().wrapping_add(at.wrapping_mul(2)))
        } else {
            self.body.get(at)
        }
    }

    fn link(self, at: usize) -> Option<&'a C> {
        if self.shape.is_narrow {
            self.key(at)
        } else {
            self.body.get(self.shape.len().wrapping_add(at))
        }
    }

    /// The keys and words of a narrow leaf: of the entries that it has.
    fn pairs(self) -> impl Iterator<Item = &'a [C; 2]> + Clone {
        let entries = self.body.get(self.shape.index()..).unwrap_or_default();

        entries
            .chunks_exact(2)
            .filter_map(|pair| pair.first_chunk())
            .take(self.len())
    }

    /// The word of an entry.
    pub(super) fn word(self, at: usize) -> Option<&'a C> {
        let before = if self.shape.is_narrow {
            let before = self.shape.index().wrapping_add(at);
            before.wrapping_add(1)
        } else {
            self.shape.len().wrapping_mul(2)
        };

        self.body.get(before.wrapping_add(at))
    }

    /// An entry, by the address that led here.
    pub(super) fn entry(self, at: usize, path: u32) -> Option<Entry> {
        let within = u32::MAX >> self.shape.shift();
        let key = self.key(at)?.load() >> self.shape.shift();
        let length = (self.link(at)?.load() >> 8) as u8;

        Some(Entry {
            prefix: Prefix::new(path & !within | key, length)?,
            word: self.word(at)?.load(),
        })
    }

    /// The entries that have a word, in order.
    pub(super) fn entries(self, path: u32) -> Entries<'a, C> {
        Entries {
            leaf: self,
            path,
            at: 0,
        }
    }

    /// The entries that have a word and begin at an address or after it, in order.
    pub(super) fn entries_from(self, address: u32) -> Entries<'a, C> {
        let first = address << self.shape.shift();

        Entries {
            leaf: self,
            path: address,
            at: first.checked_sub(1).map_or(0, |last| self.halved(last)),
        }
    }
}

/// The entries of a leaf that have a word, in order.
pub(super) struct Entries<'a, C> {
    leaf: Leaf<'a, C>,
    path: u32,
    at: usize,
}

impl<C> Clone for Entries<'_, C> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<C: Cell> Iterator for Entries<'_, C> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        while self.at < self.leaf.len() {
            let entry = self.leaf.entry(self.at, self.path);

            self.at = self.at.wrapping_add(1);
            if entry.is_some_and(|entry| entry.word != 0) {
                return entry;
            }
        }
        None
    }
}

/// The length of an entry that covers an address, of which `probe` is what a key would be.
#[inline]
fn covers(probe: u32, key: u32, link: u32, shift: u32) -> Option<u8> {
    let length = link >> 8 & 0xff;
    let beyond = 32u32.wrapping_add(shift).wrapping_sub(length);

    // CAST: It is at most 32.
    (u64::from(probe ^ key).wrapping_shr(beyond) == 0).then_some(length as u8)
}

/// The longest entry that covers another. It comes before, so there is an end to this.
#[inline]
fn above(at: usize, link: u32) -> Option<usize> {
    // CAST: A usize has 32 bits at least.
    let up = (link & NONE) as usize;

    (up < at).then_some(up)
}
