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
use core::num::NonZero;

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
        // The slots of what is in no part, of the branches on the way.
        let mut rests = [None; LEVELS];
        let mut passed = 0usize;

        // The levels of branches rise, so this is their number at most.
        while let Node::Branch(block) = node {
            let branch = Branch::new(block);
            let slot = match branch.part(address) {
                Some(slot) => {
                    let Some(rest) = rests.get_mut(passed) else {
                        break;
                    };
                    *rest = branch.rest();
                    passed = passed.wrapping_add(1);
                    slot
                }
                None => branch.rest()?,
            };
            node = P::read(slot, guard);
        }
        loop {
            if let Node::Leaf(block) = node {
                let leaf = Leaf::new(block);

                for (at, length) in leaf.covering(address) {
                    let found = leaf
                        .word(at)
                        .and_then(|word| NonZero::new(word.load()))
                        .and_then(|word| usable(length, word));
                    if found.is_some() {
                        return found;
                    }
                }
            }
            passed = passed.checked_sub(1)?;
            node = P::read((*rests.get(passed)?)?, guard);
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
