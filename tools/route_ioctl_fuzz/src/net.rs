// SPDX-License-Identifier: GPL-2.0

//! What of `kernel::net` needs no kernel, and the reading of a request.

#[path = "../../../rust/kernel/net/fib/metrics.rs"]
mod metrics;
#[path = "../../../rust/kernel/net/netdevice/name.rs"]
mod name;
#[path = "../../../rust/kernel/net/fib/prefix.rs"]
mod prefix;

pub mod fib {
    pub use super::{
        metrics::Metrics,
        prefix::Prefix, //
    };
}

pub mod netdevice {
    pub use super::name::Name;
}

pub mod route_ioctl {
    use crate::{
        prelude::*,
        uaccess::{
            self,
            UserPtr, //
        }, //
    };

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Command {
        Add,
        Delete,
    }

    pub const NATIVE_SIZE: usize = size_of::<libc::rtentry>();
    pub const COMPAT_SIZE: usize = 78;

    pub fn read_native(arg: UserPtr) -> Result<[u8; NATIVE_SIZE]> {
        uaccess::read(arg.as_const_ptr() as usize)
    }

    /// From `rt_dst` on.
    pub fn read_compat(arg: UserPtr) -> Result<[u8; COMPAT_SIZE]> {
        uaccess::read((arg.as_const_ptr() as usize).wrapping_add(size_of::<u32>()))
    }
}
