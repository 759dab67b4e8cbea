// SPDX-License-Identifier: GPL-2.0

//! The name of a device, as the caller gives it.

use crate::argument::copy;
use kernel::{
    prelude::*,
    uaccess::UserPtr,
    uapi, //
};

/// The name of a device, or an alternative name, or the label of an address, which is the name of
/// its device, a colon and a suffix: at most 15 bytes.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    /// As the caller gave it, and a NUL.
    whole: [u8; Self::MAX_LEN + 1],
    /// The same, with a NUL in place of the first colon.
    device: [u8; Self::MAX_LEN + 1],
}

impl Name {
    /// The longest name, in bytes and without the NUL.
    pub(crate) const MAX_LEN: usize = uapi::IFNAMSIZ as usize - 1;

    /// Makes a name of what is before the first NUL in `bytes`, or of all.
    pub(crate) fn new(bytes: [u8; Self::MAX_LEN]) -> Self {
        let mut whole = [0; Self::MAX_LEN + 1];
        whole[..Self::MAX_LEN].copy_from_slice(&bytes);

        let mut device = whole;
        if let Some(colon) = device
            .iter_mut()
            .take_while(|byte| **byte != 0)
            .find(|byte| **byte == b':')
        {
            *colon = 0;
        }
        Self { whole, device }
    }

    /// Copies a name from user memory. As many bytes as a name can have must be there, whatever
    /// its length. May sleep.
    ///
    /// `EFAULT` if they cannot be read.
    pub(crate) fn read(from: UserPtr) -> Result<Self> {
        copy(from).map(Self::new)
    }

    /// Returns what it names.
    pub(crate) fn parts(&self) -> Parts<'_> {
        Parts {
            device: until_nul(&self.device),
            label: (self.whole != self.device).then(|| until_nul(&self.whole)),
        }
    }
}

/// What a [`Name`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'name> {
    /// The name of the device.
    pub(crate) device: &'name CStr,
    /// The label of an address of it, if it is one: if there is a colon.
    pub(crate) label: Option<&'name CStr>,
}

fn until_nul(bytes: &[u8]) -> &CStr {
    CStr::from_bytes_until_nul(bytes).unwrap_or_default()
}
