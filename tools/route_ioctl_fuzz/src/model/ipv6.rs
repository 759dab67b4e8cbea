// SPDX-License-Identifier: GPL-2.0

//! Calls of IPv6: a `struct in6_rtmsg`, of `include/uapi/linux/ipv6_route.h`, or the
//! `struct compat_in6_rtmsg` of `net/ipv6/af_inet6.c`.

use super::{
    integer,
    Outcome,
    ARGUMENT,
    EFAULT,
    EINVAL, //
};

const RTF_GATEWAY: u32 = 0x0002;
const RTF_EXPIRES: u32 = 0x0040_0000;

/// The last type of routes that there is, `RTN_XRESOLVE`.
const RTN_MAX: u16 = 11;
const IP6_RT_PRIO_USER: u32 = 1024;

/// One call, and the memory of its caller.
#[derive(Debug)]
pub struct Call {
    pub compat: bool,
    pub delete: bool,
    pub argument: usize,
    /// What can be read there.
    request: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    pub destination: Prefix,
    pub source: Prefix,
    pub gateway: Option<[u8; 16]>,
    /// Nothing asks for it when deleting: zero.
    pub kind: u16,
    pub metric: u32,
    pub lifetime: Option<u64>,
    pub flags: u32,
    pub device: i32,
}

/// As it was given: bits beyond the length, and lengths beyond all bits.
#[derive(Debug, PartialEq, Eq)]
pub struct Prefix {
    pub address: [u8; 16],
    pub length: u16,
}

impl Call {
    /// Any bytes make a call: what it is, how much of its argument there is, and what is in it.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (head, body) = bytes.split_at(bytes.len().min(2));
        let head = |index: usize| head.get(index).copied().unwrap_or(0);
        let (kind, compat) = (head(0), head(0) & 1 != 0);

        let size = size(compat);
        let mut request = body[..body.len().min(size)].to_vec();
        request.resize(size, 0);
        // Most requests are whole.
        if kind & 4 != 0 {
            request.truncate(head(1).into());
        }

        Self {
            compat,
            delete: kind & 2 != 0,
            argument: ARGUMENT,
            request,
        }
    }

    pub fn memory(&self) -> Vec<(usize, Vec<u8>)> {
        vec![(self.argument, self.request.clone())]
    }

    fn field(&self, offset: usize, size: usize) -> u64 {
        integer(&self.request[offset..][..size])
    }

    fn address(&self, offset: usize) -> [u8; 16] {
        self.request[offset..][..16].try_into().unwrap()
    }

    fn prefix(&self, address: usize, length: usize) -> Prefix {
        Prefix {
            address: self.address(address),
            length: self.field(length, 2) as u16,
        }
    }
}

/// All of it is read. What is shorter than it looks is the 32-bit one: its `rtmsg_info` is one
/// word, and nothing lies in front of that.
fn size(compat: bool) -> usize {
    if compat {
        72
    } else {
        80
    }
}

pub fn serve(call: &Call) -> Outcome<Route> {
    Outcome {
        result: understand(call),
        reads: vec![(call.argument, size(call.compat))],
    }
}

fn understand(call: &Call) -> Result<Route, i32> {
    // The argument cannot be read.
    if call.request.len() < size(call.compat) {
        return Err(EFAULT);
    }

    // The three addresses, the type and the lengths are where they are in either layout.
    let destination = call.prefix(0, 52);
    let source = call.prefix(16, 54);
    let kind = call.field(48, 4) as u16;
    let metric = call.field(56, 4) as u32;
    // rtmsg_info is a long: its place is a multiple of its size.
    let (info, flags, device) = if call.compat {
        (call.field(60, 4), call.field(64, 4), call.field(68, 4))
    } else {
        (call.field(64, 8), call.field(72, 4), call.field(76, 4))
    };
    let flags = flags as u32;

    // There is no such type, of which 16 bits count: EINVAL, when adding.
    if !call.delete && kind > RTN_MAX {
        return Err(EINVAL);
    }

    Ok(Route {
        destination,
        source,
        // RTF_GATEWAY: the gateway counts, whatever it is.
        gateway: (flags & RTF_GATEWAY != 0).then(|| call.address(32)),
        kind: if call.delete { 0 } else { kind },
        // The metric is zero: 1024 when adding, any when deleting.
        metric: if !call.delete && metric == 0 {
            IP6_RT_PRIO_USER
        } else {
            metric
        },
        // RTF_EXPIRES: the route has so long to live.
        lifetime: (flags & RTF_EXPIRES != 0).then_some(info),
        flags,
        device: device as u32 as i32,
    })
}
