// SPDX-License-Identifier: GPL-2.0

//! Layer 3 master devices, that is VRFs.
//!
//! C header: [`include/net/l3mdev.h`](srctree/include/net/l3mdev.h)

use crate::{
    bindings,
    net::{
        fib::TableId,
        namespace::Namespace,
        netdevice::NetDevice, //
    }, //
};
use core::num::NonZero;

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

impl Namespace {
    /// Returns the routing table of the VRF that a device of this namespace is, or is a port of, by
    /// the device's index.
    ///
    /// [`TableId::UNSPEC`] if there is none, or no such device, or if no device is asked about.
    ///
    /// Wraps `l3mdev_fib_table_by_index()`. Needs no lock, in any context: the answer is of the
    /// moment.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::num::NonZero;
    /// use kernel::net::{
    ///     fib::TableId,
    ///     namespace::Namespace, //
    /// };
    ///
    /// for index in [-1, 0, 1, i32::MAX] {
    ///     assert_eq!(Namespace::init().vrf_table(NonZero::new(index)), TableId::UNSPEC);
    /// }
    /// ```
    #[inline]
    pub fn vrf_table(&self, device: Option<NonZero<i32>>) -> TableId {
        let index = device.map_or(0, NonZero::get);

        // SAFETY: By the type invariant, the namespace is set up; the function takes RCU by itself,
        // and finds nothing by an index that is no device's.
        TableId::new(unsafe { bindings::l3mdev_fib_table_by_index(self.as_ptr(), index) })
    }
}
