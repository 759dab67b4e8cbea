// SPDX-License-Identifier: GPL-2.0

//! How many of the keys of a leaf are no greater than an address. This is on the way of every
//! packet.

use super::{
    all,
    Cell,
    KEYS, //
};

/// How many records leaves have. These fit what `kmalloc()` gives, 96, 256 and 512 bytes, with a
/// header of 16 bytes as well as with one of 24, without SMP.
const SIZES: [usize; 3] = [7, 27, 59];
/// How many the least leaf at the root has, for 64 bytes.
pub(super) const LEAST: usize = 2;

/// The next size that has room for so many records. What has more has its own: a part of a branch
/// that has just been made of a leaf, if it has nearly all of that. It is searched slower, until
/// the next prefix parts it.
pub(super) fn room(records: usize, depth: u8) -> usize {
    if records <= LEAST && depth == 0 {
        return LEAST;
    }
    let room = SIZES.into_iter().find(|size| *size >= records);

    room.unwrap_or(records)
}

/// How many keys are no greater than `probe`, and the match of the last of these, if there are as
/// many keys as one of the sizes says.
#[inline]
pub(super) fn rank<C: Cell>(cells: &[C], probe: u32) -> Option<(usize, &C)> {
    const ALL: [usize; 3] = [all(SIZES[0]), all(SIZES[1]), all(SIZES[2])];

    // Each size is code of its own, in which no key is looked for beyond the cells.
    let (after, keys) = if cells.len() == ALL[0] {
        (ranked::<C, { SIZES[0] }, 7>(cells, probe)?, SIZES[0])
    } else if cells.len() == ALL[1] {
        (ranked::<C, { SIZES[1] }, 9>(cells, probe)?, SIZES[1])
    } else if cells.len() == ALL[2] {
        (ranked::<C, { SIZES[2] }, 15>(cells, probe)?, SIZES[2])
    } else {
        return None;
    };

    Some((
        after,
        cells.get(after.wrapping_add(keys).wrapping_add(KEYS))?,
    ))
}

/// Compares a few keys to find out which `WINDOW` to compare with next. There is no branch: which
/// way it goes could not be foreseen.
#[inline]
fn ranked<C: Cell, const N: usize, const WINDOW: usize>(cells: &[C], probe: u32) -> Option<usize> {
    let count = |keys: &[C]| {
        keys.iter().fold(0usize, |count, key| {
            count.wrapping_add(usize::from(key.load() <= probe))
        })
    };
    let keys = cells.get(KEYS..)?.first_chunk::<N>()?;
    let passed = (1..N.div_ceil(WINDOW)).fold(0usize, |passed, window| {
        let last = window.wrapping_mul(WINDOW).wrapping_sub(1);
        passed.wrapping_add(keys.get(last..=last).map_or(0, count))
    });
    // All keys before are no greater.
    let start = passed.wrapping_mul(WINDOW).min(N.wrapping_sub(WINDOW));
    let window = keys.get(start..)?.first_chunk::<WINDOW>()?;

    Some(start.wrapping_add(count(window)))
}
