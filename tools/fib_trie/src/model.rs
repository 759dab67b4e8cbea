// SPDX-License-Identifier: GPL-2.0

//! What a table of prefixes is: a list in the order of a walk.

use crate::{
    host::{
        Guard,
        Host, //
    },
    trie::{
        Prefix,
        Trie, //
    }, //
};
use std::{
    cmp::Reverse,
    collections::BTreeMap,
    iter::successors,
    num::NonZero,
    ops::Bound::*, //
};

/// A prefix as it is ordered: by address, then longest first.
type Place = (u32, Reverse<u8>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model(BTreeMap<Place, NonZero<u32>>);

fn place(prefix: Prefix) -> Place {
    (prefix.address(), Reverse(prefix.length()))
}

fn prefix((address, Reverse(length)): Place) -> Prefix {
    Prefix::new(address, length).unwrap()
}

type Told = Vec<(Prefix, NonZero<u32>)>;

/// Keeps what a walk tells of in `all`, so many at most.
fn keep(all: &mut Told, most: usize) -> impl FnMut(Prefix, NonZero<u32>) -> Result<(), ()> + '_ {
    move |prefix, word| {
        all.push((prefix, word));
        (all.len() < most).then_some(()).ok_or(())
    }
}

/// The first that a walk tells of, so many at most.
pub fn walk(trie: &Trie<Host>, after: Option<Prefix>, most: usize) -> Told {
    let mut all = Told::new();
    let _ = trie.walk(after, &Guard::new(), keep(&mut all, most));
    all
}

/// The same of a walk back.
pub fn walk_back(trie: &Trie<Host>, after: Option<Prefix>, most: usize) -> Told {
    let mut all = Told::new();
    let _ = trie.walk_back(after, &Guard::new(), keep(&mut all, most));
    all
}

/// The prefix of a length that an address is in.
pub fn cut(address: u32, length: u8) -> Prefix {
    let mask = u64::from(u32::MAX) << (32 - length);
    Prefix::new(address & mask as u32, length).unwrap()
}

impl Model {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn insert(&mut self, prefix: Prefix, word: NonZero<u32>) -> Option<NonZero<u32>> {
        self.0.insert(place(prefix), word)
    }

    pub fn remove(&mut self, prefix: Prefix) -> Option<NonZero<u32>> {
        self.0.remove(&place(prefix))
    }

    pub fn get(&self, prefix: Prefix) -> Option<NonZero<u32>> {
        self.0.get(&place(prefix)).copied()
    }

    /// Lengths and words of all that cover an address, longest first.
    pub fn lookup(&self, address: u32) -> Vec<(u8, NonZero<u32>)> {
        (0..=32)
            .rev()
            .filter_map(|length| Some((length, self.get(cut(address, length))?)))
            .collect()
    }

    pub fn walk(&self, after: Option<Prefix>) -> impl Iterator<Item = (Prefix, NonZero<u32>)> + '_ {
        let from = after.map_or(Unbounded, |after| Excluded(place(after)));
        self.0
            .range((from, Unbounded))
            .map(|(place, word)| (prefix(*place), *word))
    }
    fn next_back(&self, after: Option<Prefix>) -> Option<(Place, NonZero<u32>)> {
        if let Some(after) = after {
            let rest = (
                Excluded(place(after)),
                Included((after.address(), Reverse(0))),
            );
            if let Some((place, word)) = self.0.range(rest).next() {
                return Some((*place, *word));
            }
        }
        let before = after.map_or(Unbounded, |after| Excluded((after.address(), Reverse(32))));
        let ((address, _), _) = self.0.range((Unbounded, before)).next_back()?;
        let (place, word) = self.0.range((*address, Reverse(32))..).next()?;
        Some((*place, *word))
    }

    /// By address from the last to the first, then longest first.
    pub fn walk_back(
        &self,
        after: Option<Prefix>,
    ) -> impl Iterator<Item = (Prefix, NonZero<u32>)> + '_ {
        successors(self.next_back(after), |(place, _)| {
            self.next_back(Some(prefix(*place)))
        })
        .map(|(place, word)| (prefix(place), word))
    }
}
