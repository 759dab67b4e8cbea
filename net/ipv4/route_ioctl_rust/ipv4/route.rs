// SPDX-License-Identifier: GPL-2.0

//! What a request asks for: every check that needs no lock, in the order that callers know.

use super::request::{
    Request,
    SocketAddress, //
};
use core::{
    net::Ipv4Addr,
    num::NonZero, //
};
use kernel::{
    net::{
        fib::{
            Metrics,
            Prefix, //
        },
        route_ioctl::Command, //
    },
    prelude::*,
    uapi, //
};

/// A route as the caller describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) destination: Prefix,
    pub(crate) priority: u32,
    pub(crate) target: Target,
}

/// Where packets go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Nowhere: the sender is told. Whatever else the caller gave is ignored.
    Unreachable,
    /// On, by a device, a next hop, or both.
    Unicast {
        /// Where in user memory its name is: `name`, or `name:suffix`, the label of an address.
        device: Option<NonZero<usize>>,
        next_hop: NextHop,
        metrics: Metrics,
    },
}

/// The next hop of a unicast route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextHop {
    /// There is none: destinations are neighbours.
    Direct,
    /// The caller wants one added but does not say which. That is an error, but one that an
    /// unknown device comes before.
    Missing,
    /// An address. Only with `RTF_GATEWAY` can destinations be beyond it.
    Address { address: Ipv4Addr, gateway: bool },
}

impl Route {
    /// Works out what `request` asks for.
    ///
    /// - `EAFNOSUPPORT`: the destination or its mask is not an IPv4 address.
    /// - `EINVAL`: destination and mask do not make a prefix.
    pub(crate) fn new(command: Command, request: &Request) -> Result<Self> {
        Ok(Self {
            destination: destination(request)?,
            priority: priority(request.metric),
            target: if request.has(uapi::RTF_REJECT) {
                Target::Unreachable
            } else {
                Target::Unicast {
                    device: NonZero::new(request.device),
                    next_hop: next_hop(command, request),
                    metrics: match command {
                        Command::Add => metrics(request),
                        Command::Delete => Metrics::default(),
                    },
                }
            },
        })
    }
}

impl Request {
    /// Returns whether one of `flags` is set.
    fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }
}

impl SocketAddress {
    fn is_ipv4(&self) -> bool {
        u32::from(self.family) == uapi::AF_INET
    }

    fn is_zero(&self) -> bool {
        self.address == [0; 4]
    }
}

fn destination(request: &Request) -> Result<Prefix> {
    let (destination, mask) = (&request.destination, &request.mask);

    if !destination.is_ipv4() {
        return Err(EAFNOSUPPORT);
    }
    if request.has(uapi::RTF_HOST) {
        return Ok(Prefix::host(destination.address.into()));
    }
    // Callers that want a default route forget the mask's family. Nothing else is clear.
    if !(mask.is_ipv4() || mask.family == 0 && mask.is_zero()) {
        return Err(EAFNOSUPPORT);
    }
    Prefix::with_mask(destination.address.into(), mask.address.into()).ok_or(EINVAL)
}

/// Negative metrics become the highest priorities there are: the sign is extended to 32 bits.
fn priority(metric: i16) -> u32 {
    match metric {
        0 => 0,
        // CAST: Priorities are what C makes of the difference.
        metric => (i32::from(metric) - 1) as u32,
    }
}

fn next_hop(command: Command, request: &Request) -> NextHop {
    let gateway = request.has(uapi::RTF_GATEWAY);

    if request.gateway.is_ipv4() && !request.gateway.is_zero() {
        NextHop::Address {
            address: request.gateway.address.into(),
            gateway,
        }
    } else if gateway && command == Command::Add {
        NextHop::Missing
    } else {
        NextHop::Direct
    }
}

fn metrics(request: &Request) -> Metrics {
    // What an IPv4 and a TCP header without options take of a packet.
    const HEADERS: u32 = 40;

    Metrics {
        advmss: request
            .has(uapi::RTF_MTU)
            .then(|| request.mtu.wrapping_sub(HEADERS)),
        window: request.has(uapi::RTF_WINDOW).then_some(request.window),
        // Sixteen bits of milliseconds, in eighths: no overflow.
        rtt: request
            .has(uapi::RTF_IRTT)
            .then(|| u32::from(request.irtt) << 3),
    }
}
