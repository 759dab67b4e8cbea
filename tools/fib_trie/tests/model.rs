// SPDX-License-Identifier: GPL-2.0

//! The table against a sorted list.

// Where atomics are loom's, nothing runs outside of its model.
#![cfg(not(feature = "loom"))]

use fib_trie::{
    host::{
        Guard,
        Host,
        Writer, //
    },
    model::{
        cut,
        walk,
        walk_back,
        Model, //
    },
    routes::Random,
    trie::{
        Prefix,
        Stat,
        Trie, //
    },
};
use std::num::NonZero;

/// How much of a walk from each prefix is looked at.
const AHEAD: usize = 40;

fn found(trie: &Trie<Host>, address: u32) -> Vec<(u8, NonZero<u32>)> {
    trie.covering(address, &Guard::new()).collect()
}

/// Everything that can be asked.
fn compare(trie: &Trie<Host>, model: &Model) {
    let guard = Guard::new();
    assert!(model.walk(None).eq(walk(trie, None, usize::MAX)));
    count(&trie.stat(&guard), model);
    assert!(model.walk_back(None).eq(walk_back(trie, None, usize::MAX)));
    for (prefix, word) in model.walk(None) {
        assert_eq!(trie.get(prefix, &guard), Some(word));
        let last = prefix.address() | (u64::from(u32::MAX) >> prefix.length()) as u32;
        for address in [
            prefix.address(),
            prefix.address().wrapping_sub(1),
            last,
            last.wrapping_add(1),
        ] {
            assert_eq!(found(trie, address), model.lookup(address), "{address:#x}");
        }
    }
}

/// What is counted adds up.
fn count(stat: &Stat, model: &Model) {
    let branches: usize = stat.branches.iter().sum();
    let slots = |(bits, count): (usize, &usize)| count * ((1 << bits) + 1);
    assert_eq!(stat.prefixes, model.walk(None).count());
    assert_eq!(
        stat.slots,
        stat.branches.iter().enumerate().map(slots).sum()
    );
    // Each node but the topmost is in a slot.
    assert_eq!(stat.leaves + branches + stat.empty, stat.slots + 1);
    assert!(stat.deepest <= stat.depths && stat.deepest <= branches);
}

/// The parts of prefixes that are made of an address.
#[test]
fn prefixes_of_an_address() {
    let mut random = Random::new(0);
    for _ in 0..100_000 {
        let (address, length) = (random.number(), random.below(33) as u8);
        let network = Prefix::network(address, length);
        assert_eq!(Prefix::new(network, length), Some(cut(address, length)));
        let shortest = Prefix::shortest_at(network);
        assert!(shortest <= length && Prefix::new(network, shortest).is_some());
        if let Some(shorter) = shortest.checked_sub(1) {
            assert_eq!(Prefix::new(network, shorter), None);
        }
    }
}

/// Where prefixes are taken from: the kinds of table that there are.
fn pick(kind: u32, random: &mut Random) -> Prefix {
    let address = random.number();
    match kind {
        // All of them.
        0 => cut(address, random.below(33) as u8),
        // One network and what is in it.
        1 => cut(0x0a00_0000 | address & 0xffff, 8 + random.below(25) as u8),
        // Hosts, a few networks elsewhere, and the last address of all.
        2 => match random.below(8) {
            0 => cut(address, random.below(17) as u8),
            1 => cut(u32::MAX, 32),
            _ => cut(0xc0a8_0100 | address & 0x3ff, 32),
        },
        // Several networks with much in each.
        3 => cut(
            (address & 3) << 30 | 0x0012_0000 | address >> 8 & 0xffff,
            14 + random.below(19) as u8,
        ),
        // Short ones.
        4 => cut(address, random.below(12) as u8),
        // What begins or ends where all addresses do.
        5 => cut(
            (address & 0x1f) ^ (address as i32 >> 31) as u32,
            random.below(33) as u8,
        ),
        // One address and all that cover it, and others close to that.
        _ => cut(0x5a5a_5a5a ^ 1 << (address & 31), random.below(33) as u8),
    }
}

