// SPDX-License-Identifier: GPL-2.0

//! Readers beside a writer, in every order that loom finds: a prefix that stays is never missed,
//! and none is found whose word was not given to it. Loom also finds who reads what is freed.

use fib_trie::{
    host::{
        settle,
        Guard,
        Host,
        Writer, //
    },
    model::{
        cut,
        walk, //
    },
    trie::{
        Prefix,
        Trie, //
    },
};
use loom::{
    sync::Arc,
    thread, //
};
use std::num::NonZero;

/// What the prefix that stays stands for.
const STAYS: u32 = 1;
const OTHER: u32 = 2;

type Change = fn(&Trie<Host>, &mut Writer);

fn add(trie: &Trie<Host>, writer: &mut Writer, prefix: Prefix, word: u32) {
    let word = NonZero::new(word).unwrap();
    trie.insert(prefix, word, &Host::new(), writer).unwrap();
}

fn remove(trie: &Trie<Host>, writer: &mut Writer, prefix: Prefix) {
    trie.remove(prefix, &Host::new(), writer).unwrap();
}

/// Takes prefixes away at once, as a flush does. They follow one another in a walk back.
fn remove_all(
    trie: &Trie<Host>,
    writer: &mut Writer,
    gone: impl Iterator<Item = Prefix> + Clone,
    next: Option<Prefix>,
) {
    trie.remove_all(gone, next, &Host::new(), writer);
}

/// A host of a small network.
fn host(last: u32) -> Prefix {
    cut(0x0a01_0100 | last, 32)
}

/// Begins with what `before` makes, then looks a prefix up that stays while `change` goes on.
fn beside(stays: Prefix, before: Change, change: Change) {
    beside_at(stays.address(), stays, before, change);
}

/// The same, by an address of the prefix.
fn beside_at(address: u32, stays: Prefix, before: Change, change: Change) {
    let mut loom = loom::model::Builder::new();
    loom.max_branches = 1_000_000;
    loom.preemption_bound = Some(2);
    loom.check(move || {
        let trie = Arc::new(Trie::<Host>::new());
        let mut writer = Writer;
        add(&trie, &mut writer, stays, STAYS);
        before(&trie, &mut writer);

        let reader = {
            let trie = trie.clone();
            thread::spawn(move || {
                let guard = Guard::new();
                let mut below = Trie::<Host>::ANY;
                loop {
                    let found = trie.longest(address, below, &guard);
                    let (length, word) = found.expect("what stays is missed");
                    if length == stays.length() {
                        assert_eq!(word.get(), STAYS);
                        break;
                    }
                    assert_eq!(word.get(), OTHER);
                    assert!(length < below);
                    below = length;
                }
            })
        };
        change(&trie, &mut writer);
        reader.join().unwrap();
        settle();
    });
}

/// Hosts of a small network, until they are in a page below three branches.
fn page(trie: &Trie<Host>, writer: &mut Writer) {
    (2..12).for_each(|last| add(trie, writer, host(last << 4), OTHER));
}

#[test]
fn a_leaf_grows() {
    beside(
        host(1),
        |_, _| (),
        |trie, writer| add(trie, writer, cut(host(1).address(), 24), OTHER),
    );
}

#[test]
fn a_word_changes() {
    let before: Change = |trie, writer| add(trie, writer, host(1), OTHER);
    let change: Change = |trie, writer| {
        remove(trie, writer, host(1));
        add(trie, writer, host(1), OTHER);
    };
    let address = host(1).address();
    beside_at(address, cut(address, 24), before, change);
    beside_at(address, cut(address, 31), before, change);
    beside_at(address, cut(0, 0), before, change);
}

#[test]
fn a_prefix_that_goes_has_no_other_word() {
    let (covering, prefix) = (cut(host(1).address(), 24), host(1));
    loom::model(move || {
        let trie = Arc::new(Trie::<Host>::new());
        let mut writer = Writer;
        add(&trie, &mut writer, covering, OTHER);
        add(&trie, &mut writer, prefix, STAYS);
        let reader = {
            let trie = trie.clone();
            thread::spawn(move || {
                let found = trie.get(prefix, &Guard::new());
                assert!(found.is_none_or(|word| word.get() == STAYS));
            })
        };
        remove(&trie, &mut writer, prefix);
        reader.join().unwrap();
        settle();
    });
}

/// Of the records that it has, a walk meets old ones and new ones.
#[test]
fn what_is_replaced_is_told_once() {
    let (stays, goes) = (cut(0x0a00_0000, 8), cut(0x0a00_0000, 16));
    loom::model(move || {
        let trie = Arc::new(Trie::<Host>::new());
        let mut writer = Writer;
        add(&trie, &mut writer, stays, STAYS);
        add(&trie, &mut writer, goes, OTHER);
        // There are so many that the leaf stays: its record is left to the one that covers it.
        (2..4).for_each(|part| add(&trie, &mut writer, cut(part << 24, 8), OTHER));
        remove(&trie, &mut writer, goes);
        let reader = {
            let trie = trie.clone();
            thread::spawn(move || {
                let all = walk(&trie, None, usize::MAX);
                let told = all.iter().filter(|(prefix, _)| *prefix == stays);
                assert_eq!(told.count(), 1);
            })
        };
        add(&trie, &mut writer, stays, OTHER);
        reader.join().unwrap();
        settle();
    });
}

