// SPDX-License-Identifier: GPL-2.0

//! /etc/networks: whatever it says, each name that is found has one address.

#![no_main]

use libfuzzer_sys::fuzz_target;
use route::networks::Networks;

fuzz_target!(|text: &[u8]| {
    let networks = Networks::parse(text);
    for word in text.split(|byte| byte.is_ascii_whitespace()) {
        if let Some(address) = networks.address(word) {
            assert!(networks.name(address).is_some_and(|name| !name.contains(&b'#')));
        }
    }
});
