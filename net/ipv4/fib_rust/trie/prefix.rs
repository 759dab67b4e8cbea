// SPDX-License-Identifier: GPL-2.0

//! Prefixes, and the two orders they are kept and shown in.

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

/// A prefix and what stands there.
///
/// The word is zero where something stood and no longer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) prefix: Prefix,
    pub(super) word: u32,
}
