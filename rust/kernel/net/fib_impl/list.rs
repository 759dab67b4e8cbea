// SPDX-License-Identifier: GPL-2.0

//! Lists of routes to one prefix.

use super::{
    Info,
    InfoRef,
    Locked, //
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
        rcu_block::Block, //
    },
    types::Opaque, //
};
use core::{
    mem::{
        offset_of,
        ManuallyDrop, //
    },
    ptr::{
        self,
        NonNull, //
    }, //
};

/// A place for a route in a list: the wrapper of `struct fib_alias`.
#[repr(transparent)]
pub(super) struct Place(Opaque<bindings::fib_alias>);

// SAFETY: Zero is no route.
unsafe impl Zeroable for Place {}

// C knows the list as a struct.
const _: () = {
    assert!(Block::<Place>::OFFSET == offset_of!(bindings::fib_alias_list, fa));
    assert!(offset_of!(bindings::fib_alias_list, rcu) == 0);
};

/// A route, as it is in a list or will be.
#[derive(Clone, Copy)]
pub struct Route<'a> {
    /// What it has in common with others.
    pub info: &'a Info,
    /// The table that it is in. Local and main may share all.
    pub table: u32,
    /// The DSCP that it is for, or 0 for all.
    pub dscp: u8,
    /// What it does with a packet, `RTN_*`.
    pub kind: u8,
}

impl PartialEq for Route<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.info, other.info)
            && (self.table, self.dscp, self.kind) == (other.table, other.dscp, other.kind)
    }
}

impl Place {
    #[inline]
    fn route(&self) -> Option<Route<'_>> {
        let raw = self.0.get();

        // SAFETY: A place is valid. The pointer is stored as a whole, by `vacate()`; the rest never
        // changes. While the place can be found, the list has a reference to the `fib_info`, which
        // is freed after its readers.
        unsafe {
            let info = NonNull::new(read_once(&raw const (*raw).fa_info))?;
            Some(Route {
                info: Info::from_ptr(info),
                table: (*raw).tb_id,
                dscp: (*raw).fa_dscp,
                kind: (*raw).fa_type,
            })
        }
    }

    /// Returns which of the default routes `fib_select_default()` has chosen, if this is the first.
    fn chosen(&self) -> i16 {
        // SAFETY: A place is valid. C stores the number, which is aligned, whole.
        unsafe { read_once(&raw const (*self.0.get()).fa_default) }
    }
}

/// Routes to one prefix, in the order in which they are tried: the wrapper of
/// `struct fib_alias_list`.
///
/// # Invariants
///
/// A reference points to a list that is not freed meanwhile.
#[repr(transparent)]
pub struct List(Opaque<bindings::fib_alias_list>);

impl List {
    /// Makes a reference to a list.
    ///
    /// # Safety
    ///
    /// It must not be freed within `'a`.
    #[inline]
    pub(super) unsafe fn from_block<'a>(block: Block<Place>) -> &'a Self {
        // SAFETY: `List` is transparent, and C's struct is laid out as the block.
        // INVARIANT: By the contract of this function.
        unsafe { block.as_ptr().cast().as_ref() }
    }

    #[inline]
    pub(super) fn block(&self) -> Block<Place> {
        // SAFETY: A list is made of a block, whose header it begins with.
        unsafe { Block::from_ptr(NonNull::from(self).cast()) }
    }

    /// Returns a pointer to the C struct.
    #[inline]
    pub fn as_ptr(&self) -> *mut bindings::fib_alias_list {
        self.0.get()
    }

    #[inline]
    fn all(&self) -> &[Place] {
        // SAFETY: By the type invariant.
        unsafe { self.block().body() }
    }

    /// Returns the routes.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = Route<'_>> {
        self.all().iter().filter_map(Place::route)
    }

    /// Returns the routes, each with its number.
    #[inline]
    pub fn routes(&self) -> impl DoubleEndedIterator<Item = (usize, Route<'_>)> + Clone {
        let places = self.all();

        (0..places.len())
            .zip(places)
            .filter_map(|(at, place)| Some((at, place.route()?)))
    }

    /// Returns the route that has a number.
    #[inline]
    pub fn route(&self, at: usize) -> Option<Route<'_>> {
        self.all().get(at)?.route()
    }

    /// Returns the route, if there is no place for another.
    #[inline]
    pub fn only(&self) -> Option<Route<'_>> {
        match self.all() {
            [place] => place.route(),
            _ => None,
        }
    }

    /// Returns how many routes there are.
    pub fn len(&self) -> usize {
        self.routes().fold(0, |len, _| len.wrapping_add(1))
    }

    /// Returns whether there is no route.
    pub fn is_empty(&self) -> bool {
        self.routes().next().is_none()
    }

    /// Empties a place: readers find no route there any more.
    ///
    /// # Safety
    ///
    /// Nobody must use the route from then on who has found it but as an RCU reader.
    pub(super) unsafe fn vacate<'r>(&self, at: usize, locked: Locked<'r>) -> Option<InfoRef<'r>> {
        let place = self.all().get(at)?.0.get();

        // SAFETY: A place is valid. Nobody stores to it but who holds RTNL. The list has a
        // reference of its own, which it has no more.
        unsafe {
            let pointer = &raw mut (*place).fa_info;
            let info = NonNull::new(*pointer)?;
            Atomic::from_ptr(pointer).store(ptr::null_mut(), Release);
            Some(InfoRef::from_raw(info, locked))
        }
    }

    /// Lets go of a reference to the `fib_info` of each route. Readers find the routes all the
    /// same.
    ///
    /// # Safety
    ///
    /// The list must have them for somebody who needs them no more, and nobody use a route from
    /// then on who has found it but as an RCU reader.
    pub(super) unsafe fn release_routes(&self, locked: Locked<'_>) {
        for (_, route) in self.routes() {
            // SAFETY: By the contract of this function.
            drop(unsafe { InfoRef::from_raw(NonNull::from(route.info).cast(), locked) });
        }
    }
}

