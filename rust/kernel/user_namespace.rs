// SPDX-License-Identifier: GPL-2.0

//! User namespaces.
//!
//! C headers: [`include/linux/user_namespace.h`](srctree/include/linux/user_namespace.h) and
//! [`include/linux/capability.h`](srctree/include/linux/capability.h)

use crate::{
    bindings,
    ffi::c_int,
    types::Opaque, //
};

/// A capability, one of `CAP_*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability(c_int);

impl Capability {
    /// `CAP_NET_ADMIN`: configuration of interfaces, addresses, routes and rules.
    pub const NET_ADMIN: Self = Self(bindings::CAP_NET_ADMIN as c_int);
}

/// Wraps the kernel's `struct user_namespace`.
///
/// # Invariants
///
/// A reference to a [`UserNamespace`] points to a user namespace that lives as long as the
/// reference.
#[repr(transparent)]
pub struct UserNamespace(Opaque<bindings::user_namespace>);

// SAFETY: All methods read what never changes after creation or what the C side synchronises.
unsafe impl Sync for UserNamespace {}

impl UserNamespace {
    /// Creates a reference to a [`UserNamespace`] from a valid pointer.
    ///
    /// # Safety
    ///
    /// `ptr` must point to a user namespace that stays alive for `'a`.
    #[inline]
    pub unsafe fn from_ptr<'a>(ptr: *const bindings::user_namespace) -> &'a Self {
        // SAFETY: The caller promises the validity; `UserNamespace` is transparent.
        // INVARIANT: The caller promises the lifetime.
        unsafe { &*ptr.cast() }
    }

    /// Returns whether the current task has `capability` in this user namespace.
    ///
    /// A task that has it is marked as having used superior privileges, and security modules are
    /// asked, so ask only when the answer decides something.
    ///
    /// Wraps `ns_capable()`. Process context. May allocate and take locks inside security modules,
    /// but not sleep.
    #[inline]
    pub fn capable(&self, capability: Capability) -> bool {
        // SAFETY: By the type invariant, `self` is a live user namespace.
        unsafe { bindings::ns_capable(self.0.get(), capability.0) }
    }
}
