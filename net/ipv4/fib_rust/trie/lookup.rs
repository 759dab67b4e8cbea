// SPDX-License-Identifier: GPL-2.0

//! Which prefixes cover an address.

use super::{
    branch::{
        Branch,
        LEVELS, //
    },
    leaf::{
        Covering,
        Leaf, //
    },
    platform::{
        Cell,
        Node,
        Publication, //
    },
    prefix::Prefix,
    Trie, //
};
use core::num::NonZero;

/// The branches on the way to a leaf: the slots of what is in none of their parts.
struct Passed<'g, P: Publication> {
    rests: [Option<&'g P::Slot>; LEVELS],
    len: usize,
}

impl<P: Publication> Trie<P> {
    /// Calls `usable` with the length and the word of each prefix that covers an address, from the
    /// longest to the shortest, until it returns something. Returns that.
    ///
    /// A prefix that stays while others change is never missed.
    #[inline]
    pub fn lookup<'g, T>(
        &'g self,
        address: u32,
        guard: &'g P::Guard,
        mut usable: impl FnMut(u8, NonZero<u32>) -> Option<T>,
    ) -> Option<T> {
        let mut node = P::root(&self.root, guard);
        let mut passed = Passed {
            rests: [None; LEVELS],
            len: 0,
        };

        // The levels of branches rise, so this is their number at most.
        while let Node::Branch(block) = node {
            let branch = Branch::new(block);
            let slot = match branch.part(address) {
                Some(slot) => {
                    *passed.rests.get_mut(passed.len)? = branch.rest();
                    passed.len = passed.len.wrapping_add(1);
                    slot
                }
                None => branch.rest()?,
            };
            node = P::read(slot, guard);
        }
        let mut covering = None;
        if let Node::Leaf(block) = node {
            let mut these = Leaf::new(block).covering(address);
            if let Some((length, word)) = these.first_word() {
                let found = usable(length, word);
                if found.is_some() {
                    return found;
                }
            }
            covering = Some(these);
        }
        Self::shorter(address, guard, covering, passed, usable)
    }

    /// Goes on with a lookup: with those of the leaf that are left, then with what is in no part of
    /// the branches above.
    #[inline(never)]
    fn shorter<'g, T>(
        address: u32,
        guard: &'g P::Guard,
        mut covering: Option<Covering<'g, P::Cell>>,
        mut passed: Passed<'g, P>,
        mut usable: impl FnMut(u8, NonZero<u32>) -> Option<T>,
    ) -> Option<T> {
        loop {
            while let Some((length, word)) = covering.as_mut().and_then(|these| these.next_word()) {
                let found = usable(length, word);
                if found.is_some() {
                    return found;
                }
            }
            passed.len = passed.len.checked_sub(1)?;
            covering = match P::read((*passed.rests.get(passed.len)?)?, guard) {
                Node::Leaf(block) => Some(Leaf::new(block).covering(address)),
                _ => None,
            };
        }
    }

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
