// SPDX-License-Identifier: GPL-2.0

//! The way of a call on a socket of IPv6: request, route, change.

use super::request::Request;
use kernel::{
    net::{
        fib6::{
            self,
            Config, //
        },
        namespace::Namespace,
        route_ioctl::{
            Command,
            Layout, //
        }, //
    },
    prelude::*,
    uaccess::UserPtr, //
};

/// Serves a call of who may make it.
///
/// The FIB of IPv6 has locks of its own, and looks the device up by itself: RTNL is not taken.
pub(crate) fn serve(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result {
    let config = Request::read(arg, layout)?.config(command)?;
    let config = Config {
        table: net.vrf_table(config.device).or_main(),
        ..config
    };

    match command {
        Command::Add => fib6::add(net, &config),
        Command::Delete => fib6::delete(net, &config),
    }
}
