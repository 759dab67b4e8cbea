// SPDX-License-Identifier: GPL-2.0

//! What a request asks for: every check that needs no lock, in the order that callers know.

use crate::request::{
    Request,
    SocketAddress, //
};
use core::net::Ipv4Addr;
use kernel::{
    net::{
        fib::{
            Metrics,
            Prefix, //
        },
        netdevice::Name, //
    },
    prelude::*,
    uaccess::{
        UserPtr,
        UserSlice, //
    },
    uapi, //
};

/// What is to be done with the route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Add,
    Delete,
}

/// A route as the caller describes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Config {
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
        device: Option<DeviceName>,
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

/// The name of a device, and the label of one of its addresses if the caller gave one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeviceName {
    pub(crate) device: Name,
    /// The whole of `name:suffix`, of which `device` is the part before the colon.
    pub(crate) label: Option<Name>,
}

impl Config {
    /// Works out what `request` asks for. May sleep, to read the name of the device.
    ///
    /// - `EAFNOSUPPORT`: the destination or its mask is not an IPv4 address.
    /// - `EINVAL`: destination and mask do not make a prefix.
    /// - `EFAULT`: the name of the device cannot be read.
    pub(crate) fn new(change: Change, request: &Request) -> Result<Self> {
        Self::with_device(change, request, DeviceName::read)
    }

    /// As [`Self::new()`], with `read` to read the name of the device.
    pub(crate) fn with_device(
        change: Change,
        request: &Request,
        read: impl FnOnce(UserPtr) -> Result<DeviceName>,
    ) -> Result<Self> {
        Ok(Self {
            destination: destination(request)?,
            priority: priority(request.metric),
            target: if request.has(uapi::RTF_REJECT) {
                Target::Unreachable
            } else {
                Target::Unicast {
                    device: match request.device {
                        0 => None,
                        address => Some(read(UserPtr::from_addr(address))?),
                    },
                    next_hop: next_hop(change, request),
                    metrics: match change {
                        Change::Add => metrics(request),
                        Change::Delete => Metrics::default(),
                    },
                }
            },
        })
    }
}

impl Request {
    fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

impl SocketAddress {
    fn ipv4(&self) -> Option<Ipv4Addr> {
        (u32::from(self.family) == uapi::AF_INET).then(|| self.address.into())
    }
}

fn destination(request: &Request) -> Result<Prefix> {
    let address = request.destination.ipv4().ok_or(EAFNOSUPPORT)?;

    if request.has(uapi::RTF_HOST) {
        return Ok(Prefix::host(address));
    }

    let mask = match request.mask.ipv4() {
        Some(mask) => mask,
        // Callers that want a default route forget the mask's family. Nothing else is clear.
        None if request.mask.family == 0 && request.mask.address == [0; 4] => Ipv4Addr::UNSPECIFIED,
        None => return Err(EAFNOSUPPORT),
    };
    Prefix::with_mask(address, mask).ok_or(EINVAL)
}

/// Negative metrics become the highest priorities there are: the sign is extended to 32 bits.
fn priority(metric: i16) -> u32 {
    match metric {
        0 => 0,
        // CAST: Priorities are what C makes of the difference.
        metric => (i32::from(metric) - 1) as u32,
    }
}

fn next_hop(change: Change, request: &Request) -> NextHop {
    let gateway = request.has(uapi::RTF_GATEWAY);

    match request.gateway.ipv4() {
        Some(address) if !address.is_unspecified() => NextHop::Address { address, gateway },
        _ if gateway && change == Change::Add => NextHop::Missing,
        _ => NextHop::Direct,
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

impl DeviceName {
    /// Reads a name from user memory. As many bytes as a name can have must be there, whatever
    /// its length.
    fn read(from: UserPtr) -> Result<Self> {
        Ok(Self::new(
            UserSlice::new(from, Name::MAX_LEN).reader().read()?,
        ))
    }

    pub(crate) fn new(bytes: [u8; Name::MAX_LEN]) -> Self {
        let whole = Name::new(&bytes);

        match whole.before(b':') {
            Some(device) => Self {
                device,
                label: Some(whole),
            },
            None => Self {
                device: whole,
                label: None,
            },
        }
    }
}
