// SPDX-License-Identifier: GPL-2.0

//! Memory that readers may still be reading when its owner lets go of it: a header and an array.

use super::atomic::{
    Acquire,
    Atomic,
    Release, //
};
use crate::{
    alloc::{
        allocator::KVmalloc,
        AllocError,
        Allocator,
        Flags,
        NumaNode, //
    },
    bindings,
    prelude::*, //
};
use core::{
    alloc::Layout,
    marker::PhantomData,
    mem::offset_of,
    ptr::{
        self,
        NonNull, //
    },
    slice, //
};

/// The most that `kmalloc()` gives without giving 4 KiB.
const KMALLOC_2K: usize = 2048;

/// The size of a block whose array is 2 KiB and a pointer.
const LARGE: usize = KMALLOC_2K + size_of::<Header>() + size_of::<usize>();

/// What gives blocks of that size, if it is not null. Nobody destroys it.
static LARGE_CACHE: Atomic<*mut bindings::kmem_cache> = Atomic::new(ptr::null_mut());

/// Prepares for blocks with an array of 2 KiB, or a pointer more, of which there are many in a
/// tree: until this has been called, or if it fails, they take twice as much.
///
/// To be called once, at boot. It may sleep.
pub fn prepare() {
    if !LARGE_CACHE.load(Acquire).is_null() {
        return;
    }
    let mut args = bindings::kmem_cache_args {
        // CAST: It is 8.
        align: ALIGN as u32,
        ..pin_init::zeroed()
    };
    let name = c"rcu_block_2k".as_char_ptr();

    // SAFETY: The name is a string that stays, and `args` is what C's macro would pass.
    //
    // CAST: It is little more than 2 KiB.
    let cache = unsafe { bindings::__kmem_cache_create_args(name, LARGE as u32, &mut args, 0) };
    LARGE_CACHE.store(cache, Release);
}

/// Allocates memory that `kvfree()` can free: it and `kvfree_call_rcu()` are for objects of caches
/// as well.
fn allocate(layout: Layout, flags: Flags) -> Result<NonNull<Header>, AllocError> {
    let cache = LARGE_CACHE.load(Acquire);
    let is_large = KMALLOC_2K < layout.size() && layout.size() <= LARGE;

    if cache.is_null() || !is_large || layout.align() > ALIGN {
        return Ok(KVmalloc::alloc(layout, flags, NumaNode::NO_NODE)?.cast());
    }
    // SAFETY: It is a cache, which is not destroyed.
    let object = unsafe { bindings::kmem_cache_alloc_noprof(cache, flags.as_raw()) };
    NonNull::new(object.cast()).ok_or(AllocError)
}

/// What a block begins with. Where C knows the block as a struct, that begins the same.
#[repr(C)]
pub(crate) struct Header {
    /// Nobody but the owner uses it.
    rcu: bindings::kvfree_rcu_head,
    len: u32,
    /// A number that the owner gives to the block.
    head: u32,
}

/// A block is aligned to so many bytes at least, whatever pointers are: three bits of its address
/// are zero.
const ALIGN: usize = 8;

/// A pointer to a block: a [`Header`] and so many `T` as that says.
///
/// It is like a raw pointer: whoever has one has to know that the block is still there.
///
/// # Invariants
///
/// The pointer is that of a block that [`Block::allocate()`] has made, of the same `T`.
pub(crate) struct Block<T> {
    header: NonNull<Header>,
    _body: PhantomData<*mut T>,
}

impl<T> Clone for Block<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Block<T> {}

impl<T> Block<T> {
    /// How far the array is from the beginning.
    pub(crate) const OFFSET: usize = size_of::<Header>().next_multiple_of(align_of::<T>());

    /// Allocates a block of zeroes. It is freed by nobody but who calls a method that does.
    pub(crate) fn allocate(len: usize, head: u32, flags: Flags) -> Result<Self, AllocError>
    where
        T: Zeroable,
    {
        // Nothing that is freed is dropped.
        const { assert!(!core::mem::needs_drop::<T>()) };

        let header = Header {
            rcu: pin_init::zeroed(),
            len: len.try_into().map_err(|_| AllocError)?,
            head,
        };
        let array = Layout::array::<T>(len).map_err(|_| AllocError)?;
        let layout = Layout::new::<Header>()
            .extend(array)
            .and_then(|(layout, _)| layout.align_to(ALIGN))
            .map_err(|_| AllocError)?;
        let block = allocate(layout, flags | __GFP_ZERO)?;

        // SAFETY: The block is new, and has room for the header.
        unsafe { block.write(header) };
        // INVARIANT: It has just been allocated.
        Ok(Self {
            header: block,
            _body: PhantomData,
        })
    }

