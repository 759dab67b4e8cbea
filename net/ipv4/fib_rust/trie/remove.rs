// SPDX-License-Identifier: GPL-2.0

//! Taking a prefix away.
//!
//! What it covered goes to the longest that covers it, which needs no memory. What is left is made
//! smaller when enough has gone, if memory allows; if not, the next that goes tries again.

use super::{
    build::leaf,
    entries::merge,
    platform::{
        Cursor,
        Node,
        Publication, //
    },
    prefix::{
        Entry,
        Match,
        Prefix, //
    },
    range::{
        Range,
        LEVELS,
        REST,
        SLOTS, //
    },
    set::Set,
    way::{
        self,
        Place, //
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
        let Place { range, is_rest } = way::go::<P>(&mut cursor, prefix);

        let (old, smaller) = {
            let Node::Leaf(block) = cursor.node() else {
                return None;
            };
            let set = Set::new(block, range.depth());
            let old = set.take(prefix);
            let smaller = match set.live() {
                _ if old == Match::NONE => return None,
                0 => Ok(None),
                _ if !is_rest && set.is_sparse(P::FULL) => leaf(memory, range, set.entries(range)),
                _ => return old.word(),
            };
            (old, smaller)
        };
        if let Ok(smaller) = smaller {
            cursor.publish(smaller);
            drop(cursor);
            join::<P>(P::edit(&self.root, writer), prefix, memory);
        }
        old.word()
    }
}

/// Makes a leaf of the topmost branch on the way to a prefix that has few prefixes, if there is
/// one.
fn join<'w, P: Publication + 'w>(mut cursor: P::Cursor<'w>, prefix: Prefix, memory: &P) {
    let mut range = Range::ALL;

    for _ in 0..LEVELS {
        let Node::Branch(block) = cursor.node() else {
            return;
        };
        if let Some(few) = Few::of::<P>(&cursor, range, block.body) {
            if let Ok(joined) = leaf(memory, range, few.entries()) {
                cursor.publish(joined);
            }
            return;
        }
        let slot = range.place(prefix);
        cursor.descend(slot);
        range = range.below(slot);
    }
}

/// So few prefixes that a leaf of them is not split again soon.
struct Few {
    /// First those of the rest.
    entries: [Option<Entry>; Self::MOST],
    rest: usize,
    len: usize,
}

impl Few {
    const MOST: usize = 15;

    /// The prefixes of a branch. `None` if there are more, or branches below.
    fn of<'w, P: Publication + 'w>(
        cursor: &P::Cursor<'w>,
        range: Range,
        slots: &[P::Slot],
    ) -> Option<Self> {
        let set = |slot, range: Range| match cursor.peek(slot) {
            Node::Empty => Some(None),
            Node::Leaf(block) => Some(Some(Set::new(block, range.depth()))),
            Node::Branch(_) => None,
        };
        let mut left = Self::MOST.min(P::FULL / 4);
        for slot in slots {
            if let Some(set) = set(slot, range)? {
                left = left.checked_sub(set.live())?;
            }
        }

        let mut few = Self {
            entries: [None; Self::MOST],
            rest: 0,
            len: 0,
        };
        for (slot, at) in slots.iter().zip(REST..SLOTS) {
            let range = range.below(at);
            let Some(set) = set(slot, range)? else {
                continue;
            };
            for entry in set.entries(range) {
                *few.entries.get_mut(few.len)? = Some(entry);
                few.len = few.len.wrapping_add(1);
            }
            if at == REST {
                few.rest = few.len;
            }
        }
        Some(few)
    }

    /// All of them, in order.
    fn entries(&self) -> impl Iterator<Item = Entry> + Clone + '_ {
        let (rest, parts) = self.entries.split_at_checked(self.rest).unwrap_or_default();

        merge(
            rest.iter().copied().flatten(),
            parts.iter().copied().flatten(),
        )
    }
}
