// SPDX-License-Identifier: GPL-2.0

//! What a table takes, and what becomes of it when there is no more.
//!
//! One test: all threads of a process share what counts memory.

// Where atomics are loom's, nothing runs outside of its model.
#![cfg(not(feature = "loom"))]

use fib_trie::{
    host::{
        settle,
        Host,
        Usage,
        Writer, //
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

#[test]
fn memory() {
    nothing_is_left_of_what_has_gone();
}
