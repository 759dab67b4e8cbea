// SPDX-License-Identifier: GPL-2.0

//! Rust routing sample: drops what is sent to a prefix as long as the module is loaded.
//!
//! ```text
//! # insmod rust_blackhole_route.ko
//! # ip route show type blackhole
//! blackhole 198.51.100.0/24 proto static
//! # rmmod rust_blackhole_route
//! ```

#![forbid(unsafe_code)]

use core::net::Ipv4Addr;
use kernel::{
    net::{
        fib::{
            Config,
            Prefix,
            Protocol,
            RouteType,
            Table,
            TableId, //
        },
        namespace::Namespace, //
    },
    prelude::*, //
};

module! {
    type: BlackholeRoute,
    name: "rust_blackhole_route",
    authors: ["Route ioctl maintainers"],
    description: "Rust routing sample",
    license: "GPL",
}

struct BlackholeRoute;

/// A prefix that is set aside for documentation, so nobody misses it.
fn route() -> Result<Config<'static>> {
    let prefix = Prefix::new(Ipv4Addr::new(198, 51, 100, 0), 24).ok_or(EINVAL)?;
    let mut route = Config::new(prefix);

    route.kind(RouteType::BLACKHOLE).protocol(Protocol::STATIC);
    Ok(route)
}

impl kernel::Module for BlackholeRoute {
    fn init(_module: &'static ThisModule) -> Result<Self> {
        let rtnl = Namespace::init().rtnl_lock();

        Table::get_or_create(&rtnl, TableId::MAIN)?.insert(&mut route()?)?;
        pr_info!("198.51.100.0/24 is a black hole\n");
        Ok(Self)
    }
}

impl Drop for BlackholeRoute {
    fn drop(&mut self) {
        let rtnl = Namespace::init().rtnl_lock();
        let deleted = Table::get(&rtnl, TableId::MAIN)
            .ok_or(ESRCH)
            .and_then(|table| table.delete(&mut route()?));

        // Somebody may have been faster.
        match deleted {
            Ok(()) => pr_info!("198.51.100.0/24 is as it was\n"),
            Err(error) => pr_warn!("the route could not be deleted: {error:?}\n"),
        }
    }
}
