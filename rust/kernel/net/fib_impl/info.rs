// SPDX-License-Identifier: GPL-2.0

//! What routes have in common: their next hops, metrics and attributes.

use super::{
    Flow,
    Locked,
    Reader,
    Request, //
};
use crate::{
    bindings,
    error::from_err_ptr,
    prelude::*,
    sync::once::read_once,
    types::Opaque, //
};
use core::{
    mem::ManuallyDrop,
    ops::Deref,
    ptr::NonNull, //
};

/// Returns what routes of a kind, `RTN_*`, refuse packets with.
#[inline]
pub fn refusal(kind: u8) -> Option<Error> {
    // SAFETY: A table that never changes.
    let all = unsafe { &bindings::fib_props };

    match all.get(usize::from(kind)) {
        Some(kind) if kind.error < 0 => Some(Error::from_errno(kind.error)),
        _ => None,
    }
}

/// Wraps the kernel's `struct fib_info`.
///
/// # Invariants
///
/// A reference points to a `fib_info` that is not freed meanwhile, and is set up.
#[repr(transparent)]
pub struct Info(Opaque<bindings::fib_info>);

/// Which next hop of a route serves a flow.
pub enum Choice<'a> {
    /// This one, of that number.
    NextHop(&'a NextHop, u8),
    /// None of the route's own.
    None,
    /// None of those of a nexthop object.
    NoneOfObject,
    /// The nexthop object drops packets.
    Blackhole,
}

impl Info {
    /// Makes a reference of a pointer.
    ///
    /// # Safety
    ///
    /// It must point to a `fib_info` that is set up, and not freed within `'a`.
    #[inline]
    pub(super) unsafe fn from_ptr<'a>(ptr: NonNull<bindings::fib_info>) -> &'a Self {
        // SAFETY: `Info` is transparent.
        // INVARIANT: By the contract of this function.
        unsafe { ptr.cast().as_ref() }
    }

