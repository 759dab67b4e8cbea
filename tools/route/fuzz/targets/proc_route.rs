// SPDX-License-Identifier: GPL-2.0

//! Lines of /proc/net/route, and what is made of them: always one line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use route::show::{
    columns::{
        push4,
        Layout, //
    },
    proc4, //
};

fuzz_target!(|line: &[u8]| {
    let Some(row) = proc4::parse(line) else {
        return;
    };
    for layout in [Layout::Route, Layout::Netstat, Layout::Long] {
        let mut out = Vec::new();
        push4(&mut out, &row, layout, None);
        assert_eq!(out.iter().position(|&byte| byte == b'\n'), Some(out.len() - 1));
    }
});
