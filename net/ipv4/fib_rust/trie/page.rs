// SPDX-License-Identifier: GPL-2.0

//! Pages: the prefixes of a range of addresses that are no longer than its parts, many of them.
//!
//! A cell for each prefix that can be there, as a binary tree lies in an array: below cell `n` are
//! `2 * n` and `2 * n + 1`. It has the longest prefix there that covers that one. So whatever
//! length is asked for, one load answers.
//!
//! ```text
//!   length:  16         17                18            ...          24
//!   cell:   [1]     [2]     [3]    [4] [5] [6] [7]      ...    [256] ... [511]
//! ```
//!
//! Nothing is ever copied: a change stores to the cells of what the prefix covers, but those that
//! longer ones cover. In cell 0 is the number of prefixes, for the writer alone.
//!
//! Such trees are known as allotment routing tables (Hariguchi).

use super::{
    platform::Cell,
    prefix::{
        Entry,
        Match,
        Prefix, //
    },
    range::{
        part,
        Range,
        STRIDE, //
    },
    walk::each, //
};

/// How many cells a page has.
pub(super) const CELLS: usize = 2 << STRIDE;
/// How many parts a page tells apart.
const PARTS: usize = 1 << STRIDE;

/// A page to read.
pub(super) struct Page<'a, C> {
    cells: &'a [C],
    depth: u8,
}

impl<C> Clone for Page<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Page<'_, C> {}

impl<'a, C: Cell> Page<'a, C> {
    #[inline]
    pub(super) fn new(cells: &'a [C], depth: u8) -> Self {
        Self { cells, depth }
    }

    /// The number of prefixes.
    pub(super) fn live(self) -> Option<&'a C> {
        self.cells.first()
    }

    /// The longest prefix that covers an address and is shorter than `below`.
    #[inline]
    pub(super) fn longest(self, address: u32, below: u8) -> Match {
        let Some(bits) = below
            .checked_sub(1)
            .and_then(|most| most.checked_sub(self.depth))
        else {
            return Match::NONE;
        };
        let parts = STRIDE.saturating_sub(bits);
        let cell = (PARTS | part(address, self.depth)).wrapping_shr(parts.into());

        self.cells.get(cell).map_or(Match::NONE, Match::load)
    }

    /// The cell of a prefix. There is none for one of another length than those that are here.
    fn cell(self, prefix: Prefix) -> Option<usize> {
        let end = self.depth.wrapping_add(STRIDE);
        let parts = end.checked_sub(prefix.length())?;

        (parts <= STRIDE)
            .then(|| (PARTS | part(prefix.address(), self.depth)).wrapping_shr(parts.into()))
    }

    /// What a cell has.
    fn at(self, cell: usize) -> Match {
        self.cells.get(cell).map_or(Match::NONE, Match::load)
    }

    /// The word of a prefix.
    pub(super) fn get(self, prefix: Prefix) -> Match {
        let found = self.cell(prefix).map_or(Match::NONE, |cell| self.at(cell));

        if found.is(prefix.length()) {
            found
        } else {
            Match::NONE
        }
    }

    /// Gives a prefix a word, and returns the one that it had.
    pub(super) fn put(self, Entry { prefix, word }: Entry) -> Match {
        let (old, length) = (self.get(prefix), prefix.length());

        if old == Match::NONE {
            self.store(prefix, word, |found| found.is_shorter(length));
        } else {
            self.store(prefix, word, |found| found.is(length));
        }
        old
    }

    /// Writes prefixes in order where no reader is yet.
    pub(super) fn fill(self, live: u32, entries: impl Iterator<Item = Entry>) {
        for Entry { prefix, word } in entries {
            // What covers another comes before it.
            self.store(prefix, word, |_| true);
        }
        if let Some(cell) = self.live() {
            cell.init(live);
        }
    }

    /// Takes a prefix away, and returns the word that it had.
    pub(super) fn take(self, prefix: Prefix) -> Match {
        let (old, length) = (self.get(prefix), prefix.length());

        if old != Match::NONE {
            let cover = match self.cell(prefix).map(|cell| cell / 2) {
                None | Some(0) => Match::NONE,
                Some(above) => self.at(above),
            };
            self.store(prefix, cover, |found| found.is(length));
        }
        old
    }

    /// Stores to those cells of what a prefix covers that have something to be replaced.
    fn store(self, prefix: Prefix, new: Match, replaced: impl Fn(Match) -> bool) {
        let Some(mut from) = self.cell(prefix) else {
            return;
        };
        let mut to = from.wrapping_add(1);

        while let Some(cells) = self.cells.get(from..to) {
            for cell in cells.iter().filter(|cell| replaced(Match::load(*cell))) {
                new.store(cell);
            }
            from = from.wrapping_mul(2);
            to = to.wrapping_mul(2);
        }
    }

    /// The prefixes, in order. The range is that of the page.
    pub(super) fn entries(self, range: Range) -> Entries<'a, C> {
        Entries {
            page: self,
            range,
            part: 0,
            length: 0,
        }
    }
}

