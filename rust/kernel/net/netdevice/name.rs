// SPDX-License-Identifier: GPL-2.0

//! Names of network devices.

use crate::{
    bindings,
    prelude::*,
    str::CStrExt as _,
    uaccess::{
        UserPtr,
        UserSlice, //
    }, //
};

/// The name of a device, or an alternative name, or the label of an address: at most 15 bytes.
///
/// # Invariants
///
/// The last byte is NUL, and so are all behind the first NUL.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name([u8; Self::MAX_LEN + 1]);

impl Name {
    /// The longest name, in bytes and without the NUL: `IFNAMSIZ - 1`.
    pub const MAX_LEN: usize = bindings::IFNAMSIZ as usize - 1;

    /// Makes a name of the bytes before the first NUL in `bytes`, and of at most
    /// [`Self::MAX_LEN`] of them.
    #[inline]
    pub fn new(bytes: &[u8]) -> Self {
        let mut name = [0; Self::MAX_LEN + 1];
        let bytes = bytes.iter().take_while(|&&byte| byte != 0);

        // INVARIANT: The last byte is never written, and no NUL is.
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
    pub fn read(from: UserPtr) -> Result<Self> {
        let bytes: [u8; Self::MAX_LEN] = UserSlice::new(from, Self::MAX_LEN).reader().read()?;

        Ok(Self::new(&bytes))
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
        (0..Self::MAX_LEN)
            .zip(self.0)
            .find(|&(_, byte)| byte == separator)
            .and_then(|(len, _)| self.0.get(..len).map(Self::new))
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
