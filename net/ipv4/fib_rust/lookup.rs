// SPDX-License-Identifier: GPL-2.0

//! Which route serves a packet.

use crate::{
    table::{
        Fib,
        TRIES, //
    },
    trie::{
        Prefix,
        Trie, //
    },
};
use core::ops::Range;
use kernel::{
    net::fib_impl::{
        refusal,
        Choice,
        Flow,
        List,
        NextHop,
        Reader,
        Route, //
    },
    prelude::*,
    sync::barrier, //
};

/// The route that serves a packet.
pub(crate) struct Found<'a> {
    /// The address of its prefix.
    pub(crate) address: u32,
    /// The length of its prefix.
    pub(crate) length: u8,
    /// All routes to its prefix.
    pub(crate) list: &'a List,
    pub(crate) route: Route<'a>,
    /// Where the packet goes next.
    pub(crate) next_hop: &'a NextHop,
    /// The number of that among those of the route.
    pub(crate) number: u8,
}

/// Finds the route that serves a flow, with a reference for the caller if `flags`, `FIB_LOOKUP_*`,
/// do not say otherwise.
///
/// # Errors
///
/// - [`EAGAIN`]: none in this table.
/// - What a route says that refuses packets.
#[inline]
pub(crate) fn lookup<'a>(
    fib: &'a Fib,
    flow: &Flow,
    flags: c_int,
    reader: &'a Reader,
) -> Result<Found<'a>> {
    let destination = flow.destination();
    let mut below = Trie::<crate::memory::Kernel>::ANY;
    let mut tries = 0..TRIES;

    // What is found gets shorter each time.
    'longest: while let Some((length, number)) = fib.trie.longest(destination, below, reader) {
        let Some(list) = fib.lists.get(number, reader) else {
            if look_again(&mut tries) {
                continue;
            }
            break;
        };
        let mut next = length;

        for route in list.iter() {
            let is_other = route.dscp != 0 && !flow.has_dscp(route.dscp);
            if is_other || route.info.scope() < flow.scope() {
                continue;
            }
            if route.info.is_dead() {
                if look_again(&mut tries) {
                    continue 'longest;
                }
                continue;
            }
            if let Some(error) = refusal(route.kind) {
                return Err(error);
            }
            if route.info.has_died() {
                continue;
            }
            match route.info.choose(flow, flags, reader) {
                // Dead by now, if it cannot be held.
                Choice::NextHop(_, _) if !route.info.hold_result(flags) => {
                    if look_again(&mut tries) {
                        continue 'longest;
                    }
                }
                Choice::NextHop(next_hop, number) => {
                    return Ok(Found {
                        address: Prefix::network(destination, length),
                        length,
                        list,
                        route,
                        next_hop,
                        number,
                    });
                }
                Choice::None => (),
                Choice::Blackhole => return Err(EINVAL),
                Choice::NoneOfObject => {
                    // As in C's trie, where all routes that begin at one address are in one list,
                    // of which nothing is tried any more.
                    let address = Prefix::network(destination, length);

                    next = length.min(Prefix::shortest_at(address));
                    break;
                }
            }
        }
        below = next;
    }
    Err(EAGAIN)
}

/// Whether to look again: for what has taken the place of a route that was replaced or deleted
/// since its list was found, as it is published before that is dead; or for the list, which is not
/// found if the prefix has changed, or the array of lists has, since the number was.
#[cold]
fn look_again(tries: &mut Range<usize>) -> bool {
    // What is loaded from here on is no older than what has been: what says that a route is dead,
    // the array of lists that a number is from, or the prefix as it was when that went out of use.
    barrier::smp_mb(barrier::Read);
    tries.next().is_some()
}
