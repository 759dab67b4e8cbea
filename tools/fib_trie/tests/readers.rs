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
    model::cut,
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

/// A host of a small network.
fn host(last: u32) -> Prefix {
    cut(0x0a01_0100 | last, 32)
}

/// Begins with what `before` makes, then looks a prefix up that stays while `change` goes on.
fn beside(stays: Prefix, before: Change, change: Change) {
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
                    let found = trie.longest(stays.address(), below, &guard);
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
    beside(
        cut(host(1).address(), 24),
        |trie, writer| add(trie, writer, host(1), OTHER),
        |trie, writer| {
            remove(trie, writer, host(1));
            add(trie, writer, host(1), OTHER);
        },
    );
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
fn a_branch_is_joined() {
    beside(
        host(0x10),
        |trie, writer| {
            (2..6).for_each(|last| add(trie, writer, host(last << 4), OTHER));
            (3..5).for_each(|last| remove(trie, writer, host(last << 4)));
        },
        |trie, writer| remove(trie, writer, host(0x50)),
    );
}

#[test]
fn a_branch_moves_below_another() {
    // A branch of the hosts, which skips much, then as much outside of it.
    let before: Change = |trie, writer| {
        (1..6).for_each(|last| add(trie, writer, host(last << 4), OTHER));
        add(trie, writer, cut(0x0a01_8000, 24), OTHER);
    };
    let change: Change = |trie, writer| add(trie, writer, cut(0x0a01_9000, 24), OTHER);
    beside(host(0x81), before, change);
    beside(cut(0x0a01_a000, 24), before, change);
}

#[test]
fn what_covers_a_branch_changes() {
    beside(
        cut(host(0).address(), 24),
        |trie, writer| (1..6).for_each(|last| add(trie, writer, host(last << 4), OTHER)),
        |trie, writer| {
            add(trie, writer, cut(0x0a01_0000, 16), OTHER);
            remove(trie, writer, cut(0x0a01_0000, 16));
        },
    );
}
