// SPDX-License-Identifier: GPL-2.0

//! RTNL, the lock of network configuration.
//!
//! C header: [`include/linux/rtnetlink.h`](srctree/include/linux/rtnetlink.h)

use crate::{
    bindings,
    net::namespace::Namespace,
    types::NotThreadSafe, //
};

/// Evidence that the current task holds the RTNL of a network namespace.
///
/// Devices, their addresses and routing tables are looked up with a guard, and what is found
/// borrows from it, so nothing outlives the lock:
///
/// ```ignore,compile_fail
/// # use kernel::net::{namespace::Namespace, netdevice::{Device, Name}};
/// let rtnl = Namespace::init().rtnl_lock();
/// let lo = Device::by_name(&rtnl, &Name::new(b"lo"));
/// drop(rtnl);
/// lo.map(|dev| dev.index());
/// ```
///
/// As with any mutex, taking it twice in one task is a deadlock.
///
/// # Invariants
///
/// The RTNL of `net` is held by the current task while an instance exists.
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
/// assert!(Device::by_name(&rtnl, &Name::new(b"lo")).is_some());
/// ```
#[must_use = "the lock unlocks immediately when the guard is unused"]
pub struct Guard<'net> {
    net: &'net Namespace,
    _not_send: NotThreadSafe,
}

impl<'net> Guard<'net> {
    /// Takes the RTNL of `net`.
    ///
    /// Wraps `rtnl_net_lock()`, which asks for one namespace's lock. Today's kernels take the
    /// system-wide lock on its behalf.
    ///
    /// Process context, sleeps. The wait cannot be interrupted.
    #[inline]
    pub fn new(net: &'net Namespace) -> Self {
        // SAFETY: `net` is a live network namespace.
        unsafe { bindings::rtnl_net_lock(net.as_ptr()) };

        // INVARIANT: The lock was just taken.
        Self {
            net,
            _not_send: NotThreadSafe,
        }
    }

    /// Returns the namespace whose RTNL is held.
    #[inline]
    pub fn net(&self) -> &'net Namespace {
        self.net
    }
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: By the type invariant, the current task holds this namespace's RTNL.
        unsafe { bindings::rtnl_net_unlock(self.net.as_ptr()) };
    }
}
