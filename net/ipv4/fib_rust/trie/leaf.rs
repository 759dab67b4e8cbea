// SPDX-License-Identifier: GPL-2.0

//! Leaves: the prefixes of a range of addresses, few enough to be searched and copied at once.
//!
//! A leaf is some arrays of cells, in the order of [`Prefix::order`]:
//!
//! - keys: where prefixes begin,
//! - links: their lengths, and which entry is the longest that covers each,
//! - words: what stands there.
//!
//! Where all prefixes agree in their first 16 bits, the leaf is narrow: a key needs only the other
//! 16, and leaves room for its link in one cell. So keys and links are one array there.
//!
//! A search compares [`WINDOW`] keys at once, without a branch between them. Where they begin is
//! found by samples; in a narrow leaf by an index: two cells with a nibble for each value that the
//! next four bits of an address can have.
//!
//! Only words change while readers look: to another, or to zero for what stands there no more.

use super::{
    platform::{
        Block,
        Cell,
        Memory, //
    },
    prefix::{
        Entry,
        Prefix, //
    }, //
};
use core::num::NonZero;

/// The most entries a leaf can have: a link has 8 bits for an entry, and one value says "none".
pub(super) const LIMIT: usize = 255;
/// What the link of an entry says that no other of the leaf covers.
const NONE: u32 = 0xff;
/// How far the keys of a narrow leaf are shifted.
const NARROW: u32 = 16;
/// So many keys are compared at once.
const WINDOW: usize = 4;

/// What a leaf says of itself, in its head.
///
/// - bits 0 to 7: how many entries there are,
/// - 8 and 9: how many cells the index has,
/// - 12 to 15: how many bits of a key come before those that choose a nibble of the index,
/// - 16 to 19: the number of entries that a unit of the index stands for, as a power of two,
/// - 20 to 23: the bits of a nibble, if there is an index,
/// - 28: that it is narrow.
#[derive(Clone, Copy)]
struct Shape(u32);

impl Shape {
    const NARROW: u32 = 1 << 28;

    fn new(len: usize, depth: u8) -> Self {
        // CAST: A leaf has at most LIMIT entries.
        let len = len.min(LIMIT) as u32;
        let Some(skip) = u32::from(depth).checked_sub(NARROW) else {
            return Self(len);
        };
        let narrow = Self::NARROW | (skip & 0xf) << 12 | len;
        if len <= WINDOW as u32 {
            return Self(narrow);
        }
        let unit = 32u32.wrapping_sub((len.wrapping_sub(1) >> 4).leading_zeros());
        Self(narrow | 2 << 8 | unit << 16 | 0xf << 20)
    }

    /// How many entries there are.
    #[inline(always)]
    fn len(self) -> usize {
        // CAST: A usize has 32 bits at least.
        (self.0 & 0xff) as usize
    }

    #[inline(always)]
    fn is_narrow(self) -> bool {
        self.0 & Self::NARROW != 0
    }

    /// How far keys are shifted: 0, or [`NARROW`].
    #[inline(always)]
    fn shift(self) -> u32 {
        (self.0 & Self::NARROW) >> 24
    }

    /// The bits of a key that choose a nibble of the index.
    #[inline(always)]
    fn nibble(self, key: u32) -> u32 {
        key << (self.0 >> 12 & 0xf) >> 28
    }

    /// The number of entries that a unit of the index stands for, as a power of two.
    #[inline(always)]
    fn unit(self) -> u32 {
        self.0 >> 16 & 0xf
    }

    /// How many cells the index has.
    #[inline(always)]
    fn index(self) -> usize {
        // CAST: A usize has 32 bits at least.
        (self.0 >> 8 & 3) as usize
    }

    /// How many keys a narrow leaf has: a window at least. What is no entry's comes last, and is no
    /// less than any.
    #[inline(always)]
    fn keys(self) -> usize {
        self.len().max(WINDOW)
    }