#[test]
fn changes_are_those_of_a_list() {
    for (kind, seed) in (0..7).flat_map(|kind| (0..4).map(move |seed| (kind, seed))) {
        let mut random = Random::new(u64::from(kind * 100 + seed));
        let (trie, mut model) = (Trie::<Host>::new(), Model::default());
        let (memory, mut writer) = (Host::new(), Writer);
        let mut there = Vec::new();

        for step in 0..15_000u32 {
            // It grows, then it shrinks, and again, and in the end it is large.
            let grows = step / 3_000 % 2 == 0;
            let add = random.below(8) < if grows { 6 } else { 2 };
            if add || there.is_empty() {
                let prefix = pick(kind, &mut random);
                let word = NonZero::new(step + 1).unwrap();
                let old = trie.insert(prefix, word, &memory, &mut writer).unwrap();
                assert_eq!(old, model.insert(prefix, word));
                if old.is_none() {
                    there.push(prefix);
                }
            } else {
                let prefix = there.swap_remove(random.below(there.len()));
                let old = trie.remove(prefix, &memory, &mut writer);
                assert_eq!(old, model.remove(prefix));
            }
            let prefix = pick(kind, &mut random);
            let address = prefix.address() ^ random.number() >> 16;
            assert_eq!(found(&trie, address), model.lookup(address));
            let guard = Guard::new();
            assert_eq!(trie.get(prefix, &guard), model.get(prefix));
            let next = trie.next(Some(prefix), &guard);
            assert_eq!(next, model.walk(Some(prefix)).next());
            let after = Some(prefix);
            assert!(model.walk(after).take(AHEAD).eq(walk(&trie, after, AHEAD)));
            assert!(model
                .walk_back(after)
                .take(AHEAD)
                .eq(walk_back(&trie, after, AHEAD)));
            if step % 1_000 == 999 {
                compare(&trie, &model);
            }
        }
        // A part of them goes at once, as when a table is flushed: some, then whole ranges.
        for most in [2, 40] {
            let mut gone: Vec<_> = model.walk_back(None).map(|(prefix, _)| prefix).collect();
            let mut left = 0usize;
            gone.retain(|_| {
                left = left.checked_sub(1).unwrap_or_else(|| random.below(most));
                left != 0
            });
            let mut chunks = gone.chunks(64).peekable();
            while let Some(some) = chunks.next() {
                let next = chunks.peek().map(|next| next[0]);
                // Of some, what can be made smaller is not.
                let memory = match random.below(4) {
                    0 => Host::failing_after(random.below(2)),
                    _ => Host::new(),
                };
                trie.remove_all(some.iter().copied(), next, &memory, &mut writer);
                for prefix in some {
                    assert!(model.remove(*prefix).is_some());
                }
            }
            compare(&trie, &model);
        }
        there.retain(|prefix| model.get(*prefix).is_some());
        random.shuffle(&mut there);
        for prefix in there {
            let old = trie.remove(prefix, &memory, &mut writer);
            assert_eq!(old, model.remove(prefix));
        }
        compare(&trie, &model);
    }
}

/// A table of some prefixes.
fn table(prefixes: impl IntoIterator<Item = Prefix>) -> Trie<Host> {
    let (trie, memory) = (Trie::<Host>::new(), Host::new());
    for prefix in prefixes {
        trie.insert(prefix, NonZero::<u32>::MIN, &memory, &mut Writer)
            .unwrap();
    }
    trie
}

/// A host of 10.0.0.0/8.
fn host(host: u32) -> Prefix {
    cut(0x0a00_0000 | host, 32)
}

