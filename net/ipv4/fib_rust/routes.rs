// SPDX-License-Identifier: GPL-2.0

//! What stands at a prefix, and in which order.
//!
//! By table, from the greatest number to the smallest, as local and main may share a trie; then by
//! DSCP, likewise; then by priority, from the smallest to the greatest. Of equal ones, the newest
//! is first, if it was not appended.

use core::ptr;
use kernel::{
    net::fib_impl::{
        flag,
        Info,
        List,
        Locked,
        Request,
        Route, //
    },
    prelude::*, //
};

/// A route, and its number in its list.
type Numbered<'a> = (usize, Route<'a>);

/// The first route of a table, which is the one that FIB notifiers are told of.
pub(crate) fn first(list: &List, table: u32) -> Option<Numbered<'_>> {
    list.routes().find(|(_, route)| route.table == table)
}

/// The first route of a table that does not come before one with this DSCP and priority.
pub(crate) fn find(list: &List, table: u32, dscp: u8, priority: u32) -> Option<Numbered<'_>> {
    list.routes()
        .filter(|(_, route)| route.table == table)
        .find(|(_, route)| {
            route.dscp < dscp || route.dscp == dscp && route.info.priority() >= priority
        })
}

/// The route that is to be deleted, if there is one.
pub(crate) fn to_delete<'a>(
    list: &'a List,
    table: u32,
    request: &Request,
    locked: Locked<'_>,
) -> Option<Numbered<'a>> {
    let dscp = request.dscp();
    let (start, _) = find(list, table, dscp, 0)?;

    list.routes()
        .skip_while(|(at, _)| *at < start)
        .take_while(|(_, route)| route.table == table && route.dscp == dscp)
        .find(|(_, route)| request.matches(route.kind, route.info, locked))
}

/// Where a new route goes: before this one, or behind all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Before(usize),
    InPlaceOf(usize),
    Last,
}

impl Place {
    /// Whether it is before a route of the list.
    pub(crate) fn is_before(self, other: usize) -> bool {
        match self {
            Self::Before(at) | Self::InPlaceOf(at) => at <= other,
            Self::Last => false,
        }
    }
}

/// What an insertion comes to.
pub(crate) enum Insertion {
    /// The route is there.
    Nothing,
    /// It goes there, and is told of with these flags.
    Put(Place, u32),
}

/// Decides what becomes of a route to be inserted, which has this [`Info`].
///
/// # Errors
///
/// - [`EEXIST`]: there is such a route, or it is there but not the first of those that are equal.
/// - [`ENOENT`]: there is none to be replaced.
pub(crate) fn insertion(
    list: Option<&List>,
    table: u32,
    request: &Request,
    info: &Info,
) -> Result<Insertion> {
    let (dscp, priority) = (request.dscp(), info.priority());
    let found = list.and_then(|list| Some((list, find(list, table, dscp, priority)?)));
    let mut flags = flag::EXCL;
    let mut place = match (list, found) {
        (_, Some((_, (at, _)))) => Place::Before(at),
        (Some(list), None) => list
            .routes()
            .find(|(_, route)| route.table < table)
            .map_or(Place::Last, |(at, _)| Place::Before(at)),
        (None, None) => Place::Last,
    };

    if let Some((list, (start, route))) = found {
        if route.dscp == dscp && route.info.priority() == priority {
            if request.asks(flag::EXCL) {
                return Err(EEXIST);
            }
            flags = 0;
            let from_here = list.routes().skip_while(|(at, _)| *at < start);
            let is_equal = |route: &Route<'_>| {
                route.table == table && route.dscp == dscp && route.info.priority() == priority
            };
            let same = from_here
                .clone()
                .take_while(|(_, route)| is_equal(route))
                .find(|(_, route)| route.kind == request.kind() && ptr::eq(route.info, info));

            match same {
                Some((at, _)) if request.asks(flag::REPLACE) && at == start => {
                    return Ok(Insertion::Nothing);
                }
                Some(_) => return Err(EEXIST),
                None if request.asks(flag::REPLACE) => {
                    return Ok(Insertion::Put(Place::InPlaceOf(start), flag::REPLACE));
                }
                None if request.asks(flag::APPEND) => {
                    flags = flag::APPEND;
                    place = from_here
                        .clone()
                        .find(|(_, route)| !is_equal(route))
                        .map_or(Place::Last, |(at, _)| Place::Before(at));
                }
                None => (),
            }
        }
    }
    if !request.asks(flag::CREATE) {
        return Err(ENOENT);
    }
    Ok(Insertion::Put(place, flags | flag::CREATE))
}
