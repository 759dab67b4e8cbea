// SPDX-License-Identifier: GPL-2.0

//! Names of network devices.

use crate::{
    bindings,
    prelude::*,
    str::CStrExt as _,
    uaccess::UserPtr, //
};

/// The name of a device, or an alternative name, or the label of an address: at most 15 bytes.
///
/// # Invariants
///
/// The last byte is NUL.
///
/// # Examples
///
/// ```
/// use kernel::net::netdevice::Name;
///
/// assert_eq!(Name::new(b"eth0\0junk").as_cstr(), c"eth0");
/// // What does not fit is cut off.
/// assert_eq!(Name::new(b"a-name-that-is-too-long").as_cstr(), c"a-name-that-is-");
/// ```
// Aligned, so that a name is copied as two words.
#[derive(Clone, Copy, Debug)]
#[repr(align(8))]
pub struct Name([u8; Self::MAX_LEN + 1]);

impl Name {
    /// The longest name, in bytes and without the NUL: `IFNAMSIZ - 1`.
    pub const MAX_LEN: usize = bindings::IFNAMSIZ as usize - 1;

    /// Makes a name of the bytes before the first NUL in `bytes`, and of at most
    /// [`Self::MAX_LEN`] of them.
    #[inline]
    pub fn new(bytes: &[u8]) -> Self {
        let mut name = [0; Self::MAX_LEN + 1];

        // INVARIANT: The last byte is never written.
        for (to, from) in name[..Self::MAX_LEN].iter_mut().zip(bytes) {
            *to = *from;
        }
        Self(name)
    }

    /// Reads a name from user memory. As many bytes as a name can have must be there, whatever
    /// its length. May sleep.
    ///
    /// # Errors
    ///
    /// - [`EFAULT`]: they cannot be read.
    #[inline]
    pub fn read(from: UserPtr) -> Result<Self> {
        // INVARIANT: The last byte is never written.
        let mut name = [0u8; Self::MAX_LEN + 1];

        // SAFETY: There is room for the `Self::MAX_LEN` bytes that are loaded.
        if !unsafe { bindings::load_ifname(name.as_mut_ptr().cast(), from.as_const_ptr().cast()) } {
            return Err(EFAULT);
        }
        Ok(Self(name))
    }

    /// Returns the part before the first `separator`, or [`None`] if there is no separator.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::netdevice::Name;
    ///
    /// let label = Name::new(b"eth0:1:2");
    /// assert_eq!(label.before(b':'), Some(Name::new(b"eth0")));
    /// assert_eq!(label.before(b'.'), None);
    /// ```
    #[inline]
    pub fn before(&self, separator: u8) -> Option<Self> {
        // A loop over sixteen bytes the compiler would unroll, and keep each byte apart.
        //
        // SAFETY: By the type invariant, the string is terminated.
        let found = unsafe { bindings::strchr(self.as_char_ptr(), separator.into()) };
        if found.is_null() {
            return None;
        }

        let mut before = *self;
        // INVARIANT: NUL is all that is written.
        *before
            .0
            .get_mut(found.addr().wrapping_sub(self.as_char_ptr().addr()))? = 0;
        Some(before)
    }

    /// Returns the name as a string.
    #[inline]
    pub fn as_cstr(&self) -> &CStr {
        // SAFETY: By the type invariant, a NUL ends the string inside of the array.
        unsafe { CStr::from_char_ptr(self.as_char_ptr()) }
    }

    /// Returns a pointer to the name, which a NUL ends.
    #[inline]
    pub(in crate::net) fn as_char_ptr(&self) -> *const c_char {
        self.0.as_ptr().cast()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_cstr() == other.as_cstr()
    }
}

impl Eq for Name {}
