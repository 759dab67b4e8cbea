// SPDX-License-Identifier: GPL-2.0

//! All prefixes in order: by address, then longest first.

use super::{
    branch::{
        Branch,
        LEVELS, //
    },
    leaf::Leaf,
    platform::{
        Cell,
        Node,
        Publication, //
    },
    prefix::{
        Entry,
        Prefix, //
    },
    Trie, //
};
use core::num::NonZero;

/// A place in the order, whether or not a prefix is there.
///
/// The address is above eight bits of how many the length lacks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place(u64);

impl Place {
    fn of(prefix: Prefix) -> Self {
        Self(u64::from(prefix.address()) << 8 | u64::from(32u8.wrapping_sub(prefix.length())))
    }

    fn start(address: u32) -> Self {
        Self(u64::from(address) << 8)
    }

    fn address(self) -> u32 {
        // CAST: It is what is above eight bits.
        (self.0 >> 8) as u32
    }
}

impl<P: Publication> Trie<P> {
    /// The first prefix after another, which need not be there; the first of all, after none.
    ///
    /// So a walk can begin anywhere, and go on whatever has changed.
    pub fn next(&self, after: Option<Prefix>, guard: &P::Guard) -> Option<(Prefix, NonZero<u32>)> {
        let mut place = match after {
            None => Place(0),
            Some(prefix) => Place(Place::of(prefix).0.wrapping_add(1)),
        };
        let mut best = None;

        // What is found in no part of a branch can be beyond what is in the parts.
        loop {
            let (found, onward) = self.look(place, guard);

            best = earlier(best, found);
            match (best, onward) {
                (best, Some(onward))
                    if best.is_none_or(|best| onward <= Place::of(best.prefix)) =>
                {
                    place = onward;
                }
                (best, _) => {
                    let Entry { prefix, word } = best?;
                    return Some((prefix, NonZero::new(word)?));
                }
            }
        }
    }

    /// Iterates over all prefixes after one.
    pub fn walk<'g>(
        &'g self,
        after: Option<Prefix>,
        guard: &'g P::Guard,
    ) -> impl Iterator<Item = (Prefix, NonZero<u32>)> + 'g {
        core::iter::successors(self.next(after, guard), move |(prefix, _)| {
            self.next(Some(*prefix), guard)
        })
    }

    /// The first entry from a place on, of those on the way down; and where to look further.
    fn look(&self, mut place: Place, guard: &P::Guard) -> (Option<Entry>, Option<Place>) {
        let mut node = P::root(&self.root, guard);
        let (mut best, mut onward) = (None, None);

        for _ in 0..=LEVELS {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => {
                    best = earlier(best, first(Leaf::new(block), place));
                    break;
                }
                Node::Branch(block) => {
                    let branch = Branch::new(block);
                    let shape = branch.shape();

                    if let Some(Node::Leaf(block)) = branch.rest().map(|slot| P::read(slot, guard))
                    {
                        best = earlier(best, first(Leaf::new(block), place));
                    }
                    // Before the range, all parts are ahead; beyond, none.
                    place = place.max(Place::start(shape.key));
                    if shape.is_before(place.address()) {
                        break;
                    }
                    let from = shape.slot(place.address());
                    let mut ahead = (from..branch.slots().len())
                        .zip(branch.slots().get(from..).unwrap_or_default())
                        .map(|(at, slot)| (at, P::read(slot, guard)))
                        .filter(|(_, node)| !matches!(node, Node::Empty));
                    let Some((at, found)) = ahead.next() else {
                        break;
                    };
                    place = place.max(Place::start(shape.start(at)));
                    if let Some((at, _)) = ahead.next() {
                        onward = Some(Place::start(shape.start(at)));
                    }
                    node = found;
                }
            }
        }
        (best, onward)
    }
}

/// The first entry of a leaf from a place on.
fn first<C: Cell>(leaf: Leaf<'_, C>, place: Place) -> Option<Entry> {
    let mut best: Option<Entry> = None;

    for entry in leaf.entries_from(place.address()) {
        if best.is_some_and(|best| best.prefix.address() != entry.prefix.address()) {
            break;
        }
        // What begins at the same address comes longest last.
        if Place::of(entry.prefix) >= place {
            best = Some(entry);
        }
    }
    best
}

/// Whichever of two comes first.
fn earlier(a: Option<Entry>, b: Option<Entry>) -> Option<Entry> {
    match (a, b) {
        (Some(a), Some(b)) => Some(core::cmp::min_by_key(a, b, |entry| Place::of(entry.prefix))),
        (a, b) => a.or(b),
    }
}
