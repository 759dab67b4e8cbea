// SPDX-License-Identifier: GPL-2.0

//! All prefixes, from the last to the first: by address, and of those at one address the longest
//! first.

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

impl<P: Publication> Trie<P> {
    /// The last prefix before another, which need not be there; the last of all, before none.
    ///
    /// So a walk can begin anywhere, and go on whatever has changed.
    pub fn previous(
        &self,
        before: Option<Prefix>,
        guard: &P::Guard,
    ) -> Option<(Prefix, NonZero<u32>)> {
        let mut limit = before.map_or(u64::MAX, Prefix::order);
        let mut best = None;

        // What is found in the rest of a branch can be before what is in the parts.
        loop {
            let (found, onward) = self.look_back(limit, guard);

            best = later(best, found);
            match onward {
                Some(onward) if best.is_none_or(|best| best.prefix.order() < onward) => {
                    limit = onward;
                }
                _ => {
                    let Entry { prefix, word } = best?;
                    return Some((prefix, word.word()?));
                }
            }
        }
    }

    /// The last prefix before a limit, of those on the way down; and before what to look further.
    fn look_back(&self, mut limit: u64, guard: &P::Guard) -> (Option<Entry>, Option<u64>) {
        let mut node = P::root(&self.root, guard);
        let mut range = Range::ALL;
        let (mut best, mut onward) = (None, None);
        // Of the branches on the way, what is before the limit.
        let mut rests = [None; LEVELS];

        for rest in rests.iter_mut().map(Some).chain(iter::once(None)) {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => {
                    best = Set::new(block, range.depth()).last(range, range.key(), limit);
                    break;
                }
                Node::Branch(block) => {
                    let own = block.body.get(REST).map(|slot| P::read(slot, guard));
                    if let (Some(rest), Some(Node::Leaf(block))) = (rest, own) {
                        *rest = Some((Set::new(block, range.depth()), range, limit));
                    }
                    let last = Prefix::address_of(limit).min(range.last());
                    let mut before = (REST.wrapping_add(1)..=range.slot(last))
                        .rev()
                        .filter_map(|at| Some((at, P::read(block.body.get(at)?, guard))))
                        .filter(|(_, node)| !matches!(node, Node::Empty));
                    let Some((at, found)) = before.next() else {
                        break;
                    };
                    if let Some((at, _)) = before.next() {
                        onward = Some(Prefix::order_after(range.below(at).last()));
                    }
                    range = range.below(at);
                    limit = limit.min(Prefix::order_after(range.last()));
                    node = found;
                }
            }
        }
        for (set, range, limit) in rests.into_iter().flatten() {
            // What is before is not the last.
            let from = best.map(|best: Entry| best.prefix.address());
            let from = from.or(onward.map(Prefix::address_of)).unwrap_or(0);

            best = later(best, set.last(range, from, limit));
        }
        (best, onward)
    }
}

/// Whichever of two comes last.
fn later(a: Option<Entry>, b: Option<Entry>) -> Option<Entry> {
    match (a, b) {
        (Some(a), Some(b)) => Some(core::cmp::max_by_key(a, b, |entry| entry.prefix.order())),
        (a, b) => a.or(b),
    }
}
