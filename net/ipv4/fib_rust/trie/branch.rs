// SPDX-License-Identifier: GPL-2.0

//! Branches: a range of addresses, in equal parts.
//!
//! A branch stands at one of a few levels, by the bits of an address that it tells apart. What is
//! between the range of its slot and its own is skipped, which the same comparison finds that
//! takes the index: `address ^ key`, shifted, is the number of a part, or too large for one.
//!
//! The first slot holds a leaf, of all that is in no part: prefixes that are longer than the
//! range of the branch's own slot but shorter than a part, and those outside of what is skipped.

use super::{
    platform::Block,
    prefix::{
        agree,
        Prefix, //
    }, //
};

/// How many levels there are: the most branches one below the other.
pub(super) const LEVELS: usize = 5;
/// Where the bits of each level begin, and how many there are. A leaf below the last has 31 entries
/// at most.
const BITS: [(u8, u8); LEVELS] = [(0, 8), (8, 8), (16, 4), (20, 4), (24, 4)];

/// What a branch tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    /// How many bits of an address precede.
    pub(super) start: u8,
    pub(super) bits: u8,
}

impl Level {
    /// The levels that can stand in a slot whose addresses agree in `depth` bits: from the top.
    pub(super) fn below(depth: u8) -> impl DoubleEndedIterator<Item = Self> + Clone {
        BITS.into_iter()
            .map(|(start, bits)| Self { start, bits })
            .filter(move |level| level.start >= depth)
    }

    /// How many bits the addresses of a part agree in.
    pub(super) fn end(self) -> u8 {
        self.start.wrapping_add(self.bits)
    }

    /// How many slots there are: one for each part, and the first.
    pub(super) fn slots(self) -> usize {
        1usize.wrapping_shl(self.bits.into()).wrapping_add(1)
    }

    /// How many bits of an address follow those told apart: a multiple of four.
    fn follow(self) -> u32 {
        32u32.wrapping_sub(self.end().into())
    }
}

/// A branch to read.
pub(super) struct Branch<'a, S> {
    /// The bits of an address that precede, and a quarter of how many follow. Those are four at
    /// least, so there is room for that number.
    head: u32,
    slots: &'a [S],
}

impl<S> Clone for Branch<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Branch<'_, S> {}

impl<'a, S> Branch<'a, S> {
    #[inline(always)]
    pub(super) fn new(block: Block<'a, S>) -> Self {
        Self {
            head: block.head,
            slots: block.body,
        }
    }

    /// How many bits of an address follow those told apart.
    #[inline(always)]
    fn follow(self) -> u32 {
        (self.head & 7) << 2
    }

    /// The slot of the part that an address is in. None if it is in none.
    #[inline(always)]
    pub(super) fn part(self, address: u32) -> Option<&'a S> {
        self.slots.get(index(self.head, self.follow(), address))
    }

    /// The slot of what is in no part.
    #[inline(always)]
    pub(super) fn rest(self) -> Option<&'a S> {
        self.slots.first()
    }

    /// All slots: the first, and one for each part.
    pub(super) fn slots(self) -> &'a [S] {
        self.slots
    }

    pub(super) fn shape(self) -> Shape {
        // There is a slot more than there are parts.
        let bits = self.slots.len().checked_ilog2().unwrap_or(0);
        let end = 32u32.wrapping_sub(self.follow());

        Shape {
            head: self.head,
            // CAST: Both are at most 32.
            level: Level {
                start: end.wrapping_sub(bits) as u8,
                bits: bits as u8,
            },
        }
    }
}

/// What of a branch does not change: its range, and which parts that has.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) head: u32,
    pub(super) level: Level,
}

impl Shape {
    /// A branch of a level, on the way to an address.
    pub(super) fn new(level: Level, path: u32) -> Self {
        let range = u64::from(u32::MAX) << (32u32.wrapping_sub(level.start.into()) & 0x3f);

        Self {
            // CAST: The upper half is not wanted.
            head: path & range as u32 | level.follow() >> 2,
            level,
        }
    }

    /// The first address of the range.
    pub(super) fn key(self) -> u32 {
        self.head & !7
    }

    /// Whether a prefix is all in the range.
    pub(super) fn holds(self, prefix: Prefix) -> bool {
        prefix.length() >= self.level.start
            && agree(prefix.address(), self.key(), self.level.start)
    }

    /// The number of the slot that an address of the range leads to.
    pub(super) fn slot(self, address: u32) -> usize {
        index(self.head, self.level.follow(), address)
    }

    /// The number of the slot that a prefix belongs to.
    pub(super) fn place(self, prefix: Prefix) -> usize {
        if prefix.length() >= self.level.end() && self.holds(prefix) {
            self.slot(prefix.address())
        } else {
            0
        }
    }

    /// The first address of a part, by the number of its slot.
    pub(super) fn start(self, slot: usize) -> u32 {
        // CAST: There are at most 256 parts.
        self.key() | (slot.wrapping_sub(1) as u32).wrapping_shl(self.level.follow())
    }
}

/// The number of the slot that an address leads to: of none, if it is out of range.
#[inline(always)]
fn index(head: u32, follow: u32, address: u32) -> usize {
    // CAST: A usize has 32 bits at least.
    (address ^ head).wrapping_shr(follow).wrapping_add(1) as usize
}
