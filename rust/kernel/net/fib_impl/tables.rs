// SPDX-License-Identifier: GPL-2.0

//! The tables of a network namespace: how one is found, added, and replaced.
//!
//! They are in a small hash of lists. Readers walk a list under RCU or RTNL. Whoever adds a table
//! holds `fib_table_hash_lock`, whoever replaces one holds RTNL. No other goes before the namespace
//! does.

use super::{
    Reader,
    Table, //
};
use crate::{
    bindings,
    net::{
        fib::TableId,
        namespace::Namespace, //
    },
    prelude::*,
    sync::once::read_once, //
};
use core::marker::PhantomData;

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
use crate::sync::{
    atomic::{
        Atomic,
        Release, //
    },
    SpinLock, //
};
#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
use core::ptr::NonNull;

/// The tables of a namespace, which all keep their routes in a `T`.
///
/// # Invariants
///
/// All tables of the namespace were made by [`Table::create()`], for this `T`. They are not taken
/// down within `'a`.
pub struct Tables<'a, T> {
    net: &'a Namespace,
    _data: PhantomData<fn() -> T>,
}

impl<'a, T: Sync + Send + 'static> Tables<'a, T> {
    /// Wraps a namespace.
    ///
    /// # Safety
    ///
    /// All tables of the namespace must have been made by [`Table::create()`], for the same `T`.
    /// They must not be taken down within `'a`.
    #[inline]
    pub unsafe fn of(net: &'a Namespace) -> Self {
        // INVARIANT: By the contract of this function.
        Self {
            net,
            _data: PhantomData,
        }
    }

    /// Returns one of the lists.
    #[inline]
    fn list(&self, index: u32) -> *mut bindings::hlist_head {
        let index = index & (bindings::FIB_TABLE_HASHSZ - 1);

        // SAFETY: The namespace is set up, its hash of so many lists among the rest, at that
        // offset. A usize has 32 bits at least.
        unsafe {
            let hash = self.net.as_ptr().byte_add(bindings::NET_FIB_TABLE_HASH);
            hash.cast::<*mut bindings::hlist_head>()
                .read()
                .add(index as usize)
        }
    }

    /// Returns the first table of one of the lists that `wants` wants, or that it fails with.
    #[inline]
    fn find<'r, R>(
        &self,
        index: u32,
        _: &'r Reader,
        mut wants: impl FnMut(&'r Table<T>) -> Option<R>,
    ) -> Option<R>
    where
        'a: 'r,
    {
        // What is found by way of a pointer was written before it: `rcu_dereference()`.
        //
        // SAFETY: The list is valid. C writes its pointers, which are aligned, whole.
        let mut node = unsafe { read_once(&raw const (*self.list(index)).first) };

        while !node.is_null() {
            // SAFETY: The list links tables, of which the type invariant tells. One that is
            // replaced is freed after its readers.
            let table = unsafe {
                Table::from_ptr(crate::container_of!(node, bindings::fib_table, tb_hlist))
            };
            if let Some(wanted) = wants(table) {
                return Some(wanted);
            }
            // SAFETY: As for the first.
            node = unsafe { read_once(&raw const (*node).next) };
        }
        None
    }

    /// Finds a table.
    ///
    /// Does what `fib_get_table()` does. Without `CONFIG_IP_MULTIPLE_TABLES` there are two: every
    /// number but [`TableId::LOCAL`] finds [`TableId::MAIN`].
    #[inline]
    pub fn get<'r>(&self, id: TableId, reader: &'r Reader) -> Option<&'r Table<T>>
    where
        'a: 'r,
    {
        let id = match id {
            _ if cfg!(CONFIG_IP_MULTIPLE_TABLES) => id.or_main(),
            TableId::LOCAL => id,
            _ => TableId::MAIN,
        };
        let id = id.as_raw();

        self.find(id, reader, |table| (table.id() == id).then_some(table))
    }

    /// Runs `f` for all tables, in the order that C keeps them in, until it fails.
    pub fn for_each(&self, reader: &Reader, mut f: impl FnMut(&Table<T>) -> Result) -> Result {
        for index in 0..bindings::FIB_TABLE_HASHSZ {
            if let Some(error) = self.find(index, reader, |table| f(table).err()) {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Adds a table that nobody has seen, and returns it; or, if somebody else has added one of
    /// that number meanwhile, frees it and returns theirs. May be called without RTNL.
    ///
    /// # Safety
    ///
    /// The table must have been made by [`Table::create()`], for the same `T`, and the caller must
    /// own it.
    #[cfg(CONFIG_IP_MULTIPLE_TABLES)]
    pub unsafe fn add(&self, new: NonNull<bindings::fib_table>) -> NonNull<bindings::fib_table> {
        // SAFETY: By the contract of this function.
        let id = TableId::new(unsafe { (*new.as_ptr()).tb_id });
        let lock = self.lock();
        let guard = lock.lock();

        // SAFETY: A table that is there stays as long as the lock is held: none is replaced but the
        // local one by those who hold RTNL, and that is freed after a grace period, which does not
        // end before a spinlock is let go of.
        let other = unsafe { Reader::assume(|reader| self.get(id, reader).map(Table::as_ptr)) };
        if let Some(other) = other.and_then(NonNull::new) {
            drop(guard);
            // SAFETY: By the contract of this function. Nobody has seen it.
            unsafe { Table::<T>::free(new.as_ptr()) };
            return other;
        }

        // What a lookup without custom rules goes to directly.
        let shortcut = match id {
            TableId::MAIN => Some(self.field(bindings::NET_FIB_MAIN)),
            TableId::DEFAULT => Some(self.field(bindings::NET_FIB_DEFAULT)),
            _ => None,
        };
        if let Some(shortcut) = shortcut {
            // This is `rcu_assign_pointer()`.
            //
            // SAFETY: A pointer to a table is at both offsets, and others access it as C's RCU
            // macros do, whole.
            unsafe { Atomic::<*mut bindings::fib_table>::from_ptr(shortcut) }
                .store(new.as_ptr(), Release);
        }
        // SAFETY: The table is on no list. The lock of the lists is held.
        unsafe {
            bindings::hlist_add_head_rcu(&raw mut (*new.as_ptr()).tb_hlist, self.list(id.as_raw()))
        };
        new
    }

    /// Puts a table in the place of another, which nobody finds any more then.
    ///
    /// # Safety
    ///
    /// The first must be one of the namespace, and not `fib_main` or `fib_default`. The second must
    /// have been made by [`Table::create()`], for the same `T`, and nobody have seen it. The caller
    /// must hold RTNL.
    #[cfg(CONFIG_IP_MULTIPLE_TABLES)]
    pub unsafe fn replace(&self, old: *mut bindings::fib_table, new: *mut bindings::fib_table) {
        // C does without, though tables are added without RTNL.
        let lock = self.lock();
        let _guard = lock.lock();

        // SAFETY: By the contract of this function. The lock of the lists is held.
        unsafe { bindings::hlist_replace_rcu(&raw mut (*old).tb_hlist, &raw mut (*new).tb_hlist) };
    }

    /// Returns `fib_table_hash_lock`.
    #[cfg(CONFIG_IP_MULTIPLE_TABLES)]
    fn lock(&self) -> &SpinLock<()> {
        // SAFETY: C has initialised the lock, which is at that offset, together with the namespace.
        unsafe { SpinLock::from_raw(self.field(bindings::NET_FIB_TABLE_HASH_LOCK)) }
    }

    /// Returns a field of the namespace, by the offset that C has it at. The binding of `struct
    /// netns_ipv4` may have it elsewhere.
    #[cfg(CONFIG_IP_MULTIPLE_TABLES)]
    fn field<F>(&self, offset: usize) -> *mut F {
        self.net.as_ptr().wrapping_byte_add(offset).cast()
    }
}
