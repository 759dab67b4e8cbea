// SPDX-License-Identifier: GPL-2.0

//! Who may change a FIB.

use crate::{
    sync::rcu_tree::{
        self,
        Exclusive, //
    },
    types::NotThreadSafe, //
};
use core::{
    cell::UnsafeCell,
    marker::PhantomData, //
};

/// Evidence that the current task holds RTNL, within `'r`.
#[derive(Clone, Copy)]
pub struct Locked<'r>(PhantomData<(&'r (), NotThreadSafe)>);

/// Evidence that the current task changes FIBs, and nobody else does.
///
/// # Invariants
///
/// There is one such value at most. The current task holds RTNL while it exists.
// RTNL is one lock for the whole system. When that changes, this has to say for which namespace.
pub struct Writer(NotThreadSafe);

// SAFETY: By the type invariant.
unsafe impl Exclusive for Writer {}

/// Evidence that nothing that is found in a FIB is freed as long as a reference to this lives: that
/// the current task is in an RCU read-side critical section, or holds RTNL and changes nothing.
pub type Reader = rcu_tree::Reader<Writer>;

impl Writer {
    /// Runs `f` with evidence of what C has done: taken RTNL.
    ///
    /// # Safety
    ///
    /// The current task must hold RTNL until this returns, in process context, and not be running
    /// such a function already, as a FIB notifier is.
    #[inline]
    pub unsafe fn assume<R>(f: impl for<'r> FnOnce(&mut Self, Locked<'r>) -> R) -> R {
        // INVARIANT: By the contract of this function. `f` cannot keep what it is lent.
        f(&mut Self(NotThreadSafe), Locked(PhantomData))
    }
}

/// What nobody but the writer sees.
pub(super) struct WriterOnly<T>(UnsafeCell<T>);

// SAFETY: Nobody but the writer, who is one task, has access to what is in it.
unsafe impl<T: Send> Sync for WriterOnly<T> {}

impl<T> WriterOnly<T> {
    pub(super) const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// Returns what is in it, as long as the writer does nothing else.
    pub(super) fn get_mut<'w>(&'w self, _: &'w mut Writer) -> &'w mut T {
        // SAFETY: There is one writer, who cannot call this again as long as the reference lives.
        unsafe { &mut *self.0.get() }
    }
}
