// SPDX-License-Identifier: GPL-2.0

//! Adding a prefix, or giving one another word.
//!
//! All that a change needs is allocated before any of it is published, by one store.

use super::{
    build::{
        grown,
        node,
        page, //
    },
    entries::merge,
    leaf::Put,
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
        REST, //
    },
    set::Set,
    Trie, //
};
use core::{
    iter,
    num::NonZero, //
};

impl<P: Publication> Trie<P> {
    /// Gives a prefix a word, of 26 bits at most. Returns the word that it had.
    ///
    /// If memory is short, nothing has changed. A prefix that is there needs none.
    pub fn insert(
        &self,
        prefix: Prefix,
        word: NonZero<u32>,
        memory: &P,
        writer: &mut P::Writer,
    ) -> Result<Option<NonZero<u32>>, P::Error> {
        let entry = Entry::new(prefix, word).ok_or(P::TOO_LARGE)?;
        let mut cursor = P::edit(&self.root, writer);
        let mut range = Range::ALL;

        let mut slot = None;

        for _ in 0..LEVELS {
            if !matches!(cursor.node(), Node::Branch(_)) {
                break;
            }
            let place = range.place(prefix);
            cursor.descend(place);
            range = range.below(place);
            slot = Some(place);
        }

        let fresh = {
            let set = match cursor.node() {
                Node::Leaf(block) => Set::new(block, range.depth()),
                _ => Set::empty(range.depth()),
            };
            let all = || merge(set.entries(range), iter::once(entry));

            match set {
                // The rest of a branch has few prefixes or many, and is looked at each time.
                Set::Leaf(leaf) if slot == Some(REST) && leaf.len() == 0 => {
                    Some(Fresh::Leaf(page(memory, range, all())?))
                }
                Set::Page(_) if prefix.length() > range.end() => node(memory, range, all())?,
                _ => match (set.put(entry), set) {
                    (Put::Wants(growth), Set::Leaf(leaf)) => {
                        match grown(memory, leaf, entry, growth)? {
                            None => node(memory, range, all())?,
                            grown => grown,
                        }
                    }
                    (Put::Wants(_), Set::Page(_)) => return Ok(None),
                    (Put::Done(old), _) => return Ok(old.word()),
                },
            }
        };
        cursor.publish(fresh);
        Ok(None)
    }
}
