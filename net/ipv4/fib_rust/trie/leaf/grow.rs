// SPDX-License-Identifier: GPL-2.0

//! How a prefix gets into a leaf: where there are records for it, by storing to these; or else into
//! a copy with one or two more.

use super::{
    Cell,
    Entry,
    Leaf,
    Match,
    Prefix,
    LIVE,
    MAP, //
};

/// What has become of a prefix that was to be put into a set.
pub(in super::super) enum Put<'a, C> {
    /// It has its word. This is the one it had.
    Done(Match),
    /// There is no place for it in the leaf.
    Wants(Growth<'a, C>),
}

/// What a leaf needs for one prefix more.
pub(in super::super) struct Growth<'a, C> {
    leaf: Leaf<'a, C>,
    entry: Entry,
    /// The prefix's own record goes there,
    own: usize,
    /// before this one of those that there are.
    next: usize,
    /// What begins where the prefix ends is this one.
    end: usize,
    /// Whether there is no such record.
    wants_end: bool,
}

impl<'a, C: Cell> Leaf<'a, C> {
    /// Gives a prefix a word, if there is a place for it.
    pub(in super::super) fn put(self, entry: Entry) -> Put<'a, C> {
        let Entry { prefix, word } = entry;
        let start = self.start(prefix.address());
        let end = self.end(prefix.last());
        let mut next = start;

        for (key, found) in self.records(start..end) {
            if found.is(prefix.length()) && key == prefix.address() {
                for cell in self.matches().get(start..end).unwrap_or_default() {
                    if Match::load(cell).is(prefix.length()) {
                        word.store(cell);
                    }
                }
                return Put::Done(found);
            }
            if key != prefix.address() || !found.is_shorter(prefix.length()) {
                break;
            }
            next = next.wrapping_add(1);
        }

        let spare = next.checked_sub(1).filter(|spare| {
            self.records(*spare..next)
                .all(|(key, _)| key == prefix.address())
                && self.entry(*spare).is_none()
        });
        let after = prefix.last().wrapping_add(1);
        // What says nothing new is left out of a copy.
        let is_there = self.keys().get(end).is_some_and(|key| key.load() == after)
            && (after != u32::MAX || end < self.used());
        let wants_end = after != 0 && !is_there;
        let (Some(own), false) = (spare, wants_end) else {
            return Put::Wants(Growth {
                leaf: self,
                entry,
                own: spare.unwrap_or(next),
                next,
                end,
                wants_end,
            });
        };
        // Readers may see either first: they find nothing, or what they found before.
        self.mark(prefix);
        for cell in self.matches().get(own..end).unwrap_or_default() {
            if Match::load(cell).is_shorter(prefix.length()) {
                word.store(cell);
            }
        }
        Put::Done(Match::NONE)
    }

    /// Writes records where no reader is yet, as many as there is room for, and fills that up.
    pub(in super::super) fn fill(self, live: u32, records: impl Iterator<Item = (u32, Match)>) {
        let mut to = self.keys().iter().zip(self.matches());
        let mut map = 0;
        let mut last = (0, Match::NONE);
        let mut add = |(key, found): (u32, Match), end: u32| {
            if found != Match::NONE && key <= end {
                map |= self.bits(key, end);
            }
        };

        for ((new_key, found), (key, cell)) in records.zip(&mut to) {
            key.init(new_key);
            found.init(cell);
            if let Some(end) = new_key.checked_sub(1) {
                add(last, end);
            }
            last = (new_key, found);
        }
        add(last, u32::MAX);
        for (key, cell) in to {
            key.init(u32::MAX);
            last.1.init(cell);
        }
        if let (Some(live_cell), Some(map_cell)) = (self.live(), self.cells.get(MAP)) {
            live_cell.init(live);
            map_cell.init(map);
        }
    }
}

impl<C: Cell> Growth<'_, C> {
    /// How many bits the addresses of the leaf agree in.
    pub(in super::super) fn depth(&self) -> u8 {
        self.leaf.depth
    }

    /// How many records the copy has.
    pub(in super::super) fn records(&self) -> usize {
        let more = usize::from(self.own == self.next).wrapping_add(self.wants_end.into());

        self.leaf.used().wrapping_add(more)
    }

    /// Makes `copy` what the leaf is, with one prefix more.
    pub(in super::super) fn write(self, copy: &[C]) {
        let Self {
            leaf,
            entry: Entry { prefix, word },
            own,
            next,
            end,
            wants_end,
        } = self;
        // What comes after is covered by what covers the last address now: if a longer one did
        // end there, there would be a record.
        let last = end.wrapping_sub(1);
        let cover = leaf.matches().get(last).map_or(Match::NONE, Match::load);
        let after = prefix.last().wrapping_add(1);
        let copy = Leaf::new(copy, leaf.depth);
        let mut to = copy.keys().iter().zip(copy.matches());
        let mut last = Match::NONE;
        // Each record of each copy goes by here.
        let mut put = |(new_key, found): (u32, Match)| {
            if let Some((key, cell)) = to.next() {
                key.init(new_key);
                found.init(cell);
                last = found;
            }
        };

        leaf.records(0..own).for_each(&mut put);
        put((prefix.address(), word));
        for (key, found) in leaf.records(next..end) {
            put((key, longer(found, prefix, word)));
        }
        if wants_end {
            put((after, cover));
        }
        leaf.records(end..leaf.len()).for_each(&mut put);
        for (key, cell) in to {
            key.init(u32::MAX);
            last.init(cell);
        }
        let load = |cell| leaf.cells.get(cell).map_or(0, Cell::load);
        let map = load(MAP) | leaf.bits(prefix.address(), prefix.last());
        if let (Some(live_cell), Some(map_cell)) = (copy.live(), copy.cells.get(MAP)) {
            live_cell.init(load(LIVE).wrapping_add(1));
            map_cell.init(map);
        }
    }
}

/// The longer one of what covers an address of a prefix, and that.
fn longer(found: Match, prefix: Prefix, word: Match) -> Match {
    if found.is_shorter(prefix.length()) {
        word
    } else {
        found
    }
}
