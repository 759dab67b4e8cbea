// SPDX-License-Identifier: GPL-2.0

//! How a leaf is laid out.

use super::LIMIT;

/// How far the keys of a narrow leaf are shifted: the bits that all agree in.
pub(super) const NARROW: u32 = 16;
/// So many keys of a narrow leaf are compared at once. It has as many at least: what is no entry's
/// comes last, and is no less than any.
pub(super) const NARROW_WINDOW: usize = 3;
/// How many cells these are, to the last key.
pub(super) const NARROW_CELLS: usize = 2 * NARROW_WINDOW - 1;
/// How many cells an index has.
pub(super) const INDEX: usize = 2;

/// What a leaf says of itself, in its head, but that it is narrow: that goes with the pointer.
///
/// - bits 0 to 7: how many entries there are,
/// - 8 to 11: the bits of a nibble, if there is an index,
/// - 12 to 15: the number of entries that a unit of the index stands for, as a power of two,
/// - 16 to 23: the depth.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) is_narrow: bool,
    pub(super) head: u32,
}

impl Shape {
    pub(super) fn new(len: usize, depth: u8) -> Self {
        // CAST: A leaf has at most LIMIT entries.
        let len = len.min(LIMIT) as u32;
        let is_narrow = u32::from(depth) >= NARROW;
        let has_index = is_narrow && len > NARROW_WINDOW as u32;
        let unit = 32u32.wrapping_sub((len.wrapping_sub(1) >> 4).leading_zeros());
        let index = if has_index { 0xf | unit << 4 } else { 0 };

        Self {
            is_narrow,
            head: len | index << 8 | u32::from(depth) << 16,
        }
    }

    /// How many entries there are.
    #[inline]
    pub(super) fn len(self) -> usize {
        // CAST: A usize has 32 bits at least.
        (self.head & 0xff) as usize
    }

    /// How far keys are shifted: 0, or [`NARROW`].
    #[inline]
    pub(super) fn shift(self) -> u32 {
        if self.is_narrow {
            NARROW
        } else {
            0
        }
    }

    /// The number of entries that a unit of the index stands for, as a power of two.
    #[inline]
    pub(super) fn unit(self) -> u32 {
        self.head >> 12 & 0xf
    }

    /// As much of a number of entries as the index can say.
    pub(super) fn units(self, count: u32) -> u64 {
        (count >> self.unit()).min(0xf).into()
    }

    /// The bits of a nibble of the index. None, if there is no index.
    #[inline]
    pub(super) fn nibble(self) -> u32 {
        self.head >> 8 & 0xf
    }

    /// How many cells the index has.
    #[inline]
    pub(super) fn index(self) -> usize {
        // CAST: A usize has 32 bits at least.
        (self.nibble() & INDEX as u32) as usize
    }

    /// The bits of an address of 32 bits that all of the leaf agree in.
    pub(super) fn depth(self) -> u8 {
        // CAST: It has 8 bits.
        (self.head >> 16) as u8
    }

    /// How many cells the leaf has.
    pub(super) fn cells(self) -> usize {
        if self.is_narrow {
            let entries = self.len().wrapping_mul(2).max(NARROW_CELLS);
            self.index().wrapping_add(entries)
        } else {
            self.len().wrapping_mul(3)
        }
    }
}

/// The four bits of a narrow leaf's key, or of what is compared with one, that choose a nibble.
#[inline]
pub(super) fn chosen(key: u32, depth: u8) -> u32 {
    key.wrapping_shl(u32::from(depth).wrapping_sub(NARROW)) >> 28
}
