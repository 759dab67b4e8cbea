// SPDX-License-Identifier: GPL-2.0

//! Leaves: the prefixes of a range of addresses, few enough to be searched and copied at once.
//!
//! A leaf parts its range where a prefix begins or ends. Of each part it has a record: the key, its
//! first address, and the match, the longest prefix that covers it, or none. So of the records
//! whose keys are no greater than an address, the last one has its match.
//!
//! ```text
//!   prefixes:  10.0.0.0/8 = a, 10.1.0.0/16 = b
//!   keys:      10.0.0.0  10.1.0.0  10.2.0.0  11.0.0.0
//!   matches:      a         b         a        none
//! ```
//!
//! A prefix has a record of its own, where it begins, even if no address is left to that. Of
//! records with one key, that of the longest prefix comes last.
//!
//! Keys never change. Matches do while readers look: what takes a prefix away gives its records to
//! the longest that covers it, for which no memory is needed. Brought back, it takes them again, if
//! they are still where they belong. Until then they say nothing new; nor do those at the end, as
//! leaves come in a few sizes.
//!
//! ```text
//!   cells:  live  map  key 0 ... key n-1  none  match 0 ... match n-1
//! ```
//!
//! The first has the number of prefixes, for the writer alone. The second is a map, of a bit for
//! each 32nd of the range: where it is not set, there is nothing to be found. All keys lie
//! together, so that several are compared at once. Before the matches is one for what is before
//! all keys.

mod grow;
mod ordered;
mod rank;
mod records;

use super::{
    platform::Cell,
    prefix::{
        agree,
        Entry,
        Match,
        Prefix, //
    }, //
};
use core::ops;
use rank::{
    rank,
    room, //
};

pub(super) use grow::{
    Growth,
    Put, //
};
pub(super) use records::Records;

/// The cells before the keys.
const LIVE: usize = 0;
const MAP: usize = 1;
const KEYS: usize = 2;

/// How many cells a leaf of so many records has.
pub(super) fn cells(records: usize, depth: u8) -> usize {
    all(room(records, depth))
}

/// How many cells there are with so many records, all told.
const fn all(records: usize) -> usize {
    KEYS.wrapping_add(records)
        .wrapping_add(1)
        .wrapping_add(records)
}

/// A leaf to read.
pub(super) struct Leaf<'a, C> {
    cells: &'a [C],
    depth: u8,
}

impl<C> Clone for Leaf<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Leaf<'_, C> {}

impl<'a, C: Cell> Leaf<'a, C> {
    #[inline]
    pub(super) fn new(cells: &'a [C], depth: u8) -> Self {
        Self { cells, depth }
    }

    /// How many bits its addresses agree in.
    pub(super) fn depth(self) -> u8 {
        self.depth
    }

