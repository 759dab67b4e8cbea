// SPDX-License-Identifier: GPL-2.0

//! Calls of IPv4: a `struct rtentry`, of `include/uapi/linux/route.h`, or the
//! `struct compat_rtentry` of `include/net/compat.h`.

use super::{
    integer,
    Outcome,
    ARGUMENT,
    EFAULT,
    EINVAL, //
};

const EAFNOSUPPORT: i32 = 97;

const AF_INET: u16 = 2;

const RTF_GATEWAY: u16 = 0x0002;
const RTF_HOST: u16 = 0x0004;
const RTF_MTU: u16 = 0x0040;
const RTF_WINDOW: u16 = 0x0080;
const RTF_IRTT: u16 = 0x0100;
const RTF_REJECT: u16 = 0x0200;

/// How many bytes of a device's name are read.
const NAME: usize = 15;

/// One call, and the memory of its caller.
#[derive(Debug)]
pub struct Call {
    pub compat: bool,
    pub delete: bool,
    pub argument: usize,
    /// What can be read there.
    request: Vec<u8>,
    /// What can be read where the request says that the name of the device is.
    name: Vec<u8>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    pub address: [u8; 4],
    pub length: u8,
    pub priority: u32,
    /// Nothing for `RTF_REJECT`.
    pub path: Option<Path>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Path {
    pub device: Option<Vec<u8>>,
    pub label: Option<Vec<u8>>,
    pub hop: Hop,
    pub advmss: Option<u32>,
    pub window: Option<u32>,
    pub rtt: Option<u32>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Hop {
    None,
    /// `EINVAL`, unless the device is found wanting before.
    Missing,
    Address {
        address: [u8; 4],
        /// `RTF_GATEWAY`
        gateway: bool,
    },
}

/// Where the fields of a request are.
struct Fields {
    /// What is read, from where on.
    read: (usize, usize),
    destination: usize,
    gateway: usize,
    mask: usize,
    flags: usize,
    metric: usize,
    device: usize,
    mtu: usize,
    window: usize,
    irtt: usize,
    /// The size of a `long` and of a pointer.
    long: usize,
}

/// `struct rtentry` of 64 bits: all of it is read.
const NATIVE: Fields = Fields {
    read: (0, 120),
    destination: 8,
    gateway: 24,
    mask: 40,
    flags: 56,
    metric: 80,
    device: 88,
    mtu: 96,
    window: 104,
    irtt: 112,
    long: 8,
};

/// `struct compat_rtentry`: what precedes the destination and follows the last field is not read.
const COMPAT: Fields = Fields {
    read: (4, 78),
    destination: 4,
    gateway: 20,
    mask: 36,
    flags: 52,
    metric: 64,
    device: 68,
    mtu: 72,
    window: 76,
    irtt: 80,
    long: 4,
};

impl Call {
    /// Any bytes make a call: what it is, how much of which memory there is, and what is in it.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let (head, body) = bytes.split_at(bytes.len().min(3));
        let head = |index: usize| head.get(index).copied().unwrap_or(0);
        let (kind, compat) = (head(0), head(0) & 1 != 0);
        // Most requests are whole.
        let there = if kind & 4 != 0 { head(1).into() } else { 128 };

        let size = if compat { 84 } else { 120 };
        let (request, name) = body.split_at(body.len().min(size));
        let mut request = request.to_vec();
        request.resize(size, 0);
        request.truncate(there);
        // As long as a name is read, give or take a byte: the rest is zero.
        let mut name = name.to_vec();
        name.resize(NAME + 1, 0);
        if kind & 8 != 0 {
            name.truncate(head(2).into());
        }

        Self {
            compat,
            delete: kind & 2 != 0,
            argument: ARGUMENT,
            request,
            name,
        }
    }

    fn fields(&self) -> &'static Fields {
        if self.compat {
            &COMPAT
        } else {
            &NATIVE
        }
    }

    fn long(&self, offset: usize) -> u64 {
        integer(&self.request[offset..][..self.fields().long])
    }

    fn short(&self, offset: usize) -> u16 {
        integer(&self.request[offset..][..2]) as u16
    }

    fn family(&self, sockaddr: usize) -> u16 {
        self.short(sockaddr)
    }

    fn address(&self, sockaddr: usize) -> [u8; 4] {
        [4, 5, 6, 7].map(|byte| self.request[sockaddr + byte])
    }