#[test]
fn what_is_between_changes() {
    // Of three that begin at one address, the one in the middle.
    let before: Change = |trie, writer| {
        add(trie, writer, cut(host(0).address(), 25), OTHER);
        add(trie, writer, cut(host(0).address(), 26), OTHER);
    };
    let change: Change = |trie, writer| {
        remove(trie, writer, cut(host(0).address(), 25));
        add(trie, writer, cut(host(0).address(), 25), OTHER);
    };
    for length in [24, 27] {
        let stays = cut(host(0).address(), length);
        beside(stays, before, change);
        beside_at(host(0x1f).address(), stays, before, change);
    }
}

#[test]
fn a_leaf_is_split() {
    beside(
        host(0x10),
        |trie, writer| (2..5).for_each(|last| add(trie, writer, host(last << 4), OTHER)),
        |trie, writer| add(trie, writer, host(0xf0), OTHER),
    );
}

#[test]
fn a_leaf_becomes_a_page() {
    beside(
        host(0x10),
        |trie, writer| (2..9).for_each(|last| add(trie, writer, host(last << 4), OTHER)),
        |trie, writer| (9..11).for_each(|last| add(trie, writer, host(last << 4), OTHER)),
    );
}

#[test]
fn a_page_changes() {
    let change: Change = |trie, writer| {
        add(trie, writer, cut(host(0).address(), 26), OTHER);
        remove(trie, writer, host(0x20));
        remove(trie, writer, cut(host(0).address(), 26));
    };
    beside(host(0x10), page, change);
    let address = host(0x20).address();
    beside_at(address, cut(address, 25), page, change);
    beside_at(address, cut(address, 28), page, change);
}

#[test]
fn a_page_becomes_a_branch() {
    beside(
        cut(0x0a01_1000, 24),
        |trie, writer| {
            (2..12).for_each(|part| add(trie, writer, cut(0x0a01_0000 | part << 12, 24), OTHER));
        },
        |trie, writer| add(trie, writer, host(1), OTHER),
    );
}

#[test]
fn a_branch_is_joined() {
    beside(
        host(0x10),
        |trie, writer| {
            add(trie, writer, cut(0x1400_0000, 16), OTHER);
            (2..6).for_each(|last| add(trie, writer, host(last << 4), OTHER));
            (3..6).for_each(|last| remove(trie, writer, host(last << 4)));
        },
        |trie, writer| {
            remove(trie, writer, host(0x20));
            remove(trie, writer, cut(0x1400_0000, 16));
        },
    );
}

#[test]
fn what_covers_a_branch_changes() {
    let before: Change =
        |trie, writer| (2..7).for_each(|last| add(trie, writer, host(last << 4), OTHER));
    let change: Change = |trie, writer| {
        add(trie, writer, cut(0x0a00_0000, 7), OTHER);
        remove(trie, writer, cut(0x0a00_0000, 7));
    };
    beside(host(0x10), before, change);
    let address = host(1).address();
    beside_at(address, cut(address, 8), before, change);
    beside_at(address, cut(0, 0), before, change);
}

#[test]
fn a_part_of_a_page_is_flushed() {
    let before: Change = |trie, writer| {
        page(trie, writer);
        add(trie, writer, cut(host(0x20).address(), 28), OTHER);
    };
    // What covers a host that goes first, or one that stays, goes after it.
    let change: Change = |trie, writer| {
        let gone = [host(0x30), host(0x20), cut(host(0x20).address(), 28)];
        remove_all(trie, writer, gone.into_iter(), None);
    };
    beside(host(0x10), before, change);
    beside(host(0x21), before, change);
    let address = host(0x20).address();
    beside_at(address, cut(address, 26), before, change);
    beside_at(address, cut(address, 24), before, change);
}

#[test]
fn a_leaf_is_flushed() {
    // Of what is in a leaf below a branch, all goes, or all but one.
    let before: Change = |trie, writer| {
        add(trie, writer, cut(0x1400_0000, 16), OTHER);
        add(trie, writer, cut(0x1401_0000, 16), OTHER);
        (2..5).for_each(|last| add(trie, writer, host(last << 4), OTHER));
    };
    let change: Change = |trie, writer| {
        let gone = (2..5).rev().map(|last| host(last << 4));
        remove_all(trie, writer, gone, Some(cut(0, 0)));
    };
    beside(host(0x10), before, change);
    let address = host(0x20).address();
    beside_at(address, cut(address, 8), before, change);
    beside_at(address, cut(0, 0), before, change);
}

#[test]
fn a_branch_is_flushed() {
    // A page as a whole, then what is beside it, and one prefix is left, or two are.
    let before: Change = |trie, writer| {
        page(trie, writer);
        add(trie, writer, cut(0x1400_0000, 16), OTHER);
    };
    let change: Change = |trie, writer| {
        let hosts = (2..12).rev().map(|last| host(last << 4));
        let gone = [cut(0x1400_0000, 16)].into_iter().chain(hosts);
        remove_all(trie, writer, gone, None);
    };
    beside(host(0x10), before, change);
    let address = host(0x20).address();
    beside_at(address, cut(address, 24), before, change);
    beside_at(address, cut(address, 8), before, change);
    beside_at(address, cut(0, 0), before, change);
}
