// SPDX-License-Identifier: GPL-2.0

//! The prefixes of a leaf in the order in which they are told.

use super::{
    Cell,
    Entry,
    Leaf,
    Match,
    Prefix, //
};

/// The prefixes of a leaf by address, `BACK` or forth, then longest first.
pub(in super::super) struct Ordered<'a, C, const BACK: bool> {
    keys: &'a [C],
    matches: &'a [C],
    /// The records with the key that it is at,
    start: usize,
    end: usize,
    /// of which those from this one on have been told.
    at: usize,
}

impl<'a, C: Cell> Leaf<'a, C> {
    /// Those that begin at an address, and all that follow.
    pub(in super::super) fn ordered<const BACK: bool>(self, address: u32) -> Ordered<'a, C, BACK> {
        let at = match BACK {
            true => self.end(address),
            false => self.start(address),
        };

        Ordered {
            keys: self.keys(),
            matches: self.matches(),
            start: at,
            end: at,
            at,
        }
    }
}

impl<C: Cell, const BACK: bool> Ordered<'_, C, BACK> {
    fn key(&self, at: usize) -> Option<u32> {
        self.keys.get(at).map(Cell::load)
    }

    fn found(&self, at: usize) -> Option<Match> {
        self.matches.get(at).map(Match::load)
    }

    /// Goes to the records with the next key.
    fn onward(&mut self) -> Option<()> {
        if BACK {
            self.end = self.start;
            self.start = self.start.checked_sub(1)?;
            let key = self.key(self.start);
            while let Some(before) = self.start.checked_sub(1) {
                if self.key(before) != key {
                    break;
                }
                self.start = before;
            }
        } else {
            self.start = self.end;
            let key = Some(self.key(self.start)?);
            self.end = self.end.wrapping_add(1);
            while self.key(self.end) == key {
                self.end = self.end.wrapping_add(1);
            }
        }
        self.at = self.end;
        Some(())
    }

    /// The prefix whose own a record is.
    fn entry(&self, at: usize) -> Option<Entry> {
        let word = self.found(at).filter(|word| *word != Match::NONE)?;
        let prefix = Prefix::new(self.key(at)?, word.length())?;
        let before = at.checked_sub(1).filter(|before| *before >= self.start);
        // What has been taken away has what is before, or, while that is replaced, had it.
        let is_own = before
            .and_then(|before| self.found(before))
            .is_none_or(|before| !before.is(word.length()));

        is_own.then_some(Entry { prefix, word })
    }
}

impl<C: Cell, const BACK: bool> Iterator for Ordered<'_, C, BACK> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        loop {
            while self.at > self.start {
                self.at = self.at.wrapping_sub(1);
                if let Some(entry) = self.entry(self.at) {
                    return Some(entry);
                }
            }
            self.onward()?;
        }
    }
}
