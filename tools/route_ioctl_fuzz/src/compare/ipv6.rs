// SPDX-License-Identifier: GPL-2.0

//! Calls of IPv6.

use crate::{
    ipv6::request::Request,
    model::ipv6::{
        self as model,
        Call, //
    },
    net::{
        fib::{
            Protocol,
            TableId, //
        },
        fib6::{
            Config,
            Prefix, //
        }, //
    },
    uaccess::UserPtr, //
};
use std::num::NonZero;

pub fn compare(bytes: &[u8]) {
    let call = Call::from_bytes(bytes);
    let expected = model::serve(&call);
    let outcome = super::outcome(call.memory(), || {
        Request::read(
            UserPtr::from_addr(call.argument),
            super::layout(call.compat),
        )
        .and_then(|request| request.config(super::command(call.delete)))
        .map(in_terms_of_model)
    });
    assert_eq!(outcome, expected, "(module, contract) for {call:x?}");
}

fn prefix(prefix: Prefix) -> model::Prefix {
    model::Prefix {
        address: prefix.address().octets(),
        length: prefix.len(),
    }
}

fn in_terms_of_model(config: Config) -> model::Route {
    // The table is for the device to say, and whoever adds the route is not asked.
    assert_eq!(config.table, TableId::MAIN);
    assert_eq!(config.protocol, Protocol::UNSPEC);

    model::Route {
        destination: prefix(config.destination),
        source: prefix(config.source),
        gateway: config.gateway.map(|address| address.octets()),
        kind: config.kind.as_raw().into(),
        metric: config.metric,
        lifetime: config.lifetime.map(|ticks| ticks as u64),
        flags: config.flags.as_raw(),
        device: config.device.map_or(0, NonZero::get),
    }
}