    /// Makes a block of the pointer that [`Block::as_ptr()`] has returned.
    ///
    /// # Safety
    ///
    /// That must be where it is from, and of a block of the same `T`.
    #[inline]
    pub(crate) unsafe fn from_ptr(header: NonNull<Header>) -> Self {
        // INVARIANT: By the contract of this function.
        Self {
            header,
            _body: PhantomData,
        }
    }

    /// Returns the pointer to the header.
    #[inline]
    pub(crate) fn as_ptr(self) -> NonNull<Header> {
        self.header
    }

    /// Returns the number that was given to the block.
    ///
    /// # Safety
    ///
    /// The block must not have been freed.
    #[inline]
    pub(crate) unsafe fn head(self) -> u32 {
        // SAFETY: By the contract of this function, and the type invariant.
        unsafe { (*self.header.as_ptr()).head }
    }

    /// Gives the block another number.
    ///
    /// # Safety
    ///
    /// The block must not have been freed. Nobody else may access the number meanwhile.
    #[inline]
    pub(crate) unsafe fn set_head(self, head: u32) {
        // SAFETY: By the contract of this function, and the type invariant.
        unsafe { (*self.header.as_ptr()).head = head };
    }

    /// Returns the array.
    ///
    /// # Safety
    ///
    /// The block must not be freed within `'a`.
    #[inline]
    pub(crate) unsafe fn body<'a>(self) -> &'a [T] {
        // SAFETY: By the contract of this function and the type invariant, header and array are
        // there. The length never changes.
        unsafe {
            let body = self.header.as_ptr().byte_add(Self::OFFSET).cast::<T>();
            slice::from_raw_parts(body, (*self.header.as_ptr()).len as usize)
        }
    }

    /// Returns the block as memory, whatever it is an array of.
    #[inline]
    pub(crate) fn memory(self) -> Memory {
        // INVARIANT: By the type invariant.
        Memory(self.header)
    }
}

/// A pointer to a block, whatever it is an array of.
///
/// # Invariants
///
/// The pointer is that of a block that [`Block::allocate()`] has made.
#[derive(Clone, Copy)]
pub(crate) struct Memory(NonNull<Header>);

impl Memory {
    /// Makes this of the pointer that [`Block::as_ptr()`] has returned.
    ///
    /// # Safety
    ///
    /// That must be where it is from.
    #[inline]
    pub(crate) unsafe fn from_ptr(header: NonNull<Header>) -> Self {
        // INVARIANT: By the contract of this function.
        Self(header)
    }

    /// Returns a place in which the owner can keep a pointer as long as the block is not freed.
    pub(crate) fn link(self) -> *mut *mut Header {
        // What is given back to C when the block is freed: it begins with a pointer.
        const { assert!(size_of::<bindings::kvfree_rcu_head>() >= size_of::<*mut Header>()) };

        self.0
            .as_ptr()
            .wrapping_byte_add(offset_of!(Header, rcu))
            .cast()
    }

    /// Frees the block.
    ///
    /// # Safety
    ///
    /// This must be its owner, and nobody may read it any more.
    pub(crate) unsafe fn free(self) {
        // SAFETY: By the type invariant it was allocated by what `kvfree()` is for.
        unsafe { bindings::kvfree(self.0.as_ptr().cast()) };
    }

    /// Frees the block after all RCU read-side critical sections that may have found it. This needs
    /// no memory, and does not wait.
    ///
    /// # Safety
    ///
    /// This must be its owner, and nobody may find it any more.
    pub(crate) unsafe fn free_after_readers(self) {
        let header = self.0.as_ptr();

        // SAFETY: By the type invariant it was allocated by what `kvfree()` is for. The head is in
        // it, at its beginning, so that no memory is needed.
        unsafe { bindings::kvfree_call_rcu(&raw mut (*header).rcu, header.cast()) };
    }
}
