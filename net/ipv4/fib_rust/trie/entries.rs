// SPDX-License-Identifier: GPL-2.0

//! Prefixes of several sets as one sequence.

use super::prefix::Entry;
use core::iter::Peekable;

/// How many there are. There are never so many that they could not be counted.
pub(super) fn count(entries: impl Iterator<Item = Entry>) -> usize {
    entries.fold(0usize, |count, _| count.wrapping_add(1))
}

/// Two sequences of prefixes, each in order, as one.
pub(super) fn merge<A, B>(a: A, b: B) -> Merge<A, B>
where
    A: Iterator<Item = Entry>,
    B: Iterator<Item = Entry>,
{
    Merge(a.peekable(), b.peekable())
}

#[derive(Clone)]
pub(super) struct Merge<A: Iterator<Item = Entry>, B: Iterator<Item = Entry>>(
    Peekable<A>,
    Peekable<B>,
);

impl<A: Iterator<Item = Entry>, B: Iterator<Item = Entry>> Iterator for Merge<A, B> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        match (self.0.peek(), self.1.peek()) {
            (Some(a), Some(b)) if b.prefix.order() < a.prefix.order() => self.1.next(),
            (None, _) => self.1.next(),
            _ => self.0.next(),
        }
    }
}