    /// The number of prefixes.
    pub(super) fn live(self) -> Option<&'a C> {
        self.cells.get(LIVE)
    }

    /// How many records there are.
    #[inline]
    pub(super) fn len(self) -> usize {
        self.cells.len().saturating_sub(KEYS) / 2
    }

    #[inline]
    fn keys(self) -> &'a [C] {
        let keys = KEYS..self.len().wrapping_add(KEYS);

        self.cells.get(keys).unwrap_or_default()
    }

    /// The matches, after that of what comes before all keys.
    #[inline]
    fn matches(self) -> &'a [C] {
        let matches = self.len().wrapping_add(KEYS).wrapping_add(1)..;

        self.cells.get(matches).unwrap_or_default()
    }

    /// The bits of the map for what is between two addresses.
    #[inline]
    fn bits(self, first: u32, last: u32) -> u32 {
        let bit = |address: u32| address.wrapping_shl(self.depth.into()) >> 27;

        u32::MAX.wrapping_shl(bit(first)) & u32::MAX.wrapping_shr(31u32.wrapping_sub(bit(last)))
    }

    /// Adds what a prefix covers to the map.
    fn mark(self, prefix: Prefix) {
        if let Some(map) = self.cells.get(MAP) {
            map.store(map.load() | self.bits(prefix.address(), prefix.last()));
        }
    }

    /// The longest prefix that covers an address and is shorter than `below`.
    #[inline]
    pub(super) fn longest(self, address: u32, below: u8) -> Match {
        longest(self.cells, self.depth, address, below)
    }

    /// How many records there are but those at the end that say nothing new.
    fn used(self) -> usize {
        let ends = self.records(0..self.len()).rev();
        let before = ends.clone().skip(1).map(|(_, found)| found);

        ends.zip(before)
            .take_while(|((key, found), before)| *key == u32::MAX && found == before)
            .fold(self.len(), |used, _| used.wrapping_sub(1))
    }

    /// Whether so many prefixes, and one that may come back, need a smaller leaf: each two records
    /// at most.
    pub(super) fn is_sparse(self, live: usize) -> bool {
        self.len() > room(live.saturating_add(1).saturating_mul(2), self.depth)
    }

    /// The word of a prefix.
    pub(super) fn get(self, prefix: Prefix) -> Match {
        self.own(prefix).map_or(Match::NONE, |(_, found)| found)
    }

    /// Takes a prefix away, and returns the word that it had.
    pub(super) fn take(self, prefix: Prefix) -> Match {
        let Some((at, old)) = self.own(prefix) else {
            return Match::NONE;
        };
        let cover = above(self.cells, at, prefix.address(), prefix.length());
        let keys = self.keys().get(at..).unwrap_or_default();
        let matches = self.matches().get(at..).unwrap_or_default();

        for (key, cell) in keys.iter().zip(matches) {
            if key.load() > prefix.last() {
                break;
            }
            if Match::load(cell).is(prefix.length()) {
                cover.store(cell);
            }
        }
        old
    }

    /// The record of a prefix's own, and what it says. That is loaded once: a writer may change it.
    fn own(self, prefix: Prefix) -> Option<(usize, Match)> {
        let end = self.end(prefix.address());
        let same = (0..end)
            .zip(self.records(0..end))
            .rev()
            .take_while(|(_, (key, _))| *key == prefix.address())
            .map(|(at, (_, found))| (at, found))
            .filter(|(_, found)| found.is(prefix.length()));

        // What has been taken away has what is before, if anything.
        same.last()
    }

    /// The first record that is not before an address.
    fn start(self, address: u32) -> usize {
        address.checked_sub(1).map_or(0, |before| self.end(before))
    }

    /// The first record that is after an address.
    fn end(self, address: u32) -> usize {
        self.keys().partition_point(|key| key.load() <= address)
    }

    /// Some of the records.
    fn records(
        self,
        range: ops::Range<usize>,
    ) -> impl DoubleEndedIterator<Item = (u32, Match)> + ExactSizeIterator + Clone + 'a {
        let keys = self.keys().get(range.clone()).unwrap_or_default();
        let matches = self.matches().get(range).unwrap_or_default();

        keys.iter()
            .zip(matches)
            .map(|(key, cell)| (key.load(), Match::load(cell)))
    }

    /// The prefix whose own a record is. Where one has been taken away, its record says what that
    /// before it does, or has a prefix that begins before, or none.
    fn entry(self, at: usize) -> Option<Entry> {
        let word = Match::load(self.matches().get(at)?);
        if word == Match::NONE {
            return None;
        }
        let key = self.keys().get(at)?.load();
        let prefix = Prefix::new(key, word.length())?;
        let is_own = at.checked_sub(1).is_none_or(|before| {
            // Of one prefix, whatever its word: it may be changing, one record after another.
            self.records(before..at)
                .all(|(before, same)| before != key || !same.is(word.length()))
        });

        is_own.then_some(Entry { prefix, word })
    }

    /// The records but those that say nothing new since a prefix has been taken away.
    pub(super) fn packed(self) -> impl Iterator<Item = (u32, Match)> + Clone + 'a {
        let all = (0..self.len()).zip(self.records(0..self.len()));

        all.filter_map(move |(at, (key, found))| {
            let before = at
                .checked_sub(1)
                .and_then(|before| self.matches().get(before));
            let is_new = before.map_or(Match::NONE, Match::load) != found;

            (is_new || self.entry(at).is_some()).then_some((key, found))
        })
    }

    /// The prefixes, in order.
    pub(super) fn entries(self) -> Entries<'a, C> {
        Entries { leaf: self, at: 0 }
    }
}

/// The longest prefix that covers an address and is shorter than `below`.
// No method of `Leaf`, which would be passed in memory.
#[inline(never)]
fn longest<C: Cell>(cells: &[C], depth: u8, address: u32, below: u8) -> Match {
    let bit = address.wrapping_shl(depth.into()) >> 27;
    if cells.get(MAP).is_none_or(|map| map.load() >> bit & 1 == 0) {
        return Match::NONE;
    }
    // The smallest table has no other leaf: the branch is foreseen, and the match is loaded without
    // waiting for the keys.
    if let [_, _, first, second, _, found, _] = cells {
        if first.load() <= address && address < second.load() {
            let found = Match::load(found);
            if found.length() < below {
                return found;
            }
        }
        return longest_of_any(cells, address, below);
    }
    let Some((after, found)) = rank(cells, address) else {
        return longest_of_any(cells, address, below);
    };
    let found = Match::load(found);

    if found.length() < below {
        return found;
    }
    above(cells, after, address, below)
}

/// The longest prefix that covers an address and is shorter than `below`, of those that the records
/// before `at` have.
///
/// Between a prefix's own record and an address in it, all records have that one or longer ones, so
/// the first that is found is the longest. While a writer changes others, a prefix's own record
/// stays what it is, so none is passed over.
#[cold]
#[inline(never)]
fn above<C: Cell>(cells: &[C], at: usize, address: u32, below: u8) -> Match {
    let mut before = Leaf { cells, depth: 0 }.records(0..at).rev();
    // Where there is none, none that covers the address has begun before.
    let nearest = before.find(|(key, found)| {
        found.length() < below && agree(*key, address, found.length()) || *found == Match::NONE
    });

    nearest.map_or(Match::NONE, |(_, found)| found)
}

/// The longest prefix that covers an address and is shorter than `below`, of a leaf of any size.
#[cold]
#[inline(never)]
fn longest_of_any<C: Cell>(cells: &[C], address: u32, below: u8) -> Match {
    let end = Leaf { cells, depth: 0 }.end(address);

    above(cells, end, address, below)
}

/// The prefixes of a leaf, in order.
pub(super) struct Entries<'a, C> {
    leaf: Leaf<'a, C>,
    at: usize,
}

impl<C> Clone for Entries<'_, C> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<C: Cell> Iterator for Entries<'_, C> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        while self.at < self.leaf.len() {
            let entry = self.leaf.entry(self.at);

            self.at = self.at.wrapping_add(1);
            if entry.is_some() {
                return entry;
            }
        }
        None
    }
}
