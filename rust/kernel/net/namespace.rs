// SPDX-License-Identifier: GPL-2.0

//! Network namespaces.
//!
//! C header: [`include/net/net_namespace.h`](srctree/include/net/net_namespace.h)

use crate::{
    alloc::Flags,
    bindings,
    types::Opaque,
    user_namespace::UserNamespace, //
};
use core::{
    mem::offset_of,
    ops::Deref,
    ptr::NonNull, //
};

/// Wraps the kernel's `struct net`: devices, addresses, routing tables and sockets of their own.
///
/// # Invariants
///
/// A reference to a [`Namespace`] points to a network namespace that has been set up in full, and
/// of which nothing but devices and routes is taken down as long as the reference lives. That may
/// happen meanwhile: nobody need hold a count of it any more.
#[repr(transparent)]
pub struct Namespace(Opaque<bindings::net>);

// SAFETY: Methods on `&Namespace` read what never changes after creation or what the C side
// synchronises; the rest needs the namespace's RTNL and evidence of it.
unsafe impl Sync for Namespace {}

impl Namespace {
    /// Returns the initial network namespace, which is never destroyed.
    #[inline]
    pub fn init() -> &'static Self {
        // SAFETY: `init_net` is a static, set up before any module or initcall that can call this.
        // The reference that it starts with is never put.
        unsafe { Self::from_ptr(&raw const bindings::init_net) }
    }

    /// Creates a reference to a [`Namespace`] from a valid pointer.
    ///
    /// # Safety
    ///
    /// `ptr` must point to a network namespace that has been set up in full. For `'a`, either its
    /// reference count must stay above zero, or the caller must run before its subsystems are taken
    /// down, as whatever is called for its devices does.
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
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::{
    ///     net::namespace::Namespace,
    ///     user_namespace::Capability, //
    /// };
    ///
    /// // KUnit's threads belong to the kernel, which may do everything.
    /// assert!(Namespace::init().user_ns().capable(Capability::NET_ADMIN));
    /// ```
    #[inline]
    pub fn user_ns(&self) -> &UserNamespace {
        // The binding may have it elsewhere than C.
        const _: () = assert!(offset_of!(bindings::net, user_ns) == bindings::NET_USER_NS);

        // SAFETY: By the type invariant, `self` is initialised; the field is set at creation and
        // never changes.
        let user_ns = unsafe { (*self.as_ptr()).user_ns };

        // SAFETY: A network namespace holds a reference to its user namespace until its end.
        unsafe { UserNamespace::from_ptr(user_ns) }
    }

    /// Returns a reference that keeps the namespace alive, or [`None`] if it is being taken down.
    ///
    /// With `CONFIG_NET_NS_REFCNT_TRACKER` it is tracked, which takes memory: `flags` say how. If
    /// there is none, the reference counts all the same.
    ///
    /// Wraps `maybe_get_net()` and `netns_tracker_alloc()`.
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::namespace::{
    ///     Namespace,
    ///     NamespaceRef, //
    /// };
    ///
    /// // Nothing takes the initial one down.
    /// let net: NamespaceRef = Namespace::init().get(GFP_KERNEL).ok_or(EINVAL)?;
    /// assert!(core::ptr::eq(&*net, Namespace::init()));
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn get(&self, flags: Flags) -> Option<NamespaceRef> {
        // SAFETY: By the type invariant, the namespace is set up, its count among the rest.
        let net = NonNull::new(unsafe { bindings::maybe_get_net(self.as_ptr()) })?;
        let mut tracker = pin_init::zeroed();

        // SAFETY: The reference was just taken. The tracker is new, and stays with it.
        unsafe { bindings::netns_tracker_alloc(net.as_ptr(), &raw mut tracker, flags.as_raw()) };

        // INVARIANT: The reference was just taken.
        Some(NamespaceRef {
            net: net.cast(),
            tracker,
        })
    }
}

/// A counted reference to a [`Namespace`], made by [`Namespace::get()`].
///
/// Dropping it does not sleep.
///
/// # Invariants
///
/// This owns a reference to `net`, which `tracker` keeps track of.
pub struct NamespaceRef {
    net: NonNull<Namespace>,
    tracker: bindings::netns_tracker,
}

// SAFETY: A reference may be given up by any thread.
unsafe impl Send for NamespaceRef {}

// SAFETY: All that `&NamespaceRef` gives is a `&Namespace`, which is `Sync`.
unsafe impl Sync for NamespaceRef {}

impl Deref for NamespaceRef {
    type Target = Namespace;

    #[inline]
    fn deref(&self) -> &Namespace {
        // SAFETY: By the type invariant, the namespace is alive.
        unsafe { self.net.as_ref() }
    }
}

impl Drop for NamespaceRef {
    #[inline]
    fn drop(&mut self) {
        let net = self.as_ptr();

        // SAFETY: By the type invariant, this reference is ours, and so is its tracker.
        unsafe { bindings::put_net_track(net, &raw mut self.tracker) };
    }
}
