// SPDX-License-Identifier: GPL-2.0

//! Who may change a FIB.

use crate::{
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        rcu_tree::{
            self,
            Exclusive, //
        }, //
    },
    types::NotThreadSafe,
    warn_on, //
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

/// Whether there is a [`Writer`]. RTNL protects this.
static IS_WRITING: Atomic<bool> = Atomic::new(false);

/// Evidence that nothing that is found in a FIB is freed as long as a reference to this lives: that
/// the current task is in an RCU read-side critical section, or holds RTNL and changes nothing.
pub type Reader = rcu_tree::Reader<Writer>;

impl Writer {
    /// Runs `f` with evidence of what C has done: taken RTNL. If the current task is amid a change
    /// already, as a FIB notifier is, warns of that and returns [`None`].
    ///
    /// # Safety
    ///
    /// The current task must hold RTNL until this returns, in process context.
    #[inline]
    pub unsafe fn assume<R>(f: impl for<'r> FnOnce(&mut Self, Locked<'r>) -> R) -> Option<R> {
        if warn_on!(IS_WRITING.load(Relaxed)) {
            return None;
        }
        IS_WRITING.store(true, Relaxed);
        // INVARIANT: Just checked, under RTNL. `f` cannot keep what it is lent.
        let result = f(&mut Self(NotThreadSafe), Locked(PhantomData));
        IS_WRITING.store(false, Relaxed);
        Some(result)
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
