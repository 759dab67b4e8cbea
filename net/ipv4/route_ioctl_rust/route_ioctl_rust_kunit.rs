// SPDX-License-Identifier: GPL-2.0

//! KUnit tests for how the routing ioctls read and understand a request.
//!
//! No route is touched: what needs a network is tested from user space, in
//! `tools/testing/selftests/net/route_ioctl/`.

use kernel::prelude::*;

mod argument;
mod ipv4 {
    // The tests read no user memory.
    #[expect(dead_code)]
    mod name;
    #[expect(dead_code)]
    mod request;
    mod route;

    mod name_test;
    mod request_test;
    mod route_test;
}
#[cfg(CONFIG_IPV6)]
mod ipv6 {
    #[expect(dead_code)]
    mod request;
    mod route;

    mod request_test;
    mod route_test;
}

module! {
    type: KunitModule,
    name: "route_ioctl_rust_kunit",
    authors: ["Route ioctl maintainers"],
    description: "KUnit tests for the routing ioctls in Rust",
    license: "GPL",
}

/// KUnit finds the tests in the module by itself.
struct KunitModule;

impl kernel::Module for KunitModule {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        Ok(Self)
    }
}
