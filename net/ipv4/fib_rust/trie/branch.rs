// SPDX-License-Identifier: GPL-2.0

//! Branches: a range of addresses, in equal parts.
//!
//! A branch stands at one of a few levels, which say the bits of an address that it tells apart.
//! The level goes with the pointer, so a reader knows which slot is next before anything of the
//! branch has been read. What is between the range of the branch's slot and its own is skipped;
//! whether an address is in range, its key says.
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
pub(super) const LEVELS: usize = 4;

/// What a branch tells apart: the bits from 0, 8, 16 or 20 on; eight, eight, four and five of them.
///
/// A leaf below the last has no more entries than a leaf can have.
///
/// # Invariants
///
/// It is less than [`LEVELS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level(u8);

impl Level {
    /// The levels that can stand in a slot whose addresses agree in `depth` bits: from the top.
    pub(super) fn below(depth: u8) -> impl DoubleEndedIterator<Item = Self> + Clone {
        // INVARIANT: There are as many.
        (0..4u8)
            .map(Self)
            .filter(move |level| level.start() >= depth)
    }

    /// The level that a tag says.
    #[inline]
    fn new(tag: u8) -> Self {
        // INVARIANT: Masked.
        Self(tag & 3)
    }

    /// What goes with a pointer to a branch.
    pub(super) fn tag(self) -> u8 {
        self.0
    }

    /// One of four bytes.
    #[inline]
    fn of(self, all: u32) -> u8 {
        // CAST: The byte that is wanted is the lowest.
        (all >> (self.0 << 3 & 31)) as u8
    }

    /// How many bits of an address precede.
    #[inline]
    pub(super) fn start(self) -> u8 {
        self.of(0x14_10_08_00)
    }

    /// How many bits of an address it tells apart.
    #[inline]
    pub(super) fn bits(self) -> u8 {
        self.of(0x05_04_08_08)
    }

    /// How many bits the addresses of a part agree in.
    #[inline]
    pub(super) fn end(self) -> u8 {
        self.of(0x19_14_10_08)
    }

    /// How many bits of an address follow.
    #[inline]
    fn follow(self) -> u8 {
        self.of(0x07_0c_10_18)
    }

    /// How many slots there are: one for each part, and the first.
    pub(super) fn slots(self) -> usize {
        1usize.wrapping_shl(self.bits().into()).wrapping_add(1)
    }

    /// The number of the slot that an address leads to.
    #[inline]
    fn slot(self, address: u32) -> usize {
        let others = 32u32.wrapping_sub(self.bits().into());
        let part = address
            .wrapping_shl(self.start().into())
            .wrapping_shr(others);

        // CAST: A usize has 32 bits at least.
        part.wrapping_add(1) as usize
    }
}

/// What of a branch does not change: its range, and which parts that has.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) level: Level,
    /// The first address of the range.
    pub(super) key: u32,
}

impl Shape {
    /// A branch of a level, on the way to an address.
    pub(super) fn new(level: Level, path: u32) -> Self {
        let range = u64::from(u32::MAX).wrapping_shl(32u32.wrapping_sub(level.start().into()));

        Self {
            level,
            // CAST: The upper half is not wanted.
            key: path & range as u32,
        }
    }

    /// Whether a prefix is all in the range.
    pub(super) fn holds(self, prefix: Prefix) -> bool {
        prefix.length() >= self.level.start()
            && agree(prefix.address(), self.key, self.level.start())
    }

    /// The number of the slot that an address of the range leads to.
    pub(super) fn slot(self, address: u32) -> usize {
        self.level.slot(address)
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
        self.key | (slot.wrapping_sub(1) as u32).wrapping_shl(self.level.follow().into())
    }

    /// The last address of a part, by the number of its slot.
    pub(super) fn last(self, slot: usize) -> u32 {
        let within = 1u32.wrapping_shl(self.level.follow().into());

        self.start(slot) | within.wrapping_sub(1)
    }

    /// Whether an address is beyond the range.
    pub(super) fn is_before(self, address: u32) -> bool {
        address > self.key && !agree(address, self.key, self.level.start())
    }
}

/// A branch to read.
pub(super) struct Branch<'a, S> {
    shape: Shape,
    slots: &'a [S],
}

impl<S> Clone for Branch<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Branch<'_, S> {}

impl<'a, S> Branch<'a, S> {
    #[inline]
    pub(super) fn new(block: Block<'a, S>) -> Self {
        Self {
            shape: Shape {
                level: Level::new(block.tag),
                key: block.head,
            },
            slots: block.body,
        }
    }

    #[inline]
    pub(super) fn shape(self) -> Shape {
        self.shape
    }

    /// The slot of the part that an address is in. `None` if it is in none.
    #[inline]
    pub(super) fn part(self, address: u32) -> Option<&'a S> {
        let slot = self.slots.get(self.shape.level.slot(address))?;
        let range = u32::MAX.wrapping_shr(self.shape.level.start().into());

        (address ^ self.shape.key <= range).then_some(slot)
    }

    /// The slot of what is in no part.
    #[inline]
    pub(super) fn rest(self) -> Option<&'a S> {
        self.slots.first()
    }

    /// All slots: the first, and one for each part.
    pub(super) fn slots(self) -> &'a [S] {
        self.slots
    }
}
