// SPDX-License-Identifier: GPL-2.0

//! Changes of a table, and who is told of them.

use crate::{
    hardware::Key,
    memory::Kernel,
    routes::{
        self,
        Insertion,
        Place, //
    },
    table::{
        raw,
        Fib,
        Table, //
    },
    trie::Prefix, //
};
use core::num::NonZero;
use kernel::{
    alloc::{
        AllocError,
        Flags, //
    },
    net::{
        fib_impl::{
            forget_cached,
            Asker,
            Event,
            Extack,
            InfoRef,
            List,
            Locked,
            Message,
            NewList,
            NewRoute,
            Reader,
            Request,
            Route,
            Writer, //
        },
        namespace::Namespace, //
    },
    prelude::*, //
};

impl Fib {
    /// Gives the only route to a prefix the number of a list: of one that is the same, or of a new
    /// one.
    fn number_one<'r>(
        &self,
        prefix: Prefix,
        route: NewRoute<'r>,
        flags: Flags,
        writer: &mut Writer,
        locked: Locked<'r>,
    ) -> Result<NonZero<u32>, AllocError> {
        let route = match prefix.length() {
            // `fib_select_default()` notes in it which of the default routes it has chosen.
            0 => route,
            _ => match self.lists.share(route, writer, locked) {
                Ok(number) => return Ok(number),
                Err(route) => route,
            },
        };
        let mut list = NewList::new(1, flags, locked)?;

        list.push(route);
        self.lists.add(list, flags, writer, locked)
    }

    /// Gives a list of the routes to a prefix a number.
    pub(crate) fn number<'r>(
        &self,
        prefix: Prefix,
        list: NewList<'r>,
        flags: Flags,
        writer: &mut Writer,
        locked: Locked<'r>,
    ) -> Result<NonZero<u32>, AllocError> {
        let only = match prefix.length() {
            0 => Err(list),
            _ => list.into_only(),
        };

        match only {
            Ok(route) => self.number_one(prefix, route, flags, writer, locked),
            Err(list) => self.lists.add(list, flags, writer, locked),
        }
    }

    /// Gives a prefix that is there the routes that a number stands for, and lets go of those that
    /// it had. This needs no memory.
    fn set(&self, prefix: Prefix, number: NonZero<u32>, writer: &mut Writer, locked: Locked<'_>) {
        let old = self.trie.insert(prefix, number, &Kernel::to_tidy(), writer);

        if let Ok(Some(old)) = old {
            self.lists.release(old, writer, locked);
        }
    }

    /// Takes a prefix away, and lets go of the routes that it had. This needs no memory.
    pub(crate) fn clear(&self, prefix: Prefix, writer: &mut Writer, locked: Locked<'_>) {
        let old = self.trie.remove(prefix, &Kernel::to_tidy(), writer);

        if let Some(old) = old {
            self.lists.release(old, writer, locked);
        }
    }

    /// Takes a route away, whatever memory there is. `number` is that of the list of its prefix.
    /// Returns the number that the prefix has then, if it has routes yet.
    pub(crate) fn take_away(
        &self,
        prefix: Prefix,
        number: NonZero<u32>,
        at: usize,
        writer: &mut Writer,
        locked: Locked<'_>,
    ) -> Option<NonZero<u32>> {
        let list = self.lists.get(number, Reader::writer(writer))?;
        let gone = match list.only() {
            None => list.routes().find(|(it, _)| *it == at),
            only => only.map(|route| (at, route)),
        };
        let key = gone.map(|(_, route)| Key::new(prefix, route));

        let left = if list.only().is_none() && list.len() > 1 {
            let flags = Kernel::to_tidy().flags();
            let smaller = without(list, at, flags, locked)
                .and_then(|list| self.number(prefix, list, flags, writer, locked));

            match smaller {
                Ok(smaller) => {
                    self.set(prefix, smaller, writer, locked);
                    Some(smaller)
                }
                Err(_) => {
                    self.lists.vacate(number, at, writer, locked);
                    Some(number)
                }
            }
        } else {
            self.clear(prefix, writer, locked);
            None
        };
        self.hardware.forget(key);
        left
    }

    /// Takes prefixes away that follow one another in a walk, each with the only route to it.
    /// `next` is the one that follows, if any does.
    fn take_all(
        &self,
        gone: impl Iterator<Item = (Prefix, NonZero<u32>)> + Clone,
        next: Option<Prefix>,
        writer: &mut Writer,
        locked: Locked<'_>,
    ) {
        let prefixes = gone.clone().map(|(prefix, _)| prefix);

        self.trie
            .remove_all(prefixes, next, &Kernel::to_tidy(), writer);
        self.hardware
            .forget(gone.clone().filter_map(|(prefix, number)| {
                let list = self.lists.get(number, Reader::writer(writer))?;

                Some(Key::new(prefix, list.only()?))
            }));
        for (_, number) in gone {
            self.lists.release(number, writer, locked);
        }
    }
}

