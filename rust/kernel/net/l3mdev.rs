// SPDX-License-Identifier: GPL-2.0

//! Layer 3 master devices, that is VRFs.
//!
//! C header: [`include/net/l3mdev.h`](srctree/include/net/l3mdev.h)

use crate::{
    bindings,
    net::{
        fib::TableId,
        netdevice::NetDevice, //
    }, //
};

impl NetDevice {
    /// Returns the routing table of the VRF that this device is, or is a port of.
    ///
    /// [`TableId::UNSPEC`] if there is none.
    ///
    /// Wraps `l3mdev_fib_table()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::{
    ///     fib::TableId,
    ///     namespace::Namespace,
    ///     netdevice::NetDevice, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let lo = NetDevice::by_name(&rtnl, c"lo").ok_or(ENODEV)?;
    /// assert_eq!(lo.vrf_table(), TableId::UNSPEC);
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn vrf_table(&self) -> TableId {
        // SAFETY: By the type invariant, the device is registered.
        TableId::new(unsafe { bindings::l3mdev_fib_table(self.as_ptr()) })
    }
}