/// What is taken away leaves as little behind, whichever way.
#[test]
fn what_is_left_gets_smaller() {
    let [by_one, by_some, by_page] = [(); 3].map(|()| table((0..1 << 14).map(host)));
    let gone = |page: u32| {
        (0..256)
            .filter(|last| *last != 7)
            .map(move |last| page | last)
    };

    for page in (0..64).map(|page| page << 8) {
        let next = Some(host(page + 0x100));
        by_page.remove_all(gone(page).map(host), next, &Host::new(), &mut Writer);
        for prefix in gone(page).map(host) {
            assert!(by_one.remove(prefix, &Host::new(), &mut Writer).is_some());
            by_some.remove_all([prefix].into_iter(), None, &Host::new(), &mut Writer);
        }
    }
    let stat = by_one.stat(&Guard::new());
    assert_eq!(by_some.stat(&Guard::new()), stat);
    assert_eq!(by_page.stat(&Guard::new()), stat);
    // Where leaves have so few prefixes, a page of one is worth a page.
    if !cfg!(feature = "small") {
        assert!(stat.cells < 64 * 40, "{} cells", stat.cells);
    }
}

/// Few prefixes are a leaf again, however many branches there were.
#[test]
fn few_need_no_branch() {
    // A page of one is worth a page where leaves are so small.
    if cfg!(feature = "small") {
        return;
    }
    let mut random = Random::new(1);
    for left in [1, 4, 8, 13] {
        let mut hosts: Vec<_> = (0..256).map(host).collect();
        let trie = table(hosts.iter().copied());
        random.shuffle(&mut hosts);
        for prefix in hosts.split_off(left) {
            trie.remove(prefix, &Host::new(), &mut Writer).unwrap();
        }
        assert_eq!(trie.stat(&Guard::new()).branches.iter().sum::<usize>(), 0);
    }
}

/// It does not matter when the default route comes.
#[test]
fn a_default_route_takes_one_record() {
    for others in 1..=13 {
        let networks = (0..others).map(|part| cut(0x0a00_0000 | part << 12, 24));
        let default = [cut(0, 0)];
        let first = table(default.into_iter().chain(networks.clone()));
        let last = table(networks.chain(default));
        assert_eq!(first.stat(&Guard::new()), last.stat(&Guard::new()));
    }
}

/// A route that goes comes back to the place where it was.
#[test]
fn what_comes_back_needs_no_memory() {
    // Leaves that are so small are split.
    if cfg!(feature = "small") {
        return;
    }
    for count in 2..=20 {
        let network = |part: u32| cut(0x0a00_0000 | part << 12, 24);
        let trie = table((0..count).map(network));
        for round in 0..3 {
            let prefix = network(count - 1);
            trie.remove(prefix, &Host::new(), &mut Writer).unwrap();
            let memory = Host::failing_after(0);
            let done = trie.insert(prefix, NonZero::<u32>::MIN, &memory, &mut Writer);
            assert!(done.is_ok(), "{count} prefixes, round {round}");
        }
    }
}

fn insert(trie: &Trie<Host>, model: &mut Model, prefix: Prefix, word: u32) {
    let word = NonZero::new(word).unwrap();
    let old = trie
        .insert(prefix, word, &Host::new(), &mut Writer)
        .unwrap();
    assert_eq!(old, model.insert(prefix, word));
}

/// Of any number of prefixes: that is in the page as well.
#[test]
fn a_page_has_nothing_longer() {
    let (trie, mut model) = (Trie::<Host>::new(), Model::default());
    // So that the page is below a branch.
    (0..40).for_each(|part| insert(&trie, &mut model, cut(part << 24, 25), 1));
    let subnet = |part: u32| cut(0x0a01_0000 | part << 8, 24);
    for part in 0..256 {
        insert(&trie, &mut model, subnet(part), 1);
        for length in 25..=32 {
            let prefix = cut(subnet(part).address(), length);
            assert_eq!(trie.get(prefix, &Guard::new()), None);
            assert_eq!(trie.remove(prefix, &Host::new(), &mut Writer), None);
        }
    }
    compare(&trie, &model);
}
