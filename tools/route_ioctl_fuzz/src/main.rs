// SPDX-License-Identifier: GPL-2.0

//! Gives arbitrary bytes to the parsing code of `route_ioctl_rust` and compares what it makes of
//! them with a model of the contract.
//!
//! The code under test is the module's and the `kernel` crate's own, unchanged. What it stands on
//! in the kernel is played by [`stand_in`]: above all user memory, which notes each read.

#![no_main]

// The code under test speaks of `kernel::`, that is this crate.
extern crate self as kernel;

#[path = "../../../net/ipv4/route_ioctl_rust/argument.rs"]
mod argument;
/// The module's, of IPv4.
#[path = "../../../net/ipv4/route_ioctl_rust/ipv4"]
mod ipv4 {
    pub(crate) mod name;
    pub(crate) mod request;
    pub(crate) mod route;
}
mod model;
pub mod net;
mod stand_in;

pub use stand_in::{
    prelude,
    uaccess,
    uapi, //
};

use ipv4::{
    name::Name,
    request::Request,
    route::{
        NextHop,
        Route,
        Target, //
    }, //
};
use model::{
    Call,
    Hop,
    Outcome,
    Path, //
};
use net::route_ioctl::{
    Command,
    Layout, //
};
use prelude::*;
use uaccess::UserPtr;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let call = Call::from_bytes(bytes);
    let expected = model::serve(&call);
    let outcome = serve(&call);
    assert_eq!(outcome, expected, "(module, contract) for {call:x?}");
});

/// What the module makes of a call.
fn serve(call: &Call) -> Outcome {
    uaccess::set_memory(call.memory());

    let command = if call.delete {
        Command::Delete
    } else {
        Command::Add
    };
    let layout = if call.compat {
        Layout::Compat
    } else {
        Layout::Native
    };
    let result = Request::read(UserPtr::from_addr(call.argument), layout)
        .and_then(|request| Route::new(command, &request))
        .and_then(in_terms_of_model);

    Outcome {
        result: result.map_err(|error| error.0),
        reads: uaccess::take_reads(),
    }
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