/// The routes of a list, with a new one among them.
fn with<'r>(
    list: &List,
    new: NewRoute<'r>,
    place: Place,
    flags: Flags,
    locked: Locked<'r>,
) -> Result<NewList<'r>, AllocError> {
    let more = usize::from(!matches!(place, Place::InPlaceOf(_)));
    let mut all = NewList::new(list.len().wrapping_add(more), flags, locked)?;
    let mut new = Some(new);

    for (at, _) in list.routes() {
        if place.is_before(at) {
            new.take().into_iter().for_each(|new| all.push(new));
        }
        if place != Place::InPlaceOf(at) {
            all.push_copy(list, at);
        }
    }
    new.into_iter().for_each(|new| all.push(new));
    Ok(all)
}

/// The routes of a list, without one of them.
fn without<'r>(
    list: &List,
    gone: usize,
    flags: Flags,
    locked: Locked<'r>,
) -> Result<NewList<'r>, AllocError> {
    let mut all = NewList::new(list.len().wrapping_sub(1), flags, locked)?;

    for (at, _) in list.routes().filter(|(at, _)| *at != gone) {
        all.push_copy(list, at);
    }
    Ok(all)
}

/// Does what `fib_table_insert()` does.
///
/// # Errors
///
/// - What [`InfoRef::create()`] or [`routes::insertion()`] fail with.
/// - [`ENOBUFS`], [`ENOMEM`]: out of memory.
/// - [`EINVAL`]: the prefix is none.
/// - What a FIB notifier objects with.
///
/// Nothing has changed then.
pub(crate) fn insert(
    table: &Table,
    net: &Namespace,
    request: &Request,
    writer: &mut Writer,
    locked: Locked<'_>,
) -> Result {
    let fib = table.data();
    let prefix = Prefix::new(request.address(), request.length()).ok_or(EINVAL)?;
    let info = InfoRef::create(request, locked)?;

    let reader = Reader::writer(writer);
    let number = fib.trie.get(prefix, reader);
    let list = number.and_then(|number| fib.lists.get(number, reader));
    let (place, flags) = match routes::insertion(list, table.id(), request, &info)? {
        Insertion::Nothing => return Ok(()),
        Insertion::Put(place, flags) => (place, flags),
    };
    let replaced = match place {
        Place::InPlaceOf(at) => list.and_then(|list| list.routes().find(|(it, _)| *it == at)),
        _ => None,
    };
    let replaced = replaced.map(|(_, route)| Key::new(prefix, route));
    let first = list.and_then(|list| routes::first(list, table.id()));
    let is_first = first.is_none_or(|(first, _)| place.is_before(first));

    let kept = info.hold(locked).ok_or(ENOENT)?;
    let new = NewRoute {
        info,
        table: table.id(),
        dscp: request.dscp(),
        kind: request.kind(),
    };
    let memory = Kernel::FOR_INSERT;
    let others = list.filter(|list| list.len() > usize::from(replaced.is_some()));
    let new_number = match others {
        None => fib.number_one(prefix, new, memory.flags(), writer, locked),
        Some(list) => with(list, new, place, memory.flags(), locked)
            .and_then(|list| fib.lists.add(list, memory.flags(), writer, locked)),
    };
    let new_number = new_number.map_err(|_| ENOBUFS)?;
    if fib
        .trie
        .insert(prefix, new_number, &memory, writer)
        .is_err()
    {
        fib.lists.release(new_number, writer, locked);
        return Err(ENOMEM);
    }

    let route = Route {
        info: &kept,
        table: table.id(),
        dscp: request.dscp(),
        kind: request.kind(),
    };
    let key = Key::new(prefix, route);
    if is_first {
        let told = Event::Replace.tell(net, raw(prefix), route, request.extack(), locked);
        if let Err(error) = told {
            match number {
                Some(number) => fib.set(prefix, number, writer, locked),
                None => fib.clear(prefix, writer, locked),
            }
            // Another driver may have taken it, and said so.
            fib.hardware.forget([key]);
            return Err(error);
        }
    }

    if let Some(number) = number {
        fib.lists.release(number, writer, locked);
    }
    match replaced {
        Some(key) => fib.hardware.forget([key]),
        None if prefix.length() == 0 => table.count_default(1, writer),
        None => (),
    }
    // C does so after a replacement only if the old route has been looked up since. That is not
    // known here: whoever looks routes up would have to write to them.
    forget_cached(net);
    Message::New(flags).tell(
        raw(prefix),
        route,
        || fib.hardware.flags(key),
        &request.asker(),
        GFP_KERNEL,
        Reader::writer(writer),
    );
    Ok(())
}

