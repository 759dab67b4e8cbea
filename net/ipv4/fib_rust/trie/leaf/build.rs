// SPDX-License-Identifier: GPL-2.0

//! How leaves are made: of entries, or of another leaf and one entry more.

use super::super::{
    entries::count,
    platform::Memory, //
};
use super::{
    above,
    covers,
    shape::{
        chosen,
        Shape,
        NARROW_WINDOW, //
    },
    Cell,
    Entry,
    Leaf,
    Prefix,
    LIMIT,
    NONE, //
};

/// Makes a leaf of entries in order, which agree in their first `depth` bits. `None` if there are
/// none.
pub(in super::super) fn build<M: Memory>(
    memory: &M,
    depth: u8,
    entries: impl Iterator<Item = Entry> + Clone,
) -> Result<Option<M::Leaf>, M::Error> {
    let len = count(entries.clone().take(LIMIT));
    if len == 0 {
        return Ok(None);
    }
    let shape = Shape::new(len, depth);
    let fresh = memory.leaf(shape.is_narrow.into(), shape.head, shape.cells())?;
    let leaf = Leaf {
        shape,
        body: M::cells(&fresh),
    };

    for (at, Entry { prefix, word }) in (0..LIMIT).zip(entries) {
        // What covers this one is the entry before, or covers that.
        let up = at
            .checked_sub(1)
            .and_then(|last| first_above(leaf, last, prefix))
            // CAST: It is less than LIMIT.
            .map_or(NONE, |up| up as u32);
        let link = u32::from(prefix.length()) << 8 | up;
        let key = prefix.address() << shape.shift();

        if shape.is_narrow {
            put(leaf.key(at), key | link);
        } else {
            put(leaf.key(at), key);
            put(leaf.link(at), link);
        }
        put(leaf.word(at), word);
    }
    if shape.is_narrow {
        finish(leaf);
    }
    Ok(Some(fresh))
}

/// Makes a leaf of all entries of another, each of which has a word, and of one that is not there.
/// `None` if there is no room.
pub(in super::super) fn grow<M: Memory>(
    memory: &M,
    leaf: Leaf<'_, M::Cell>,
    Entry { prefix, word }: Entry,
) -> Result<Option<M::Leaf>, M::Error> {
    let len = leaf.len().wrapping_add(1);
    if len > LIMIT {
        return Ok(None);
    }
    let shape = Shape::new(len, leaf.depth());
    let fresh = memory.leaf(shape.is_narrow.into(), shape.head, shape.cells())?;
    let new = Leaf {
        shape,
        body: M::cells(&fresh),
    };
    let place = leaf.place(prefix);
    let up = place
        .checked_sub(1)
        .and_then(|last| first_above(leaf, last, prefix))
        // CAST: It is less than LIMIT.
        .map_or(NONE, |up| up as u32);
    let length = u32::from(prefix.length()) << 8;
    let key = prefix.address() << shape.shift();

    // What came after the new one is one further, and what it covers first is below it now.
    // CAST: It is at most LIMIT.
    let further = |key_there: u32, link: u32| match link & NONE {
        above if above == up && covers(key_there, key, length, shape.shift()).is_some() => {
            link & !NONE | place as u32
        }
        NONE => link,
        above if above >= place as u32 => link.wrapping_add(1),
        _ => link,
    };
    if shape.is_narrow {
        let (old, cells) = (leaf.pairs(), new.pairs());
        let before = old.clone().take(place);
        let mut cells = cells.zip(0..len);
        for ([key, word], ([new_key, new_word], _)) in before.zip(&mut cells) {
            new_key.init(key.load());
            new_word.init(word.load());
        }
        if let Some(([new_key, new_word], _)) = cells.next() {
            new_key.init(key | length | up);
            new_word.init(word);
        }
        for ([key, word], ([new_key, new_word], _)) in old.skip(place).zip(cells) {
            new_key.init(further(key.load(), key.load()));
            new_word.init(word.load());
        }
        finish(new);
        return Ok(Some(fresh));
    }
    for at in 0..leaf.len() {
        let (Some(key), Some(link), Some(word)) = (leaf.key(at), leaf.link(at), leaf.word(at))
        else {
            break;
        };
        let (key, link) = (key.load(), link.load());
        let (to, link) = if at < place {
            (at, link)
        } else {
            (at.wrapping_add(1), further(key, link))
        };
        put(new.key(to), key);
        put(new.link(to), link);
        put(new.word(to), word.load());
    }
    put(new.key(place), key);
    put(new.link(place), length | up);
    put(new.word(place), word);
    Ok(Some(fresh))
}

/// Writes what of a narrow leaf is no entry: the keys that are none, and the index, which says for
/// each nibble how many keys have a smaller one.
fn finish<C: Cell>(leaf: Leaf<'_, C>) {
    for at in leaf.len()..NARROW_WINDOW {
        put(leaf.key(at), u32::MAX);
    }
    if leaf.shape.index() == 0 {
        return;
    }
    let (mut index, mut nibble, mut count) = (0u64, 0, 0u32);
    for [key, _] in leaf.pairs() {
        let this = chosen(key.load(), leaf.depth());
        while nibble <= this {
            index |= leaf.shape.units(count) << (nibble << 2 & 63);
            nibble = nibble.wrapping_add(1);
        }
        count = count.wrapping_add(1);
    }
    while nibble < 16 {
        index |= leaf.shape.units(count) << (nibble << 2 & 63);
        nibble = nibble.wrapping_add(1);
    }
    // CAST: The lower half, then the upper one.
    put(leaf.body.first(), index as u32);
    put(leaf.body.get(1), (index >> 32) as u32);
}

/// The longest of an entry and those above it that covers a prefix.
fn first_above<C: Cell>(leaf: Leaf<'_, C>, mut at: usize, prefix: Prefix) -> Option<usize> {
    let shift = leaf.shape.shift();
    let probe = prefix.address() << shift;

    loop {
        let (key, link) = (leaf.key(at)?.load(), leaf.link(at)?.load());
        if covers(probe, key, link, shift).is_some() {
            return Some(at);
        }
        at = above(at, link)?;
    }
}

fn put<C: Cell>(cell: Option<&C>, value: u32) {
    if let Some(cell) = cell {
        cell.init(value);
    }
}
