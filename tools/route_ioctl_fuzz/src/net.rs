// SPDX-License-Identifier: GPL-2.0

//! What of `kernel::net` needs no kernel.

#[path = "../../../rust/kernel/net/fib/metrics.rs"]
mod metrics;
#[path = "../../../rust/kernel/net/fib/prefix.rs"]
mod prefix;

pub mod fib {
    pub use super::{
        metrics::Metrics,
        prefix::Prefix, //
    };
}

pub mod route_ioctl {
    pub use crate::stand_in::compat_rtentry;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Command {
        Add,
        Delete,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Layout {
        Native,
        Compat,
    }
}
