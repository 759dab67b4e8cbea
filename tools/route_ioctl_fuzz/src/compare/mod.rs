// SPDX-License-Identifier: GPL-2.0

//! What the module makes of a call, in the terms of the model, beside what the model does.

pub mod ipv4;
pub mod ipv6;

use crate::{
    model::Outcome,
    net::route_ioctl::{
        Command,
        Layout, //
    },
    prelude::*,
    uaccess, //
};

fn command(delete: bool) -> Command {
    if delete {
        Command::Delete
    } else {
        Command::Add
    }
}

fn layout(compat: bool) -> Layout {
    if compat {
        Layout::Compat
    } else {
        Layout::Native
    }
}

/// What comes of a call that finds `memory`.
fn outcome<Route>(
    memory: uaccess::Memory,
    serve: impl FnOnce() -> Result<Route>,
) -> Outcome<Route> {
    uaccess::set_memory(memory);

    Outcome {
        result: serve().map_err(|error| error.0),
        reads: uaccess::take_reads(),
    }
}
