// SPDX-License-Identifier: GPL-2.0

//! All prefixes in order: by address, then longest first.

use super::{
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
        REST, //
    },
    set::Set,
    Trie, //
};
use core::{
    iter,
    num::NonZero, //
};

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

        // What is found in the rest of a branch can be beyond what is in the parts.
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
                    return Some((prefix, word.word()?));
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

    /// The first prefix from a place on, of those on the way down; and where to look further.
    fn look(&self, mut place: Place, guard: &P::Guard) -> (Option<Entry>, Option<Place>) {
        let mut node = P::root(&self.root, guard);
        let mut range = Range::ALL;
        let (mut best, mut onward) = (None, None);
        // Of the branches on the way, what is from the place on.
        let mut rests = [None; LEVELS];

        for rest in rests.iter_mut().map(Some).chain(iter::once(None)) {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => {
                    let set = Set::new(block, range.depth());

                    best = first(set.between(range, place.address(), u32::MAX), place);
                    break;
                }
                Node::Branch(block) => {
                    let own = block.body.get(REST).map(|slot| P::read(slot, guard));
                    if let (Some(rest), Some(Node::Leaf(block))) = (rest, own) {
                        *rest = Some((Set::new(block, range.depth()), range, place));
                    }
                    let from = range.slot(place.address());
                    let mut ahead = (from..block.body.len())
                        .zip(block.body.get(from..).unwrap_or_default())
                        .map(|(at, slot)| (at, P::read(slot, guard)))
                        .filter(|(_, node)| !matches!(node, Node::Empty));
                    let Some((at, found)) = ahead.next() else {
                        break;
                    };
                    if let Some((at, _)) = ahead.next() {
                        onward = Some(Place::start(range.below(at).key()));
                    }
                    range = range.below(at);
                    place = place.max(Place::start(range.key()));
                    node = found;
                }
            }
        }
        for (set, range, place) in rests.into_iter().flatten() {
            // What is beyond is not the first.
            let until = best.map(|best: Entry| Place::of(best.prefix)).or(onward);
            let until = until.map_or(u32::MAX, Place::address);

            best = earlier(
                best,
                first(set.between(range, place.address(), until), place),
            );
        }
        (best, onward)
    }
}

/// The first of some prefixes from a place on. They are in order.
fn first(entries: impl Iterator<Item = Entry>, place: Place) -> Option<Entry> {
    let mut best: Option<Entry> = None;

    for entry in entries {
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
