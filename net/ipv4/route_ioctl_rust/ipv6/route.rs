// SPDX-License-Identifier: GPL-2.0

//! What a request asks for: all that needs no network.

use super::request::Request;
use core::num::NonZero;
use kernel::{
    net::{
        fib::RouteType,
        fib6::{
            Config,
            Flags,
            Prefix, //
        },
        route_ioctl::Command, //
    },
    prelude::*,
    uapi, //
};

impl Request {
    /// Works out the route that is to be added or deleted, but for its table, which is its device's
    /// to say.
    ///
    /// - `EINVAL`: there is no such type of routes as the one to be added.
    ///
    /// Everything else that may be wrong with it, the FIB knows.
    pub(crate) fn config(&self, command: Command) -> Result<Config> {
        let flags = Flags::from_raw(self.flags);

        Ok(Config {
            source: Prefix::new(self.source.into(), self.source_len),
            device: NonZero::new(self.device),
            gateway: flags.contains(Flags::GATEWAY).then(|| self.gateway.into()),
            lifetime: flags.contains(Flags::EXPIRES).then_some(self.info),
            metric: match (command, self.metric) {
                (Command::Add, 0) => uapi::IP6_RT_PRIO_USER,
                (_, metric) => metric,
            },
            kind: match command {
                Command::Add => kind(self.kind).ok_or(EINVAL)?,
                // Nobody asks.
                Command::Delete => RouteType::UNSPEC,
            },
            flags,
            ..Config::new(Prefix::new(self.destination.into(), self.destination_len))
        })
    }
}

fn kind(raw: u32) -> Option<RouteType> {
    // CAST: The upper half goes nowhere in C either.
    RouteType::from_raw(raw as u16)
}
