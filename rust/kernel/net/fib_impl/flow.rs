// SPDX-License-Identifier: GPL-2.0

//! What is looked up.

use crate::{
    bindings,
    types::Opaque, //
};

/// Wraps the kernel's `struct flowi4`: what of a packet decides where it goes.
///
/// # Invariants
///
/// A reference points to a flow that nobody changes meanwhile.
#[repr(transparent)]
pub struct Flow(Opaque<bindings::flowi4>);

impl Flow {
    /// Makes a reference of a pointer.
    ///
    /// # Safety
    ///
    /// It must point to a flow that nobody changes within `'a`.
    #[inline]
    pub unsafe fn from_ptr<'a>(ptr: *const bindings::flowi4) -> &'a Self {
        // SAFETY: `Flow` is transparent.
        // INVARIANT: By the contract of this function.
        unsafe { &*ptr.cast() }
    }

    fn raw(&self) -> &bindings::flowi4 {
        // SAFETY: By the type invariant, nobody changes it.
        unsafe { &*self.0.get() }
    }

    /// Returns a pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *const bindings::flowi4 {
        self.0.get()
    }

    /// Returns the destination, in the processor's byte order.
    #[inline]
    pub fn destination(&self) -> u32 {
        u32::from_be(self.raw().daddr)
    }

    /// Returns the scope that a route must have, or a nearer one.
    #[inline]
    pub fn scope(&self) -> u8 {
        self.raw().__fl_common.flowic_scope
    }

    /// Returns the device to leave by, or 0 for any.
    #[inline]
    pub fn output(&self) -> i32 {
        self.raw().__fl_common.flowic_oif
    }

    /// Returns whether a route of this DSCP, which is not 0, is for the flow.
    ///
    /// Wraps `fib_dscp_masked_match()`.
    #[inline]
    pub fn has_dscp(&self, dscp: u8) -> bool {
        // SAFETY: By the type invariant.
        unsafe { bindings::fib_dscp_masked_match(dscp, self.0.get()) }
    }
}
