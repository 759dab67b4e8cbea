// SPDX-License-Identifier: GPL-2.0

//! The lists of a table, by number.
//!
//! A number is what is kept for each prefix, so it is small, and prefixes with the same route have
//! the same. A list never changes but for places that become empty: a change is another list, with
//! another number.
//!
//! # What readers see
//!
//! A reader finds a number, and then the list. When the last prefix lets go of a number, its list
//! is found no more, at once. A number is not used again before all readers that may have it are
//! gone. So a reader finds the list that the number stood for, or none. If none, the prefix has
//! changed meanwhile: looked up again, it has another number, or is gone.
//!
//! The array that has the lists is found by no dependency on the number, so a reader may have an
//! older one than the number is from, to which nothing is written any more. There the number stands
//! for none, and the reader looks again, after a read barrier. It does not stand for another list:
//! that would have gone out of use since, and whoever sees the number used again began after the
//! end of a grace period since then, and has the newer array.

use super::{
    list::Place,
    writer::WriterOnly,
    List,
    Locked,
    NewList,
    NewRoute,
    Reader,
    Writer, //
};
use crate::{
    alloc::{
        AllocError,
        Flags, //
    },
    bindings,
    prelude::*,
    sync::{
        atomic::{
            Atomic,
            Release, //
        },
        once::read_once,
        rcu_block::{
            Block,
            Header, //
        }, //
    },
};
use core::{
    cell::UnsafeCell,
    num::NonZero,
    ptr::{
        self,
        NonNull, //
    }, //
};

/// The greatest number: what is kept for each prefix has its length as well, in six of 32 bits.
const LAST: u32 = (1 << 26) - 1;

/// What a number stands for: the address of a list, or, for a number that is not in use, the next
/// one of those, with the lowest bit set.
///
/// # Invariants
///
/// The list is one whose references are counted in its header: one for each prefix. It is freed
/// after the readers that may have found it here.
#[repr(transparent)]
struct Entry(UnsafeCell<usize>);

// SAFETY: Zero is no list, and no number.
unsafe impl Zeroable for Entry {}

// SAFETY: It is accessed by marked accesses of one size alone, which do not race.
unsafe impl Sync for Entry {}

impl Entry {
    /// As by `rcu_dereference()`.
    #[inline]
    fn load(&self) -> usize {
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { read_once(self.0.get()) }
    }

    fn store(&self, value: usize) {
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { Atomic::from_ptr(self.0.get()) }.store(value, Release);
    }

    fn list(&self) -> Option<Block<Place>> {
        let list = self.load();

        if list & 1 != 0 {
            return None;
        }
        NonNull::new(ptr::with_exposed_provenance_mut::<Header>(list))
            // SAFETY: By the type invariant, it is where it is from.
            .map(|list| unsafe { Block::from_ptr(list) })
    }
}

/// Which numbers are not in use. A number here is the first of some, and the entry of each says
/// which is next; 0 is none.
#[derive(Default)]
struct Unused {
    /// No reader has these.
    ready: u32,
    /// A reader may have these, until the grace period ends that `period` stands for.
    waiting: u32,
    period: c_ulong,
    /// A reader may have these.
    recent: u32,
    /// From this one on, none has ever been in use.
    fresh: u32,
}

/// Lists, by number.
///
/// # Invariants
///
/// `entries` is null or an array that this owns, of which others are freed after their readers.
pub struct Lists {
    entries: UnsafeCell<*mut Header>,
    unused: WriterOnly<Unused>,
}

// SAFETY: `entries` is accessed by marked accesses alone; the rest is the writer's.
unsafe impl Sync for Lists {}

// SAFETY: What this owns belongs to no thread.
unsafe impl Send for Lists {}

impl Default for Lists {
    fn default() -> Self {
        // INVARIANT: There is no array.
        Self {
            entries: UnsafeCell::new(ptr::null_mut()),
            unused: WriterOnly::new(Unused::default()),
        }
    }
}

