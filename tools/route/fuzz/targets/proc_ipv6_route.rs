// SPDX-License-Identifier: GPL-2.0

//! Lines of /proc/net/ipv6_route, and what is made of them: always one line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use route::show::{
    columns::push6,
    proc6, //
};

fuzz_target!(|line: &[u8]| {
    let Some(row) = proc6::parse(line) else {
        return;
    };
    let mut out = Vec::new();
    push6(&mut out, &row, None);
    assert_eq!(out.iter().position(|&byte| byte == b'\n'), Some(out.len() - 1));
});
