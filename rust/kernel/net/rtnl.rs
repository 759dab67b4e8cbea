// SPDX-License-Identifier: GPL-2.0

//! RTNL, the lock of network configuration.
//!
//! C header: [`include/linux/rtnetlink.h`](srctree/include/linux/rtnetlink.h)

use crate::{
    bindings,
    net::namespace::Namespace,
    types::NotThreadSafe, //
};
use core::ops::Deref;

/// Evidence that the current task holds the RTNL of a network namespace.
///
/// Devices, their addresses and routing tables are looked up with it, and what is found borrows
/// from it, so nothing outlives the lock. A method that takes away what others may have found needs
/// evidence that nobody has: it has to take the [`Guard`] by value, or mutably. There is none so
/// far.
///
/// # Invariants
///
/// The RTNL of `net` is held by the current task while an instance exists.
pub struct Held<'net> {
    net: &'net Namespace,
    _not_send: NotThreadSafe,
}

impl<'net> Held<'net> {
    /// Runs `f` with evidence of a lock that C holds already, as it does when it calls an operation
    /// of a device or most notifiers.
    ///
    /// # Safety
    ///
    /// The current task must hold the RTNL of `net` until this returns, and not on behalf of a
    /// change of a FIB, as a FIB notifier does: that keeps pointers into the FIB over its
    /// notifications.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::{
    ///     namespace::Namespace,
    ///     rtnl, //
    /// };
    ///
    /// /// # Safety
    /// ///
    /// /// C must hold the RTNL of `net`, as for an operation of a device.
    /// unsafe fn called_by_c(net: &Namespace) {
    ///     let with_lock = |rtnl: &rtnl::Held<'_>| assert!(core::ptr::eq(rtnl.net(), net));
    ///
    ///     // SAFETY: By the contract of this function. C calls no such operation to change a FIB.
    ///     unsafe { rtnl::Held::assume(net, with_lock) }
    /// }
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    /// // SAFETY: It is held.
    /// unsafe { called_by_c(rtnl.net()) };
    /// ```
    #[inline]
    pub unsafe fn assume<R>(net: &'net Namespace, f: impl FnOnce(&Self) -> R) -> R {
        // INVARIANT: The caller promises the lock. `f` cannot keep what it is lent.
        f(&Self {
            net,
            _not_send: NotThreadSafe,
        })
    }

    /// Returns the namespace whose RTNL is held.
    #[inline]
    pub fn net(&self) -> &'net Namespace {
        self.net
    }
}

/// The RTNL of a network namespace, held until this is dropped.
///
/// As with any mutex, taking it twice in one task is a deadlock. Dropping it may sleep: whoever
/// releases RTNL also frees the devices that were unregistered meanwhile.
///
/// # Examples
///
/// ```
/// use kernel::net::namespace::Namespace;
///
/// let rtnl = Namespace::init().rtnl_lock();
/// assert!(core::ptr::eq(rtnl.net(), Namespace::init()));
/// ```
#[must_use = "the lock unlocks immediately when the guard is unused"]
pub struct Guard<'net>(Held<'net>);

impl<'net> Deref for Guard<'net> {
    type Target = Held<'net>;

    #[inline]
    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: By the invariant of `Held`, the current task holds this namespace's RTNL.
        unsafe { bindings::rtnl_net_unlock(self.net.as_ptr()) };
    }
}

impl Namespace {
    /// Takes the RTNL of this namespace.
    ///
    /// Wraps `rtnl_net_lock()`, which asks for one namespace's lock. Today's kernels take the
    /// system-wide lock on its behalf.
    ///
    /// Process context, sleeps. The wait cannot be interrupted.
    #[inline]
    pub fn rtnl_lock(&self) -> Guard<'_> {
        // SAFETY: By the invariant of `Namespace`, it is set up.
        unsafe { bindings::rtnl_net_lock(self.as_ptr()) };

        // INVARIANT: The lock was just taken.
        Guard(Held {
            net: self,
            _not_send: NotThreadSafe,
        })
    }
}
