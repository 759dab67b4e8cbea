// SPDX-License-Identifier: GPL-2.0

//! The prefixes of a leaf in the order in which they are told.

use super::{
    super::walk::each,
    Cell,
    Entry,
    Leaf,
    Match, //
};

impl<C: Cell> Leaf<'_, C> {
    /// Tells of the prefixes by address, `BACK` or forth, then longest first, until `tell` fails.
    /// It begins with those at an address.
    pub(in super::super) fn tell<E, const BACK: bool>(
        self,
        from: u32,
        mut tell: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let keys = self.keys();
        let is = |at: usize, key: u32| keys.get(at).is_some_and(|cell| cell.load() == key);
        let first = match BACK {
            true => self.end(from).wrapping_sub(1),
            false => self.start(from),
        };

        each::<_, _, BACK>(self.matches(), first, |last, cell| {
            // Nothing that covers an address begins there: if one did, it would be found.
            if Match::load(cell) == Match::NONE {
                return Ok(());
            }
            let key = keys.get(last).map_or(0, Cell::load);
            // Of records with one key, the last has the longest prefix, and the others follow it.
            if is(last.wrapping_add(1), key) {
                return Ok(());
            }
            let same = (0..last.wrapping_add(1))
                .rev()
                .take_while(|at| is(*at, key));

            same.filter_map(|at| self.entry(at)).try_for_each(&mut tell)
        })
    }
}
