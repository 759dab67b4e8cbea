// SPDX-License-Identifier: GPL-2.0

//! Uses a route to be for longer than RTNL is held, by which its device was found: a borrow that
//! has ended (E0505).

#![forbid(unsafe_code)]

use core::net::Ipv4Addr;
use kernel::{
    net::{
        fib::{
            Config,
            Prefix, //
        },
        namespace::Namespace,
        netdevice::NetDevice, //
    },
    prelude::*, //
};

module! {
    type: RouteOutlivesRtnl,
    name: "route_outlives_rtnl",
    authors: ["Route ioctl maintainers"],
    description: "Uses a route to be without the lock",
    license: "GPL",
}

struct RouteOutlivesRtnl;

impl kernel::Module for RouteOutlivesRtnl {
    fn init(_: &'static ThisModule) -> Result<Self> {
        let rtnl = Namespace::init().rtnl_lock();
        let prefix = Prefix::new(Ipv4Addr::new(192, 0, 2, 0), 24).ok_or(EINVAL)?;
        let mut route = Config::new(prefix);

        route.device(NetDevice::by_name(&rtnl, c"lo").ok_or(ENODEV)?);
        drop(rtnl);
        route.priority(1);
        Ok(Self)
    }
}
