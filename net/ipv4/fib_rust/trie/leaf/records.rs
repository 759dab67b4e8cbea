// SPDX-License-Identifier: GPL-2.0

//! The records that a leaf of some prefixes has.

use super::{
    Entry,
    Match,
    Prefix, //
};
use core::iter::Peekable;

/// How many prefixes can cover one address.
const NESTED: usize = 33;

/// Makes records of prefixes in order.
#[derive(Clone)]
pub(in super::super) struct Records<I: Iterator<Item = Entry>> {
    entries: Peekable<I>,
    /// The prefixes that cover the last key, from the shortest on.
    open: [Match; NESTED],
    len: usize,
    last: u32,
}

impl<I: Iterator<Item = Entry>> Records<I> {
    pub(in super::super) fn new(entries: I) -> Self {
        Self {
            entries: entries.peekable(),
            open: [Match::NONE; NESTED],
            len: 0,
            last: 0,
        }
    }

    /// The last of the prefixes that cover the last key, and where it ends.
    fn top(&self) -> Option<(u32, Match)> {
        let top = self.len.checked_sub(1).and_then(|top| self.open.get(top))?;

        Some((Prefix::last_of(self.last, top.length()), *top))
    }
}

impl<I: Iterator<Item = Entry>> Iterator for Records<I> {
    type Item = (u32, Match);

    fn next(&mut self) -> Option<(u32, Match)> {
        loop {
            let top = self.top();
            let next = self.entries.peek().map(|entry| entry.prefix);

            match (top, next) {
                (Some((end, _)), next) if next.is_none_or(|next| next.address() > end) => {
                    while self.top().is_some_and(|(other, _)| other == end) {
                        self.len = self.len.wrapping_sub(1);
                    }
                    let key = end.wrapping_add(1);
                    if key != 0 && next.is_none_or(|next| next.address() != key) {
                        return Some((key, self.top().map_or(Match::NONE, |(_, cover)| cover)));
                    }
                }
                _ => {
                    let Entry { prefix, word } = self.entries.next()?;
                    if let Some(open) = self.open.get_mut(self.len) {
                        *open = word;
                        self.len = self.len.wrapping_add(1);
                    }
                    self.last = prefix.address();
                    return Some((prefix.address(), word));
                }
            }
        }
    }
}
