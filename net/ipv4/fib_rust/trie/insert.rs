// SPDX-License-Identifier: GPL-2.0

//! Adding a prefix, or giving one another word.
//!
//! All that a change needs is allocated before any of it is published, by one store.

use super::{
    branch::{
        Branch,
        Level,
        Shape,
        LEVELS, //
    },
    entries::{
        count,
        merge, //
    },
    leaf::{
        self,
        Leaf, //
    },
    platform::{
        Cell,
        Cursor,
        Fresh,
        Memory,
        Node,
        Publication, //
    },
    prefix::{
        Entry,
        Prefix, //
    },
    split,
    Trie, //
};
use core::{
    iter,
    num::NonZero, //
};

impl<P: Publication> Trie<P> {
    /// Gives a prefix a word. Returns the word that it had.
    ///
    /// If memory is short, nothing has changed. A prefix that is there needs none.
    pub fn insert(
        &self,
        prefix: Prefix,
        word: NonZero<u32>,
        memory: &P,
        writer: &mut P::Writer,
    ) -> Result<Option<NonZero<u32>>, P::Error> {
        let mut cursor = P::edit(&self.root, writer);
        let entry = Entry {
            prefix,
            word: word.get(),
        };
        let mut depth = 0;

        for _ in 0..=LEVELS {
            let next = match cursor.node() {
                Node::Empty => Ok(leaf::build(memory, depth, iter::once(entry))?.map(Fresh::Leaf)),
                Node::Leaf(block) => {
                    let leaf = Leaf::new(block);

                    if let Some(old) = replace(leaf, entry) {
                        return Ok(old);
                    }
                    let entries = merge(leaf.entries(prefix.address()), iter::once(entry));
                    if leaf.live() == leaf.len() && leaf.len() < full::<P>(depth) {
                        Ok(leaf::grow(memory, leaf, entry)?.map(Fresh::Leaf))
                    } else if leaf.live() < full::<P>(depth) {
                        Ok(leaf::build(memory, depth, entries)?.map(Fresh::Leaf))
                    } else {
                        Ok(split::split(memory, depth, entries)?.map(Fresh::Branch))
                    }
                }
                Node::Branch(block) => Err(Branch::new(block).shape()),
            };
            match next {
                Ok(node) => {
                    cursor.publish(node);
                    return Ok(None);
                }
                Err(shape) => match shape.place(prefix) {
                    0 => return add_to_rest::<P>(cursor, depth, shape, entry, memory),
                    slot => {
                        cursor.descend(slot);
                        depth = shape.level.end();
                    }
                },
            }
        }
        Ok(None)
    }
}

/// The most entries of a leaf whose addresses agree in `depth` bits. Where no branch can be, there
/// are not more.
fn full<M: Memory>(depth: u8) -> usize {
    match Level::below(depth).next() {
        Some(_) => M::FULL,
        None => leaf::LIMIT,
    }
}

/// Replaces the word of an entry that is there: returns the old one.
fn replace<C: Cell>(leaf: Leaf<'_, C>, entry: Entry) -> Option<Option<NonZero<u32>>> {
    let word = leaf.word(leaf.find(entry.prefix)?)?;
    let old = word.load();

    word.store(entry.word);
    Some(NonZero::new(old))
}

/// Adds what is in no part of the branch where the cursor is, in a slot of a certain depth.
fn add_to_rest<'w, P: Publication + 'w>(
    mut cursor: P::Cursor<'w>,
    depth: u8,
    shape: Shape,
    entry: Entry,
    memory: &P,
) -> Result<Option<NonZero<u32>>, P::Error> {
    let (fresh, wrapping) = {
        let Node::Branch(block) = cursor.node() else {
            return Ok(None);
        };
        let none = Leaf::empty();
        let leaf = match Branch::new(block).rest().map(|slot| cursor.peek(slot)) {
            Some(Node::Leaf(block)) => Leaf::new(block),
            _ => none,
        };
        if let Some(old) = replace(leaf, entry) {
            return Ok(old);
        }
        let entries = merge(leaf.entries(entry.prefix.address()), iter::once(entry));
        let outside = entries.clone().filter(|entry| !shape.holds(entry.prefix));
        let outside = count(outside);
        if outside > P::FULL / 2 || outside > 0 && count(entries.clone()) > leaf::LIMIT {
            (None, split::wrap(memory, depth, shape, entries)?)
        } else {
            (leaf::build(memory, depth, entries)?, None)
        }
    };

    if let Some(wrapping) = wrapping {
        cursor.wrap(wrapping.outer, wrapping.slot, wrapping.inner);
    } else {
        cursor.descend(0);
        cursor.publish(fresh.map(Fresh::Leaf));
    }
    Ok(None)
}