    /// How many cells the leaf has.
    fn cells(self) -> usize {
        if self.is_narrow() {
            let keys = self.index().wrapping_add(self.keys());
            keys.wrapping_add(self.len())
        } else {
            self.len().wrapping_mul(3)
        }
    }
}

/// A leaf to read.
pub(super) struct Leaf<'a, C> {
    shape: Shape,
    body: &'a [C],
}

impl<C> Clone for Leaf<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Leaf<'_, C> {}

impl<'a, C: Cell> Leaf<'a, C> {
    #[inline(always)]
    pub(super) fn new(block: Block<'a, C>) -> Self {
        Self {
            shape: Shape(block.head),
            body: block.body,
        }
    }

    /// A leaf without entries.
    pub(super) fn empty() -> Self {
        Self {
            shape: Shape(0),
            body: &[],
        }
    }

    /// How many entries there are, of words that are zero as well.
    pub(super) fn len(self) -> usize {
        self.shape.len()
    }

    /// How many entries have a word.
    pub(super) fn live(self) -> usize {
        self.words()
            .iter()
            .filter(|word| word.load() != 0)
            .count()
    }

    fn keys(self) -> &'a [C] {
        let from_first = self.body.get(self.shape.index()..).unwrap_or_default();

        from_first.get(..self.shape.len()).unwrap_or_default()
    }

    fn words(self) -> &'a [C] {
        let start = self.body.len().wrapping_sub(self.shape.len());

        self.body.get(start..).unwrap_or_default()
    }

    #[inline(always)]
    fn key(self, at: usize) -> Option<&'a C> {
        let index = self.shape.index();

        self.body.get(index.wrapping_add(at))
    }

    #[inline(always)]
    fn link(self, at: usize) -> Option<&'a C> {
        let start = if self.shape.is_narrow() {
            self.shape.index()
        } else {
            self.shape.len()
        };

        self.body.get(start.wrapping_add(at))
    }

    /// The word of an entry.
    #[inline(always)]
    pub(super) fn word(self, at: usize) -> Option<&'a C> {
        let start = self.body.len().wrapping_sub(self.shape.len());

        self.body.get(start.wrapping_add(at))
    }

    /// The longest entry that covers an address, is shorter than `below`, and has a word.
    #[inline(always)]
    pub(super) fn longest(self, address: u32, below: u8) -> Option<(u8, NonZero<u32>)> {
        if self.shape.is_narrow() {
            self.longest_of_narrow(address, below)
        } else {
            self.longest_of_wide(address, below)
        }
    }

    #[inline(always)]
    fn longest_of_narrow(self, address: u32, below: u8) -> Option<(u8, NonZero<u32>)> {
        // The last key that can be no greater than this one is that of the longest match, or of one
        // that begins within it.
        let probe = address << NARROW | u32::MAX >> NARROW;
        let mut at = self.rank(probe, self.indexed(probe)).wrapping_sub(1);

        while at < self.shape.len() {
            let key = self.key(at)?.load();
            if let Some(length) = covers(probe, key, key, NARROW).filter(|it| *it < below) {
                if let Some(word) = NonZero::new(self.word(at)?.load()) {
                    return Some((length, word));
                }
            }
            at = above(at, key)?;
        }
        None
    }

    #[inline(always)]
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

    /// How many of the keys are no greater than `probe`, if so many are as before `at`.
    #[inline(always)]
    fn rank(self, probe: u32, mut at: usize) -> usize {
        loop {
            // All keys before are no greater.
            let start = at.min(self.shape.keys().wrapping_sub(WINDOW));
            let window = self
                .body
                .get(self.shape.index().wrapping_add(start)..)
                .and_then(|keys| keys.first_chunk());
            let Some(window) = window else {
                return 0;
            };
            let count = count(window, probe);

            at = start.wrapping_add(count);
            if count < WINDOW || at >= self.shape.len() {
                return at.min(self.shape.len());
            }
        }
    }

    /// Where to begin a search, by the index, for an address of the range.
    #[inline(always)]
    fn indexed(self, probe: u32) -> usize {
        let nibble = self.shape.nibble(probe);
        // Without an index, this is a key, of which no bit counts.
        let counts = self.shape.0 >> 20 & 0xf;

        self.body.get((nibble >> 3) as usize).map_or(0, |cell| {
            // CAST: A usize has 32 bits at least.
            ((cell.load() >> ((nibble & 7) << 2) & counts) << self.shape.unit()) as usize
        })
    }

    /// How many of the keys are no greater than `probe`, whatever that is.
    fn halved(self, probe: u32) -> usize {
        let keys = self.keys();

        keys.partition_point(|key| key.load() <= probe)
    }

    /// Where a prefix is.
    pub(super) fn find(self, prefix: Prefix) -> Option<usize> {
        let first = prefix.address() << self.shape.shift();
        let last = first | u32::MAX.wrapping_shl(self.shape.shift()) ^ u32::MAX;
        let mut at = self.halved(last).wrapping_sub(1);

        // All that begin there are next to each other.
        while at < self.len() && self.key(at)?.load() >= first {
            if self.link(at)?.load() >> 8 & 0xff == u32::from(prefix.length()) {
                return Some(at);
            }
            at = at.wrapping_sub(1);
        }
        None
    }

    /// An entry, by the address that led here.
    pub(super) fn entry(self, at: usize, path: u32) -> Option<Entry> {
        let within = u32::MAX >> self.shape.shift();
        let key = self.key(at)?.load() >> self.shape.shift();
        let length = (self.link(at)?.load() >> 8) as u8;

        Some(Entry {
            prefix: Prefix::new(path & !within | key, length)?,
            word: self.word(at)?.load(),
        })
    }

    /// The entries that have a word, in order.
    pub(super) fn entries(self, path: u32) -> Entries<'a, C> {
        Entries {
            leaf: self,
            path,
            at: 0,
        }
    }

    /// The entries that have a word and begin at an address or after it, in order.
    pub(super) fn entries_from(self, address: u32) -> Entries<'a, C> {
        let first = address << self.shape.shift();

        Entries {
            leaf: self,
            path: address,
            at: first.checked_sub(1).map_or(0, |last| self.halved(last)),
        }
    }
}