    /// Returns a pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::fib_info {
        self.0.get()
    }

    /// Returns whether all routes with it have been deleted.
    #[inline]
    pub fn is_dead(&self) -> bool {
        // SAFETY: By the type invariant. `fib_release_info()` writes it by `WRITE_ONCE()`.
        unsafe { read_once((&raw const (*self.as_ptr()).fib_dead).cast::<i8>()) != 0 }
    }

    /// Returns the scope, `RT_SCOPE_*`.
    #[inline]
    pub fn scope(&self) -> u8 {
        // SAFETY: By the type invariant; it never changes.
        unsafe { (*self.as_ptr()).fib_scope }
    }

    /// Returns who has made the route, `RTPROT_*`.
    #[inline]
    pub fn protocol(&self) -> u8 {
        // SAFETY: By the type invariant; it never changes.
        unsafe { (*self.as_ptr()).fib_protocol }
    }

    /// Returns the priority, also called metric.
    #[inline]
    pub fn priority(&self) -> u32 {
        // SAFETY: By the type invariant; it never changes.
        unsafe { (*self.as_ptr()).fib_priority }
    }

    /// Returns the preferred source, in network byte order, or 0.
    #[inline]
    pub fn preferred_source(&self) -> u32 {
        // SAFETY: By the type invariant; it never changes.
        unsafe { (*self.as_ptr()).fib_prefsrc }
    }

    /// Returns whether no next hop is alive: `RTNH_F_DEAD`.
    #[inline]
    pub fn has_died(&self) -> bool {
        // SAFETY: By the type invariant. C changes it by stores of a whole, under RTNL.
        let flags = unsafe { read_once(&raw const (*self.as_ptr()).fib_flags) };

        flags & bindings::RTNH_F_DEAD != 0
    }

    /// Returns whether it goes because its preferred source is gone.
    pub fn lost_source(&self, _: Locked<'_>) -> bool {
        // SAFETY: By the type invariant. RTNL keeps it from changing.
        unsafe { (*self.as_ptr()).pfsrc_removed }
    }

    /// Returns whether its nexthop object has changed.
    pub fn is_updated(&self, _: Locked<'_>) -> bool {
        // SAFETY: By the type invariant. RTNL keeps it from changing.
        unsafe { (*self.as_ptr()).nh_updated }
    }

    /// Returns the guess at the number of a list that has a route with this.
    pub(super) fn guess(&self, _: Locked<'_>) -> u32 {
        // SAFETY: By the type invariant. RTNL keeps it from changing.
        unsafe { (*self.as_ptr()).fib_list }
    }

    /// Sets what [`Info::guess()`] returns.
    pub(super) fn set_guess(&self, number: u32, _: Locked<'_>) {
        // SAFETY: By the type invariant. Nobody but who holds RTNL reads or writes it.
        unsafe { (*self.as_ptr()).fib_list = number };
    }

    /// Takes a reference as a route has one. [`None`] if no route has one any more.
    pub fn hold<'r>(&self, locked: Locked<'r>) -> Option<InfoRef<'r>> {
        // SAFETY: By the type invariant.
        let count = unsafe { &raw mut (*self.as_ptr()).fib_treeref };

        // SAFETY: The count is valid. Under RTNL, it does not become zero between the two.
        unsafe {
            if bindings::refcount_read(count) == 0 {
                return None;
            }
            bindings::refcount_inc(count);
        }
        // INVARIANT: The reference has just been taken, under RTNL.
        Some(InfoRef {
            info: NonNull::from(self),
            _locked: locked,
        })
    }

    /// Runs `f` with a reference of the kind that may be taken without RTNL. [`None`], if it is
    /// being freed.
    pub fn while_held<R>(&self, f: impl FnOnce(&Self) -> R) -> Option<R> {
        // SAFETY: By the type invariant. What is taken by the first is put by the last.
        unsafe {
            if !bindings::fib_info_hold_safe(self.as_ptr()) {
                return None;
            }
            let result = f(self);
            bindings::fib_info_put(self.as_ptr());
            Some(result)
        }
    }

    /// Takes a reference for the one who asked for a lookup, if that is wanted by its `flags`,
    /// `FIB_LOOKUP_*`. Returns false if it is being freed.
    #[inline]
    pub fn hold_result(&self, flags: c_int) -> bool {
        // CAST: It is a single bit.
        flags & bindings::FIB_LOOKUP_NOREF as c_int != 0
            // SAFETY: By the type invariant.
            || unsafe { bindings::fib_info_hold_safe(self.as_ptr()) }
    }

    /// Returns the next hop that serves a flow. `flags` are `FIB_LOOKUP_*`.
    #[inline]
    pub fn choose<'a>(&'a self, flow: &Flow, flags: c_int, _: &'a Reader) -> Choice<'a> {
        let info = self.as_ptr();
        // SAFETY: By the type invariant. Neither the object nor the number of next hops changes.
        let (object, count) = unsafe { ((*info).nh, (*info).fib_nhs) };
        if !object.is_null() {
            // SAFETY: A `fib_info` has a reference to its object. The caller is a reader.
            return unsafe { choose_of_object(object, flow, flags) };
        }

        // SAFETY: No memory is accessed.
        let mut hop = unsafe { &raw const (*info).fib_nh }.cast::<bindings::fib_nh>();
        for at in 0..count {
            // SAFETY: There are so many, as long as the `fib_info` is there, whose reader the
            // caller is.
            let common = unsafe { NextHop::from_ptr(&raw const (*hop).nh_common) };
            if common.is_good(flow, flags) {
                // CAST: As in `struct fib_result`.
                return Choice::NextHop(common, at as u8);
            }
            hop = hop.wrapping_add(1);
        }
        Choice::None
    }
}

/// # Safety
///
/// The object must not be freed within `'a`. The caller must be in an RCU read-side critical
/// section or hold RTNL as long.
#[cold]
unsafe fn choose_of_object<'a>(
    object: *mut bindings::nexthop,
    flow: &Flow,
    flags: c_int,
) -> Choice<'a> {
    let mut at = 0;

    // SAFETY: By the contract of this function. Its parts are not freed before it is.
    unsafe {
        if bindings::nexthop_is_blackhole(object) {
            return Choice::Blackhole;
        }
        let hop = bindings::nexthop_get_nhc_lookup(object, flags, flow.as_ptr(), &raw mut at);
        if hop.is_null() {
            return Choice::NoneOfObject;
        }
        // CAST: As in `struct fib_result`.
        Choice::NextHop(NextHop::from_ptr(hop), at as u8)
    }
}

