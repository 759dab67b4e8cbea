// SPDX-License-Identifier: GPL-2.0

//! What somebody asks a table for.

use super::{
    Asker,
    Info,
    Locked, //
};
use crate::bindings;

/// Wraps a pointer to the kernel's `struct netlink_ext_ack`: where more can be said of an error
/// than a number, or null.
///
/// # Invariants
///
/// It is null, or valid as long as this is borrowed.
#[repr(transparent)]
pub struct Extack(*mut bindings::netlink_ext_ack);

impl Extack {
    /// Nobody wants to know.
    pub const NONE: Self = Self(core::ptr::null_mut());

    /// Wraps a pointer.
    ///
    /// # Safety
    ///
    /// It must be null, or valid as long as this exists.
    #[inline]
    pub unsafe fn from_ptr(ptr: *mut bindings::netlink_ext_ack) -> Self {
        // INVARIANT: By the contract of this function.
        Self(ptr)
    }

    /// Returns the pointer.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::netlink_ext_ack {
        self.0
    }
}

/// What is asked for, or said of what was done: `NLM_F_*`.
pub mod flag {
    use crate::bindings;

    /// Only if there is no such route.
    pub const EXCL: u32 = bindings::NLM_F_EXCL;
    /// In place of another.
    pub const REPLACE: u32 = bindings::NLM_F_REPLACE;
    /// If there is no such route.
    pub const CREATE: u32 = bindings::NLM_F_CREATE;
    /// Behind those that are equal.
    pub const APPEND: u32 = bindings::NLM_F_APPEND;
}

/// A route to be inserted or deleted: wraps the kernel's `struct fib_config`.
///
/// # Invariants
///
/// `config` is valid, with all that it points to, and nobody changes it meanwhile.
pub struct Request {
    config: *mut bindings::fib_config,
    extack: Extack,
}

impl Request {
    /// Wraps a pointer.
    ///
    /// # Safety
    ///
    /// It must be valid, with all that it points to, as long as this exists, and nobody may change
    /// it until then.
    #[inline]
    pub unsafe fn from_ptr(config: *mut bindings::fib_config, extack: Extack) -> Self {
        // INVARIANT: By the contract of this function.
        Self { config, extack }
    }

    fn raw(&self) -> &bindings::fib_config {
        // SAFETY: By the type invariant.
        unsafe { &*self.config }
    }

    /// Returns a pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::fib_config {
        self.config
    }

    /// Returns where to say more of an error.
    pub fn extack(&self) -> &Extack {
        &self.extack
    }

    /// Returns the address of the prefix, in the processor's byte order.
    pub fn address(&self) -> u32 {
        u32::from_be(self.raw().fc_dst)
    }

    /// Returns the length of the prefix.
    pub fn length(&self) -> u8 {
        self.raw().fc_dst_len
    }

    /// Returns the DSCP.
    pub fn dscp(&self) -> u8 {
        self.raw().fc_dscp
    }

    /// Returns what the route does with a packet, `RTN_*`.
    pub fn kind(&self) -> u8 {
        self.raw().fc_type
    }

    /// Returns whether all of some flags are set: [`flag`].
    pub fn asks(&self, flags: u32) -> bool {
        self.raw().fc_nlflags & flags == flags
    }

    /// Returns who asks.
    pub fn asker(&self) -> Asker<'_> {
        // SAFETY: By the type invariant.
        unsafe { Asker::from_ptr(&raw const (*self.config).fc_nlinfo) }
    }

    /// Returns whether a route that is there is one that is to be deleted, if prefix, table and
    /// DSCP are.
    pub fn matches(&self, kind: u8, info: &Info, _: Locked<'_>) -> bool {
        let asked = self.raw();

        if asked.fc_type != 0 && kind != asked.fc_type {
            return false;
        }
        // CAST: It has 8 bits.
        if asked.fc_scope != bindings::rt_scope_t_RT_SCOPE_NOWHERE as u8
            && info.scope() != asked.fc_scope
        {
            return false;
        }
        if asked.fc_prefsrc != 0 && info.preferred_source() != asked.fc_prefsrc {
            return false;
        }
        if asked.fc_protocol != 0 && info.protocol() != asked.fc_protocol {
            return false;
        }
        let net = asked.fc_nlinfo.nl_net;
        // SAFETY: All are valid, and RTNL is held.
        unsafe {
            bindings::fib_nh_match(net, self.config, info.as_ptr(), self.extack.as_ptr()) == 0
                && bindings::fib_metrics_match(self.config, info.as_ptr())
        }
    }
}