impl Lists {
    #[inline]
    fn array(&self) -> Option<Block<Entry>> {
        // As by `rcu_dereference()`.
        //
        // SAFETY: It is valid. The other accesses are marked as well.
        let array = NonNull::new(unsafe { read_once(self.entries.get().cast_const()) })?;

        // SAFETY: By the type invariant, it is where it is from.
        Some(unsafe { Block::from_ptr(array) })
    }

    #[inline]
    fn entries<'a>(&'a self, _: &'a Reader) -> &'a [Entry] {
        // SAFETY: By the type invariant, it is freed after its readers.
        self.array().map_or(&[], |array| unsafe { array.body() })
    }

    #[inline]
    fn entry<'a>(&'a self, number: NonZero<u32>, reader: &'a Reader) -> Option<&'a Entry> {
        // CAST: A usize has 32 bits at least.
        self.entries(reader)
            .get((number.get() as usize).wrapping_sub(1))
    }

    /// Returns the list that a number stands for.
    ///
    /// If it stands for none, the prefix that has it has changed meanwhile, or this has. What is
    /// loaded after a read barrier will show it.
    #[inline]
    pub fn get<'a>(&'a self, number: NonZero<u32>, reader: &'a Reader) -> Option<&'a List> {
        let list = self.entry(number, reader)?.list()?;

        // SAFETY: By the invariant of `Entry`, it is freed after its readers.
        Some(unsafe { List::from_block(list) })
    }

