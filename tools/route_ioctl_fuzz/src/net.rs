// SPDX-License-Identifier: GPL-2.0

//! What of `kernel::net` needs no kernel.

#[path = "../../../rust/kernel/net/fib/metrics.rs"]
mod metrics;
#[path = "../../../rust/kernel/net/fib/prefix.rs"]
mod prefix;
#[allow(dead_code)]
#[path = "../../../rust/kernel/net/fib/types.rs"]
mod types;

pub mod fib {
    pub use super::{
        metrics::Metrics,
        prefix::Prefix,
        types::{
            Protocol,
            RouteType,
            TableId, //
        }, //
    };
}

#[path = "../../../rust/kernel/net/fib6"]
pub mod fib6 {
    mod config;
    #[allow(dead_code)]
    mod flags;
    #[allow(dead_code)]
    mod prefix;

    pub use {
        config::Config,
        flags::Flags,
        prefix::Prefix, //
    };
}

pub mod route_ioctl {
    pub use crate::stand_in::{
        compat_in6_rtmsg,
        compat_rtentry, //
    };

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
