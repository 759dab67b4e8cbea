// SPDX-License-Identifier: GPL-2.0

//! Tables, as C knows them.

use super::Writer;
use crate::{
    alloc::{
        allocator::Kmalloc,
        Allocator,
        Flags,
        NumaNode, //
    },
    bindings,
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    },
    types::Opaque, //
};
use core::{
    alloc::Layout,
    convert::Infallible,
    marker::PhantomData,
    ptr::{
        self,
        NonNull, //
    }, //
};

/// A table, and what an implementation keeps its routes in, of type `T`: wraps `struct fib_table`.
///
/// Tables may share that: the local table is part of the main one, as long as no rules tell them
/// apart. Then only the main one has a `T`.
///
/// # Invariants
///
/// A reference points to a table that [`Table::create()`] has made, and that is not freed
/// meanwhile, nor is the one whose `T` it shares.
#[repr(transparent)]
pub struct Table<T> {
    raw: Opaque<bindings::fib_table>,
    _data: PhantomData<T>,
}

/// A table that does not share.
#[repr(C)]
struct Whole<T> {
    table: bindings::fib_table,
    data: T,
}

impl<T: Sync + Send + 'static> Table<T> {
    /// Makes a reference of a pointer.
    ///
    /// # Safety
    ///
    /// The table must have been made by [`Table::create()`], for the same `T`. Neither it nor the
    /// one that it shares with may be freed within `'a`.
    #[inline]
    pub unsafe fn from_ptr<'a>(ptr: *mut bindings::fib_table) -> &'a Self {
        // SAFETY: `Table` is transparent.
        // INVARIANT: By the contract of this function.
        unsafe { &*ptr.cast() }
    }

    /// Returns a pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::fib_table {
        self.raw.get()
    }

    /// Returns the number of the table.
    #[inline]
    pub fn id(&self) -> u32 {
        // SAFETY: By the type invariant; it never changes.
        unsafe { (*self.as_ptr()).tb_id }
    }

    /// Returns what the routes are kept in.
    #[inline]
    pub fn data(&self) -> &T {
        // SAFETY: By the type invariant. The pointer never changes.
        unsafe { &*(*self.as_ptr()).tb_data.cast::<T>() }
    }

    /// Returns whether the routes are kept with those of another table.
    pub fn is_part(&self) -> bool {
        // SAFETY: By the type invariant. The pointer never changes.
        unsafe { Whole::<T>::is_part(self.as_ptr()) }
    }

    /// Counts a default route more, or less.
    pub fn count_default(&self, difference: c_int, _: &mut Writer) {
        // SAFETY: By the type invariant. Others read it whole.
        let count = unsafe { Atomic::from_ptr(&raw mut (*self.as_ptr()).tb_num_default) };

        // There is one writer.
        count.store(count.load(Relaxed).wrapping_add(difference), Relaxed);
    }

    /// Makes a table, as a part of `whole`, or one that keeps its routes in what `init` makes.
    ///
    /// Whoever gets the pointer owns the table. [`None`] if there is no memory.
    pub fn create(
        id: u32,
        whole: Option<&Self>,
        init: impl PinInit<T, Infallible>,
        flags: Flags,
    ) -> Option<NonNull<bindings::fib_table>> {
        let layout = match whole {
            Some(_) => Layout::new::<bindings::fib_table>(),
            None => Layout::new::<Whole<T>>(),
        };
        let memory = Kmalloc::alloc(layout, flags | __GFP_ZERO, NumaNode::NO_NODE).ok()?;
        let table = memory.cast::<bindings::fib_table>().as_ptr();
        let data = match whole {
            Some(whole) => ptr::from_ref(whole.data()).cast_mut(),
            None => {
                let data = Whole::<T>::data(table);
                // SAFETY: There is room for a `T`, which is never moved.
                match unsafe { pin_init::raw_try_init(data, init) } {
                    Ok(()) => data,
                    Err(never) => match never {},
                }
            }
        };

        // SAFETY: There is room for a table, and all zeroes are one.
        unsafe {
            (*table).tb_id = id;
            (*table).tb_data = data.cast();
        }
        NonNull::new(table)
    }

    /// Frees a table after its readers.
    ///
    /// # Safety
    ///
    /// The table must have been made by [`Table::create()`], for the same `T`. The caller must own
    /// it, and nobody may find it any more.
    pub unsafe fn free(ptr: *mut bindings::fib_table) {
        // SAFETY: By the contract of this function. The head is the table's own.
        unsafe { bindings::call_rcu(&raw mut (*ptr).rcu, Some(reclaim::<T>)) };
    }
}

impl<T> Whole<T> {
    /// Whether a table shares another's.
    ///
    /// # Safety
    ///
    /// The table must have been made by [`Table::create()`], for the same `T`.
    unsafe fn is_part(table: *mut bindings::fib_table) -> bool {
        // SAFETY: By the contract of this function. The pointer never changes.
        let data = unsafe { (*table).tb_data.cast::<T>() };

        !ptr::eq(data, Self::data(table))
    }

    /// Where the `T` of a table is, if it does not share another's.
    fn data(table: *mut bindings::fib_table) -> *mut T {
        table
            .wrapping_byte_add(core::mem::offset_of!(Self, data))
            .cast()
    }
}

/// # Safety
///
/// As [`Table::free()`] says, after a grace period.
unsafe extern "C" fn reclaim<T: Sync + Send + 'static>(head: *mut bindings::callback_head) {
    // SAFETY: It is the head of a table, whose owner this is. There are no readers any more.
    unsafe {
        let table = crate::container_of!(head, bindings::fib_table, rcu);
        if !Whole::<T>::is_part(table) {
            ptr::drop_in_place(Whole::<T>::data(table));
        }
        bindings::kfree(table.cast());
    }
}
