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

impl<P: Publication> Trie<P> {
    /// The longest prefix that covers an address and is shorter than `below`: its length and word.
    ///
    /// Whoever finds it not usable asks again for one below it. A prefix that stays while others
    /// change is never missed.
    // Inlined, it would share its registers with what is done with the result.
    #[inline(never)]
    pub fn longest(&self, address: u32, below: u8, guard: &P::Guard) -> Option<(u8, NonZero<u32>)> {
        let mut branch = match P::root(&self.root, guard) {
            Node::Empty => return None,
            Node::Leaf(block) => return Leaf::new(block).longest(address, below, 0),
            Node::Branch(block) => Branch::new(block),
        };
        // Of the branches on the way, the slots of what is in none of their parts.
        let mut rests = [None; LEVELS];
        let mut last = None;

        // The levels of branches rise, so this is their number at most.
        for passed in 0..LEVELS {
            let slot = match branch.part(address) {
                Some(slot) => {
                    *rests.get_mut(passed)? = branch.rest();
                    last = Some(branch.shape().level);
                    slot
                }
                None => branch.rest()?,
            };
            match P::read(slot, guard) {
                Node::Branch(block) => branch = Branch::new(block),
                Node::Leaf(block) => {
                    let depth = last.map_or(0, |level| level.end());
                    let found = Leaf::new(block).longest(address, below, depth);
                    if found.is_some() {
                        return found;
                    }
                    break;
                }
                Node::Empty => break,
            }
        }
        Self::longest_of_rests(&rests, address, below, guard)
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
        iter::successors(
            self.longest(address, Self::ANY, guard),
            move |(length, _)| self.longest(address, *length, guard),
        )
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