    /// The caller's memory. The request comes first where the two overlap.
    pub fn memory(&self) -> Vec<(usize, Vec<u8>)> {
        let mut memory = vec![(self.argument, self.request.clone())];
        let device = self.fields().device;
        if self.request.len() >= device + self.fields().long {
            memory.push((self.long(device) as usize, self.name.clone()));
        }
        memory
    }
}

fn bits(address: [u8; 4]) -> impl Iterator<Item = bool> {
    address
        .into_iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 != 0))
}

pub fn serve(call: &Call) -> Outcome<Route> {
    let mut reads = Vec::new();
    let result = understand(call, &mut reads);

    Outcome { result, reads }
}

fn understand(call: &Call, reads: &mut Vec<(usize, usize)>) -> Result<Route, i32> {
    let fields = call.fields();

    // The argument cannot be read.
    let (start, size) = fields.read;
    reads.push((call.argument + start, size));
    if call.request.len() < start + size {
        return Err(EFAULT);
    }

    // The destination's family is not AF_INET.
    if call.family(fields.destination) != AF_INET {
        return Err(EAFNOSUPPORT);
    }

    let flags = call.short(fields.flags);
    let address = call.address(fields.destination);
    let length = if flags & RTF_HOST != 0 {
        // The prefix length is 32; the mask is ignored.
        32
    } else {
        // Otherwise, the mask's family is not AF_INET, and family or mask is not zero.
        let (family, mask) = (call.family(fields.mask), call.address(fields.mask));
        if family != AF_INET && (family != 0 || mask != [0, 0, 0, 0]) {
            return Err(EAFNOSUPPORT);
        }
        // The mask is not contiguous, or the destination has host bits.
        let ones = bits(mask).take_while(|one| *one).count();
        if bits(mask).skip(ones).any(|one| one) || bits(address).skip(ones).any(|one| one) {
            return Err(EINVAL);
        }
        ones as u8
    };

    // The metric is m, not zero: the priority is m - 1, sign-extended to 32 bits.
    let metric = i64::from(call.short(fields.metric) as i16);
    let priority = if metric != 0 {
        (metric - 1).rem_euclid(1 << 32) as u32
    } else {
        0
    };

    let mut route = Route {
        address,
        length,
        priority,
        path: None,
    };

    // RTF_REJECT: gateway, device and metrics are ignored.
    if flags & RTF_REJECT != 0 {
        return Ok(route);
    }

    // A device is given: 15 bytes are read, and cut at the first colon.
    let pointer = call.long(fields.device) as usize;
    let (mut device, mut label) = (None, None);
    if pointer != 0 {
        reads.push((pointer, NAME));
        let bytes = readable(call, pointer).ok_or(EFAULT)?;
        // A C string, as all names are.
        let name: Vec<u8> = bytes.into_iter().take_while(|byte| *byte != 0).collect();
        device = name.split(|byte| *byte == b':').next().map(<[u8]>::to_vec);
        label = name.contains(&b':').then_some(name);
    }

    // The gateway's family is AF_INET and its address is not zero: it is the next hop.
    let (family, address) = (call.family(fields.gateway), call.address(fields.gateway));
    let hop = if family == AF_INET && address != [0, 0, 0, 0] {
        Hop::Address {
            address,
            gateway: flags & RTF_GATEWAY != 0,
        }
    } else if !call.delete && flags & RTF_GATEWAY != 0 {
        // SIOCADDRT with RTF_GATEWAY, but no gateway.
        Hop::Missing
    } else {
        Hop::None
    };

    // RTF_MTU, RTF_WINDOW, RTF_IRTT, when adding: advmss = mtu - 40, window, and rtt = 8 irtt, in
    // 32 bits that wrap.
    let metric = |flag, value: i128| {
        (!call.delete && flags & flag != 0).then(|| value.rem_euclid(1 << 32) as u32)
    };
    route.path = Some(Path {
        device,
        label,
        hop,
        advmss: metric(RTF_MTU, i128::from(call.long(fields.mtu)) - 40),
        window: metric(RTF_WINDOW, call.long(fields.window).into()),
        rtt: metric(RTF_IRTT, 8 * i128::from(call.short(fields.irtt))),
    });
    Ok(route)
}

/// The bytes of a name, if all of them are there.
fn readable(call: &Call, pointer: usize) -> Option<Vec<u8>> {
    call.memory().into_iter().find_map(|(start, bytes)| {
        let offset = pointer.checked_sub(start)?;
        Some(bytes.get(offset..offset.checked_add(NAME)?)?.to_vec())
    })
}
