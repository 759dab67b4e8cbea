// SPDX-License-Identifier: GPL-2.0

//! The way to a prefix, for those who want to see how a table is made.

use super::{
    platform::{
        Node,
        Publication, //
    },
    prefix::Prefix,
    range::{
        Range,
        LEVELS,
        STRIDE, //
    },
    Trie, //
};

/// A branch on the way to a prefix.
pub struct Stem<'g, P: Publication> {
    slots: &'g [P::Slot],
    range: Range,
    guard: &'g P::Guard,
}

impl<P: Publication> Stem<'_, P> {
    /// The first address of its range, how many bits all addresses of that agree in, and how many
    /// it tells apart.
    pub fn range(&self) -> (u32, u8, u8) {
        (self.range.key(), self.range.depth(), STRIDE)
    }

    /// How many branches are directly below, and how many slots are empty.
    pub fn children(&self) -> (usize, usize) {
        let count = |(branches, empty): (usize, usize), slot| match P::read(slot, self.guard) {
            Node::Empty => (branches, empty.wrapping_add(1)),
            Node::Leaf(_) => (branches, empty),
            Node::Branch(_) => (branches.wrapping_add(1), empty),
        };

        self.slots.iter().fold((0, 0), count)
    }
}

impl<P: Publication> Trie<P> {
    /// The branches on the way to a prefix, which need not be there: from the root.
    pub fn path<'g>(
        &'g self,
        prefix: Prefix,
        guard: &'g P::Guard,
    ) -> impl Iterator<Item = Stem<'g, P>> + 'g {
        let mut node = P::root(&self.root, guard);
        let mut below = Range::ALL;

        (0..LEVELS).map_while(move |_| {
            let Node::Branch(block) = node else {
                return None;
            };
            let (range, slots) = (below, block.body);
            let slot = range.place(prefix);

            node = slots
                .get(slot)
                .map_or(Node::Empty, |slot| P::read(slot, guard));
            below = range.below(slot);
            Some(Stem {
                slots,
                range,
                guard,
            })
        })
    }
}
