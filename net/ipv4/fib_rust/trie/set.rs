// SPDX-License-Identifier: GPL-2.0

//! The prefixes of one slot: a leaf, or a page.

use super::{
    leaf::{
        self,
        Leaf,
        Put, //
    },
    page::{
        self,
        Page, //
    },
    platform::{
        Block,
        Cell, //
    },
    prefix::{
        Entry,
        Match,
        Prefix, //
    },
    range::Range, //
};

/// What goes with a pointer to a leaf.
pub(super) const LEAF: u8 = 0;
/// What goes with a pointer to a page.
pub(super) const PAGE: u8 = 1;

/// The prefixes of one slot.
pub(super) enum Set<'a, C> {
    Leaf(Leaf<'a, C>),
    Page(Page<'a, C>),
}

impl<C> Clone for Set<'_, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C> Copy for Set<'_, C> {}

impl<'a, C: Cell> Set<'a, C> {
    /// The prefixes of a slot whose range is of this depth.
    #[inline]
    pub(super) fn new(block: Block<'a, C>, depth: u8) -> Self {
        match block.tag {
            LEAF => Self::Leaf(Leaf::new(block.body, depth)),
            _ => Self::Page(Page::new(block.body, depth)),
        }
    }

    /// No prefixes.
    pub(super) fn empty(depth: u8) -> Self {
        Self::Leaf(Leaf::new(&[], depth))
    }

    /// The longest that covers an address and is shorter than `below`.
    #[inline]
    pub(super) fn longest(self, address: u32, below: u8) -> Match {
        match self {
            Self::Leaf(leaf) => leaf.longest(address, below),
            Self::Page(page) => page.longest(address, below),
        }
    }

    /// The word of a prefix.
    pub(super) fn get(self, prefix: Prefix) -> Match {
        match self {
            Self::Leaf(leaf) => leaf.get(prefix),
            Self::Page(page) => page.get(prefix),
        }
    }

    fn count(self) -> Option<&'a C> {
        match self {
            Self::Leaf(leaf) => leaf.live(),
            Self::Page(page) => page.live(),
        }
    }

    /// How many there are.
    pub(super) fn live(self) -> usize {
        // CAST: A usize has 32 bits at least.
        self.count().map_or(0, |live| live.load() as usize)
    }

    /// Gives a prefix a word, if there is a place for it.
    pub(super) fn put(self, entry: Entry) -> Put<'a, C> {
        let done = match self {
            Self::Leaf(leaf) => leaf.put(entry),
            Self::Page(page) => Put::Done(page.put(entry)),
        };

        if let (Put::Done(Match::NONE), Some(live)) = (&done, self.count()) {
            live.init(live.load().wrapping_add(1));
        }
        done
    }

    /// Takes a prefix away, and returns the word that it had.
    pub(super) fn take(self, prefix: Prefix) -> Match {
        let old = match self {
            Self::Leaf(leaf) => leaf.take(prefix),
            Self::Page(page) => page.take(prefix),
        };

        if let (true, Some(live)) = (old != Match::NONE, self.count()) {
            live.init(live.load().wrapping_sub(1));
        }
        old
    }

    /// Whether so much has gone that a copy would be much smaller.
    pub(super) fn is_sparse(self, full: usize) -> bool {
        let live = self.live();

        match self {
            Self::Leaf(leaf) => leaf.is_sparse(live),
            Self::Page(_) => live < full / 4,
        }
    }

    /// All, in order. The range is that of the slot.
    pub(super) fn entries(self, range: Range) -> Entries<'a, C> {
        match self {
            Self::Leaf(leaf) => Entries::Leaf(leaf.entries()),
            Self::Page(page) => Entries::Page(page.entries(range)),
        }
    }
}

/// The prefixes of one slot, in order.
pub(super) enum Entries<'a, C> {
    Leaf(leaf::Entries<'a, C>),
    Page(page::Entries<'a, C>),
}

impl<C> Clone for Entries<'_, C> {
    fn clone(&self) -> Self {
        match self {
            Self::Leaf(leaf) => Self::Leaf(leaf.clone()),
            Self::Page(page) => Self::Page(page.clone()),
        }
    }
}

impl<C: Cell> Iterator for Entries<'_, C> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        match self {
            Self::Leaf(leaf) => leaf.next(),
            Self::Page(page) => page.next(),
        }
    }
}

impl<C: Cell> Set<'_, C> {
    /// Tells of the prefixes by address, `BACK` or forth, then longest first, until `tell` fails.
    /// It begins with those at an address; a few before may be among them. The range is that of the
    /// slot.
    pub(super) fn tell<E, const BACK: bool>(
        self,
        range: Range,
        from: u32,
        tell: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Leaf(leaf) => leaf.tell::<_, BACK>(from, tell),
            Self::Page(page) => page.tell::<_, BACK>(range, from, tell),
        }
    }
}