/// Tells the FIB notifiers that a route goes, if they know of it: the next one takes its place, or
/// there is none.
fn tell_of_removal(
    net: &Namespace,
    prefix: Prefix,
    list: &List,
    (at, route): (usize, Route<'_>),
    extack: &Extack,
    locked: Locked<'_>,
) {
    let (event, route) = match list.only() {
        Some(route) => (Event::Delete, route),
        None => {
            let mut same = list.routes().filter(|(_, it)| it.table == route.table);
            if same.next().is_none_or(|(first, _)| first != at) {
                return;
            }
            match same.next() {
                Some((_, next)) => (Event::Replace, next),
                None => (Event::Delete, route),
            }
        }
    };

    // They cannot object.
    let _ = event.tell(net, raw(prefix), route, extack, locked);
}

/// Does what `fib_table_delete()` does.
///
/// # Errors
///
/// - [`ESRCH`]: there is no such route.
pub(crate) fn delete(
    table: &Table,
    net: &Namespace,
    request: &Request,
    writer: &mut Writer,
    locked: Locked<'_>,
) -> Result {
    let fib = table.data();
    let prefix = Prefix::new(request.address(), request.length()).ok_or(ESRCH)?;
    let reader = Reader::writer(writer);
    let number = fib.trie.get(prefix, reader).ok_or(ESRCH)?;
    let list = fib.lists.get(number, reader).ok_or(ESRCH)?;
    let (at, route) = routes::to_delete(list, table.id(), request, locked).ok_or(ESRCH)?;

    tell_of_removal(net, prefix, list, (at, route), request.extack(), locked);
    Message::Gone.tell(
        raw(prefix),
        route,
        || fib.hardware.flags(Key::new(prefix, route)),
        &request.asker(),
        GFP_KERNEL,
        reader,
    );
    if prefix.length() == 0 {
        table.count_default(-1, writer);
    }
    fib.take_away(prefix, number, at, writer, locked);
    // As in `insert()`.
    forget_cached(net);
    Ok(())
}

/// The first route of a list that is to be flushed.
fn doomed(list: &List, table: u32, all: bool) -> Option<(usize, Route<'_>)> {
    let is_doomed =
        |(_, route): &(usize, Route<'_>)| route.table == table && (all || route.info.has_died());

    match list.only() {
        Some(route) => Some((0, route)).filter(is_doomed),
        None => list.routes().find(is_doomed),
    }
}

/// How many prefixes are looked for, told of and taken away at once when a table is flushed.
const AT_ONCE: usize = 64;

/// There are more than these: this one follows.
struct Full(Prefix);

/// Does what `fib_table_flush()` does: takes away all routes of a table, or those that have died.
/// Returns how many these were.
///
/// Each is told of before it goes, and a few that follow may be as well.
pub(crate) fn flush(
    table: &Table,
    net: &Namespace,
    all: bool,
    writer: &mut Writer,
    locked: Locked<'_>,
) -> c_int {
    let fib = table.data();
    let mut count: c_int = 0;
    let mut place = None;

    loop {
        let reader = Reader::writer(writer);
        let mut found = [None; AT_ONCE];
        let mut room = found.iter_mut();
        let all_found: Result<(), Full> = fib.trie.walk_back(place, reader, |prefix, number| {
            let list = fib.lists.get(number, reader);
            if list.is_some_and(|list| doomed(list, table.id(), all).is_some()) {
                *room.next().ok_or(Full(prefix))? = Some((prefix, number));
                place = Some(prefix);
            }
            Ok(())
        });

        for found in &mut found {
            while let Some((prefix, number)) = *found {
                let reader = Reader::writer(writer);
                let list = fib.lists.get(number, reader);
                let gone = list.and_then(|list| Some((list, doomed(list, table.id(), all)?)));
                let Some((list, (at, route))) = gone else {
                    *found = None;
                    break;
                };

                tell_of_removal(net, prefix, list, (at, route), &Extack::NONE, locked);
                if route.info.lost_source(locked) {
                    let hw = || fib.hardware.flags(Key::new(prefix, route));
                    Asker::kernel(net, |asker| {
                        Message::Gone.tell(raw(prefix), route, hw, asker, GFP_KERNEL, reader);
                    });
                }
                count = count.wrapping_add(1);
                if list.only().is_some() {
                    break;
                }
                let left = fib.take_away(prefix, number, at, writer, locked);
                *found = left.map(|left| (prefix, left));
            }
        }
        let next = all_found.err().map(|Full(prefix)| prefix);
        fib.take_all(found.iter().copied().flatten(), next, writer, locked);
        if next.is_none() {
            return count;
        }
    }
}
