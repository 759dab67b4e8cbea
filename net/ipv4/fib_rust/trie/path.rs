// SPDX-License-Identifier: GPL-2.0

//! The way to a prefix, for those who want to see how a table is made.

use super::{
    branch::{
        Branch,
        LEVELS, //
    },
    platform::{
        Node,
        Publication, //
    },
    prefix::Prefix,
    Trie, //
};

/// A branch on the way to a prefix.
pub struct Stem<'g, P: Publication> {
    branch: Branch<'g, P::Slot>,
    guard: &'g P::Guard,
}

impl<P: Publication> Stem<'_, P> {
    /// The first address of its range, how many bits all addresses of that agree in, and how many
    /// it tells apart.
    pub fn range(&self) -> (u32, u8, u8) {
        let shape = self.branch.shape();

        (shape.key, shape.level.start(), shape.level.bits())
    }

    /// How many branches are directly below, and how many slots are empty.
    pub fn children(&self) -> (usize, usize) {
        let count = |(branches, empty): (usize, usize), slot| match P::read(slot, self.guard) {
            Node::Empty => (branches, empty.wrapping_add(1)),
            Node::Leaf(_) => (branches, empty),
            Node::Branch(_) => (branches.wrapping_add(1), empty),
        };

        self.branch.slots().iter().fold((0, 0), count)
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

        (0..LEVELS).map_while(move |_| {
            let Node::Branch(block) = node else {
                return None;
            };
            let branch = Branch::new(block);
            let slot = branch.slots().get(branch.shape().place(prefix));

            node = slot.map_or(Node::Empty, |slot| P::read(slot, guard));
            Some(Stem { branch, guard })
        })
    }
}
