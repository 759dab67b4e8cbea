// SPDX-License-Identifier: GPL-2.0

//! What a table is made of.

use crate::{
    hardware::Hardware,
    memory::Kernel,
    trie::{
        Prefix,
        Trie, //
    },
};
use core::{
    convert::Infallible,
    num::NonZero, //
};
use kernel::{
    net::fib_impl::{
        self,
        List,
        Lists,
        Reader, //
    },
    prelude::*,
    sync::barrier, //
};

/// How often a reader looks again, when a prefix or a route changes between two of its loads. Each
/// time but one, a change under RTNL has come between them.
pub(crate) const TRIES: usize = 100;

/// A table that C knows.
pub(crate) type Table = fib_impl::Table<Fib>;
/// The tables of a namespace.
pub(crate) type Tables<'a> = fib_impl::Tables<'a, Fib>;

/// What a table is made of. The local table may share the main table's.
#[pin_data]
pub(crate) struct Fib {
    /// The number of a list for each prefix.
    pub(crate) trie: Trie<Kernel>,
    pub(crate) lists: Lists,
    #[pin]
    pub(crate) hardware: Hardware,
}

/// A prefix as C knows it.
pub(crate) fn raw(prefix: Prefix) -> fib_impl::Prefix {
    fib_impl::Prefix::new(prefix.address(), prefix.length())
}

impl Fib {
    /// Makes what is in an empty table.
    pub(crate) fn new() -> impl PinInit<Self, Infallible> {
        pin_init!(Self {
            trie: Trie::new(),
            lists: Lists::default(),
            hardware <- Hardware::new(),
        })
    }

    /// Finds the list that goes with what `find` finds.
    fn resolve<'a, T>(
        &'a self,
        reader: &'a Reader,
        find: impl Fn() -> Option<(T, NonZero<u32>)>,
    ) -> Option<(T, &'a List)> {
        for _ in 0..TRIES {
            let (found, number) = find()?;
            if let Some(list) = self.lists.get(number, reader) {
                return Some((found, list));
            }
            // What is loaded from here on is no older than what has been: the array of lists that
            // the number is from, or the prefix as it was when the number went out of use.
            barrier::smp_mb(barrier::Read);
        }
        None
    }

    /// Returns the routes to a prefix.
    pub(crate) fn routes<'a>(&'a self, prefix: Prefix, reader: &'a Reader) -> Option<&'a List> {
        self.numbered(prefix, reader).map(|(_, list)| list)
    }

    /// Returns the routes to a prefix, and the number of their list.
    pub(crate) fn numbered<'a>(
        &'a self,
        prefix: Prefix,
        reader: &'a Reader,
    ) -> Option<(NonZero<u32>, &'a List)> {
        self.resolve(reader, || {
            let number = self.trie.get(prefix, reader)?;
            Some((number, number))
        })
    }

    /// Returns the list of a prefix that has been found, and its number with it.
    #[inline]
    fn list<'a>(
        &'a self,
        prefix: Prefix,
        number: NonZero<u32>,
        reader: &'a Reader,
    ) -> Option<&'a List> {
        self.lists
            .get(number, reader)
            .or_else(|| self.list_again(prefix, reader))
    }

    #[cold]
    fn list_again<'a>(&'a self, prefix: Prefix, reader: &'a Reader) -> Option<&'a List> {
        // As above: the prefix may have another number by now.
        barrier::smp_mb(barrier::Read);
        self.routes(prefix, reader)
    }

    /// Tells of all prefixes after one, and their routes: by address, then longest first. Ends with
    /// the first error of `tell`.
    pub(crate) fn walk<'a>(
        &'a self,
        after: Option<Prefix>,
        reader: &'a Reader,
        mut tell: impl FnMut(Prefix, &'a List) -> Result,
    ) -> Result {
        self.trie.walk(after, reader, |prefix, number| {
            self.list(prefix, number, reader)
                .map_or(Ok(()), |list| tell(prefix, list))
        })
    }

    /// The same in the order that C's trie is flushed in: by address, from the last to the first,
    /// then longest first.
    pub(crate) fn walk_back<'a>(
        &'a self,
        reader: &'a Reader,
        mut tell: impl FnMut(Prefix, &'a List) -> Result,
    ) -> Result {
        self.trie.walk_back(None, reader, |prefix, number| {
            self.list(prefix, number, reader)
                .map_or(Ok(()), |list| tell(prefix, list))
        })
    }

    /// Returns the first prefix after another, or the first of all, and its routes.
    #[cfg(any(CONFIG_IP_MULTIPLE_TABLES, CONFIG_PROC_FS))]
    pub(crate) fn next<'a>(
        &'a self,
        after: Option<Prefix>,
        reader: &'a Reader,
    ) -> Option<(Prefix, &'a List)> {
        self.resolve(reader, || self.trie.next(after, reader))
    }
}
