// SPDX-License-Identifier: GPL-2.0

//! Uses a device after RTNL has been released: a borrow that has ended (E0505).

#![forbid(unsafe_code)]

use kernel::{
    net::{
        namespace::Namespace,
        netdevice::NetDevice, //
    },
    prelude::*, //
};

module! {
    type: OutlivesRtnl,
    name: "outlives_rtnl",
    authors: ["Route ioctl maintainers"],
    description: "Uses a device without the lock",
    license: "GPL",
}

struct OutlivesRtnl;

impl kernel::Module for OutlivesRtnl {
    fn init(_: &'static ThisModule) -> Result<Self> {
        let rtnl = Namespace::init().rtnl_lock();
        let lo = NetDevice::by_name(&rtnl, c"lo").ok_or(ENODEV)?;

        drop(rtnl);
        pr_info!("{}\n", lo.index());
        Ok(Self)
    }
}
