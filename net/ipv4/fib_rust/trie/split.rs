// SPDX-License-Identifier: GPL-2.0

//! How a leaf that is full becomes a branch, and how a branch moves below another.

use super::{
    branch::{
        Level,
        Shape, //
    },
    entries::count,
    leaf,
    platform::{
        Fresh,
        Memory, //
    },
    prefix::Entry, //
};

/// Makes a branch of more entries than a leaf should have. They are in order, and agree in their
/// first `depth` bits. `None` if there is no level left.
///
/// None of the leaves of its parts has more than three quarters of them.
pub(super) fn split<M: Memory>(
    memory: &M,
    depth: u8,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<Option<M::Branch>, M::Error> {
    let middle = count(entries.clone()) / 2;

    // If most are in one range, so is the one in the middle.
    entries
        .clone()
        .nth(middle)
        .and_then(|entry| {
            range_of_most(Level::below(depth), entry.prefix.address(), entries.clone())
        })
        .map(|shape| branch(memory, depth, shape, entries))
        .transpose()
}

/// The smallest range on the way to an address that three quarters of some entries are in. If there
/// is none, that which skips nothing.
fn range_of_most(
    levels: impl DoubleEndedIterator<Item = Level> + Clone,
    path: u32,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Option<Shape> {
    let all = count(entries.clone());
    let mut shapes = levels.map(|level| Shape::new(level, path));
    let first = shapes.clone().next();

    shapes
        .rfind(|shape| {
            let within = entries.clone().filter(|entry| shape.holds(entry.prefix));
            count(within).saturating_mul(4) >= all.saturating_mul(3)
        })
        .or(first)
}

/// Makes a branch of entries in order, which agree in their first `depth` bits.
fn branch<M: Memory>(
    memory: &M,
    depth: u8,
    shape: Shape,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<M::Branch, M::Error> {
    let place = move |entry: &Entry| shape.place(entry.prefix);
    let mut fresh = memory.branch(shape.level.tag(), shape.key, shape.level.slots())?;

    let rest = entries.clone().filter(move |entry| place(entry) == 0);
    if let Some(leaf) = leaf::build(memory, depth, rest)? {
        M::hang(&mut fresh, 0, Fresh::Leaf(leaf));
    }

    // The entries of a part follow one another: what covers them all comes before.
    let (mut last, mut ahead) = (0, entries);
    loop {
        let from_here = ahead.clone();
        let Some(entry) = ahead.next() else {
            return Ok(fresh);
        };
        let slot = place(&entry);
        if slot == 0 || slot == last {
            continue;
        }
        let part = from_here.take_while(move |entry| place(entry) == slot);
        if let Some(leaf) = leaf::build(memory, shape.level.end(), part)? {
            M::hang(&mut fresh, slot, Fresh::Leaf(leaf));
        }
        last = slot;
    }
}

/// What takes the place of a branch.
pub(super) struct Wrapping<M: Memory> {
    pub(super) outer: M::Branch,
    /// Where in it the branch goes.
    pub(super) slot: usize,
    /// What the branch becomes.
    pub(super) inner: M::Branch,
}

/// Makes what takes the place of a branch that skips something, when too much is in none of its
/// parts: those entries, in order, which agree in their first `depth` bits. `None` if the branch
/// skips nothing.
pub(super) fn wrap<M: Memory>(
    memory: &M,
    depth: u8,
    branched: Shape,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<Option<Wrapping<M>>, M::Error> {
    let path = branched.key;
    let outside = entries
        .clone()
        .filter(move |entry| !branched.holds(entry.prefix));
    let above = Level::below(depth).filter(move |level| level.start() < branched.level.start());
    let Some(shape) = range_of_most(above, path, outside) else {
        return Ok(None);
    };

    let slot = shape.slot(path);
    let mut inner = memory.branch(branched.level.tag(), branched.key, branched.level.slots())?;
    let (ours, others) = (
        entries
            .clone()
            .filter(move |entry| shape.place(entry.prefix) == slot),
        entries.filter(move |entry| shape.place(entry.prefix) != slot),
    );
    if let Some(leaf) = leaf::build(memory, shape.level.end(), ours)? {
        M::hang(&mut inner, 0, Fresh::Leaf(leaf));
    }
    Ok(Some(Wrapping {
        outer: branch(memory, depth, shape, others)?,
        slot,
        inner,
    }))
}
