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
    set::Set,
    way::{
        self,
        Place, //
    },
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
        let Place { range, is_rest } = way::go::<P>(&mut cursor, prefix);

        let fresh = {
            let set = match cursor.node() {
                Node::Leaf(block) => Set::new(block, range.depth()),
                _ => Set::empty(range.depth()),
            };
            let all = || merge(set.entries(range), iter::once(entry));

            match set {
                // Of few prefixes as well: it is on the way of each lookup.
                Set::Leaf(_) if is_rest => Some(Fresh::Leaf(page(memory, range, all())?)),
                Set::Page(_) if prefix.length() > range.end() => node(memory, range, all())?,
                _ => match set.put(entry) {
                    Put::Done(old) => return Ok(old.word()),
                    Put::Wants(growth) => match grown(memory, growth)? {
                        None => node(memory, range, all())?,
                        grown => grown,
                    },
                },
            }
        };
        cursor.publish(fresh);
        Ok(None)
    }
}
