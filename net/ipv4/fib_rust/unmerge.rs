// SPDX-License-Identifier: GPL-2.0

//! What becomes of the routes when local and main get tables of their own. Nobody is told.

use crate::{
    hardware::Key,
    memory::Kernel,
    table::{
        Fib,
        Table, //
    }, //
};
use kernel::{
    net::fib_impl::{
        Locked,
        NewList,
        Reader,
        Writer, //
    },
    prelude::*, //
};

/// Copies the routes of one table out of those that several share.
///
/// # Errors
///
/// - [`ENOMEM`]: out of memory. Some may have been copied.
pub(crate) fn copy_part(from: &Fib, to: &Table, writer: &mut Writer, locked: Locked<'_>) -> Result {
    let memory = Kernel::FOR_INSERT;
    let fib = to.data();
    let mut place = None;

    while let Some((prefix, list)) = from.next(place, Reader::writer(writer)) {
        let ours = list.routes().filter(|(_, route)| route.table == to.id());
        let count = ours.clone().fold(0usize, |count, _| count.wrapping_add(1));

        place = Some(prefix);
        if count == 0 {
            continue;
        }
        let mut copy = NewList::new(count, memory.flags(), locked)?;
        for (at, route) in ours {
            let hw = from.hardware.flags(Key::new(prefix, route));
            fib.hardware.copy(Key::new(prefix, route), hw)?;
            copy.push_copy(list, at);
        }
        let number = fib.number(prefix, copy, memory.flags(), writer, locked)?;
        if fib.trie.insert(prefix, number, &memory, writer).is_err() {
            fib.lists.release(number, writer, locked);
            return Err(ENOMEM);
        }
    }
    Ok(())
}

/// Takes away all routes of a table that nobody has seen.
pub(crate) fn discard(table: &Table, writer: &mut Writer, locked: Locked<'_>) {
    let fib = table.data();

    while let Some((prefix, _)) = fib.trie.next(None, Reader::writer(writer)) {
        fib.clear(prefix, writer, locked);
    }
}

/// Takes the routes of other tables away, which have got one of their own.
pub(crate) fn forget_others(table: &Table, writer: &mut Writer, locked: Locked<'_>) {
    let fib = table.data();
    let mut place = None;

    while let Some((prefix, first)) = fib.trie.next(place, Reader::writer(writer)) {
        let mut left = Some(first);

        while let Some(number) = left {
            let list = fib.lists.get(number, Reader::writer(writer));
            let other = list.and_then(|list| {
                let mut routes = list.routes();
                routes.find(|(_, route)| route.table != table.id())
            });
            let other = other.map(|(at, _)| at);

            left = other.and_then(|at| fib.take_away(prefix, number, at, writer, locked));
        }
        place = Some(prefix);
    }
}
