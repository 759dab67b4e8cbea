// SPDX-License-Identifier: GPL-2.0

//! Prefixes, the two orders they are kept and shown in, and what is found for an address.

use super::platform::Cell;
use core::num::NonZero;

/// An IPv4 prefix.
///
/// # Invariants
///
/// `length` is at most 32, and the bits of `address` beyond it are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prefix {
    address: u32,
    length: u8,
}

impl Prefix {
    /// The prefix of all addresses.
    pub const DEFAULT: Self = Self {
        address: 0,
        length: 0,
    };

    /// Makes a prefix of an address in the processor's byte order. `None` if the length is more
    /// than 32, or if the address has bits beyond it.
    pub const fn new(address: u32, length: u8) -> Option<Self> {
        if length > 32 || (address as u64) << length & 0xffff_ffff != 0 {
            return None;
        }
        // INVARIANT: Just checked.
        Some(Self { address, length })
    }

    /// The first address of the prefix of a length, 32 at most, that an address is in.
    pub const fn network(address: u32, length: u8) -> u32 {
        // A u64 can be shifted by all 32 bits.
        let mask = (u32::MAX as u64).wrapping_shl(32u32.wrapping_sub(length as u32));

        address & mask as u32
    }

    /// The length of the shortest prefix that begins at an address.
    pub const fn shortest_at(address: u32) -> u8 {
        // CAST: It is at most 32.
        32u32.wrapping_sub(address.trailing_zeros()) as u8
    }

    /// The first address.
    pub const fn address(self) -> u32 {
        self.address
    }

    /// How many bits of the address count.
    pub const fn length(self) -> u8 {
        self.length
    }

    /// The last address.
    pub(super) const fn last(self) -> u32 {
        Self::last_of(self.address, self.length)
    }

    /// The last address of the prefix of a length, 32 at most, that an address is in.
    pub(super) const fn last_of(address: u32, length: u8) -> u32 {
        // CAST: The upper half is zero. A u64 can be shifted by all 32 bits.
        address | (u32::MAX as u64).wrapping_shr(length as u32) as u32
    }

    /// Whether `address` is in the prefix.
    pub const fn covers(self, address: u32) -> bool {
        agree(self.address, address, self.length)
    }

    /// The order within a leaf: by address, then what covers comes before what it covers.
    pub(super) const fn order(self) -> u64 {
        (self.address as u64) << 8 | self.length as u64
    }
}

/// Whether two addresses agree in their first `length` bits.
pub(super) const fn agree(a: u32, b: u32, length: u8) -> bool {
    // A u64 can be shifted by all 32 bits.
    ((a ^ b) as u64).wrapping_shr(32u32.wrapping_sub(length as u32)) == 0
}

/// A prefix and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) prefix: Prefix,
    pub(super) word: Match,
}

impl Entry {
    /// `None` if the word has more bits than there is room for.
    pub(super) fn new(prefix: Prefix, word: NonZero<u32>) -> Option<Self> {
        Some(Self {
            prefix,
            word: Match::new(prefix.length(), word)?,
        })
    }
}

/// How many bits of a match are the length.
const LENGTH: u32 = 6;

/// The longest prefix that covers an address, in one cell: its length, and the word that it has. Or
/// that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Match(u32);

impl Match {
    pub(super) const NONE: Self = Self(0);

    fn new(length: u8, word: NonZero<u32>) -> Option<Self> {
        (word.leading_zeros() >= LENGTH).then_some(Self(word.get() << LENGTH | u32::from(length)))
    }

    #[inline]
    pub(super) fn load(cell: &impl Cell) -> Self {
        Self(cell.load())
    }

    pub(super) fn store(self, cell: &impl Cell) {
        cell.store(self.0);
    }

    /// Stores it where no reader is yet.
    pub(super) fn init(self, cell: &impl Cell) {
        cell.init(self.0);
    }

    /// The length of the prefix. Of none, zero.
    #[inline]
    pub(super) fn length(self) -> u8 {
        // CAST: Six bits are kept.
        (self.0 & ((1 << LENGTH) - 1)) as u8
    }

    /// This, or if it is none, another.
    #[inline]
    pub(super) fn or(self, other: Self) -> Self {
        if self == Self::NONE {
            other
        } else {
            self
        }
    }

    /// Whether the prefix is one of this length.
    pub(super) fn is(self, length: u8) -> bool {
        self != Self::NONE && self.length() == length
    }

    /// Whether the prefix is shorter than this length, or none.
    pub(super) fn is_shorter(self, length: u8) -> bool {
        self == Self::NONE || self.length() < length
    }

    /// The length and the word.
    #[inline]
    pub(super) fn found(self) -> Option<(u8, NonZero<u32>)> {
        Some((self.length(), self.word()?))
    }

    #[inline]
    pub(super) fn word(self) -> Option<NonZero<u32>> {
        NonZero::new(self.0 >> LENGTH)
    }
}