/// A route to be.
pub struct NewRoute<'r> {
    /// What it has in common with others.
    pub info: InfoRef<'r>,
    /// As in [`Route`].
    pub table: u32,
    /// As in [`Route`].
    pub dscp: u8,
    /// As in [`Route`].
    pub kind: u8,
}

impl<'r> NewRoute<'r> {
    /// Makes a copy of a route that is in a list.
    pub fn copy(route: Route<'_>, locked: Locked<'r>) -> Option<Self> {
        Some(Self {
            info: route.info.hold(locked)?,
            table: route.table,
            dscp: route.dscp,
            kind: route.kind,
        })
    }

    /// Returns what it will be.
    pub fn as_route(&self) -> Route<'_> {
        Route {
            info: &self.info,
            table: self.table,
            dscp: self.dscp,
            kind: self.kind,
        }
    }
}

/// A list that nobody has seen.
///
/// # Invariants
///
/// This owns the list. Of its places, `len` have a route. RTNL is held within `'r`.
pub struct NewList<'r> {
    block: Block<Place>,
    len: usize,
    locked: Locked<'r>,
}

impl<'r> NewList<'r> {
    /// Allocates a list with so many places.
    pub fn new(places: usize, flags: Flags, locked: Locked<'r>) -> Result<Self, AllocError> {
        // INVARIANT: It has just been allocated.
        Ok(Self {
            block: Block::allocate(places, 0, flags)?,
            len: 0,
            locked,
        })
    }

    /// Adds a route behind the others. If there is no place left, it is dropped.
    pub fn push(&mut self, route: NewRoute<'r>) {
        self.put(route, -1);
    }

    /// Adds a route of another list, as it is there.
    pub fn push_copy(&mut self, list: &List, at: usize) {
        let copy = list.all().get(at).and_then(|place| {
            let route = NewRoute::copy(place.route()?, self.locked)?;
            Some((route, place.chosen()))
        });

        if let Some((route, chosen)) = copy {
            self.put(route, chosen);
        }
    }

    fn put(&mut self, route: NewRoute<'r>, chosen: i16) {
        // SAFETY: By the type invariant, it is not freed.
        let places = unsafe { self.block.body() };

        if let Some(place) = places.get(self.len) {
            let alias = bindings::fib_alias {
                tb_id: route.table,
                fa_dscp: route.dscp,
                fa_type: route.kind,
                fa_default: chosen,
                fa_info: route.info.into_raw().as_ptr(),
            };
            // SAFETY: The place is valid, and nobody has seen it.
            unsafe { place.0.get().write(alias) };
            // INVARIANT: The place has a route now.
            self.len = self.len.wrapping_add(1);
        }
    }

    /// Returns the route, if the list has room for no other.
    pub fn into_only(self) -> Result<NewRoute<'r>, Self> {
        let route = self.as_list().only();

        match route.and_then(|route| NewRoute::copy(route, self.locked)) {
            Some(route) => Ok(route),
            None => Err(self),
        }
    }

    /// Returns the list, to be read.
    pub fn as_list(&self) -> &List {
        // SAFETY: By the type invariant, it is not freed before this is dropped.
        unsafe { List::from_block(self.block) }
    }

    /// Gives the list to whoever keeps the pointer.
    pub(super) fn into_block(self) -> Block<Place> {
        ManuallyDrop::new(self).block
    }
}

impl Drop for NewList<'_> {
    fn drop(&mut self) {
        for at in 0..self.len {
            // SAFETY: Whoever has found a route has borrowed this.
            drop(unsafe { self.as_list().vacate(at, self.locked) });
        }
        // SAFETY: By the type invariant, this is the owner, and nobody has seen it.
        unsafe { self.block.memory().free() };
    }
}
