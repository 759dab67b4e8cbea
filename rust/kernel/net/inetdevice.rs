// SPDX-License-Identifier: GPL-2.0

//! IPv4 addresses of network devices.
//!
//! C header: [`include/linux/inetdevice.h`](srctree/include/linux/inetdevice.h)

use crate::{
    bindings,
    net::netdevice::Name,
    prelude::*,
    str::CStrExt as _,
    types::Opaque, //
};
use core::{
    marker::PhantomData,
    net::Ipv4Addr, //
};

/// Wraps the kernel's `struct in_ifaddr`: an IPv4 address of a device.
///
/// # Invariants
///
/// A reference to an [`Address`] points to an address of a registered device. The current task
/// holds the RTNL of the device's namespace as long as the reference lives.
#[repr(transparent)]
pub struct Address(Opaque<bindings::in_ifaddr>);

impl Address {
    /// Returns the device's own address (of the two ends of a point-to-point link, the near one).
    #[inline]
    pub fn local(&self) -> Ipv4Addr {
        // SAFETY: By the type invariant, the address is valid and RTNL keeps it from changing.
        let local = unsafe { (*self.0.get()).ifa_local };

        Ipv4Addr::from(local.to_ne_bytes())
    }

    /// Returns the label: the device's name, or `name:suffix` for what used to be an alias
    /// interface.
    #[inline]
    pub fn label(&self) -> &CStr {
        // SAFETY: By the type invariant, the address is valid and RTNL keeps it from changing. The
        // C side terminates every label.
        unsafe { CStr::from_char_ptr((&raw const (*self.0.get()).ifa_label).cast()) }
    }

    /// Returns whether the label is `name`.
    ///
    /// Wraps `strcmp()`, as C does to find an address by its label.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::{
    ///     namespace::Namespace,
    ///     netdevice::{
    ///         Device,
    ///         Name, //
    ///     }, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let name = Name::new(b"lo");
    /// let lo = Device::by_name(&rtnl, &name).ok_or(ENODEV)?;
    ///
    /// // An address that was given no label has that of its device.
    /// for address in lo.ipv4_addresses().ok_or(ENODEV)? {
    ///     assert_eq!(address.has_label(&name), address.label() == c"lo");
    /// }
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn has_label(&self, name: &Name) -> bool {
        // SAFETY: As for `label()`; a NUL ends the name as well.
        unsafe {
            bindings::strcmp(
                (&raw const (*self.0.get()).ifa_label).cast(),
                name.as_char_ptr(),
            ) == 0
        }
    }
}

/// Iterator over the IPv4 addresses of a device, in their order: primary addresses first.
///
/// Made by [`Device::ipv4_addresses()`]. Wraps `in_dev_for_each_ifa_rtnl_net()`.
///
/// # Invariants
///
/// `next` is null or an address of a registered device; the current task holds the RTNL of the
/// device's namespace for `'rtnl`.
///
/// [`Device::ipv4_addresses()`]: super::netdevice::Device::ipv4_addresses()
pub struct Addresses<'rtnl> {
    next: *const bindings::in_ifaddr,
    _rtnl: PhantomData<&'rtnl Address>,
}

impl Addresses<'_> {
    /// # Safety
    ///
    /// `in_dev` must belong to a registered device, and the current task must hold the RTNL of the
    /// device's namespace for the lifetime of the result.
    #[inline]
    pub(super) unsafe fn new(in_dev: *const bindings::in_device) -> Self {
        // INVARIANT: The caller promises the device and the lock, under which the list is stable.
        Self {
            // SAFETY: See above.
            next: unsafe { (*in_dev).ifa_list },
            _rtnl: PhantomData,
        }
    }
}

impl<'rtnl> Iterator for Addresses<'rtnl> {
    type Item = &'rtnl Address;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        // SAFETY: By the type invariant, `next` is null or valid, and the lock is held.
        // INVARIANT: So it is for the `Address`, which is transparent.
        let address = unsafe { self.next.cast::<Address>().as_ref() }?;

        // SAFETY: As above.
        // INVARIANT: The list links addresses of one device and ends with null.
        self.next = unsafe { (*address.0.get()).ifa_next };
        Some(address)
    }
}
