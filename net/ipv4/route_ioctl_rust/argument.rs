// SPDX-License-Identifier: GPL-2.0

//! What the arguments of both families have in common: how one is copied, and how we know where its
//! fields are.

use kernel::{
    prelude::*,
    uaccess::{
        UserPtr,
        UserSlice, //
    }, //
};

/// Copies bytes from user memory, at once. May sleep.
///
/// `EFAULT` if one of them cannot be read.
pub(crate) fn copy<const SIZE: usize>(from: UserPtr) -> Result<[u8; SIZE]> {
    UserSlice::new(from, SIZE).reader().read()
}

/// Asserts that the fields of `$ours` are where those of C's `$theirs` are, which begins `$start`
/// sooner.
macro_rules! assert_layout {
    ($ours:ty, $theirs:ty, $start:expr, { $($field:ident: $name:ident,)* }) => {
        $(const _: () = assert!(
            core::mem::offset_of!($ours, $field) + $start
                == core::mem::offset_of!($theirs, $name)
        );)*
    };
}
pub(crate) use assert_layout;
