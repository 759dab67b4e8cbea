// SPDX-License-Identifier: GPL-2.0

//! Calls of IPv4.

use crate::{
    ipv4::{
        name::Name,
        request::Request,
        route::{
            NextHop,
            Route,
            Target, //
        }, //
    },
    model::ipv4::{
        self as model,
        Call,
        Hop,
        Path, //
    },
    prelude::*,
    uaccess::UserPtr, //
};

pub fn compare(bytes: &[u8]) {
    let call = Call::from_bytes(bytes);
    let expected = model::serve(&call);
    let outcome = super::outcome(call.memory(), || {
        Request::read(
            UserPtr::from_addr(call.argument),
            super::layout(call.compat),
        )
        .and_then(|request| Route::new(super::command(call.delete), &request))
        .and_then(in_terms_of_model)
    });
    assert_eq!(outcome, expected, "(module, contract) for {call:x?}");
}

fn bytes(name: &CStr) -> Vec<u8> {
    name.to_bytes().to_vec()
}

/// A route in the model's terms, with the name of the device that it points to.
fn in_terms_of_model(route: Route) -> Result<model::Route> {
    Ok(model::Route {
        address: route.destination.address().octets(),
        length: route.destination.len(),
        priority: route.priority,
        path: match route.target {
            Target::Unreachable => None,
            Target::Unicast {
                device,
                next_hop,
                metrics,
            } => {
                let name = device
                    .map(|address| Name::read(UserPtr::from_addr(address.get())))
                    .transpose()?;
                Some(Path {
                    device: name.map(|name| bytes(name.parts().device)),
                    label: name.and_then(|name| name.parts().label.map(bytes)),
                    hop: match next_hop {
                        NextHop::Direct => Hop::None,
                        NextHop::Missing => Hop::Missing,
                        NextHop::Address { address, gateway } => Hop::Address {
                            address: address.octets(),
                            gateway,
                        },
                    },
                    advmss: metrics.advmss,
                    window: metrics.window,
                    rtt: metrics.rtt,
                })
            }
        },
    })
}
