// SPDX-License-Identifier: GPL-2.0

//! Makes changes of arbitrary bytes, and compares the table with a list after each.

#![no_main]

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
    trie::{
        Prefix,
        Trie, //
    },
};
use std::{
    num::NonZero,
    sync::atomic::{
        AtomicU64,
        Ordering, //
    }, //
};

/// How many changes there have been; each 100,000th is told of.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// A prefix of three bytes: most agree in much.
fn prefix([a, b, c]: [u8; 3]) -> Prefix {
    let address = match a >> 6 {
        0 => u32::from_be_bytes([b, c, 0, 0]),
        1 => u32::from_be_bytes([10, b, c, 0]),
        2 => u32::from_be_bytes([10, 1, b, c]),
        // From the first address on, or from the last.
        _ => u32::from_be_bytes([b & 3, a & 3, b >> 2, c & 0x7f]) ^ (c as i8 >> 7) as u32,
    };
    cut(address, (a & 0x3f).min(32))
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (trie, mut model) = (Trie::<Host>::new(), Model::default());
    let mut writer = Writer;

    for (step, bytes) in bytes.chunks_exact(5).enumerate() {
        let prefix = prefix([bytes[2], bytes[3], bytes[4]]);
        // Of one change in four, an allocation fails.
        let memory = match bytes[1] & 3 {
            0 => Host::failing_after(usize::from(bytes[1] >> 2 & 15)),
            _ => Host::new(),
        };
        match bytes[0] & 7 {
            0 | 1 => {
                let old = trie.remove(prefix, &memory, &mut writer);
                assert_eq!(old, model.remove(prefix));
            }
            2 => {
                // As when a table is flushed: those that follow, or one of several, 64 at most.
                let most = 2 << ((bytes[0] >> 3) % 6);
                let following = model.walk_back(Some(prefix)).map(|(prefix, _)| prefix);
                let mut gone: Vec<_> = following
                    .step_by(1 << (bytes[1] >> 6))
                    .take(most + 1)
                    .collect();
                let next = (gone.len() > most).then(|| gone.pop()).flatten();
                trie.remove_all(gone.iter().copied(), next, &memory, &mut writer);
                for prefix in gone {
                    assert!(model.remove(prefix).is_some());
                }
            }
            _ => {
                let word = NonZero::new(step as u32 + 1).unwrap();
                if let Ok(old) = trie.insert(prefix, word, &memory, &mut writer) {
                    assert_eq!(old, model.insert(prefix, word));
                }
            }
        }
        let changes = CHANGES.fetch_add(1, Ordering::Relaxed) + 1;
        if changes % 100_000 == 0 {
            eprintln!("{changes} changes");
        }
        let guard = Guard::new();
        let address = prefix.address() ^ u32::from(bytes[1]);
        assert!(trie.covering(address, &guard).eq(model.lookup(address)));
        assert_eq!(trie.get(prefix, &guard), model.get(prefix));
        assert_eq!(
            trie.next(Some(prefix), &guard),
            model.walk(Some(prefix)).next()
        );
        let after = Some(prefix);
        assert!(model.walk(after).take(40).eq(walk(&trie, after, 40)));
        assert!(model
            .walk_back(after)
            .take(40)
            .eq(walk_back(&trie, after, 40)));
    }
    assert!(model.walk(None).eq(walk(&trie, None, usize::MAX)));
    assert!(model.walk_back(None).eq(walk_back(&trie, None, usize::MAX)));
});
