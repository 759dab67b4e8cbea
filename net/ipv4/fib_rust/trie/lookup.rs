// SPDX-License-Identifier: GPL-2.0

//! Which prefixes cover an address.

use super::{
    page::Page,
    platform::{
        Node,
        Publication, //
    },
    prefix::{
        Match,
        Prefix, //
    },
    range::{
        part,
        Range,
        DEPTHS,
        LEVELS,
        REST,
        STRIDE, //
    },
    set::Set,
    Trie, //
};
use core::{
    iter,
    num::NonZero, //
};

/// [`Trie::ANY`], as a type: where it is known what is asked for, so is the row of a page that is
/// looked at.
struct Any;

impl From<Any> for u8 {
    #[inline]
    fn from(_: Any) -> u8 {
        ANY
    }
}

/// What all prefixes are shorter than.
const ANY: u8 = 33;

impl<P: Publication> Trie<P> {
    /// What all prefixes are shorter than.
    pub const ANY: u8 = ANY;

    /// The longest prefix that covers an address and is shorter than `below`: its length and word.
    ///
    /// Whoever finds it not usable asks again for one below it. A prefix that stays while others
    /// change is never missed.
    #[inline]
    pub fn longest(&self, address: u32, below: u8, guard: &P::Guard) -> Option<(u8, NonZero<u32>)> {
        self.matching(address, below, guard).found()
    }

    /// As [`Trie::longest()`].
    // Inlined, it would share its registers with what is done with the result.
    #[inline(never)]
    fn matching(&self, address: u32, below: u8, guard: &P::Guard) -> Match {
        match P::root(&self.root, guard) {
            Node::Empty => Match::NONE,
            Node::Leaf(block) => Set::new(block, 0).longest(address, below),
            Node::Branch(block) if below == Self::ANY => {
                Self::by_branch(block.body, address, Any, guard)
            }
            Node::Branch(block) => Self::by_branch(block.body, address, below, guard),
        }
    }

    /// Goes down by way of branches. Each time, what is found last is longest.
    // A small table does without the registers that this needs.
    #[inline(never)]
    fn by_branch<'g>(
        mut slots: &'g [P::Slot],
        address: u32,
        below: impl Into<u8>,
        guard: &'g P::Guard,
    ) -> Match
    where
        P: 'g,
    {
        let below = below.into();
        let mut best = Match::NONE;

        for depth in DEPTHS {
            let Some(rest) = slots.get(REST) else {
                break;
            };
            if let Node::Leaf(block) = P::read(rest, guard) {
                best = Page::new(block.body, depth)
                    .longest(address, below)
                    .or(best);
            }
            let Some(slot) = slots.get(part(address, depth).wrapping_add(1)) else {
                break;
            };
            match P::read(slot, guard) {
                Node::Empty => break,
                Node::Branch(block) => slots = block.body,
                Node::Leaf(block) => {
                    let set = Set::new(block, depth.wrapping_add(STRIDE));

                    best = set.longest(address, below).or(best);
                    break;
                }
            }
        }
        best
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

    /// The word of a prefix.
    pub fn get(&self, prefix: Prefix, guard: &P::Guard) -> Option<NonZero<u32>> {
        let mut node = P::root(&self.root, guard);
        let mut range = Range::ALL;

        for _ in 0..=LEVELS {
            match node {
                Node::Empty => break,
                Node::Leaf(block) => return Set::new(block, range.depth()).get(prefix).word(),
                Node::Branch(block) => {
                    let slot = range.place(prefix);

                    node = P::read(block.body.get(slot)?, guard);
                    range = range.below(slot);
                }
            }
        }
        None
    }
}
