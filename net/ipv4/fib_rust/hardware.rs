// SPDX-License-Identifier: GPL-2.0

//! Which routes hardware has.
//!
//! Few machines have such hardware, so it is no part of the routes. Drivers say it at any time: all
//! they have is RCU, and what they say must not be lost when a route moves.
//!
//! A driver looks for the route, and notes what it says under the lock if the route still is where
//! it was found. Whoever deletes a route takes it out of the trie first, and then what is noted,
//! under the lock. So nothing is noted of a route that is gone.

use crate::trie::Prefix;
use core::{
    convert::Infallible,
    ptr, //
};
use kernel::{
    net::fib_impl::{
        HwFlags,
        Route, //
    },
    new_spinlock,
    prelude::*,
    rbtree::{
        RBTree,
        RBTreeNodeReservation, //
    },
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        barrier,
        SpinLock, //
    }, //
};

/// A route to a prefix.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    address: u32,
    length: u8,
    table: u32,
    dscp: u8,
    kind: u8,
    /// Where what it has in common with others is: as long as it is in a list, nothing else is.
    info: usize,
}

impl Key {
    pub(crate) fn new(prefix: Prefix, route: Route<'_>) -> Self {
        Self {
            address: prefix.address(),
            length: prefix.length(),
            table: route.table,
            dscp: route.dscp,
            kind: route.kind,
            info: ptr::from_ref(route.info).addr(),
        }
    }
}

/// Memory to note what hardware makes of a route, if there is any.
pub(crate) struct Room(Option<RBTreeNodeReservation<Key, HwFlags>>);

impl Room {
    /// Takes it, where that may be done in any context.
    pub(crate) fn new() -> Self {
        Self(RBTreeNodeReservation::new(GFP_ATOMIC | __GFP_NOWARN).ok())
    }
}

/// What drivers have said of routes, where that is anything.
#[pin_data]
pub(crate) struct Hardware {
    /// Whether they ever have.
    is_used: Atomic<bool>,
    #[pin]
    routes: SpinLock<RBTree<Key, HwFlags>>,
}

impl Hardware {
    pub(crate) fn new() -> impl PinInit<Self, Infallible> {
        pin_init!(Self {
            is_used: Atomic::new(false),
            routes <- new_spinlock!(RBTree::new()),
        })
    }

    /// What hardware makes of a route.
    #[inline]
    pub(crate) fn flags(&self, key: Key) -> HwFlags {
        match self.is_used.load(Relaxed) {
            true => self.noted(key),
            false => HwFlags::default(),
        }
    }

    #[cold]
    fn noted(&self, key: Key) -> HwFlags {
        self.routes.lock().get(&key).copied().unwrap_or_default()
    }

    /// Notes what hardware makes of a route, if the route is there, which is asked under a
    /// spinlock. Returns what was noted before, if that was something else.
    ///
    /// # Errors
    ///
    /// - [`ESRCH`]: the route is not there.
    /// - [`EEXIST`]: nothing has changed.
    /// - [`ENOMEM`]: there is no room.
    pub(crate) fn note(
        &self,
        key: Key,
        flags: HwFlags,
        room: &mut Room,
        is_there: impl FnOnce() -> bool,
    ) -> Result<HwFlags> {
        // What is not used any more is freed without the lock.
        let _gone;
        let mut routes = self.routes.lock();
        let old = routes.get(&key).copied().unwrap_or_default();

        self.is_used.store(true, Relaxed);
        // Whoever takes the route away now sees this, or it is not found there any more.
        barrier::smp_mb(barrier::Full);
        if !is_there() {
            return Err(ESRCH);
        }
        if old == flags {
            return Err(EEXIST);
        }
        _gone = if flags == HwFlags::default() {
            routes.remove_node(&key)
        } else {
            routes.insert(room.0.take().ok_or(ENOMEM)?.into_node(key, flags))
        };
        Ok(old)
    }

    /// Notes what hardware makes of a route that is being copied, if anything.
    ///
    /// # Errors
    ///
    /// - [`ENOMEM`]: out of memory.
    #[cfg(CONFIG_IP_MULTIPLE_TABLES)]
    pub(crate) fn copy(&self, key: Key, flags: HwFlags) -> Result {
        if flags != HwFlags::default() {
            self.is_used.store(true, Relaxed);
            self.routes
                .lock()
                .try_create_and_insert(key, flags, GFP_ATOMIC)?;
        }
        Ok(())
    }

    /// Forgets routes that have been deleted.
    #[inline]
    pub(crate) fn forget(&self, keys: impl IntoIterator<Item = Key>) {
        // The routes have been taken out of the trie before.
        barrier::smp_mb(barrier::Full);
        if self.is_used.load(Relaxed) {
            keys.into_iter().for_each(|key| self.remove(key));
        }
    }

    #[cold]
    fn remove(&self, key: Key) {
        let gone = self.routes.lock().remove_node(&key);

        drop(gone);
    }
}