/// The length of an entry that covers an address, of which `probe` is what a key would be.
#[inline(always)]
fn covers(probe: u32, key: u32, link: u32, shift: u32) -> Option<u8> {
    let length = link >> 8 & 0xff;
    let beyond = 32u32.wrapping_add(shift).wrapping_sub(length);

    // CAST: It is at most 32.
    (u64::from(probe ^ key).wrapping_shr(beyond) == 0).then_some(length as u8)
}

/// The longest entry that covers another. It comes before, so there is an end to this.
#[inline(always)]
fn above(at: usize, link: u32) -> Option<usize> {
    // CAST: A usize has 32 bits at least.
    let up = (link & NONE) as usize;

    (up < at).then_some(up)
}

/// How many keys are no greater than `probe`.
#[inline(always)]
fn count<C: Cell>(keys: &[C; WINDOW], probe: u32) -> usize {
    keys.iter().fold(0usize, |count, key| {
        count.wrapping_add(usize::from(key.load() <= probe))
    })
}

/// How many keys are no greater than `probe`, by samples: of all, then of those between two.
#[inline(always)]
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

    window.map_or(0, |window: &[C; WINDOW]| start.wrapping_add(count(window, probe)))
}

/// Goes on by as many parts of so many keys as are no greater, of three at most.
#[inline(always)]
fn sample<C: Cell>(keys: &[C], start: usize, part: usize, probe: u32) -> usize {
    let end = keys.len().wrapping_sub(1);
    let mut parts = 0usize;

    for each in 1..4usize {
        // Where there are not so many keys, if the last is no greater, then none is.
        let last = start.wrapping_add(part.wrapping_mul(each)).wrapping_sub(1);
        let below = keys.get(last.min(end)).is_some_and(|key| key.load() <= probe);
        parts = parts.wrapping_add(below.into());
    }
    start.wrapping_add(parts.wrapping_mul(part))
}

