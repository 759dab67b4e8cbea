// SPDX-License-Identifier: GPL-2.0

//! All addresses at which prefixes begin, from the last to the first.

use super::{
    platform::{
        Cell,
        Node,
        Publication, //
    },
    range::{
        Range,
        LEVELS,
        REST, //
    },
    set::Set,
    Trie, //
};

impl<P: Publication> Trie<P> {
    /// The last address before another at which a prefix begins; the last of all, before none.
    pub fn last_start(&self, before: Option<u32>, guard: &P::Guard) -> Option<u32> {
        let mut limit = match before {
            None => u32::MAX,
            Some(before) => before.checked_sub(1)?,
        };
        let mut best = None;

        // What is found in the rest of a branch can be before what is in the parts.
        loop {
            let (found, onward) = self.look_back(limit, guard);

            best = best.max(found);
            match onward {
                Some(onward) if best.is_none_or(|best| best < onward) => limit = onward,
                _ => return best,
            }
        }
    }

    /// The last address, no greater than `limit`, at which something begins, of what is on the way
    /// down; and where to look further.
    fn look_back(&self, mut limit: u32, guard: &P::Guard) -> (Option<u32>, Option<u32>) {
        let mut node = P::root(&self.root, guard);
        let mut range = Range::ALL;
        let (mut best, mut onward) = (None, None);

        for _ in 0..=LEVELS {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => {
                    best = best.max(last(Set::new(block, range.depth()), range, limit));
                    break;
                }
                Node::Branch(block) => {
                    let rest = block.body.get(REST).map(|slot| P::read(slot, guard));
                    if let Some(Node::Leaf(block)) = rest {
                        best = best.max(last(Set::new(block, range.depth()), range, limit));
                    }
                    let parts = REST.wrapping_add(1)..=range.slot(limit);
                    let mut before = parts
                        .rev()
                        .filter_map(|at| Some((at, P::read(block.body.get(at)?, guard))))
                        .filter(|(_, node)| !matches!(node, Node::Empty));
                    let Some((at, found)) = before.next() else {
                        break;
                    };
                    if let Some((at, _)) = before.next() {
                        onward = Some(range.below(at).last());
                    }
                    range = range.below(at);
                    limit = limit.min(range.last());
                    node = found;
                }
            }
        }
        (best, onward)
    }
}

/// The last address of a set, no greater than `limit`, at which something begins.
fn last<C: Cell>(set: Set<'_, C>, range: Range, limit: u32) -> Option<u32> {
    set.between(range, range.key(), limit)
        .map(|entry| entry.prefix.address())
        .take_while(|address| *address <= limit)
        .last()
}
