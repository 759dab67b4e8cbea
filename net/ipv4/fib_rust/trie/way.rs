// SPDX-License-Identifier: GPL-2.0

//! The way of a change to what it changes.

use super::{
    platform::{
        Cursor,
        Node,
        Publication, //
    },
    prefix::Prefix,
    range::{
        Range,
        LEVELS,
        REST, //
    }, //
};

/// Where a prefix belongs.
pub(super) struct Place {
    /// The range of the slot.
    pub(super) range: Range,
    /// Whether it is the slot of the rest of a branch, which has a page, if anything.
    pub(super) is_rest: bool,
}

/// Goes down, by way of branches, to where a prefix belongs.
pub(super) fn go<'w, P: Publication + 'w>(cursor: &mut P::Cursor<'w>, prefix: Prefix) -> Place {
    let (mut range, mut is_rest) = (Range::ALL, false);

    for _ in 0..LEVELS {
        if !matches!(cursor.node(), Node::Branch(_)) {
            break;
        }
        let slot = range.place(prefix);

        cursor.descend(slot);
        range = range.below(slot);
        is_rest = slot == REST;
    }
    Place { range, is_rest }
}
