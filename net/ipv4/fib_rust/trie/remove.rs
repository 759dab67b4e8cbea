// SPDX-License-Identifier: GPL-2.0

//! Taking a prefix away.
//!
//! Its word becomes zero, which needs no memory. What is left is made smaller when enough has gone,
//! if memory allows; if not, the next that goes tries again.

use super::{
    branch::{
        Branch,
        LEVELS, //
    },
    entries::merge,
    leaf::{
        self,
        Leaf, //
    },
    platform::{
        Cell,
        Cursor,
        Fresh,
        Node,
        Publication, //
    },
    prefix::{
        Entry,
        Prefix, //
    },
    Trie, //
};
use core::num::NonZero;

impl<P: Publication> Trie<P> {
    /// Takes a prefix away. Returns the word that it had.
    ///
    /// That needs no memory. With what `memory` gives, the table is made smaller.
    pub fn remove(
        &self,
        prefix: Prefix,
        memory: &P,
        writer: &mut P::Writer,
    ) -> Option<NonZero<u32>> {
        let mut cursor = P::edit(&self.root, writer);
        let mut depth = 0;
        let mut found = None;

        for _ in 0..=LEVELS {
            let next = match cursor.node() {
                Node::Empty => return None,
                Node::Leaf(block) => {
                    let leaf = Leaf::new(block);
                    let word = leaf.word(leaf.find(prefix)?)?;

                    found = NonZero::new(word.load());
                    found?;
                    word.store(0);
                    if !worth_it(leaf) {
                        return found;
                    }
                    Ok(leaf::build(memory, depth, leaf.entries(prefix.address())))
                }
                Node::Branch(block) => Err(Branch::new(block).shape()),
            };
            match next {
                Ok(Ok(smaller)) => {
                    cursor.publish(smaller.map(Fresh::Leaf));
                    break;
                }
                Ok(Err(_)) => return found,
                Err(shape) => {
                    let slot = shape.place(prefix);

                    cursor.descend(slot);
                    if slot != 0 {
                        depth = shape.level.end();
                    }
                }
            }
        }
        drop(cursor);
        for _ in 0..LEVELS {
            if !join::<P>(P::edit(&self.root, writer), prefix, memory) {
                break;
            }
        }
        found
    }
}

/// Whether so much of a leaf has gone that it is worth a copy.
fn worth_it<C: Cell>(leaf: Leaf<'_, C>) -> bool {
    leaf.live().saturating_mul(4) <= leaf.len().saturating_mul(3)
}

/// Makes a leaf of the topmost branch on the way to a prefix that has few entries. Returns whether
/// there was one.
fn join<'w, P: Publication + 'w>(mut cursor: P::Cursor<'w>, prefix: Prefix, memory: &P) -> bool {
    let mut depth = 0;

    for _ in 0..LEVELS {
        let Node::Branch(block) = cursor.node() else {
            return false;
        };
        let branch = Branch::new(block);
        let shape = branch.shape();

        if few::<P>(&cursor, branch) {
            let Ok(joined) = leaf::build(memory, depth, entries::<P>(&cursor, branch, prefix))
            else {
                return false;
            };
            cursor.publish(joined.map(Fresh::Leaf));
            return true;
        }
        match shape.place(prefix) {
            0 => return false,
            slot => {
                cursor.descend(slot);
                depth = shape.level.end();
            }
        }
    }
    false
}

/// Whether a branch has so few entries that a leaf of them is not split again soon.
fn few<'w, P: Publication + 'w>(cursor: &P::Cursor<'w>, branch: Branch<'_, P::Slot>) -> bool {
    branch
        .slots()
        .iter()
        .try_fold(P::FULL / 2, |left, slot| match cursor.peek(slot) {
            Node::Empty => Some(left),
            Node::Leaf(block) => left.checked_sub(Leaf::new(block).live()),
            Node::Branch(_) => None,
        })
        .is_some()
}

/// The entries of a branch all of whose slots have leaves, in order.
fn entries<'a, 'w: 'a, P: Publication + 'w>(
    cursor: &'a P::Cursor<'w>,
    branch: Branch<'a, P::Slot>,
    prefix: Prefix,
) -> impl Iterator<Item = Entry> + Clone + use<'a, 'w, P> {
    let shape = branch.shape();
    let leaf = move |slot| match cursor.peek(slot) {
        Node::Leaf(block) => Leaf::new(block),
        _ => Leaf::empty(),
    };
    let rest = branch.rest().into_iter();

    merge(
        rest.flat_map(move |slot| leaf(slot).entries(prefix.address())),
        (1..branch.slots().len())
            .zip(branch.slots().get(1..).unwrap_or_default())
            .flat_map(move |(at, slot)| leaf(slot).entries(shape.start(at))),
    )
}
