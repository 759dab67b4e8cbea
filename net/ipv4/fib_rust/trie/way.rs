// SPDX-License-Identifier: GPL-2.0

//! The way of a change to what it changes.

use super::{
    platform::{
        Cursor,
        Publication, //
    },
    prefix::{
        agree,
        Prefix, //
    },
    range::{
        Range,
        LEVELS,
        REST, //
    }, //
};

/// Where a prefix belongs.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The range of the slot.
    pub(super) range: Range,
    /// Whether it is the slot of the rest of a branch, which has a page, if anything.
    pub(super) is_rest: bool,
}

impl Place {
    /// Whether a prefix belongs there as well.
    pub(super) fn has(self, prefix: Prefix) -> bool {
        let (range, length) = (self.range, prefix.length());
        let is_rest = length <= range.end();

        agree(range.key(), prefix.address(), range.depth())
            && (range.depth() == 0 || length > range.depth())
            && (is_rest || !self.is_rest)
    }
}

/// Goes down, by way of branches, to where a prefix belongs.
pub(super) fn go<'w, P: Publication + 'w>(cursor: &mut P::Cursor<'w>, prefix: Prefix) -> Place {
    let (mut range, mut is_rest) = (Range::ALL, false);

    for _ in 0..LEVELS {
        let slot = range.place(prefix);

        if !cursor.descend(slot) {
            break;
        }
        range = range.below(slot);
        is_rest = slot == REST;
    }
    Place { range, is_rest }
}
