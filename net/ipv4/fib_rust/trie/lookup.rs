// SPDX-License-Identifier: GPL-2.0

//! Which prefixes cover an address.

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
    prefix::Prefix,
    Trie, //
};
use core::{
    iter,
    num::NonZero, //
};

/// The way down to a leaf.
struct Way<'g, P: Publication> {
    node: Node<'g, P>,
    /// How many bits the addresses of the slot agree in.
    depth: u8,
    /// Of the branches that were passed, by level: the slots of what is in none of their parts.
    rests: [Option<&'g P::Slot>; LEVELS],
}

impl<'g, P: Publication> Way<'g, P> {
    /// Passes a branch, if one of that level comes next.
    #[inline(always)]
    fn step<const LEVEL: u8>(&mut self, address: u32, guard: &'g P::Guard) {
        let Node::Branch(block) = self.node else {
            return;
        };
        if block.tag != LEVEL {
            return;
        }
        let branch = Branch::of_level::<LEVEL>(block);
        let Some(rest) = branch.rest() else {
            return;
        };
        self.node = match branch.part(address) {
            Some(slot) => {
                if let Some(place) = self.rests.get_mut(usize::from(LEVEL)) {
                    *place = Some(rest);
                }
                self.depth = branch.shape().level.end();
                P::read(slot, guard)
            }
            None => P::read(rest, guard),
        };
    }
}

impl<P: Publication> Trie<P> {
    /// The longest prefix that covers an address and is shorter than `below`: its length and word.
    ///
    /// Whoever finds it not usable asks again for one below it. A prefix that stays while others
    /// change is never missed.
    #[inline(always)]
    pub fn longest(
        &self,
        address: u32,
        below: u8,
        guard: &P::Guard,
    ) -> Option<(u8, NonZero<u32>)> {
        let mut way = Way {
            node: P::root(&self.root, guard),
            depth: 0,
            rests: [None; LEVELS],
        };
        // One below the other, each of these levels or none.
        way.step::<0>(address, guard);
        way.step::<1>(address, guard);
        way.step::<2>(address, guard);
        way.step::<3>(address, guard);

        let found = match way.node {
            Node::Leaf(block) => Leaf::new(block).longest(address, below, way.depth),
            _ => None,
        };
        if found.is_some() || way.depth == 0 {
            return found;
        }
        Self::longest_of_rests(&way.rests, address, below, guard)
    }

    /// Goes on with what is in none of the parts of branches, from the last to the first.
    #[inline(never)]
    fn longest_of_rests(
        rests: &[Option<&P::Slot>; LEVELS],
        address: u32,
        below: u8,
        guard: &P::Guard,
    ) -> Option<(u8, NonZero<u32>)> {
        rests
            .iter()
            .rev()
            .flatten()
            .find_map(|slot| match P::read(slot, guard) {
                Node::Leaf(block) => {
                    let leaf = Leaf::new(block);
                    leaf.longest(address, below, leaf.depth())
                }
                _ => None,
            })
    }

    /// All prefixes that cover an address, from the longest to the shortest.
    pub fn covering<'g>(
        &'g self,
        address: u32,
        guard: &'g P::Guard,
    ) -> impl Iterator<Item = (u8, NonZero<u32>)> + 'g {
        iter::successors(self.longest(address, Self::ANY, guard), move |(length, _)| {
            self.longest(address, *length, guard)
        })
    }

    /// What all prefixes are shorter than.
    pub const ANY: u8 = 33;

    /// The word of a prefix.
    pub fn get(&self, prefix: Prefix, guard: &P::Guard) -> Option<NonZero<u32>> {
        let mut node = P::root(&self.root, guard);

        for _ in 0..=LEVELS {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => {
                    let leaf = Leaf::new(block);
                    return NonZero::new(leaf.word(leaf.find(prefix)?)?.load());
                }
                Node::Branch(block) => {
                    let branch = Branch::new(block);
                    node = P::read(branch.slots().get(branch.shape().place(prefix))?, guard);
                }
            }
        }
        None
    }
}
