// SPDX-License-Identifier: GPL-2.0

//! IPv4 addresses of network devices.
//!
//! C header: [`include/linux/inetdevice.h`](srctree/include/linux/inetdevice.h)

use crate::{
    bindings,
    net::netdevice::NetDevice,
    prelude::*,
    str::CStrExt as _,
    types::{
        NotThreadSafe,
        Opaque, //
    }, //
};
use core::{
    marker::PhantomData,
    mem::offset_of,
    net::Ipv4Addr, //
};

/// Wraps the kernel's `struct in_ifaddr`: an IPv4 address of a device.
///
/// # Invariants
///
/// A reference to an [`InetAddress`] points to an address of a registered device. The current task
/// holds the RTNL of the device's namespace as long as the reference lives.
#[repr(transparent)]
pub struct InetAddress {
    inner: Opaque<bindings::in_ifaddr>,
    _not_send: NotThreadSafe,
}

impl InetAddress {
    /// Returns the device's own address (of the two ends of a point-to-point link, the near one).
    #[inline]
    pub fn local(&self) -> Ipv4Addr {
        // SAFETY: By the type invariant, the address is valid and RTNL keeps it from changing.
        let local = unsafe { (*self.inner.get()).ifa_local };

        Ipv4Addr::from(local.to_ne_bytes())
    }

    /// Returns whether `label` is the label: the device's name, or `name:suffix` for what used to
    /// be an alias interface.
    ///
    /// Wraps `strcmp()`, as C does to find an address by its label.
    #[inline]
    pub fn has_label(&self, label: &CStr) -> bool {
        // SAFETY: By the type invariant, the address is valid and RTNL keeps it from changing. C
        // ends every label with NUL.
        unsafe {
            bindings::strcmp(
                (&raw const (*self.inner.get()).ifa_label).cast(),
                label.as_char_ptr(),
            ) == 0
        }
    }
}

/// Iterator over the IPv4 addresses of a device, in their order: primary addresses first.
///
/// Made by [`NetDevice::ipv4_addresses()`]. Wraps `in_dev_for_each_ifa_rtnl_net()`.
///
/// # Invariants
///
/// `next` is null or an address of a registered device; the current task holds the RTNL of the
/// device's namespace for `'rtnl`.
pub struct InetAddresses<'rtnl> {
    next: *const bindings::in_ifaddr,
    _rtnl: PhantomData<&'rtnl InetAddress>,
}

impl<'rtnl> Iterator for InetAddresses<'rtnl> {
    type Item = &'rtnl InetAddress;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // SAFETY: By the type invariant, `next` is null or valid, and the lock is held.
        // INVARIANT: So it is for the `InetAddress`, which is transparent.
        let address = unsafe { self.next.cast::<InetAddress>().as_ref() }?;

        // SAFETY: As above; the list changes under RTNL only.
        // INVARIANT: It links addresses of one device and ends with null.
        self.next = unsafe { (*address.inner.get()).ifa_next };
        Some(address)
    }
}

impl NetDevice {
    /// Returns the IPv4 addresses of this device, or [`None`] if IPv4 is not enabled on it, as
    /// when its MTU is below 68 bytes.
    ///
    /// Wraps `__in_dev_get_rtnl_net()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::{
    ///     namespace::Namespace,
    ///     netdevice::NetDevice, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let lo = NetDevice::by_name(&rtnl, c"lo").ok_or(ENODEV)?;
    /// for address in lo.ipv4_addresses().ok_or(ENODEV)? {
    ///     assert!(address.local().is_loopback());
    ///     assert!(address.has_label(c"lo"));
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn ipv4_addresses(&self) -> Option<InetAddresses<'_>> {
        // The binding may have it elsewhere than C.
        const _: () =
            assert!(offset_of!(bindings::net_device, ip_ptr) == bindings::NET_DEVICE_IP_PTR);

        // SAFETY: By the type invariant, the device is registered and its RTNL is held, under which
        // alone the pointer changes.
        let in_dev = unsafe { (*self.as_ptr()).ip_ptr };
        if in_dev.is_null() {
            return None;
        }

        // INVARIANT: The addresses of a device, which RTNL keeps as long as the borrow lasts.
        Some(InetAddresses {
            // SAFETY: As above, for what the pointer leads to.
            next: unsafe { (*in_dev).ifa_list },
            _rtnl: PhantomData,
        })
    }
}