/// A reference to an [`Info`] as a route has one: `fib_treeref`. The last takes all away that is
/// known of it.
///
/// # Invariants
///
/// This owns the reference, and RTNL is held within `'r`.
pub struct InfoRef<'r> {
    info: NonNull<Info>,
    _locked: Locked<'r>,
}

impl<'r> InfoRef<'r> {
    /// Makes what a route that is asked for needs, or finds one that is the same.
    ///
    /// Wraps `fib_create_info()`.
    pub fn create(request: &Request, locked: Locked<'r>) -> Result<Self> {
        // SAFETY: The request is valid, and RTNL is held.
        let info = from_err_ptr(unsafe {
            bindings::fib_create_info(request.as_ptr(), request.extack().as_ptr())
        })?;

        // INVARIANT: C returns a reference, under RTNL.
        Ok(Self {
            info: NonNull::new(info).ok_or(ENOMEM)?.cast(),
            _locked: locked,
        })
    }

    /// Gives the reference to whoever keeps the pointer.
    pub(super) fn into_raw(self) -> NonNull<bindings::fib_info> {
        ManuallyDrop::new(self).info.cast()
    }

    /// Takes a reference back that [`InfoRef::into_raw()`] has given away.
    ///
    /// # Safety
    ///
    /// It must have, and be taken back once.
    pub(super) unsafe fn from_raw(ptr: NonNull<bindings::fib_info>, locked: Locked<'r>) -> Self {
        // INVARIANT: By the contract of this function.
        Self {
            info: ptr.cast(),
            _locked: locked,
        }
    }
}

impl Deref for InfoRef<'_> {
    type Target = Info;

    fn deref(&self) -> &Info {
        // SAFETY: By the type invariant, there is a reference.
        unsafe { self.info.as_ref() }
    }
}

impl Drop for InfoRef<'_> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant, the reference is this one's, and RTNL is held.
        unsafe { bindings::fib_release_info(self.info.as_ptr().cast()) };
    }
}

/// Wraps the kernel's `struct fib_nh_common`: where packets go next.
///
/// # Invariants
///
/// A reference points to a next hop that is not freed meanwhile. It is held in an RCU read-side
/// critical section or under RTNL.
#[repr(transparent)]
pub struct NextHop(Opaque<bindings::fib_nh_common>);

impl NextHop {
    /// Makes a reference of a pointer.
    ///
    /// # Safety
    ///
    /// It must point to a next hop that is not freed within `'a`, and the caller be in an RCU
    /// read-side critical section or hold RTNL as long.
    #[inline]
    pub unsafe fn from_ptr<'a>(ptr: *const bindings::fib_nh_common) -> &'a Self {
        // SAFETY: `NextHop` is transparent.
        // INVARIANT: By the contract of this function.
        unsafe { &*ptr.cast() }
    }

    /// Returns a pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::fib_nh_common {
        self.0.get()
    }

    /// Returns whether it serves a flow: it is alive, and leads where the flow wants to. `flags`
    /// are `FIB_LOOKUP_*`.
    #[inline]
    pub fn is_good(&self, flow: &Flow, flags: c_int) -> bool {
        // SAFETY: By the type invariant. C changes the flags by stores of a byte.
        let (state, device, output) = unsafe {
            let hop = self.as_ptr();
            (
                // CAST: As it is stored, without a sign.
                u32::from(read_once((&raw const (*hop).nhc_flags).cast::<i8>()) as u8),
                (*hop).nhc_dev,
                (*hop).nhc_oif,
            )
        };

        if state & bindings::RTNH_F_DEAD != 0 {
            return false;
        }
        // CAST: Both are small.
        if state & bindings::RTNH_F_LINKDOWN != 0
            && flags & bindings::FIB_LOOKUP_IGNORE_LINKSTATE as c_int == 0
            // SAFETY: A next hop has a reference to its device. The rest is the type invariant.
            && unsafe { bindings::ip_ignore_linkdown(device) }
        {
            return false;
        }
        flow.output() == 0 || flow.output() == output
    }
}
