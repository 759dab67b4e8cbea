// SPDX-License-Identifier: GPL-2.0

//! Network devices, as seen under RTNL.
//!
//! C header: [`include/linux/netdevice.h`](srctree/include/linux/netdevice.h)

use crate::{
    bindings,
    ffi::c_int,
    net::{
        namespace::Namespace,
        rtnl, //
    },
    types::Opaque, //
};

mod name;

pub use name::Name;

/// Wraps the kernel's `struct net_device`.
///
/// # Invariants
///
/// A reference to a [`NetDevice`] points to a registered device. The current task holds the RTNL of
/// the device's namespace as long as the reference lives.
#[repr(transparent)]
pub struct NetDevice(Opaque<bindings::net_device>);

impl NetDevice {
    /// Finds a device of the namespace whose RTNL is held, by its name or one of its alternative
    /// names.
    ///
    /// Wraps `__dev_get_by_name()`. Takes no reference: the device cannot go away while RTNL is
    /// held.
    #[inline]
    pub fn by_name<'rtnl>(rtnl: &'rtnl rtnl::Held<'_>, name: &Name) -> Option<&'rtnl Self> {
        // SAFETY: The namespace is live, the name is NUL-terminated, and RTNL is held.
        let dev = unsafe { bindings::__dev_get_by_name(rtnl.net().as_ptr(), name.as_char_ptr()) };

        // SAFETY: The device was found under the RTNL that `'rtnl` keeps held.
        unsafe { Self::from_ptr(dev) }
    }

    /// Finds a device of the namespace whose RTNL is held, by its index.
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
    ///         Name,
    ///         NetDevice, //
    ///     }, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let lo = NetDevice::by_name(&rtnl, &Name::new(b"lo")).ok_or(ENODEV)?;
    /// let same = NetDevice::by_index(&rtnl, lo.index()).ok_or(ENODEV)?;
    /// assert!(core::ptr::eq(lo, same));
    /// assert!(NetDevice::by_index(&rtnl, 0).is_none());
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn by_index<'rtnl>(rtnl: &'rtnl rtnl::Held<'_>, index: c_int) -> Option<&'rtnl Self> {
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
        // SAFETY: The caller promises the validity; `NetDevice` is transparent.
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
    /// Returns the network namespace that the device is in.
    ///
    /// Wraps `dev_net()`.
    #[inline]
    pub fn net(&self) -> &Namespace {
        // SAFETY: By the type invariant, the device is registered, and RTNL keeps it in its
        // namespace, which is alive as long as it has a device.
        unsafe { Namespace::from_ptr(bindings::dev_net(self.as_ptr())) }
    }
}
