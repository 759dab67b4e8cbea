// SPDX-License-Identifier: GPL-2.0

//! Network namespaces.
//!
//! C header: [`include/net/net_namespace.h`](srctree/include/net/net_namespace.h)

use crate::{
    bindings,
    net::rtnl,
    sync::aref::AlwaysRefCounted,
    types::Opaque,
    user_namespace::UserNamespace, //
};
use core::ptr::NonNull;

/// Wraps the kernel's `struct net`: devices, addresses, routing tables and sockets of their own.
///
/// # Invariants
///
/// A reference to a [`Namespace`] points to an initialised network namespace whose reference count
/// is not zero as long as the reference lives.
#[repr(transparent)]
pub struct Namespace(Opaque<bindings::net>);

// SAFETY: `Namespace::dec_ref()` may be called from any thread.
unsafe impl Send for Namespace {}

// SAFETY: Methods on `&Namespace` read what never changes after creation or what the C side
// synchronises; the rest needs the namespace's RTNL and lives on `rtnl::Guard`.
unsafe impl Sync for Namespace {}

impl Namespace {
    /// Returns the initial network namespace, which is never destroyed.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{
    ///     net::namespace::Namespace,
    ///     sync::aref::ARef, //
    /// };
    ///
    /// let net: ARef<Namespace> = Namespace::init().into();
    /// assert!(core::ptr::eq(&*net, Namespace::init()));
    /// ```
    #[inline]
    pub fn init() -> &'static Self {
        // SAFETY: `init_net` is a static, initialised before any module or initcall that can call
        // this.
        unsafe { Self::from_ptr(&raw const bindings::init_net) }
    }

    /// Creates a reference to a [`Namespace`] from a valid pointer.
    ///
    /// # Safety
    ///
    /// `ptr` must point to an initialised network namespace whose reference count stays above zero
    /// for `'a`.
    #[inline]
    pub unsafe fn from_ptr<'a>(ptr: *const bindings::net) -> &'a Self {
        // SAFETY: The caller promises the validity; `Namespace` is transparent.
        // INVARIANT: The caller promises the lifetime.
        unsafe { &*ptr.cast() }
    }

    /// Returns a raw pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::net {
        self.0.get()
    }

    /// Returns the user namespace whose capabilities govern this network namespace.
    #[inline]
    pub fn user_ns(&self) -> &UserNamespace {
        // SAFETY: By the type invariant, `self` is initialised; the field is set at creation and
        // never changes.
        let user_ns = unsafe { (*self.as_ptr()).user_ns };

        // SAFETY: A network namespace holds a reference to its user namespace until its end.
        unsafe { UserNamespace::from_ptr(user_ns) }
    }

    /// Takes this namespace's RTNL, waiting as long as it takes.
    ///
    /// Same as [`rtnl::Guard::new()`].
    #[inline]
    pub fn rtnl_lock(&self) -> rtnl::Guard<'_> {
        rtnl::Guard::new(self)
    }
}

// SAFETY: A network namespace is reference-counted; the initial one is never freed.
unsafe impl AlwaysRefCounted for Namespace {
    #[inline]
    fn inc_ref(&self) {
        // SAFETY: By the type invariant, the reference count is not zero.
        unsafe { bindings::get_net(self.as_ptr()) };
    }

    #[inline]
    unsafe fn dec_ref(obj: NonNull<Self>) {
        // SAFETY: The caller hands over a reference.
        unsafe { bindings::put_net(obj.cast().as_ptr()) };
    }
}
