// SPDX-License-Identifier: GPL-2.0

//! Who is told of a change, and who asks for what there is.

use super::{
    Extack,
    Locked,
    Prefix,
    Reader,
    Route, //
};
use crate::{
    alloc::Flags,
    bindings,
    error::to_result,
    net::namespace::Namespace,
    prelude::*, //
};
use core::ptr;

/// What happens to the route that is first at its prefix: `enum fib_event_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It takes the place of what was first before, if there was anything.
    Replace,
    /// There is none any more.
    Delete,
}

impl Event {
    fn as_raw(self) -> bindings::fib_event_type {
        match self {
            Self::Replace => bindings::fib_event_type_FIB_EVENT_ENTRY_REPLACE,
            Self::Delete => bindings::fib_event_type_FIB_EVENT_ENTRY_DEL,
        }
    }
}

/// What hardware makes of a route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HwFlags {
    /// It forwards by the route.
    pub offload: bool,
    /// It gives packets for the route to the kernel.
    pub trap: bool,
    /// It could not take the route.
    pub offload_failed: bool,
}

impl HwFlags {
    /// Stores them for C.
    pub fn store(self, shown: &mut bindings::fib_rt_info) {
        shown.set_offload(self.offload.into());
        shown.set_trap(self.trap.into());
        shown.set_offload_failed(self.offload_failed.into());
    }
}

/// A route to a prefix, as rtnetlink shows it: `struct fib_rt_info`.
pub(super) fn shown(prefix: Prefix, route: Route<'_>, flags: HwFlags) -> bindings::fib_rt_info {
    let mut shown = bindings::fib_rt_info {
        fi: route.info.as_ptr(),
        tb_id: route.table,
        dst: prefix.address().to_be(),
        dst_len: prefix.length().into(),
        dscp: route.dscp,
        type_: route.kind,
        ..pin_init::zeroed()
    };

    flags.store(&mut shown);
    shown
}

fn entry(prefix: Prefix, route: Route<'_>, extack: &Extack) -> bindings::fib_entry_notifier_info {
    let mut info = bindings::fib_entry_notifier_info {
        dst: prefix.address(),
        dst_len: prefix.length().into(),
        fi: route.info.as_ptr(),
        dscp: route.dscp,
        type_: route.kind,
        tb_id: route.table,
        ..pin_init::zeroed()
    };

    info.info.extack = extack.as_ptr();
    info
}

impl Event {
    /// Tells all FIB notifiers of a namespace. Returns what one of them objects with.
    ///
    /// Wraps `call_fib4_notifiers()`.
    pub fn tell(
        self,
        net: &Namespace,
        prefix: Prefix,
        route: Route<'_>,
        extack: &Extack,
        _: Locked<'_>,
    ) -> Result {
        let mut info = entry(prefix, route, extack);

        // SAFETY: All are valid, and RTNL is held.
        to_result(unsafe {
            bindings::call_fib4_notifiers(net.as_ptr(), self.as_raw(), &raw mut info.info)
        })
    }

    /// Tells one FIB notifier.
    ///
    /// Wraps `call_fib4_notifier()`.
    ///
    /// # Safety
    ///
    /// `notifier` must be valid.
    pub unsafe fn tell_one(
        self,
        notifier: *mut bindings::notifier_block,
        prefix: Prefix,
        route: Route<'_>,
        extack: &Extack,
        _: &Reader,
    ) -> Result {
        let mut info = entry(prefix, route, extack);

        // SAFETY: All are valid.
        to_result(unsafe {
            bindings::call_fib4_notifier(notifier, self.as_raw(), &raw mut info.info)
        })
    }
}

/// What listeners of `RTNLGRP_IPV4_ROUTE` are told of a route.
#[derive(Clone, Copy)]
pub enum Message {
    /// `RTM_NEWROUTE`, with these `NLM_F_*`.
    New(u32),
    /// `RTM_DELROUTE`.
    Gone,
}

impl Message {
    /// There was one that is the same but for its next hops.
    pub const REPLACED: Self = Self::New(bindings::NLM_F_REPLACE);

    /// Tells them, if there are any. If there is no memory, they are told that they have missed
    /// something. May sleep, if `flags` say so.
    pub fn tell(
        self,
        prefix: Prefix,
        route: Route<'_>,
        hw: impl FnOnce() -> HwFlags,
        asker: &Asker<'_>,
        flags: Flags,
        _: &Reader,
    ) {
        // SAFETY: All that it points to is valid.
        if !unsafe { bindings::rtmsg_fib_needed(asker.as_ptr()) } {
            return;
        }
        let shown = shown(prefix, route, hw());
        let (kind, netlink_flags) = match self {
            Self::New(flags) => (bindings::RTM_NEWROUTE, flags),
            Self::Gone => (bindings::RTM_DELROUTE, 0),
        };

        // SAFETY: All are valid, as long as the caller is a reader. The type of a message is small.
        unsafe {
            bindings::rtmsg_fib_info(
                kind as c_int,
                &raw const shown,
                asker.as_ptr(),
                netlink_flags,
                flags.as_raw(),
            )
        };
    }
}

/// Who has asked for a change: wraps `struct nl_info`.
///
/// # Invariants
///
/// It is valid, with all that it points to.
pub struct Asker<'a>(&'a bindings::nl_info);

impl<'a> Asker<'a> {
    /// Runs `f` with a change that nobody but the kernel has asked for.
    pub fn kernel<R>(net: &Namespace, f: impl FnOnce(&Asker<'_>) -> R) -> R {
        // INVARIANT: It points to nothing but the namespace.
        f(&Asker(&bindings::nl_info {
            nl_net: net.as_ptr(),
            ..pin_init::zeroed()
        }))
    }

    /// Wraps a pointer.
    ///
    /// # Safety
    ///
    /// It must be valid within `'a`, with all that it points to.
    pub unsafe fn from_ptr(ptr: *const bindings::nl_info) -> Self {
        // SAFETY: By the contract of this function.
        // INVARIANT: By the contract of this function.
        Self(unsafe { &*ptr })
    }

    fn as_ptr(&self) -> *const bindings::nl_info {
        ptr::from_ref(self.0)
    }
}

/// Makes all routes that are cached be looked up again.
///
/// Wraps `rt_cache_flush()`.
pub fn forget_cached(net: &Namespace) {
    // SAFETY: The namespace is set up.
    unsafe { bindings::rt_cache_flush(net.as_ptr()) };
}

/// Returns whether listeners are told of what hardware makes of a route: 0, never; 2, only when it
/// could not take the route, or can now (`net.ipv4.fib_notify_on_flag_change`).
pub fn notify_on_flag_change(net: &Namespace) -> u8 {
    // SAFETY: The namespace is set up.
    unsafe { bindings::fib_notify_on_flag_change(net.as_ptr()) }
}