/// The prefixes of a page, in order.
pub(super) struct Entries<'a, C> {
    page: Page<'a, C>,
    range: Range,
    /// The part at which the next one can begin,
    part: usize,
    /// and how long it is at least.
    length: u8,
}

impl<C> Clone for Entries<'_, C> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<C: Cell> Iterator for Entries<'_, C> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let end = self.range.end();

        while self.part < PARTS {
            // In most parts of most pages nothing begins.
            if self.length > end || !self.page.begins(self.part) {
                self.part = self.part.wrapping_add(1);
                self.length = 0;
                continue;
            }
            // CAST: There are 64 at most.
            let zeros = (self.part.trailing_zeros() as u8).min(STRIDE);
            let length = self.length.max(end.wrapping_sub(zeros));
            let address = self.range.below(self.part.wrapping_add(1)).key();
            self.length = length.wrapping_add(1);

            let prefix = Prefix::new(address, length)?;
            let word = self.page.get(prefix);
            if word != Match::NONE {
                return Some(Entry { prefix, word });
            }
        }
        None
    }
}

/// The prefixes that begin where a part does, longest first.
pub(super) struct Beginning<'a, C> {
    page: Page<'a, C>,
    address: u32,
    /// How many bits the addresses of the part agree in, and the cell of these.
    end: u8,
    cell: usize,
    /// How much shorter the next one may be, and how much any.
    above: u8,
    most: u8,
}

impl<C: Cell> Iterator for Beginning<'_, C> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        if self.above > self.most {
            return None;
        }
        let word = self.page.at(self.cell.wrapping_shr(self.above.into()));
        // What covers the part is shorter than what begins there.
        let above = match word {
            Match::NONE => self.most.wrapping_add(1),
            word => self.end.wrapping_sub(word.length()),
        };

        self.above = above.wrapping_add(1);
        (above <= self.most).then_some(())?;
        Some(Entry {
            prefix: Prefix::new(self.address, word.length())?,
            word,
        })
    }
}

/// Whether the longest prefix that covers a part begins there. `end` is how long the part is.
fn begins(part: usize, end: u8, longest: Match) -> bool {
    // CAST: There are 64 at most.
    let zeros = (part | PARTS).trailing_zeros() as u8;

    longest != Match::NONE && longest.length().wrapping_add(zeros) >= end
}

impl<'a, C: Cell> Page<'a, C> {
    /// Whether a prefix begins where a part does.
    pub(super) fn begins(self, part: usize) -> bool {
        let cell = self.cells.get(PARTS | part);

        cell.is_some_and(|cell| begins(part, self.depth.wrapping_add(STRIDE), Match::load(cell)))
    }

    /// The prefixes that begin where a part does, longest first. The range is that of the page.
    pub(super) fn beginning(self, range: Range, part: usize) -> Beginning<'a, C> {
        Beginning {
            page: self,
            address: range.below(part.wrapping_add(1)).key(),
            end: range.end(),
            cell: PARTS | part,
            above: 0,
            // CAST: There are 64 at most.
            most: (part.trailing_zeros() as u8).min(STRIDE),
        }
    }

    /// Tells of the prefixes by address, `BACK` or forth, then longest first, until `tell` fails.
    /// It begins with the part of an address. The range is that of the page.
    pub(super) fn tell<E, const BACK: bool>(
        self,
        range: Range,
        from: u32,
        mut tell: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let cells = self.cells.get(PARTS..).unwrap_or_default();

        each::<_, _, BACK>(cells, part(from, self.depth), |part, cell| {
            // In most parts of most pages nothing begins.
            match begins(part, range.end(), Match::load(cell)) {
                true => self.beginning(range, part).try_for_each(&mut tell),
                false => Ok(()),
            }
        })
    }
}
