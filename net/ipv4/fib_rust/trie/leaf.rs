// SPDX-License-Identifier: GPL-2.0

//! Leaves: the prefixes of a range of addresses, few enough to be searched and copied at once.
//!
//! A leaf is three arrays of as many cells as it has entries, in the order of [`Prefix::order`]:
//!
//! - keys: where prefixes begin,
//! - links: their lengths, and which entry is the longest that covers each,
//! - words: what stands there.
//!
//! Where all prefixes agree in their first 16 bits, the leaf is narrow: a key needs only the other
//! 16, and leaves room for its link in one cell. So keys and links are one array there, in which
//! the same search works.
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

/// The most entries a leaf can have: a link has 8 bits for an entry, and one value says "none".
pub(super) const LIMIT: usize = 255;
/// What the link of an entry says that no other of the leaf covers.
const NONE: u32 = 0xff;
/// How far the keys of a narrow leaf are shifted.
const NARROW: u32 = 16;
/// So many keys are compared without a branch between them.
const AT_ONCE: usize = 16;

/// A leaf to read.
pub(super) struct Leaf<'a, C> {
    /// How many entries there are.
    len: usize,
    /// How far keys are shifted: 0, or [`NARROW`].
    shift: u32,
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
            // CAST: A usize has 32 bits at least.
            len: (block.head & 0xff) as usize,
            shift: block.head >> 8,
            body: block.body,
        }
    }

    /// A leaf without entries.
    pub(super) fn empty() -> Self {
        Self {
            len: 0,
            shift: 0,
            body: &[],
        }
    }

    /// How many entries there are, of words that are zero as well.
    pub(super) fn len(self) -> usize {
        self.len
    }

    /// How many entries have a word.
    pub(super) fn live(self) -> usize {
        self.words()
            .iter()
            .filter(|word| word.load() != 0)
            .count()
    }

    #[inline(always)]
    fn keys(self) -> &'a [C] {
        self.body.get(..self.len).unwrap_or_default()
    }

    #[inline(always)]
    fn words(self) -> &'a [C] {
        // The last array. The links come before, which are the keys where there are only two.
        let start = self.body.len().wrapping_sub(self.len);

        self.body.get(start..).unwrap_or_default()
    }

    #[inline(always)]
    fn link(self, at: usize) -> Option<&'a C> {
        let start = self.body.len().wrapping_sub(self.len.wrapping_mul(2));

        self.body.get(start.wrapping_add(at))
    }

    /// The word of an entry.
    #[inline(always)]
    pub(super) fn word(self, at: usize) -> Option<&'a C> {
        self.words().get(at)
    }

    /// The entries that cover an address, longest first.
    #[inline(always)]
    pub(super) fn covering(self, address: u32) -> Covering<'a, C> {
        // The last key that can be no greater than this one is that of the longest match, or of one
        // that begins within it.
        let last = u64::from(u32::MAX).wrapping_shr(32u32.wrapping_sub(self.shift)) as u32;
        let probe = address.wrapping_shl(self.shift) | last;

        Covering {
            leaf: self,
            probe,
            at: rank(self.keys(), probe).wrapping_sub(1),
        }
    }

    /// Where a prefix is.
    pub(super) fn find(self, prefix: Prefix) -> Option<usize> {
        self.covering(prefix.address())
            .find(|(_, length)| *length == prefix.length())
            .map(|(at, _)| at)
    }

    /// An entry, by the address that led here.
    pub(super) fn entry(self, at: usize, path: u32) -> Option<Entry> {
        let within = u32::MAX >> (self.shift & NARROW);
        let key = self.keys().get(at)?.load() >> (self.shift & NARROW);
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
        let first = address.wrapping_shl(self.shift);

        Entries {
            leaf: self,
            path: address,
            at: first
                .checked_sub(1)
                .map_or(0, |before| rank(self.keys(), before)),
        }
    }
}

/// How many of the keys are no greater than `probe`.
#[inline(always)]
fn rank<C: Cell>(mut keys: &[C], probe: u32) -> usize {
    let mut before = 0usize;

    while keys.len() > AT_ONCE {
        let Some((low, high)) = keys.split_at_checked(keys.len() / 2) else {
            break;
        };
        match high.first() {
            Some(key) if key.load() <= probe => {
                before = before.wrapping_add(low.len());
                keys = high;
            }
            _ => keys = low,
        }
    }
    for key in keys {
        before = before.wrapping_add(usize::from(key.load() <= probe));
    }
    before
}

/// The entries of a leaf that cover an address, and their lengths: longest first.
pub(super) struct Covering<'a, C> {
    leaf: Leaf<'a, C>,
    probe: u32,
    /// The next to try; none, if that is no entry.
    at: usize,
}

impl<C: Cell> Iterator for Covering<'_, C> {
    type Item = (usize, u8);

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        // Each is before the last, so there is an end.
        while let (Some(key), Some(link)) = (self.leaf.keys().get(self.at), self.leaf.link(self.at))
        {
            let (at, link) = (self.at, link.load());
            let length = (link >> 8) as u8;
            let differ = (self.probe ^ key.load()).wrapping_shr(self.leaf.shift);

            // CAST: A usize has 32 bits at least.
            let up = (link & NONE) as usize;
            self.at = if up < at { up } else { usize::MAX };
            if u64::from(differ).wrapping_shr(32u32.wrapping_sub(length.into())) == 0 {
                return Some((at, length));
            }
        }
        None
    }
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
        while self.at < self.leaf.len {
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
    let shift = if u32::from(depth) >= NARROW { NARROW } else { 0 };
    let arrays = if shift == 0 { 3 } else { 2 };

    if len == 0 {
        return Ok(None);
    }
    // CAST: It is at most LIMIT.
    let head = len as u32 | shift << 8;
    let fresh = memory.leaf(head, len.wrapping_mul(arrays))?;
    let leaf = Leaf::new(Block {
        head,
        body: M::cells(&fresh),
    });
    for (at, Entry { prefix, word }) in entries.take(LIMIT).enumerate() {
        // What covers this one is the entry before, or covers that.
        let up = at
            .checked_sub(1)
            .and_then(|last| above(leaf, last, prefix))
            // CAST: It is less than LIMIT.
            .map_or(NONE, |up| up as u32);
        let link = u32::from(prefix.length()) << 8 | up;
        let key = prefix.address() << shift;

        if shift == 0 {
            put(leaf.link(at), link);
            put(leaf.keys().get(at), key);
        } else {
            put(leaf.keys().get(at), key | link);
        }
        put(leaf.word(at), word);
    }
    Ok(Some(fresh))
}

/// The longest of an entry and those above it that covers a prefix.
fn above<C: Cell>(leaf: Leaf<'_, C>, mut at: usize, prefix: Prefix) -> Option<usize> {
    loop {
        let link = leaf.link(at)?.load();
        let differ = (leaf.keys().get(at)?.load() >> (leaf.shift & NARROW))
            ^ (prefix.address() & (u32::MAX >> (leaf.shift & NARROW)));

        if u64::from(differ) >> (32u32.wrapping_sub(link >> 8 & 0x3f) & 0x3f) == 0 {
            return Some(at);
        }
        let up = (link & NONE) as usize;
        if up >= at {
            return None;
        }
        at = up;
    }
}

fn put<C: Cell>(cell: Option<&C>, value: u32) {
    if let Some(cell) = cell {
        cell.store(value);
    }
}
