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
    prelude::*,
    str::CStrExt as _,
    types::{
        NotThreadSafe,
        Opaque, //
    }, //
};
use core::mem::offset_of;

/// Wraps the kernel's `struct net_device`.
///
/// # Invariants
///
/// A reference to a [`NetDevice`] points to a device that is registered in a namespace, or just
/// being unregistered from it. The current task holds the RTNL of that namespace as long as the
/// reference lives.
#[repr(transparent)]
pub struct NetDevice {
    inner: Opaque<bindings::net_device>,
    _not_send: NotThreadSafe,
}

impl NetDevice {
    /// Finds a device of the namespace whose RTNL is held, by its name or one of its alternative
    /// names.
    ///
    /// Wraps `__dev_get_by_name()`. Takes no reference: the device cannot go away while RTNL is
    /// held.
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
    /// assert_eq!(lo.index(), 1);
    /// assert!(core::ptr::eq(lo.net(), Namespace::init()));
    /// assert!(NetDevice::by_name(&rtnl, c"no such").is_none());
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn by_name<'rtnl>(rtnl: &'rtnl rtnl::Held<'_>, name: &CStr) -> Option<&'rtnl Self> {
        // SAFETY: By the invariants of `Namespace` and `Held`, the namespace is set up and its RTNL
        // held; the name ends with NUL.
        let dev = unsafe { bindings::__dev_get_by_name(rtnl.net().as_ptr(), name.as_char_ptr()) };
        if dev.is_null() {
            return None;
        }

        // SAFETY: The device was found under the RTNL that `'rtnl` keeps held.
        Some(unsafe { Self::from_ptr(dev) })
    }

    /// Creates a reference to a [`NetDevice`] from a valid pointer, such as an operation of a
    /// device or a notifier gets.
    ///
    /// # Safety
    ///
    /// `dev` must be a device that is registered, or of whose unregistration C is telling the
    /// caller, and the current task must hold the RTNL of its namespace for `'rtnl`.
    ///
    /// # Examples
    ///
    /// An operation that C calls with RTNL held, in which another device is looked up:
    ///
    /// ```
    /// use kernel::{
    ///     bindings,
    ///     net::{
    ///         namespace::Namespace,
    ///         netdevice::NetDevice,
    ///         rtnl, //
    ///     }, //
    /// };
    ///
    /// /// # Safety
    /// ///
    /// /// `dev` must be registered, and RTNL be held, but not to change a FIB: as C opens devices.
    /// unsafe extern "C" fn ndo_open(dev: *mut bindings::net_device) -> c_int {
    ///     // SAFETY: By the contract of this function.
    ///     unsafe {
    ///         let net = NetDevice::from_ptr(dev).net();
    ///         rtnl::Held::assume(net, |rtnl| {
    ///             NetDevice::by_name(rtnl, c"lo").map_or(0, NetDevice::index)
    ///         })
    ///     }
    /// }
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// let lo = NetDevice::by_name(&rtnl, c"lo").ok_or(ENODEV)?;
    /// let raw = core::ptr::from_ref(lo).cast_mut().cast();
    /// // SAFETY: RTNL is held.
    /// assert_eq!(unsafe { ndo_open(raw) }, 1);
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub unsafe fn from_ptr<'rtnl>(dev: *const bindings::net_device) -> &'rtnl Self {
        // SAFETY: The caller promises the validity; `NetDevice` is transparent.
        // INVARIANT: The caller promises the lock.
        unsafe { &*dev.cast() }
    }

    /// Returns a raw pointer to the C struct.
    #[inline]
    pub(crate) fn as_ptr(&self) -> *mut bindings::net_device {
        self.inner.get()
    }

    /// Returns the interface index, a positive number that is unique in the namespace.
    #[inline]
    pub fn index(&self) -> c_int {
        // The binding may have it elsewhere than C.
        const _: () =
            assert!(offset_of!(bindings::net_device, ifindex) == bindings::NET_DEVICE_IFINDEX);

        // SAFETY: By the type invariant, the device is registered, and RTNL keeps it from being
        // moved to another namespace, where the index could change.
        unsafe { (*self.as_ptr()).ifindex }
    }

    /// Returns the network namespace that the device is in.
    ///
    /// Wraps `dev_net()`.
    #[inline]
    pub fn net(&self) -> &Namespace {
        // SAFETY: By the type invariant, RTNL keeps the device in its namespace, whose subsystems
        // outlast its devices.
        unsafe { Namespace::from_ptr(bindings::dev_net(self.as_ptr())) }
    }
}