/// The entries of a leaf that have a word, in order.
pub(super) struct Entries<'a, C> {
    leaf: Leaf<'a, C>,
    path: u32,
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
            let entry = self.leaf.entry(self.at, self.path);

            self.at = self.at.wrapping_add(1);
            if entry.is_some_and(|entry| entry.word != 0) {
                return entry;
            }
        }
        None
    }
}

/// Makes a leaf of entries in order, which agree in their first `depth` bits. `None` if there are
/// none.
pub(super) fn build<M: Memory>(
    memory: &M,
    depth: u8,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<Option<M::Leaf>, M::Error> {
    let len = entries.clone().take(LIMIT).count();
    if len == 0 {
        return Ok(None);
    }
    let shape = Shape::new(len, depth);
    let fresh = memory.leaf(shape.0, shape.cells())?;
    let leaf = Leaf {
        shape,
        body: M::cells(&fresh),
    };

    for (at, Entry { prefix, word }) in entries.take(LIMIT).enumerate() {
        // What covers this one is the entry before, or covers that.
        let up = at
            .checked_sub(1)
            .and_then(|last| first_above(leaf, last, prefix))
            // CAST: It is less than LIMIT.
            .map_or(NONE, |up| up as u32);
        let link = u32::from(prefix.length()) << 8 | up;
        let key = prefix.address() << shape.shift();

        if shape.is_narrow() {
            put(leaf.key(at), key | link);
        } else {
            put(leaf.key(at), key);
            put(leaf.link(at), link);
        }
        put(leaf.word(at), word);
    }
    if shape.is_narrow() {
        for at in len..shape.keys() {
            put(leaf.key(at), u32::MAX);
        }
        index(leaf);
    }
    Ok(Some(fresh))
}

/// Writes the index: for each nibble, how many keys have a smaller one.
fn index<C: Cell>(leaf: Leaf<'_, C>) {
    let (mut cells, mut nibble) = ([0u32; 2], 0);

    for at in 0..leaf.len() {
        let this = leaf.key(at).map_or(0, |key| leaf.shape.nibble(key.load()));
        while nibble <= this {
            note(&mut cells, nibble, at, leaf.shape);
            nibble = nibble.wrapping_add(1);
        }
    }
    while nibble < 16 {
        note(&mut cells, nibble, leaf.len(), leaf.shape);
        nibble = nibble.wrapping_add(1);
    }
    for (cell, value) in leaf.body.iter().zip(cells).take(leaf.shape.index()) {
        cell.store(value);
    }
}

fn note(cells: &mut [u32; 2], nibble: u32, count: usize, shape: Shape) {
    // CAST: A leaf has at most LIMIT entries.
    let units = (count as u32 >> shape.unit()).min(0xf);

    if let Some(cell) = cells.get_mut((nibble >> 3) as usize) {
        *cell |= units << ((nibble & 7) << 2);
    }
}

/// The longest of an entry and those above it that covers a prefix.
fn first_above<C: Cell>(leaf: Leaf<'_, C>, mut at: usize, prefix: Prefix) -> Option<usize> {
    let shift = leaf.shape.shift();
    let probe = prefix.address() << shift;

    loop {
        let (key, link) = (leaf.key(at)?.load(), leaf.link(at)?.load());
        if covers(probe, key, link, shift).is_some() {
            return Some(at);
        }
        at = above(at, link)?;
    }
}

fn put<C: Cell>(cell: Option<&C>, value: u32) {
    if let Some(cell) = cell {
        cell.store(value);
    }
}
