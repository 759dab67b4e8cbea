// SPDX-License-Identifier: GPL-2.0

//! How nodes are made of prefixes.

use super::{
    entries::count,
    leaf::{
        self,
        Growth,
        Leaf,
        Records, //
    },
    page::{
        self,
        Page, //
    },
    platform::{
        Cell,
        Fresh,
        Memory, //
    },
    prefix::Entry,
    range::{
        Range,
        REST,
        SLOTS, //
    },
    set::{
        LEAF,
        PAGE, //
    }, //
};

/// Makes a node of prefixes of a range, in order. `None` if there are none.
pub(super) fn node<M: Memory>(
    memory: &M,
    range: Range,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<Option<Fresh<M>>, M::Error> {
    if records(entries.clone()) > M::FULL && !are_short(range, entries.clone()) {
        return Ok(Some(Fresh::Branch(branch(memory, range, entries)?)));
    }
    set(memory, range, entries)
}

/// How many records a leaf of so much would have.
fn records(entries: impl Iterator<Item = Entry>) -> usize {
    Records::new(entries).fold(0usize, |count, _| count.wrapping_add(1))
}

/// Whether none is longer than what the parts of the range agree in.
fn are_short(range: Range, mut entries: impl Iterator<Item = Entry>) -> bool {
    entries.all(|entry| range.place(entry.prefix) == REST)
}

/// Makes a page if there are many, none of which is longer than what the parts of the range agree
/// in; or else a leaf, if need be one with a few records more than others have.
fn set<M: Memory>(
    memory: &M,
    range: Range,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<Option<Fresh<M>>, M::Error> {
    if records(entries.clone()) > M::FULL && are_short(range, entries.clone()) {
        return Ok(Some(Fresh::Leaf(page(memory, range, entries)?)));
    }
    match records(entries.clone()) {
        0 => Ok(None),
        len => leaf(memory, range, len, count(entries.clone()), entries).map(Some),
    }
}

/// Makes a leaf of `live` prefixes of a range, in order, that have `len` records at most.
fn leaf<M: Memory>(
    memory: &M,
    range: Range,
    len: usize,
    live: usize,
    entries: impl Iterator<Item = Entry>,
) -> Result<Fresh<M>, M::Error> {
    let fresh = memory.leaf(LEAF, 0, leaf::cells(len, range.depth()))?;

    // CAST: They have been counted in a node or two.
    Leaf::new(M::cells(&fresh), range.depth()).fill(live as u32, Records::new(entries));
    Ok(Fresh::Leaf(fresh))
}

/// Makes a leaf of so few prefixes of a range, in order. Each has two records at most: where it
/// begins, and where it ends.
pub(super) fn small<M: Memory>(
    memory: &M,
    range: Range,
    live: usize,
    entries: impl Iterator<Item = Entry>,
) -> Result<Fresh<M>, M::Error> {
    leaf(memory, range, live.saturating_mul(2), live, entries)
}

/// Makes a page.
pub(super) fn page<M: Memory>(
    memory: &M,
    range: Range,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<M::Leaf, M::Error> {
    let fresh = memory.leaf(PAGE, 0, page::CELLS)?;

    // CAST: There are 511 at most.
    Page::new(M::cells(&fresh), range.depth()).fill(count(entries.clone()) as u32, entries);
    Ok(fresh)
}

/// Makes a copy of a leaf without what says nothing new. As above, each prefix has two records at
/// most.
pub(super) fn packed<M: Memory>(memory: &M, leaf: Leaf<'_, M::Cell>) -> Result<Fresh<M>, M::Error> {
    let live = leaf.live().map_or(0, Cell::load);
    // CAST: A usize has 32 bits at least.
    let len = (live as usize).saturating_mul(2);
    let fresh = memory.leaf(LEAF, 0, leaf::cells(len, leaf.depth()))?;

    Leaf::new(M::cells(&fresh), leaf.depth()).fill(live, leaf.packed());
    Ok(Fresh::Leaf(fresh))
}

/// Makes a copy of a leaf with one prefix more, if there is room.
pub(super) fn grown<M: Memory>(
    memory: &M,
    growth: Growth<'_, M::Cell>,
) -> Result<Option<Fresh<M>>, M::Error> {
    let records = growth.records();
    if records > M::FULL {
        return Ok(None);
    }
    let fresh = memory.leaf(LEAF, 0, leaf::cells(records, growth.depth()))?;

    growth.write(M::cells(&fresh));
    Ok(Some(Fresh::Leaf(fresh)))
}

/// Makes a branch, with a page for the rest and a leaf or a page for each part, if it has
/// something.
fn branch<M: Memory>(
    memory: &M,
    range: Range,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<M::Branch, M::Error> {
    let place = move |entry: &Entry| range.place(entry.prefix);
    let mut fresh = memory.branch(0, 0, SLOTS)?;

    let rest = entries.clone().filter(move |entry| place(entry) == REST);
    if rest.clone().next().is_some() {
        M::hang(&mut fresh, REST, Fresh::Leaf(page(memory, range, rest)?));
    }

    // The prefixes of a part follow one another: what covers them all comes before.
    let mut ahead = entries.filter(move |entry| place(entry) != REST);
    let mut last = REST;
    loop {
        let from_here = ahead.clone();
        let Some(entry) = ahead.next() else {
            return Ok(fresh);
        };
        let slot = place(&entry);
        if slot == last {
            continue;
        }
        let part = from_here.take_while(move |entry| place(entry) == slot);
        if let Some(part) = set(memory, range.below(slot), part)? {
            M::hang(&mut fresh, slot, part);
        }
        last = slot;
    }
}
