// SPDX-License-Identifier: GPL-2.0

//! IPv4 prefixes.

use core::net::Ipv4Addr;

/// An IPv4 destination: an address and how many of its leading bits count.
///
/// # Invariants
///
/// `len` is at most 32, and the bits of `address` beyond the first `len` are zero.
///
/// # Examples
///
/// ```
/// use core::net::Ipv4Addr;
/// use kernel::net::fib::Prefix;
///
/// let net = Ipv4Addr::new(10, 1, 0, 0);
/// let prefix = Prefix::new(net, 16).ok_or(EINVAL)?;
/// assert_eq!(Prefix::with_mask(net, Ipv4Addr::new(255, 255, 0, 0)), Some(prefix));
///
/// // 10.1.0.0/8 has a host bit, and no prefix is longer than an address.
/// assert_eq!(Prefix::new(net, 8), None);
/// assert_eq!(Prefix::new(net, 33), None);
/// // A mask is ones, then zeros.
/// assert_eq!(Prefix::with_mask(net, Ipv4Addr::new(255, 0, 255, 0)), None);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    address: Ipv4Addr,
    len: u8,
}

impl Prefix {
    /// The longest prefix: one address.
    pub const MAX_LEN: u8 = 32;

    /// Makes a prefix of the first `len` bits of `address`.
    ///
    /// [`None`] if `len` is above [`Self::MAX_LEN`] or `address` has host bits, that is bits
    /// beyond `len`.
    #[inline]
    pub fn new(address: Ipv4Addr, len: u8) -> Option<Self> {
        if len > Self::MAX_LEN {
            return None;
        }
        let host_bits = u32::MAX.checked_shr(len.into()).unwrap_or(0);

        // INVARIANT: Both halves are checked.
        (address.to_bits() & host_bits == 0).then_some(Self { address, len })
    }

    /// Makes a prefix of `address` and a netmask.
    ///
    /// [`None`] if the ones of `mask` are not contiguous or `address` has host bits.
    ///
    /// Does what `bad_mask()` and `inet_mask_len()` do.
    #[inline]
    pub fn with_mask(address: Ipv4Addr, mask: Ipv4Addr) -> Option<Self> {
        let host_bits = !mask.to_bits();

        // Contiguous ones from the least significant bit up: one more is a power of two, or zero.
        if host_bits & host_bits.wrapping_add(1) != 0 || address.to_bits() & host_bits != 0 {
            return None;
        }

        // INVARIANT: A `u32` has at most 32 leading zeros, and what they leave are the host bits.
        Some(Self {
            address,
            len: host_bits.leading_zeros() as u8,
        })
    }

    /// Makes a prefix of one address.
    #[inline]
    pub fn host(address: Ipv4Addr) -> Self {
        // INVARIANT: There are no bits beyond the first 32.
        Self {
            address,
            len: Self::MAX_LEN,
        }
    }

    /// Returns the address.
    #[inline]
    pub fn address(self) -> Ipv4Addr {
        self.address
    }

    /// Returns how many bits of the address count.
    // There is no empty prefix: /0 holds every address.
    #[expect(clippy::len_without_is_empty)]
    #[inline]
    pub fn len(self) -> u8 {
        self.len
    }
}
