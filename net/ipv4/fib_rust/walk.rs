// SPDX-License-Identifier: GPL-2.0

//! All routes of a table, for those who ask.

use crate::{
    hardware::Key,
    table::{
        raw,
        Table, //
    },
    trie::Prefix, //
};
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

/// The route that is meant, if it is there.
fn meant<'a>(
    table: &'a Table,
    meant: &Meant<'_>,
    reader: &'a Reader,
) -> Option<(Prefix, Route<'a>)> {
    let prefix = Prefix::new(meant.prefix().address(), meant.prefix().length())?;
    let list = table.data().routes(prefix, reader)?;
    let (_, route) = list.routes().find(|(_, route)| meant.is(*route))?;

    Some((prefix, route))
}

/// Does what `fib_alias_hw_flags_set()` does: notes what a driver says of a route, and tells of it
/// if that is wanted.
pub(crate) fn set_hw_flags(table: &Table, net: &Namespace, said: &Meant<'_>, reader: &Reader) {
    let Some((prefix, route)) = meant(table, said, reader) else {
        return;
    };
    let new = said.flags();
    let is_there = || meant(table, said, reader).is_some();
    let hardware = &table.data().hardware;

    let Ok(old) = hardware.note(Key::new(prefix, route), new, is_there) else {
        return;
    };
    match notify_on_flag_change(net) {
        0 => (),
        2 if old.offload_failed == new.offload_failed => (),
        _ => Asker::kernel(net, |asker| {
            Message::New(0).tell(raw(prefix), route, || new, asker, GFP_ATOMIC, reader);
        }),
    }
}

/// What hardware makes of the route that is meant.
pub(crate) fn hw_flags(table: &Table, said: &Meant<'_>, reader: &Reader) -> Option<HwFlags> {
    let (prefix, route) = meant(table, said, reader)?;

    Some(table.data().hardware.flags(Key::new(prefix, route)))
}
