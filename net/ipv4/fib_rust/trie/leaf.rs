// SPDX-License-Identifier: GPL-2.0

//! Leaves: the prefixes of a range of addresses, few enough to be searched and copied at once.
//!
//! An entry is a key, where the prefix begins; a link, which says its length, and which entry is
//! the longest that covers it; and a word, what stands there. They are in the order of
//! [`Prefix::order`].
//!
//! Where all prefixes agree in their first 16 bits, the leaf is narrow: a key needs only the other
//! 16, and leaves room for its link in one cell. The word is the next cell. Before the entries is
//! an index: a nibble for each value that the next four bits of an address can have says where to
//! begin a search. Other leaves are wide: an array of keys, one of links, one of words; a search
//! begins by samples.
//!
//! [`WINDOW`] keys are compared at once, without a branch between them.
//!
//! Only words change while readers look: to another, or to zero for what stands there no more.

use super::{
    entries::count,
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
/// How far the keys of a narrow leaf are shifted: the bits that all agree in.
const NARROW: u32 = 16;
/// So many keys are compared at once.
const WINDOW: usize = 4;
/// So many in a narrow leaf, which has as many at least: what is no entry's comes last, and is no
/// less than any.
const NARROW_WINDOW: usize = 3;
/// How many cells these are, to the last key.
const NARROW_CELLS: usize = 2 * NARROW_WINDOW - 1;
/// How many cells an index has.
const INDEX: usize = 2;

/// What a leaf says of itself, in its head, but that it is narrow: that goes with the pointer.
///
/// - bits 0 to 7: how many entries there are,
/// - 8 to 11: the bits of a nibble, if there is an index,
/// - 12 to 15: the number of entries that a unit of the index stands for, as a power of two,
/// - 16 to 23: the depth.
#[derive(Clone, Copy)]
struct Shape {
    is_narrow: bool,
    head: u32,
}

impl Shape {
    fn new(len: usize, depth: u8) -> Self {
        // CAST: A leaf has at most LIMIT entries.
        let len = len.min(LIMIT) as u32;
        let is_narrow = u32::from(depth) >= NARROW;
        let has_index = is_narrow && len > NARROW_WINDOW as u32;
        let unit = 32u32.wrapping_sub((len.wrapping_sub(1) >> 4).leading_zeros());
        let index = if has_index { 0xf | unit << 4 } else { 0 };

        Self {
            is_narrow,
            head: len | index << 8 | u32::from(depth) << 16,
        }
    }

    /// How many entries there are.
    #[inline]
    fn len(self) -> usize {
        // CAST: A usize has 32 bits at least.
        (self.head & 0xff) as usize
    }

    /// How far keys are shifted: 0, or [`NARROW`].
    #[inline]
    fn shift(self) -> u32 {
        if self.is_narrow {
            NARROW
        } else {
            0
        }
    }

    /// The number of entries that a unit of the index stands for, as a power of two.
    #[inline]
    fn unit(self) -> u32 {
        self.head >> 12 & 0xf
    }

    /// As much of a number of entries as the index can say.
    fn units(self, count: u32) -> u64 {
        (count >> self.unit()).min(0xf).into()
    }

    /// The bits of a nibble of the index. None, if there is no index.
    #[inline]
    fn nibble(self) -> u32 {
        self.head >> 8 & 0xf
    }

    /// How many cells the index has.
    #[inline]
    fn index(self) -> usize {
        // CAST: A usize has 32 bits at least.
        (self.nibble() & INDEX as u32) as usize
    }

    /// The bits of an address of 32 bits that all of the leaf agree in.
    fn depth(self) -> u8 {
        // CAST: It has 8 bits.
        (self.head >> 16) as u8
    }

    /// How many cells the leaf has.
    fn cells(self) -> usize {
        if self.is_narrow {
            let entries = self.len().wrapping_mul(2).max(NARROW_CELLS);
            self.index().wrapping_add(entries)
        } else {
            self.len().wrapping_mul(3)
        }
    }
}

/// The four bits of a narrow leaf's key, or of what is compared with one, that choose a nibble.
#[inline]
fn chosen(key: u32, depth: u8) -> u32 {
    key.wrapping_shl(u32::from(depth).wrapping_sub(NARROW)) >> 28
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
    #[inline]
    pub(super) fn new(block: Block<'a, C>) -> Self {
        Self {
            shape: Shape {
                is_narrow: block.tag != 0,
                head: block.head,
            },
            body: block.body,
        }
    }

    /// A leaf without entries.
    pub(super) fn empty() -> Self {
        Self {
            shape: Shape::new(0, 0),
            body: &[],
        }
    }

    /// How many entries there are, of words that are zero as well.
    pub(super) fn len(self) -> usize {
        self.shape.len()
    }

    /// How many bits the addresses of the leaf agree in.
    pub(super) fn depth(self) -> u8 {
        self.shape.depth()
    }

    /// How many entries have a word.
    pub(super) fn live(self) -> usize {
        (0..self.len())
            .filter_map(|at| self.word(at))
            .fold(0usize, |live, word| {
                live.wrapping_add(usize::from(word.load() != 0))
            })
    }

    fn key(self, at: usize) -> Option<&'a C> {
        if self.shape.is_narrow {
            self.body
                .get(self.shape.index().wrapping_add(at.wrapping_mul(2)))
        } else {
            self.body.get(at)
        }
    }

    fn link(self, at: usize) -> Option<&'a C> {
        if self.shape.is_narrow {
            self.key(at)
        } else {
            self.body.get(self.shape.len().wrapping_add(at))
        }
    }

    /// The keys and words of a narrow leaf: of the entries that it has.
    fn pairs(self) -> impl Iterator<Item = &'a [C; 2]> + Clone {
        let entries = self.body.get(self.shape.index()..).unwrap_or_default();

        entries
            .chunks_exact(2)
            .filter_map(|pair| pair.first_chunk())
            .take(self.len())
    }

    /// The word of an entry.
    pub(super) fn word(self, at: usize) -> Option<&'a C> {
        let before = if self.shape.is_narrow {
            let before = self.shape.index().wrapping_add(at);
            before.wrapping_add(1)
        } else {
            self.shape.len().wrapping_mul(2)
        };

        self.body.get(before.wrapping_add(at))
    }

    /// The longest entry that covers an address, is shorter than `below`, and has a word.
    ///
    /// `depth` is that of the leaf, from who knows without having read it.
    #[inline]
    pub(super) fn longest(self, address: u32, below: u8, depth: u8) -> Option<(u8, NonZero<u32>)> {
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

    /// How many of the keys are no greater than `probe`, whatever that is.
    fn halved(self, probe: u32) -> usize {
        let (mut start, mut len) = (0usize, self.len());

        while len > 0 {
            let half = len / 2;
            let middle = start.wrapping_add(half);
            if self.key(middle).is_some_and(|key| key.load() <= probe) {
                start = middle.wrapping_add(1);
                len = len.wrapping_sub(half).wrapping_sub(1);
            } else {
                len = half;
            }
        }
        start
    }

    /// How many entries come before a prefix that is not there.
    fn place(self, prefix: Prefix) -> usize {
        let first = prefix.address() << self.shape.shift();
        let last = first | u32::MAX.wrapping_shl(self.shape.shift()) ^ u32::MAX;
        let mut place = self.halved(last);

        // Of those that begin there, the longer ones come after.
        while let Some(before) = place.checked_sub(1) {
            let is_longer = self.key(before).is_some_and(|key| key.load() >= first)
                && self
                    .link(before)
                    .is_some_and(|link| link.load() >> 8 & 0xff > u32::from(prefix.length()));
            if !is_longer {
                break;
            }
            place = before;
        }
        place
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
#[inline]
fn covers(probe: u32, key: u32, link: u32, shift: u32) -> Option<u8> {
    let length = link >> 8 & 0xff;
    let beyond = 32u32.wrapping_add(shift).wrapping_sub(length);

    // CAST: It is at most 32.
    (u64::from(probe ^ key).wrapping_shr(beyond) == 0).then_some(length as u8)
}

/// The longest entry that covers another. It comes before, so there is an end to this.
#[inline]
fn above(at: usize, link: u32) -> Option<usize> {
    // CAST: A usize has 32 bits at least.
    let up = (link & NONE) as usize;

    (up < at).then_some(up)
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
    let len = count(entries.clone().take(LIMIT));
    if len == 0 {
        return Ok(None);
    }
    let shape = Shape::new(len, depth);
    let fresh = memory.leaf(shape.is_narrow.into(), shape.head, shape.cells())?;
    let leaf = Leaf {
        shape,
        body: M::cells(&fresh),
    };

    for (at, Entry { prefix, word }) in (0..LIMIT).zip(entries) {
        // What covers this one is the entry before, or covers that.
        let up = at
            .checked_sub(1)
            .and_then(|last| first_above(leaf, last, prefix))
            // CAST: It is less than LIMIT.
            .map_or(NONE, |up| up as u32);
        let link = u32::from(prefix.length()) << 8 | up;
        let key = prefix.address() << shape.shift();

        if shape.is_narrow {
            put(leaf.key(at), key | link);
        } else {
            put(leaf.key(at), key);
            put(leaf.link(at), link);
        }
        put(leaf.word(at), word);
    }
    if shape.is_narrow {
        finish(leaf);
    }
    Ok(Some(fresh))
}

/// Makes a leaf of all entries of another, each of which has a word, and of one that is not there.
/// `None` if there is no room.
pub(super) fn grow<M: Memory>(
    memory: &M,
    leaf: Leaf<'_, M::Cell>,
    Entry { prefix, word }: Entry,
) -> Result<Option<M::Leaf>, M::Error> {
    let len = leaf.len().wrapping_add(1);
    if len > LIMIT {
        return Ok(None);
    }
    let shape = Shape::new(len, leaf.depth());
    let fresh = memory.leaf(shape.is_narrow.into(), shape.head, shape.cells())?;
    let new = Leaf {
        shape,
        body: M::cells(&fresh),
    };
    let place = leaf.place(prefix);
    let up = place
        .checked_sub(1)
        .and_then(|last| first_above(leaf, last, prefix))
        // CAST: It is less than LIMIT.
        .map_or(NONE, |up| up as u32);
    let length = u32::from(prefix.length()) << 8;
    let key = prefix.address() << shape.shift();

    // What came after the new one is one further, and what it covers first is below it now.
    // CAST: It is at most LIMIT.
    let further = |key_there: u32, link: u32| match link & NONE {
        above if above == up && covers(key_there, key, length, shape.shift()).is_some() => {
            link & !NONE | place as u32
        }
        NONE => link,
        above if above >= place as u32 => link.wrapping_add(1),
        _ => link,
    };
    if shape.is_narrow {
        let (old, cells) = (leaf.pairs(), new.pairs());
        let before = old.clone().take(place);
        let mut cells = cells.zip(0..len);
        for ([key, word], ([new_key, new_word], _)) in before.zip(&mut cells) {
            new_key.init(key.load());
            new_word.init(word.load());
        }
        if let Some(([new_key, new_word], _)) = cells.next() {
            new_key.init(key | length | up);
            new_word.init(word);
        }
        for ([key, word], ([new_key, new_word], _)) in old.skip(place).zip(cells) {
            new_key.init(further(key.load(), key.load()));
            new_word.init(word.load());
        }
        finish(new);
        return Ok(Some(fresh));
    }
    for at in 0..leaf.len() {
        let (Some(key), Some(link), Some(word)) = (leaf.key(at), leaf.link(at), leaf.word(at))
        else {
            break;
        };
        let (key, link) = (key.load(), link.load());
        let (to, link) = if at < place {
            (at, link)
        } else {
            (at.wrapping_add(1), further(key, link))
        };
        put(new.key(to), key);
        put(new.link(to), link);
        put(new.word(to), word.load());
    }
    put(new.key(place), key);
    put(new.link(place), length | up);
    put(new.word(place), word);
    Ok(Some(fresh))
}

/// Writes what of a narrow leaf is no entry: the keys that are none, and the index, which says for
/// each nibble how many keys have a smaller one.
fn finish<C: Cell>(leaf: Leaf<'_, C>) {
    for at in leaf.len()..NARROW_WINDOW {
        put(leaf.key(at), u32::MAX);
    }
    if leaf.shape.index() == 0 {
        return;
    }
    let (mut index, mut nibble, mut count) = (0u64, 0, 0u32);
    for [key, _] in leaf.pairs() {
        let this = chosen(key.load(), leaf.depth());
        while nibble <= this {
            index |= leaf.shape.units(count) << (nibble << 2 & 63);
            nibble = nibble.wrapping_add(1);
        }
        count = count.wrapping_add(1);
    }
    while nibble < 16 {
        index |= leaf.shape.units(count) << (nibble << 2 & 63);
        nibble = nibble.wrapping_add(1);
    }
    // CAST: The lower half, then the upper one.
    put(leaf.body.first(), index as u32);
    put(leaf.body.get(1), (index >> 32) as u32);
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
        cell.init(value);
    }
}
