// SPDX-License-Identifier: GPL-2.0

//! What a table takes, and what becomes of it when there is no more.
//!
//! One test: all threads of a process share what counts memory.

// Where atomics are loom's, nothing runs outside of its model.
#![cfg(not(feature = "loom"))]

use fib_trie::{
    host::{
        settle,
        Guard,
        Host,
        OutOfMemory,
        Usage,
        Writer, //
    },
    model::{
        cut,
        walk,
        Model, //
    },
    routes::{
        internet,
        Random, //
    },
    trie::Trie, //
};
use std::num::NonZero;

fn nothing_is_left_of_what_has_gone() {
    let mut random = Random::new(1);
    let (trie, memory, mut writer) = (Trie::<Host>::new(), Host::new(), Writer);
    let mut prefixes = internet(20_000, &mut random);

    for prefix in &prefixes {
        let word = NonZero::<u32>::MIN;
        trie.insert(*prefix, word, &memory, &mut writer).unwrap();
    }
    random.shuffle(&mut prefixes);
    for prefix in prefixes {
        assert!(trie.remove(prefix, &memory, &mut writer).is_some());
    }
    settle();
    assert_eq!(Usage::now(), Usage::default());
}

/// Every allocation of every change fails once.
fn nothing_changes_without_memory() {
    let mut random = Random::new(2);
    let (trie, mut model, mut writer) = (Trie::<Host>::new(), Model::default(), Writer);
    let (mut failed, mut there) = (0, Vec::new());

    for step in 1..3_000u32 {
        let (a, b) = (random.number(), random.number());
        // What is dense, and what lies outside of that.
        let prefix = match step % 8 {
            0 => cut(a, random.below(33) as u8),
            1 => cut(0x0a01_0000 | a & 0xffff, 16 + random.below(17) as u8),
            _ => cut(0x0a01_0100 ^ 1 << (b & 15) ^ a & 0x1ff, 32),
        };
        let word = NonZero::new(step).unwrap();
        let used = Usage::now();
        for allowed in 0.. {
            let memory = Host::failing_after(allowed);
            match trie.insert(prefix, word, &memory, &mut writer) {
                Ok(old) => {
                    assert_eq!(old, model.insert(prefix, word));
                    break;
                }
                Err(OutOfMemory) => {
                    failed += 1;
                    assert_eq!(Usage::now(), used);
                    assert!(model.walk(None).eq(walk(&trie, None, usize::MAX)));
                }
            }
        }
        there.push(prefix);
        if step % 4 == 0 {
            let prefix = there.swap_remove(random.below(there.len()));
            // What is made smaller takes up to two allocations.
            let memory = Host::failing_after(random.below(3));
            let old = trie.remove(prefix, &memory, &mut writer);
            assert_eq!(old, model.remove(prefix));
            assert!(model.walk(None).eq(walk(&trie, None, usize::MAX)));
        }
    }
    assert!(failed > 500, "{failed} allocations failed");

    // All of it can go while there is no memory at all, and come back.
    let all: Vec<_> = model.walk(None).collect();
    let none = Host::failing_after(0);
    for (prefix, word) in &all {
        assert_eq!(trie.remove(*prefix, &none, &mut writer), Some(*word));
        assert_eq!(trie.remove(*prefix, &none, &mut writer), None);
    }
    assert_eq!(trie.next(None, &Guard::new()), None);
    for (prefix, word) in &all {
        trie.insert(*prefix, *word, &Host::new(), &mut writer)
            .unwrap();
    }
    assert!(model.walk(None).eq(walk(&trie, None, usize::MAX)));
    drop(trie);
    settle();
    assert_eq!(Usage::now(), Usage::default());
}

#[test]
fn memory() {
    nothing_is_left_of_what_has_gone();
    nothing_changes_without_memory();
}
