// SPDX-License-Identifier: GPL-2.0

//! Which entry of a leaf serves an address. This is on the way of every packet.

use super::{
    above,
    covers,
    shape::{
        chosen,
        INDEX,
        NARROW,
        NARROW_CELLS,
        NARROW_WINDOW, //
    },
    Cell,
    Leaf, //
};
use core::num::NonZero;

/// So many keys are compared at once.
const WINDOW: usize = 4;

impl<C: Cell> Leaf<'_, C> {
    /// The longest entry that covers an address, is shorter than `below`, and has a word.
    ///
    /// `depth` is that of the leaf, from who knows without having read it.
    #[inline]
    pub(in super::super) fn longest(
        self,
        address: u32,
        below: u8,
        depth: u8,
    ) -> Option<(u8, NonZero<u32>)> {
        if self.shape.is_narrow {
            self.longest_of_narrow(address, below, depth)
        } else {
            self.longest_of_wide(address, below)
        }
    }

    #[inline]
    fn longest_of_narrow(self, address: u32, below: u8, depth: u8) -> Option<(u8, NonZero<u32>)> {
        // The last key that can be no greater than this one is that of the longest match, or of one
        // that begins within it.
        let probe = address << NARROW | u32::MAX >> NARROW;
        let entries = self.body.get(self.shape.index()..)?;
        let start = self.indexed(chosen(probe, depth));
        let mut at = rank(entries, self.shape.len(), probe, start)?.wrapping_sub(1);

        while at < self.shape.len() {
            let (key, word) = match entries.get(at.wrapping_mul(2)..)? {
                [key, word, ..] => (key.load(), word),
                _ => return None,
            };
            if let Some(length) = covers(probe, key, key, NARROW).filter(|it| *it < below) {
                if let Some(word) = NonZero::new(word.load()) {
                    return Some((length, word));
                }
            }
            at = above(at, key)?;
        }
        None
    }

    #[inline]
    fn longest_of_wide(self, address: u32, below: u8) -> Option<(u8, NonZero<u32>)> {
        let len = self.shape.len();
        let (keys, rest) = self.body.split_at_checked(len)?;
        let (links, words) = rest.split_at_checked(len)?;
        let words = words.get(..len)?;
        let mut at = sampled(keys, address).wrapping_sub(1);

        loop {
            let (key, link) = (keys.get(at)?.load(), links.get(at)?.load());
            if let Some(length) = covers(address, key, link, 0).filter(|it| *it < below) {
                if let Some(word) = NonZero::new(words.get(at)?.load()) {
                    return Some((length, word));
                }
            }
            at = above(at, link)?;
        }
    }

    /// Where to begin a search, by the index.
    #[inline]
    fn indexed(self, nibble: u32) -> usize {
        let cell = self
            .body
            .first_chunk::<INDEX>()
            .and_then(|index| index.get((nibble >> 3) as usize));

        cell.map_or(0, |cell| {
            // Without an index, this is some other cell, of which no bit counts.
            let units = cell.load() >> ((nibble & 7) << 2) & self.shape.nibble();
            // CAST: A usize has 32 bits at least.
            (units << self.shape.unit()) as usize
        })
    }
}

/// How many of the keys of a narrow leaf are no greater than `probe`, if those before `at` are.
#[inline]
fn rank<C: Cell>(entries: &[C], len: usize, probe: u32, mut at: usize) -> Option<usize> {
    let last = len.saturating_sub(NARROW_WINDOW);

    loop {
        // All keys before are no greater.
        let start = at.min(last);
        let cells = entries.get(start.wrapping_mul(2)..)?;
        let [a, _, b, _, c] = cells.first_chunk::<NARROW_CELLS>()?;
        let count = usize::from(a.load() <= probe)
            .wrapping_add(usize::from(b.load() <= probe))
            .wrapping_add(usize::from(c.load() <= probe));

        at = start.wrapping_add(count);
        if count < NARROW_WINDOW || at >= len {
            return Some(at.min(len));
        }
    }
}

/// How many keys are no greater than `probe`.
#[inline]
fn compare<C: Cell>(keys: &[C; WINDOW], probe: u32) -> usize {
    keys.iter().fold(0usize, |count, key| {
        count.wrapping_add(usize::from(key.load() <= probe))
    })
}

/// How many keys are no greater than `probe`, by samples: of all, then of those between two.
#[inline]
fn sampled<C: Cell>(keys: &[C], probe: u32) -> usize {
    let Some(last_window) = keys.len().checked_sub(WINDOW) else {
        return keys.iter().fold(0usize, |count, key| {
            count.wrapping_add(usize::from(key.load() <= probe))
        });
    };
    let mut start = 0usize;
    if keys.len() > 16 * WINDOW {
        return keys.partition_point(|key| key.load() <= probe);
    }
    if keys.len() > 4 * WINDOW {
        start = sample(keys, start, 4 * WINDOW, probe);
    }
    if keys.len() > WINDOW {
        start = sample(keys, start, WINDOW, probe);
    }
    // All keys before are no greater.
    let start = start.min(last_window);
    let window = keys.get(start..).and_then(|keys| keys.first_chunk());

    window.map_or(0, |window: &[C; WINDOW]| {
        start.wrapping_add(compare(window, probe))
    })
}

/// Goes on by as many parts of so many keys as are no greater, of three at most.
#[inline]
fn sample<C: Cell>(keys: &[C], start: usize, part: usize, probe: u32) -> usize {
    let end = keys.len().wrapping_sub(1);
    let mut parts = 0usize;

    for each in 1..4usize {
        // Where there are not so many keys, if the last is no greater, then none is.
        let last = start.wrapping_add(part.wrapping_mul(each)).wrapping_sub(1);
        let below = keys
            .get(last.min(end))
            .is_some_and(|key| key.load() <= probe);
        parts = parts.wrapping_add(below.into());
    }
    start.wrapping_add(parts.wrapping_mul(part))
}
