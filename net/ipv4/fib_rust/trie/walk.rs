// SPDX-License-Identifier: GPL-2.0

//! All prefixes in order: by address, then longest first. Or by address from the last to the
//! first, then longest first as well, which is how C's trie is flushed.
//!
//! Whatever is no longer than what a part of a branch agrees in begins where a part does. So the
//! rest of a branch is told part by part: what it has at the first address of a part comes after
//! what else begins there.

use super::{
    page::{
        Beginning,
        Page, //
    },
    platform::{
        Node,
        Publication, //
    },
    prefix::{
        Entry,
        Prefix, //
    },
    range::{
        Range,
        LEVELS,
        REST,
        SLOTS, //
    },
    set::{
        Ordered,
        Set, //
    },
    Trie, //
};
use core::num::NonZero;

/// The slot of the first part of a branch.
const FIRST: usize = REST + 1;

/// A branch on the way to where a walk is.
struct Stem<'g, P: Publication> {
    slots: &'g [P::Slot],
    range: Range,
    /// The slot of the part that it is in.
    part: usize,
    /// What of the rest begins there, as far as it has not been told.
    rest: Beginning,
}

impl<'g, P: Publication> Stem<'g, P> {
    fn new(slots: &'g [P::Slot], range: Range, part: usize) -> Self {
        Self {
            slots,
            range,
            part,
            rest: Beginning::new(range, part.wrapping_sub(FIRST)),
        }
    }

    fn rest(&mut self, guard: &'g P::Guard) -> Option<Entry> {
        match read::<P>(self.slots, REST, guard) {
            Node::Leaf(block) => self.rest.next(Page::new(block.body, self.range.depth())),
            _ => None,
        }
    }
}

/// A walk over all prefixes, `BACK` or forth. Each that stays meanwhile is told once.
pub struct Walk<'g, P: Publication, const BACK: bool> {
    guard: &'g P::Guard,
    /// What it begins after, as long as it may not be there.
    after: Option<Prefix>,
    /// From the root on.
    stems: [Option<Stem<'g, P>>; LEVELS],
    depth: usize,
    /// What is in the slot below these, and what of it comes after the rest.
    set: Ordered<'g, P::Cell, BACK>,
    next: Option<Entry>,
    /// The first address of the part.
    start: u32,
    /// Of how many stems the rest may begin there.
    rests: usize,
}

impl<P: Publication> Trie<P> {
    /// The first prefix after another, which need not be there; the first of all, after none.
    ///
    /// So a walk can begin anywhere, and go on whatever has changed.
    pub fn next(&self, after: Option<Prefix>, guard: &P::Guard) -> Option<(Prefix, NonZero<u32>)> {
        self.walk(after, guard).next()
    }

    /// Iterates over all prefixes after one, which need not be there: by address, then longest
    /// first.
    pub fn walk<'g>(&'g self, after: Option<Prefix>, guard: &'g P::Guard) -> Walk<'g, P, false> {
        Walk::new(self, after, 0, guard)
    }

    /// The same by address from the last to the first, then longest first.
    pub fn walk_back<'g>(
        &'g self,
        after: Option<Prefix>,
        guard: &'g P::Guard,
    ) -> Walk<'g, P, true> {
        Walk::new(self, after, u32::MAX, guard)
    }
}

impl<'g, P: Publication, const BACK: bool> Walk<'g, P, BACK> {
    fn new(trie: &'g Trie<P>, after: Option<Prefix>, first: u32, guard: &'g P::Guard) -> Self {
        let mut walk = Self {
            guard,
            after,
            stems: [const { None }; LEVELS],
            depth: 0,
            set: Ordered::empty(),
            next: None,
            start: 0,
            rests: 0,
        };

        walk.enter(
            P::root(&trie.root, guard),
            Range::ALL,
            after.map_or(first, Prefix::address),
        );
        walk
    }

    /// Goes to where an address is, in what a slot leads to.
    fn enter(&mut self, mut node: Node<'g, P>, mut range: Range, address: u32) {
        self.set = loop {
            match (node, self.stems.get_mut(self.depth)) {
                (Node::Leaf(block), _) => {
                    break Set::new(block, range.depth()).ordered(range, address);
                }
                (Node::Branch(block), Some(stem)) => {
                    let part = range.slot(address);

                    *stem = Some(Stem::new(block.body, range, part));
                    self.depth = self.depth.wrapping_add(1);
                    range = range.below(part);
                    node = read::<P>(block.body, part, self.guard);
                }
                _ => break Ordered::empty(),
            }
        };
        self.start = range.key();
        self.rests = self.depth;
    }

    /// Goes to the next part. There, or above, the next prefix may be.
    fn onward(&mut self) -> Option<()> {
        loop {
            let depth = self.depth.checked_sub(1)?;
            let stem = self.stems.get_mut(depth)?.as_mut()?;
            let part = match BACK {
                true => stem.part.wrapping_sub(1),
                false => stem.part.wrapping_add(1),
            };

            if (FIRST..SLOTS).contains(&part) {
                *stem = Stem::new(stem.slots, stem.range, part);
                let range = stem.range.below(part);
                let node = read::<P>(stem.slots, part, self.guard);
                self.enter(node, range, if BACK { range.last() } else { range.key() });
                return Some(());
            }
            self.depth = depth;
            if BACK {
                self.rests = depth;
                return Some(());
            }
        }
    }

    /// What begins where a part does, of the rest of the branches that it is in, the innermost one
    /// first.
    fn rest(&mut self) -> Option<Entry> {
        while let Some(inner) = self.rests.checked_sub(1) {
            let stem = self.stems.get_mut(inner).and_then(Option::as_mut);

            if let Some(entry) = stem.and_then(|stem| stem.rest(self.guard)) {
                return Some(entry);
            }
            // Back, the others are in parts that it is not done with.
            if BACK {
                break;
            }
            self.rests = inner;
        }
        None
    }

    fn step(&mut self) -> Option<Entry> {
        loop {
            let next = match self.next.take() {
                None => self.set.next(),
                next => next,
            };
            if let Some(next) = next {
                if BACK || self.rests == 0 || next.prefix.address() == self.start {
                    return Some(next);
                }
                self.next = Some(next);
            }
            if let Some(entry) = self.rest() {
                return Some(entry);
            }
            if self.next.is_none() {
                self.onward()?;
            }
        }
    }
}

impl<P: Publication, const BACK: bool> Iterator for Walk<'_, P, BACK> {
    type Item = (Prefix, NonZero<u32>);

    fn next(&mut self) -> Option<(Prefix, NonZero<u32>)> {
        loop {
            let Entry { prefix, word } = self.step()?;

            // Where it begins there may be some that come before.
            if let Some(after) = self.after {
                let is_before = match BACK {
                    true => prefix.address() > after.address(),
                    false => prefix.address() < after.address(),
                };
                let is_same = prefix.address() == after.address();
                if is_before || is_same && prefix.length() >= after.length() {
                    continue;
                }
                // Where it begins there may be more of these yet, further up.
                if !is_same {
                    self.after = None;
                }
            }
            return Some((prefix, word.word()?));
        }
    }
}

fn read<'g, P: Publication>(slots: &'g [P::Slot], at: usize, guard: &'g P::Guard) -> Node<'g, P> {
    match slots.get(at) {
        Some(slot) => P::read(slot, guard),
        None => Node::Empty,
    }
}
