// SPDX-License-Identifier: GPL-2.0

//! Ranges of addresses, each of which a node is about, and the parts that a branch has of one.
//!
//! All addresses of a range agree in the first 0, 8, 16 or 24 bits, which are its depth. A branch
//! has a slot for each part of its range, by the next 8 bits. The first slot is that of the rest:
//! the prefixes that are no longer than what a part agrees in.

use super::prefix::Prefix;

/// How many bits the parts of a range differ in.
pub(super) const STRIDE: u8 = 8;
/// How many branches there can be one below the other: in a part of the last one, prefixes differ
/// in no more than a stride.
pub(super) const LEVELS: usize = 3;
/// How deep the ranges of these branches are.
pub(super) const DEPTHS: [u8; LEVELS] = [0, STRIDE, 2 * STRIDE];
/// How many slots a branch has: one for the rest, and one for each part.
pub(super) const SLOTS: usize = 1 + (1 << STRIDE);
/// The slot of the rest.
pub(super) const REST: usize = 0;

/// The addresses that agree in their first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    key: u32,
    depth: u8,
}

impl Range {
    pub(super) const ALL: Self = Self { key: 0, depth: 0 };

    /// The first address.
    pub(super) fn key(self) -> u32 {
        self.key
    }

    /// How many bits the addresses agree in.
    pub(super) fn depth(self) -> u8 {
        self.depth
    }

    /// How many bits the addresses of a part agree in, which is the length of the longest prefix of
    /// the rest.
    pub(super) fn end(self) -> u8 {
        self.depth.wrapping_add(STRIDE)
    }

    /// The slot of the part that an address of the range is in.
    pub(super) fn slot(self, address: u32) -> usize {
        part(address, self.depth).wrapping_add(1)
    }

    /// The slot that a prefix of the range belongs to.
    pub(super) fn place(self, prefix: Prefix) -> usize {
        if prefix.length() > self.end() {
            self.slot(prefix.address())
        } else {
            REST
        }
    }

    /// The range of a slot. That of the rest is the same.
    pub(super) fn below(self, slot: usize) -> Self {
        let Some(part) = slot.checked_sub(1) else {
            return self;
        };
        let end = self.end();

        Self {
            // CAST: It is less than 256.
            key: self.key | (part as u32).wrapping_shl(32u32.wrapping_sub(end.into())),
            depth: end,
        }
    }

    /// The last address.
    pub(super) fn last(self) -> u32 {
        self.key | u32::MAX.wrapping_shr(self.depth.into())
    }
}

/// The number of the part that an address is in, of a range of this depth.
#[inline]
pub(super) fn part(address: u32, depth: u8) -> usize {
    // CAST: It is less than 256.
    (address.wrapping_shl(depth.into()) >> (32 - STRIDE)) as usize
}
