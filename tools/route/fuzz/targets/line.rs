// SPDX-License-Identifier: GPL-2.0

//! Lines of `--batch`, which are command lines: sound routes or mistakes in words.

#![no_main]

use libfuzzer_sys::fuzz_target;
use route::{
    batch::parse_line,
    line::Family,
    names::NoNames,
    route::Route, //
};

fuzz_target!(|line: &[u8]| {
    match parse_line(line, Family::Inet, &NoNames) {
        Ok(Some((_, Route::V4(route)))) => {
            let (destination, mask) = (route.destination.to_bits(), route.mask.to_bits());
            assert_eq!(destination & !mask, 0);
            assert_eq!(mask.leading_ones() + mask.trailing_zeros(), 32);
        }
        Ok(Some((_, Route::V6(route)))) => assert!(route.length <= 128),
        Ok(None) => {}
        Err(mistake) => assert!(!mistake.to_string().contains('\n')),
    }
});
