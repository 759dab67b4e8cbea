// SPDX-License-Identifier: GPL-2.0

//! What a call means before any lock is taken, by the words of
//! `Documentation/networking/route_ioctl.rst` and by the layouts in `include/uapi/linux/`, not from
//! the module: slow, and in the order of the rows.

pub mod ipv4;
pub mod ipv6;

const EFAULT: i32 = 14;
const EINVAL: i32 = 22;

/// Where the argument of each call is.
const ARGUMENT: usize = 0x10_0000;

/// What becomes of a call, and the user memory that was read, as addresses and lengths.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome<Route> {
    pub result: Result<Route, i32>,
    pub reads: Vec<(usize, usize)>,
}

/// The integer in the bytes, which a little-endian caller has put there.
fn integer(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |value, byte| value << 8 | u64::from(*byte))
}
