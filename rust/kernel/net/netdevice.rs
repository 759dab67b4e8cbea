// SPDX-License-Identifier: GPL-2.0

//! Network devices, as seen under RTNL.
//!
//! C header: [`include/linux/netdevice.h`](srctree/include/linux/netdevice.h)

use crate::{
    bindings,
    ffi::c_int,
    net::{
        fib::TableId,
        inetdevice::Addresses,
        rtnl, //
    },
    types::Opaque, //
};
use core::ptr;

mod name;

pub use name::Name;

/// Wraps the kernel's `struct net_device`.
///
/// # Invariants
///
/// A reference to a [`Device`] points to a registered device. The current task holds the RTNL of
/// the device's namespace as long as the reference lives.
#[repr(transparent)]
pub struct Device(Opaque<bindings::net_device>);

impl Device {
    /// Finds a device of the guard's namespace by its name or one of its alternative names.
    ///
    /// Wraps `__dev_get_by_name()`. Takes no reference: the device cannot go away while RTNL is
    /// held.
    #[inline]
    pub fn by_name<'rtnl>(rtnl: &'rtnl rtnl::Guard<'_>, name: &Name) -> Option<&'rtnl Self> {
        // SAFETY: The namespace is live, the name is NUL-terminated, and RTNL is held.
        let dev = unsafe { bindings::__dev_get_by_name(rtnl.net().as_ptr(), name.as_char_ptr()) };

        // SAFETY: The device was found under the RTNL that `'rtnl` keeps held.
        unsafe { Self::from_ptr(dev) }
    }

    /// Finds a device of the guard's namespace by its index.
    ///
    /// Wraps `__dev_get_by_index()`. Takes no reference: the device cannot go away while RTNL is
    /// held.
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
    /// let lo = Device::by_name(&rtnl, &Name::new(b"lo")).ok_or(ENODEV)?;
    /// let same = Device::by_index(&rtnl, lo.index()).ok_or(ENODEV)?;
    /// assert!(core::ptr::eq(lo, same));
    /// assert!(Device::by_index(&rtnl, 0).is_none());
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn by_index<'rtnl>(rtnl: &'rtnl rtnl::Guard<'_>, index: c_int) -> Option<&'rtnl Self> {
        // SAFETY: The namespace is live, and RTNL is held.
        let dev = unsafe { bindings::__dev_get_by_index(rtnl.net().as_ptr(), index) };

        // SAFETY: The device was found under the RTNL that `'rtnl` keeps held.
        unsafe { Self::from_ptr(dev) }
    }

    /// # Safety
    ///
    /// `dev` must be null or a registered device, and the current task must hold the RTNL of its
    /// namespace for `'rtnl`.
    #[inline]
    unsafe fn from_ptr<'rtnl>(dev: *const bindings::net_device) -> Option<&'rtnl Self> {
        // SAFETY: The caller promises the validity; `Device` is transparent.
        // INVARIANT: The caller promises the lock.
        unsafe { dev.cast::<Self>().as_ref() }
    }

    /// Returns a raw pointer to the C struct.
    #[inline]
    pub(crate) fn as_ptr(&self) -> *mut bindings::net_device {
        self.0.get()
    }

    /// Returns the interface index, a positive number that is unique in the namespace.
    #[inline]
    pub fn index(&self) -> c_int {
        // SAFETY: By the type invariant, the device is registered, and RTNL keeps it from being
        // moved to another namespace, where the index could change.
        unsafe { (*self.as_ptr()).ifindex }
    }

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
    ///     netdevice::{
    ///         Device,
    ///         Name, //
    ///     }, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let lo = Device::by_name(&rtnl, &Name::new(b"lo")).ok_or(ENODEV)?;
    /// assert_eq!(lo.vrf_table(), TableId::UNSPEC);
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn vrf_table(&self) -> TableId {
        // SAFETY: By the type invariant, the device is registered.
        TableId::new(unsafe { bindings::l3mdev_fib_table(self.as_ptr()) })
    }

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
    ///     netdevice::{
    ///         Device,
    ///         Name, //
    ///     }, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let lo = Device::by_name(&rtnl, &Name::new(b"lo")).ok_or(ENODEV)?;
    /// let labelled = lo
    ///     .ipv4_addresses()
    ///     .ok_or(ENODEV)?
    ///     .find(|address| address.has_label(&Name::new(b"lo:no-such")));
    /// assert!(labelled.is_none());
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn ipv4_addresses(&self) -> Option<Addresses<'_>> {
        // SAFETY: By the type invariant, the device is registered and its RTNL is held, which is
        // what guards the pointer.
        let in_dev = unsafe { ptr::read_volatile(&raw const (*self.as_ptr()).ip_ptr) };
        if in_dev.is_null() {
            return None;
        }

        // SAFETY: `in_dev` belongs to this device, whose RTNL is held as long as the borrow lasts.
        Some(unsafe { Addresses::new(in_dev) })
    }
}
