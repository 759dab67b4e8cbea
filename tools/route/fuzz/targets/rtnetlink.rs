// SPDX-License-Identifier: GPL-2.0

//! Routes of rtnetlink, and the object that is made of them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use route::{
    netlink::Info,
    show::{
        json,
        table::Devices, //
    },
};

fuzz_target!(|body: &[u8]| {
    if let Some(info) = Info::parse(body) {
        let mut out = Vec::new();
        let whole = json::push_route(&mut out, &info, &mut Devices::default());
        assert!(!whole || std::str::from_utf8(&out).is_ok_and(|text| text.ends_with('}')));
    }
});
