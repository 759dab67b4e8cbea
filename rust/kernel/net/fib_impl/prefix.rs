// SPDX-License-Identifier: GPL-2.0

//! Prefixes, as C is told of them.

/// A prefix: the first bits of an address.
///
/// # Invariants
///
/// The length is 32 at most. All bits of the address beyond it are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    address: u32,
    length: u8,
}

impl Prefix {
    /// Makes a prefix of the first bits of an address in the processor's byte order: of all, if
    /// there are not so many.
    pub fn new(address: u32, length: u8) -> Self {
        let length = length.min(32);
        let beyond = u32::MAX.checked_shr(length.into()).unwrap_or(0);

        // INVARIANT: Both have just been seen to.
        Self {
            address: address & !beyond,
            length,
        }
    }

    /// Returns the address, in the processor's byte order.
    pub fn address(self) -> u32 {
        self.address
    }

    /// Returns the length.
    pub fn length(self) -> u8 {
        self.length
    }
}
