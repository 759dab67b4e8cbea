// SPDX-License-Identifier: GPL-2.0

//! The records that a leaf of some prefixes has.

use super::{
    Entry,
    Match, //
};
use core::iter::Peekable;

/// How many prefixes can cover one address.
const NESTED: usize = 33;

/// Makes records of prefixes in order.
#[derive(Clone)]
pub(in super::super) struct Records<I: Iterator<Item = Entry>> {
    entries: Peekable<I>,
    /// The prefixes that cover the last key, from the shortest on: where each ends.
    open: [(u32, Match); NESTED],
    len: usize,
}

impl<I: Iterator<Item = Entry>> Records<I> {
    pub(in super::super) fn new(entries: I) -> Self {
        Self {
            entries: entries.peekable(),
            open: [(0, Match::NONE); NESTED],
            len: 0,
        }
    }

    /// The last of the prefixes that cover the last key.
    fn top(&self) -> Option<(u32, Match)> {
        self.len
            .checked_sub(1)
            .and_then(|top| self.open.get(top))
            .copied()
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
                        *open = (prefix.last(), word);
                        self.len = self.len.wrapping_add(1);
                    }
                    return Some((prefix.address(), word));
                }
            }
        }
    }
}
