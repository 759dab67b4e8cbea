// SPDX-License-Identifier: GPL-2.0

//! All addresses at which prefixes begin, from the last to the first.

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

        // What is found in no part of a branch can be before what is in the parts.
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
        let (mut best, mut onward) = (None, None);

        for _ in 0..=LEVELS {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => {
                    best = best.max(last(Leaf::new(block), limit));
                    break;
                }
                Node::Branch(block) => {
                    let branch = Branch::new(block);
                    let shape = branch.shape();

                    if let Some(Node::Leaf(block)) = branch.rest().map(|slot| P::read(slot, guard))
                    {
                        best = best.max(last(Leaf::new(block), limit));
                    }
                    // Before the range, no part is before; beyond it, all are.
                    if limit < shape.key {
                        break;
                    }
                    let slots = branch.slots();
                    let end = match shape.is_before(limit) {
                        true => slots.len(),
                        false => shape.slot(limit).wrapping_add(1),
                    };
                    let mut before = (1..end)
                        .rev()
                        .filter_map(|at| Some((at, P::read(slots.get(at)?, guard))))
                        .filter(|(_, node)| !matches!(node, Node::Empty));
                    let Some((at, found)) = before.next() else {
                        break;
                    };
                    limit = limit.min(shape.last(at));
                    if let Some((at, _)) = before.next() {
                        onward = Some(shape.last(at));
                    }
                    node = found;
                }
            }
        }
        (best, onward)
    }
}

/// The last address of a leaf that is no greater than `limit`.
fn last<C: Cell>(leaf: Leaf<'_, C>, limit: u32) -> Option<u32> {
    leaf.entries(limit)
        .map(|entry| entry.prefix.address())
        .take_while(|address| *address <= limit)
        .last()
}
