// SPDX-License-Identifier: GPL-2.0

//! Where a prefix is in a leaf, or would be.

use super::{
    Cell,
    Leaf,
    Prefix, //
};

impl<C: Cell> Leaf<'_, C> {
    /// How many of the keys are no greater than `probe`, whatever that is.
    pub(super) fn halved(self, probe: u32) -> usize {
        let (mut start, mut len) = (0usize, self.len());

        while len > 0 {
            let half = len / 2;
            let middle = start.wrapping_add(half);
            if self.key(middle).is_some_and(|key| key.load() <= probe) {
                start = middle.wrapping_add(1);
                len = len.wrapping_sub(half).wrapping_sub(1);
            } else {
                len = half;
            }
        }
        start
    }

    /// How many entries come before a prefix that is not there.
    pub(super) fn place(self, prefix: Prefix) -> usize {
        let first = prefix.address() << self.shape.shift();
        let last = first | u32::MAX.wrapping_shl(self.shape.shift()) ^ u32::MAX;
        let mut place = self.halved(last);

        // Of those that begin there, the longer ones come after.
        while let Some(before) = place.checked_sub(1) {
            let is_longer = self.key(before).is_some_and(|key| key.load() >= first)
                && self
                    .link(before)
                    .is_some_and(|link| link.load() >> 8 & 0xff > u32::from(prefix.length()));
            if !is_longer {
                break;
            }
            place = before;
        }
        place
    }

    /// Where a prefix is.
    pub(in super::super) fn find(self, prefix: Prefix) -> Option<usize> {
        let first = prefix.address() << self.shape.shift();
        let last = first | u32::MAX.wrapping_shl(self.shape.shift()) ^ u32::MAX;
        let mut at = self.halved(last).wrapping_sub(1);

        // All that begin there are next to each other.
        while at < self.len() && self.key(at)?.load() >= first {
            if self.link(at)?.load() >> 8 & 0xff == u32::from(prefix.length()) {
                return Some(at);
            }
            at = at.wrapping_sub(1);
        }
        None
    }
}
