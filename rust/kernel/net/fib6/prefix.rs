// SPDX-License-Identifier: GPL-2.0

//! IPv6 prefixes.

use core::net::Ipv6Addr;

/// An IPv6 address and how many of its leading bits count, as C and its callers have it: nothing is
/// checked.
///
/// No route has a prefix longer than an address, 128 bits. To add one is an error, and to delete
/// one finds none.
///
/// The bits of the address beyond the length are kept. Routes have none, but a few questions are
/// asked of the whole address, such as whether a route by the loopback device leads to `::1`.
///
/// # Examples
///
/// ```
/// use core::net::Ipv6Addr;
/// use kernel::net::fib6::Prefix;
///
/// let prefix = Prefix::new(Ipv6Addr::LOCALHOST, 64);
/// assert_eq!(prefix.address(), Ipv6Addr::LOCALHOST);
/// assert_eq!(prefix.len(), 64);
/// assert_eq!(Prefix::ANY, Prefix::new(Ipv6Addr::UNSPECIFIED, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prefix {
    address: Ipv6Addr,
    len: u16,
}

impl Prefix {
    /// The prefix of all addresses, `::/0`.
    pub const ANY: Self = Self::new(Ipv6Addr::UNSPECIFIED, 0);

    /// Makes a prefix of the first `len` bits of `address`.
    #[inline]
    pub const fn new(address: Ipv6Addr, len: u16) -> Self {
        Self { address, len }
    }

    /// Returns the address.
    #[inline]
    pub const fn address(self) -> Ipv6Addr {
        self.address
    }

    /// Returns how many bits of the address count.
    // There is no empty prefix: /0 holds every address.
    #[expect(clippy::len_without_is_empty)]
    #[inline]
    pub const fn len(self) -> u16 {
        self.len
    }
}