    /// Gives a list a number, of 26 bits. If there is no memory for that, or none is left, the list
    /// is dropped.
    pub fn add<'r>(
        &self,
        list: NewList<'r>,
        flags: Flags,
        writer: &mut Writer,
        locked: Locked<'r>,
    ) -> Result<NonZero<u32>, AllocError> {
        let number = self.take(flags, writer)?;

        if let Some(route) = list.as_list().only() {
            route.info.set_guess(number.get(), locked);
        }
        if let Some(entry) = self.entry(number, Reader::writer(writer)) {
            let block = list.into_block();

            // SAFETY: The list is there, and nobody else has seen it.
            unsafe { block.set_head(1) };
            // INVARIANT: From here on, the entry owns the list, which has one reference.
            entry.store(block.as_ptr().as_ptr().expose_provenance());
        }
        Ok(number)
    }

    /// Finds the number of a list with nothing but a route that is the same: another prefix may
    /// have it as well. Gives the route back if there is none, or none that is found at once.
    pub fn share<'r>(
        &self,
        route: NewRoute<'r>,
        writer: &mut Writer,
        locked: Locked<'r>,
    ) -> Result<NonZero<u32>, NewRoute<'r>> {
        let guess = NonZero::new(route.info.guess(locked));
        let list = guess.and_then(|guess| self.get(guess, Reader::writer(writer)));

        match (guess, list) {
            (Some(number), Some(list)) if list.only() == Some(route.as_route()) => {
                let block = list.block();

                // SAFETY: The list is not freed. Nobody but the writer knows its references.
                let Some(references) = unsafe { block.head() }.checked_add(1) else {
                    return Err(route);
                };
                // The list has the reference to the `fib_info` now, for the prefix.
                let _ = route.info.into_raw();
                // SAFETY: As above.
                unsafe { block.set_head(references) };
                Ok(number)
            }
            _ => Err(route),
        }
    }

    /// Lets go of a number that a prefix had.
    pub fn release(&self, number: NonZero<u32>, writer: &mut Writer, locked: Locked<'_>) {
        let Some(list) = self.get(number, Reader::writer(writer)) else {
            return;
        };
        let block = list.block();
        // SAFETY: The list is not freed. Nobody but the writer knows its references.
        let references = unsafe {
            block.set_head(block.head().wrapping_sub(1));
            block.head()
        };

        // SAFETY: For each prefix, the list has a reference to the `fib_info` of each route.
        // Whoever has found one but as an RCU reader has borrowed the writer.
        unsafe { list.release_routes(locked) };
        if references == 0 {
            self.retire(number, writer);
            // SAFETY: The entry was the owner. Nobody can find the list any more.
            unsafe { block.memory().free_after_readers() };
        }
    }

    /// Takes a route out of the list that one prefix has. This needs no memory.
    pub fn vacate(&self, number: NonZero<u32>, at: usize, writer: &mut Writer, locked: Locked<'_>) {
        if let Some(list) = self.get(number, Reader::writer(writer)) {
            // SAFETY: Whoever has found it but as an RCU reader has borrowed the writer.
            drop(unsafe { list.vacate(at, locked) });
        }
    }

    /// Takes a number that no reader has.
    fn take(&self, flags: Flags, writer: &mut Writer) -> Result<NonZero<u32>, AllocError> {
        let unused = self.unused.get_mut(writer);

        if unused.ready == 0 {
            // SAFETY: `period` is from `start_poll_synchronize_rcu()`, or nobody waits for it.
            let is_over = unused.waiting == 0
                || unsafe { bindings::poll_state_synchronize_rcu(unused.period) };
            if is_over {
                unused.ready = unused.waiting;
                unused.waiting = unused.recent;
                unused.recent = 0;
                if unused.waiting != 0 {
                    // SAFETY: It may always be called.
                    unused.period = unsafe { bindings::start_poll_synchronize_rcu() };
                }
            }
        }
        if let Some(number) = NonZero::new(unused.ready) {
            let next = match self.entry(number, Reader::writer(writer)) {
                // CAST: A number was stored.
                Some(entry) => (entry.load() >> 1) as u32,
                None => 0,
            };
            self.unused.get_mut(writer).ready = next;
            return Ok(number);
        }

        let fresh = self.unused.get_mut(writer).fresh;
        let number = fresh.checked_add(1).filter(|number| *number <= LAST);
        let number = number.and_then(NonZero::new).ok_or(AllocError)?;
        if self.entry(number, Reader::writer(writer)).is_none() {
            self.grow(flags, writer)?;
        }
        self.unused.get_mut(writer).fresh = number.get();
        Ok(number)
    }

    /// Makes the array twice as large.
    fn grow(&self, flags: Flags, writer: &mut Writer) -> Result<(), AllocError> {
        let old = self.entries(Reader::writer(writer));
        let needed = old.len().saturating_add(1);
        // The least power of two is all used, as `kmalloc()` gives it.
        let size = needed
            .checked_mul(size_of::<Entry>())
            .and_then(|array| array.checked_add(Block::<Entry>::OFFSET))
            .and_then(usize::checked_next_power_of_two)
            .ok_or(AllocError)?;
        let len = size.saturating_sub(Block::<Entry>::OFFSET) / size_of::<Entry>();
        let new = Block::<Entry>::allocate(len, 0, flags)?;

        // SAFETY: It is not freed here.
        for (from, to) in old.iter().zip(unsafe { new.body() }) {
            to.store(from.load());
        }
        let old = self.array();
        // INVARIANT: This owns the new array, as it did the old one.
        //
        // SAFETY: It is valid. The other accesses are marked as well.
        unsafe { Atomic::from_ptr(self.entries.get()) }.store(new.as_ptr().as_ptr(), Release);
        if let Some(old) = old {
            // SAFETY: This was the owner. Nobody can find it any more.
            unsafe { old.memory().free_after_readers() };
        }
        Ok(())
    }

    /// Makes a number stand for nothing. It is used again when no reader has it any more.
    fn retire(&self, number: NonZero<u32>, writer: &mut Writer) {
        let next = self.unused.get_mut(writer).recent;

        if let Some(entry) = self.entry(number, Reader::writer(writer)) {
            // CAST: A usize has 32 bits at least; numbers have less, as there is memory for each.
            entry.store((next as usize) << 1 | 1);
        }
        self.unused.get_mut(writer).recent = number.get();
    }
}

impl Drop for Lists {
    fn drop(&mut self) {
        let Some(array) = self.array() else {
            return;
        };

        // SAFETY: What readers find borrows from this, so there are none. A list that is left here,
        // of which there is none when a table goes, would leave its `fib_info` behind.
        unsafe {
            for list in array.body().iter().filter_map(Entry::list) {
                list.memory().free();
            }
            array.memory().free();
        }
    }
}
