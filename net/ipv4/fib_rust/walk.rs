// SPDX-License-Identifier: GPL-2.0

//! All routes of a table, for those who ask.

use crate::{
    hardware::{
        Key,
        Room, //
    },
    table::{
        raw,
        Table,
        TRIES, //
    },
    trie::Prefix, //
};
use core::num::NonZero;
use kernel::{
    net::{
        fib_impl::{
            notify_on_flag_change,
            Asker,
            Dump,
            HwFlags,
            List,
            Locked,
            Meant,
            Message,
            Progress,
            Reader,
            Route, //
        },
        namespace::Namespace, //
    },
    prelude::*, //
};

/// Does what `fib_table_dump()` does: adds routes to a message as long as there is room, and notes
/// where to go on.
///
/// # Errors
///
/// - [`EMSGSIZE`]: there are more.
pub(crate) fn dump(table: &Table, dump: &mut Dump<'_>, reader: &Reader) -> Result {
    let fib = table.data();
    let mut progress = dump.progress();
    if progress.is_done {
        return Ok(());
    }

    // What it was not done with may be gone.
    let last = progress
        .prefix
        .and_then(|last| Prefix::new(last.address(), last.length()));
    let first = last.and_then(|prefix| Some((prefix, fib.routes(prefix, reader)?)));
    if first.is_none() {
        progress = Progress::default();
    }
    let mut told = match first {
        Some((prefix, list)) => dump_prefix(table, dump, prefix, list, &mut progress, reader),
        None => Ok(()),
    };
    if told.is_ok() {
        told = fib.walk(last, reader, |prefix, list| {
            // Of local and main, most prefixes have routes of one only.
            match list.only() {
                Some(only) if only.table != table.id() => Ok(()),
                _ => dump_prefix(table, dump, prefix, list, &mut progress, reader),
            }
        });
    }
    if told.is_ok() {
        progress.prefix = None;
        progress.is_done = true;
    }
    dump.set_progress(progress);
    told
}

/// Adds what it has not yet of a prefix, with which it is then done; if there is no room, it goes
/// on there.
fn dump_prefix(
    table: &Table,
    dump: &mut Dump<'_>,
    prefix: Prefix,
    list: &List,
    progress: &mut Progress,
    reader: &Reader,
) -> Result {
    let raw = raw(prefix);
    let mut done = 0usize;

    progress.prefix = Some(raw);
    for (_, route) in list.routes().filter(|(_, it)| it.table == table.id()) {
        if done >= progress.routes {
            if dump.wants(route, reader) {
                let hw = table.data().hardware.flags(Key::new(prefix, route));
                dump.add(raw, route, hw, &mut progress.messages, reader)?;
            }
            progress.messages = 0;
            progress.routes = progress.routes.wrapping_add(1);
        }
        done = done.wrapping_add(1);
    }
    (progress.routes, progress.messages) = (0, 0);
    Ok(())
}

/// Does what `fib_notify()` does for a table: tells the first route to each prefix.
///
/// # Errors
///
/// - What `tell` fails with.
pub(crate) fn notify(
    table: &Table,
    reader: &Reader,
    tell: impl Fn(Prefix, Route<'_>) -> Result,
) -> Result {
    table.data().walk(None, reader, |prefix, list| {
        list.routes()
            .filter(|(_, route)| route.table == table.id())
            .find_map(|(_, route)| route.info.while_held(|_| tell(prefix, route)))
            .unwrap_or(Ok(()))
    })
}

/// Does what `fib_info_notify_update()` does for a table: tells of all routes whose nexthop object
/// has changed.
pub(crate) fn notify_update(table: &Table, asker: &Asker<'_>, reader: &Reader, locked: Locked<'_>) {
    let fib = table.data();

    // Nothing here fails.
    let _ = fib.walk_back(reader, |prefix, list| {
        let updated = list
            .routes()
            .filter(|(_, it)| it.table == table.id() && it.info.is_updated(locked));

        for (_, route) in updated {
            let hw = || fib.hardware.flags(Key::new(prefix, route));

            Message::REPLACED.tell(raw(prefix), route, hw, asker, GFP_KERNEL, reader);
        }
        Ok(())
    });
}

/// A route, and where it has been found.
struct Found<'a> {
    route: Route<'a>,
    prefix: Prefix,
    number: NonZero<u32>,
    list: &'a List,
    at: usize,
}

impl<'a> Found<'a> {
    /// The route that is meant, if it is there.
    fn new(table: &'a Table, meant: &Meant<'_>, reader: &'a Reader) -> Option<Self> {
        let prefix = Prefix::new(meant.prefix().address(), meant.prefix().length())?;
        let (number, list) = table.data().numbered(prefix, reader)?;
        let (at, route) = list.routes().find(|(_, route)| meant.is(*route))?;

        Some(Self {
            route,
            prefix,
            number,
            list,
            at,
        })
    }

    /// Whether it still is where it has been found, however many routes there are.
    fn is_there(&self, table: &Table, reader: &Reader) -> bool {
        table.data().trie.get(self.prefix, reader) == Some(self.number)
            && self.list.route(self.at).is_some()
    }

    fn key(&self) -> Key {
        Key::new(self.prefix, self.route)
    }
}

/// Does what `fib_alias_hw_flags_set()` does: notes what a driver says of a route, and tells of it
/// if that is wanted.
pub(crate) fn set_hw_flags(
    table: &Table,
    net: &Namespace,
    said: &Meant<'_>,
    mut room: Room,
    reader: &Reader,
) {
    let new = said.flags();
    let hardware = &table.data().hardware;

    for _ in 0..TRIES {
        let Some(found) = Found::new(table, said, reader) else {
            return;
        };
        let is_there = || found.is_there(table, reader);

        let old = match hardware.note(found.key(), new, &mut room, is_there) {
            Ok(old) => old,
            // It may have a place in another list by now.
            Err(error) if error == ESRCH => continue,
            Err(_) => return,
        };
        match notify_on_flag_change(net) {
            0 => (),
            2 if old.offload_failed == new.offload_failed => (),
            _ => Asker::kernel(net, |asker| {
                let prefix = raw(found.prefix);

                Message::New(0).tell(prefix, found.route, || new, asker, GFP_ATOMIC, reader);
            }),
        }
        return;
    }
}

/// What hardware makes of the route that is meant.
pub(crate) fn hw_flags(table: &Table, said: &Meant<'_>, reader: &Reader) -> Option<HwFlags> {
    let found = Found::new(table, said, reader)?;

    Some(table.data().hardware.flags(found.key()))
}
