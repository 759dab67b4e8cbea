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
/// The last byte is NUL, and so are all behind the first NUL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name([u8; Self::MAX_LEN + 1]);

impl Name {
    /// The longest name, in bytes and without the NUL.
    const MAX_LEN: usize = uapi::IFNAMSIZ as usize - 1;

    /// Makes a name of the bytes before the first NUL in `bytes`, and of at most
    /// [`Self::MAX_LEN`] of them.
    pub(crate) fn new(bytes: &[u8]) -> Self {
        let mut name = [0; Self::MAX_LEN + 1];
        let bytes = bytes.iter().take_while(|&&byte| byte != 0);

        // INVARIANT: The last byte is never written, and no NUL is.
        for (to, from) in name[..Self::MAX_LEN].iter_mut().zip(bytes) {
            *to = *from;
        }
        Self(name)
    }

    /// Copies a name from user memory. As many bytes as a name can have must be there, whatever
    /// its length. May sleep.
    ///
    /// `EFAULT` if they cannot be read.
    pub(crate) fn read(from: UserPtr) -> Result<Self> {
        let bytes: [u8; Self::MAX_LEN] = UserSlice::new(from, Self::MAX_LEN).reader().read()?;

        Ok(Self::new(&bytes))
    }

    /// Returns the part before the first colon, if there is one: of the label of an address, the
    /// name of the device.
    pub(crate) fn before_colon(&self) -> Option<Self> {
        (0..Self::MAX_LEN)
            .zip(self.0)
            .find(|&(_, byte)| byte == b':')
            .and_then(|(len, _)| self.0.get(..len).map(Self::new))
    }

    pub(crate) fn as_cstr(&self) -> &CStr {
        // By the invariant, there is a NUL.
        CStr::from_bytes_until_nul(&self.0).unwrap_or_default()
    }
}
