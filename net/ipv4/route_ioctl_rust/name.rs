// SPDX-License-Identifier: GPL-2.0

//! The name of a device, as the caller gives it.

use kernel::{
    prelude::*,
    uaccess::{
        UserPtr,
        UserSlice, //
    },
    uapi, //
};

/// The name of a device, or an alternative name, or the label of an address: at most 15 bytes.
///
/// # Invariants
///
/// The last byte is NUL.
#[derive(Clone, Copy)]
pub(crate) struct Name([u8; Self::MAX_LEN + 1]);

impl Name {
    /// The longest name, in bytes and without the NUL.
    pub(crate) const MAX_LEN: usize = uapi::IFNAMSIZ as usize - 1;

    /// Makes a name of what is before the first NUL in `bytes`, or of all.
    pub(crate) fn new(bytes: [u8; Self::MAX_LEN]) -> Self {
        let mut name = [0; Self::MAX_LEN + 1];

        // INVARIANT: The last byte is not written.
        name[..Self::MAX_LEN].copy_from_slice(&bytes);
        Self(name)
    }

    /// Copies a name from user memory. As many bytes as a name can have must be there, whatever
    /// its length. May sleep.
    ///
    /// `EFAULT` if they cannot be read.
    pub(crate) fn read(from: UserPtr) -> Result<Self> {
        UserSlice::new(from, Self::MAX_LEN)
            .reader()
            .read()
            .map(Self::new)
    }

    /// Returns the part before the first colon, if there is one: of the label of an address, the
    /// name of the device.
    pub(crate) fn before_colon(&self) -> Option<Self> {
        let (colon, _) = (0..Self::MAX_LEN)
            .zip(self.0)
            .take_while(|&(_, byte)| byte != 0)
            .find(|&(_, byte)| byte == b':')?;
        let mut before = *self;

        *before.0.get_mut(colon)? = 0;
        Some(before)
    }

    pub(crate) fn as_cstr(&self) -> &CStr {
        // By the invariant, there is a NUL.
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
}
