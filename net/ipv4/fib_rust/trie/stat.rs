// SPDX-License-Identifier: GPL-2.0

//! What a table is made of, counted.

use super::{
    platform::{
        Node,
        Publication, //
    },
    range::{
        LEVELS,
        STRIDE, //
    },
    set::Set,
    Trie, //
};
use core::{
    array,
    slice, //
};

/// How many there are of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Prefixes.
    pub prefixes: usize,
    /// Leaves and pages, and what cells they have in all.
    pub leaves: usize,
    pub cells: usize,
    /// Branches that tell so many bits apart as the index says, and their slots in all.
    pub branches: [usize; 9],
    pub slots: usize,
    /// Slots that are empty.
    pub empty: usize,
    /// How many branches there are above the leaves: added up, and the most.
    pub depths: usize,
    pub deepest: usize,
}

impl<P: Publication> Trie<P> {
    /// Counts what there is.
    pub fn stat(&self, guard: &P::Guard) -> Stat {
        let mut stat = Stat::default();
        // Of the branches on the way, what has not been seen yet.
        let mut ahead: [slice::Iter<'_, P::Slot>; LEVELS] = array::from_fn(|_| [].iter());
        let mut depth = 0usize;
        let mut node = P::root(&self.root, guard);

        loop {
            match node {
                Node::Empty => add(&mut stat.empty, 1),
                Node::Leaf(block) => {
                    add(&mut stat.prefixes, Set::new(block, 0).live());
                    add(&mut stat.leaves, 1);
                    add(&mut stat.cells, block.body.len());
                    add(&mut stat.depths, depth);
                    stat.deepest = stat.deepest.max(depth);
                }
                Node::Branch(block) => {
                    stat.branches
                        .get_mut(usize::from(STRIDE))
                        .into_iter()
                        .for_each(|count| add(count, 1));
                    add(&mut stat.slots, block.body.len());
                    if let Some(slots) = ahead.get_mut(depth) {
                        *slots = block.body.iter();
                        add(&mut depth, 1);
                    }
                }
            }
            node = loop {
                let above = depth.checked_sub(1);
                let Some((above, slots)) = above.and_then(|at| Some((at, ahead.get_mut(at)?)))
                else {
                    return stat;
                };
                match slots.next() {
                    Some(slot) => break P::read(slot, guard),
                    None => depth = above,
                }
            };
        }
    }
}

/// There is nothing of which there could be too many.
fn add(count: &mut usize, more: usize) {
    *count = count.wrapping_add(more);
}
