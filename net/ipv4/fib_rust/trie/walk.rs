// SPDX-License-Identifier: GPL-2.0

//! All prefixes in order: by address, then longest first. Or by address from the last to the
//! first, then longest first as well, which is how C's trie is flushed.
//!
//! Whatever is no longer than what a part of a branch agrees in begins where a part does. So the
//! rest of a branch is told part by part: what it has at the first address of a part comes after
//! what else begins there.

use super::{
    page::Page,
    platform::{
        Node,
        Publication, //
    },
    prefix::{
        Entry,
        Prefix, //
    },
    range::{
        part,
        Range,
        REST, //
    },
    set::Set,
    Trie, //
};
use core::{
    iter,
    num::NonZero, //
};

impl<P: Publication> Trie<P> {
    /// The first prefix after another, which need not be there; the first of all, after none.
    ///
    /// So a walk can begin anywhere, and go on whatever has changed.
    pub fn next(&self, after: Option<Prefix>, guard: &P::Guard) -> Option<(Prefix, NonZero<u32>)> {
        self.walk(after, guard, |prefix, word| Err((prefix, word)))
            .err()
    }

    /// Tells of all prefixes after one, which need not be there: by address, then longest first.
    /// Each that stays meanwhile is told once. Ends with the first error of `tell`.
    pub fn walk<E>(
        &self,
        after: Option<Prefix>,
        guard: &P::Guard,
        tell: impl FnMut(Prefix, NonZero<u32>) -> Result<(), E>,
    ) -> Result<(), E> {
        Walk::<P, _, false>::new(after, guard, tell).all(self, after.map_or(0, Prefix::address))
    }

    /// The same by address from the last to the first, then longest first.
    pub fn walk_back<E>(
        &self,
        after: Option<Prefix>,
        guard: &P::Guard,
        tell: impl FnMut(Prefix, NonZero<u32>) -> Result<(), E>,
    ) -> Result<(), E> {
        Walk::<P, _, true>::new(after, guard, tell)
            .all(self, after.map_or(u32::MAX, Prefix::address))
    }
}

/// A walk, `BACK` or forth.
struct Walk<'g, P: Publication, F, const BACK: bool> {
    guard: &'g P::Guard,
    /// The place in the order from which on prefixes are told.
    first: u64,
    tell: F,
}

/// What begins where a part of a branch does, of the rest of that and of branches above.
struct Rest<'a, C> {
    page: Page<'a, C>,
    range: Range,
    part: usize,
    above: Option<&'a Rest<'a, C>>,
}

impl<'g, P: Publication, F, E, const BACK: bool> Walk<'g, P, F, BACK>
where
    F: FnMut(Prefix, NonZero<u32>) -> Result<(), E>,
{
    fn new(after: Option<Prefix>, guard: &'g P::Guard, tell: F) -> Self {
        Self {
            guard,
            first: after.map_or(0, |after| place::<BACK>(after).wrapping_add(1)),
            tell,
        }
    }

    /// From an address on: there may be some that come before the first.
    fn all(mut self, trie: &Trie<P>, from: u32) -> Result<(), E> {
        self.node(P::root(&trie.root, self.guard), Range::ALL, from, None)
    }

    /// Tells what a slot leads to, and `rest` where it belongs.
    ///
    /// This calls itself for what is below, at most as often as there are levels.
    fn node(
        &mut self,
        node: Node<'_, P>,
        range: Range,
        from: u32,
        mut rest: Option<&Rest<'_, P::Cell>>,
    ) -> Result<(), E> {
        match node {
            Node::Empty => (),
            Node::Leaf(block) => {
                let tell = |entry: Entry| {
                    if !BACK && entry.prefix.address() != range.key() {
                        rest.take().map_or(Ok(()), |rest| self.rest(rest))?;
                    }
                    self.entry(entry)
                };
                Set::new(block, range.depth()).tell::<_, BACK>(range, from, tell)?;
            }
            Node::Branch(block) => return self.branch(block.body, range, from, rest),
        }
        rest.map_or(Ok(()), |rest| self.rest(rest))
    }

    fn branch(
        &mut self,
        slots: &[P::Slot],
        range: Range,
        from: u32,
        above: Option<&Rest<'_, P::Cell>>,
    ) -> Result<(), E> {
        let page = match slots.get(REST).map(|slot| P::read(slot, self.guard)) {
            Some(Node::Leaf(block)) => Page::new(block.body, range.depth()),
            _ => Page::new(&[], range.depth()),
        };
        let first = part(from, range.depth());
        let parts = slots.get(REST + 1..).unwrap_or_default();

        each::<_, _, BACK>(parts, first, |part, slot| {
            let here;
            let rest = if page.begins(part) {
                here = Rest {
                    page,
                    range,
                    part,
                    above: above.filter(|_| part == 0),
                };
                Some(&here)
            } else {
                above.filter(|_| part == 0)
            };
            let node = P::read(slot, self.guard);
            if matches!((&node, rest), (Node::Empty, None)) {
                return Ok(());
            }
            let below = range.below(part.wrapping_add(1));
            let from = match BACK {
                true => from.min(below.last()),
                false => from.max(below.key()),
            };

            self.node(node, below, from, rest)
        })
    }

    /// Tells the rest that begins where a part does: the innermost first, which is longest.
    fn rest(&mut self, rest: &Rest<'_, P::Cell>) -> Result<(), E> {
        iter::successors(Some(rest), |rest| rest.above)
            .flat_map(|rest| rest.page.beginning(rest.range, rest.part))
            .try_for_each(|entry| self.entry(entry))
    }

    fn entry(&mut self, Entry { prefix, word }: Entry) -> Result<(), E> {
        match word.word() {
            Some(word) if place::<BACK>(prefix) >= self.first => (self.tell)(prefix, word),
            _ => Ok(()),
        }
    }
}

/// Where a prefix is in the order.
fn place<const BACK: bool>(prefix: Prefix) -> u64 {
    let address = match BACK {
        true => !prefix.address(),
        false => prefix.address(),
    };

    u64::from(address) << 8 | u64::from(32u8.wrapping_sub(prefix.length()))
}

/// Runs `f` for an item and all after it or, `BACK`, before it, until it fails.
pub(super) fn each<'a, T, E, const BACK: bool>(
    items: &'a [T],
    first: usize,
    mut f: impl FnMut(usize, &'a T) -> Result<(), E>,
) -> Result<(), E> {
    let (from, to) = match BACK {
        true => (0, items.len().min(first.wrapping_add(1))),
        false => (first, items.len()),
    };
    let mut all = (from..to).zip(items.get(from..to).unwrap_or_default());

    match BACK {
        true => all.try_rfold((), |(), (at, item)| f(at, item)),
        false => all.try_for_each(|(at, item)| f(at, item)),
    }
}
