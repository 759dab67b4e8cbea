// SPDX-License-Identifier: GPL-2.0

//! Taking a prefix away.
//!
//! What it covered goes to the longest that covers it, which needs no memory. What is left is made
//! smaller when enough has gone, if memory allows; if not, the next that goes tries again.

use super::{
    build::{
        packed,
        small, //
    },
    entries::merge,
    platform::{
        Cursor,
        Fresh,
        Node,
        Publication, //
    },
    prefix::{
        Entry,
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
        let place = way::go::<P>(&mut cursor, prefix);

        let (old, smaller) = {
            let Node::Leaf(block) = cursor.node() else {
                return None;
            };
            let set = Set::new(block, place.range.depth());
            let old = set.take(prefix).word()?;
            (old, smaller(set, place, memory))
        };
        if let Some(smaller) = smaller {
            cursor.publish(smaller);
            drop(cursor);
            while join::<P>(P::edit(&self.root, writer), prefix, memory) {}
        }
        Some(old)
    }

    /// Takes prefixes away that are there, and follow one another in a walk. Nothing is stored to
    /// what goes as a whole. Where the `next` is that will be taken away, what is left stays as
    /// large as it is.
    pub fn remove_all(
        &self,
        prefixes: impl Iterator<Item = Prefix> + Clone,
        next: Option<Prefix>,
        memory: &P,
        writer: &mut P::Writer,
    ) {
        let mut ahead = prefixes;

        loop {
            let from_here = ahead.clone();
            let Some(first) = ahead.next() else {
                return;
            };
            let mut cursor = P::edit(&self.root, writer);
            let place = way::go::<P>(&mut cursor, first);
            let len = from_here
                .clone()
                .take_while(|prefix| place.has(*prefix))
                .fold(0usize, |len, _| len.wrapping_add(1));
            let is_last = from_here.clone().nth(len).is_none();

            let smaller = match cursor.node() {
                Node::Leaf(block) => {
                    let set = Set::new(block, place.range.depth());

                    if set.live() <= len {
                        Some(None)
                    } else {
                        from_here.take(len).for_each(|prefix| {
                            set.take(prefix);
                        });
                        match is_last && next.is_some_and(|next| place.has(next)) {
                            true => None,
                            false => smaller(set, place, memory),
                        }
                    }
                }
                _ => None,
            };
            if let Some(smaller) = smaller {
                cursor.publish(smaller);
                drop(cursor);
                while join::<P>(P::edit(&self.root, writer), first, memory) {}
            }
            // The first has been taken already.
            if let Some(more) = len.checked_sub(2) {
                ahead.nth(more);
            }
        }
    }
}

/// What takes the place of a set of which so much has gone that something smaller has room for the
/// rest, if memory allows.
fn smaller<P: Publication>(
    set: Set<'_, P::Cell>,
    place: Place,
    memory: &P,
) -> Option<Option<Fresh<P>>> {
    let smaller = match (set.live(), set) {
        (0, _) => return Some(None),
        _ if place.is_rest || !set.is_sparse(P::FULL) => return None,
        (_, Set::Leaf(old)) => packed(memory, old),
        (live, Set::Page(_)) => small(memory, place.range, live, set.entries(place.range)),
    };

    smaller.ok().map(Some)
}

/// Makes a leaf of the topmost branch on the way to a prefix that has few prefixes, and no branches
/// below. Returns whether there was one: then one above it may be such a branch now.
fn join<'w, P: Publication + 'w>(mut cursor: P::Cursor<'w>, prefix: Prefix, memory: &P) -> bool {
    let mut range = Range::ALL;

    for _ in 0..LEVELS {
        let Node::Branch(block) = cursor.node() else {
            break;
        };
        if let Some(few) = Few::of::<P>(&cursor, range, block.body) {
            let joined = match few.len {
                0 => Ok(None),
                len => small(memory, range, len, few.entries()).map(Some),
            };
            return joined.map(|joined| cursor.publish(joined)).is_ok();
        }
        let slot = range.place(prefix);
        cursor.descend(slot);
        range = range.below(slot);
    }
    false
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
