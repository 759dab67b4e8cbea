// SPDX-License-Identifier: GPL-2.0

//! Routes from the kernel by rtnetlink, read where they lie in the receive buffer.

use crate::kernel::ask_strictly;
use rustix::{
    buffer::spare_capacity,
    fd::{
        AsFd,
        BorrowedFd,
        OwnedFd, //
    },
    io::{
        Errno,
        Result, //
    },
    net::{
        recv,
        send,
        socket_with,
        AddressFamily,
        RecvFlags,
        SendFlags,
        SocketFlags,
        SocketType, //
    },
};

/// As much as the kernel puts into one answer if there is room for it.
const ANSWER: usize = 32 << 10;

const HEADER: usize = 16;
const RTMSG: usize = 12;

/// A socket of rtnetlink.
#[derive(Debug)]
pub struct Netlink {
    socket: OwnedFd,
    buffer: Vec<u8>,
}

/// What a kernel says of one route.
///
/// Attributes that are not there are zero or empty.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Info<'a> {
    pub family: u8,
    pub length: u8,
    pub tos: u8,
    pub protocol: u8,
    pub scope: u8,
    pub kind: u8,
    pub flags: u32,
    pub table: u32,
    pub destination: &'a [u8],
    pub gateway: &'a [u8],
    /// A gateway of the other family: the family in two bytes, then the address.
    pub via: &'a [u8],
    pub device: u32,
    pub priority: u32,
    pub source: &'a [u8],
    pub metrics: &'a [u8],
    pub next_hops: &'a [u8],
    /// Whether next hops are an object of their own, which need not be shown.
    pub next_hop_object: bool,
}

/// Whether to go on.
pub type Step = std::ops::ControlFlow<()>;

impl Netlink {
    /// Opens the socket.
    pub fn open() -> Result<Self> {
        Ok(Netlink {
            socket: socket()?,
            buffer: Vec::with_capacity(ANSWER),
        })
    }

    /// Shows `each` the routes of one family in the main table, in the kernel's order. Returns
    /// whether they have changed meanwhile, so that some may be missing or be there twice.
    pub fn routes(&mut self, family: u8, mut each: impl FnMut(&Info<'_>) -> Step) -> Result<bool> {
        // Where the kernel cannot, it sends all tables.
        let _ = ask_strictly(&self.socket);
        self.send(libc::NLM_F_REQUEST | libc::NLM_F_DUMP, &main_table(family))?;
        let mut changed = false;

        loop {
            self.receive()?;
            if read_dump(&self.buffer, &mut changed, &mut each)?.is_break() {
                return Ok(changed);
            }
        }
    }

    /// Shows `found` the route that serves an address, by way of the device of index `device`, or
    /// of any if that is 0.
    pub fn route_to<T>(
        &mut self,
        family: u8,
        address: &[u8],
        device: i32,
        found: impl FnOnce(&Info<'_>) -> T,
    ) -> Result<T> {
        let mut request = vec![0; RTMSG];
        request[0] = family;
        request[1] = address.len() as u8 * 8;
        request[8..12].copy_from_slice(&(RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH).to_ne_bytes());
        push_attribute(&mut request, libc::RTA_DST, address);
        if device != 0 {
            push_attribute(&mut request, libc::RTA_OIF, &device.to_ne_bytes());
        }
        self.send(libc::NLM_F_REQUEST, &request)?;
        self.receive()?;

        for message in Messages(&self.buffer) {
            match message.kind {
                ERROR => message.error()?,
                libc::RTM_NEWROUTE => {
                    return Info::parse(message.body)
                        .map(|info| found(&info))
                        .ok_or(Errno::BADMSG);
                }
                _ => {}
            }
        }
        Err(Errno::BADMSG)
    }

    fn send(&self, flags: i32, body: &[u8]) -> Result<()> {
        let mut message = Vec::with_capacity(HEADER + body.len());
        message.extend((HEADER as u32 + body.len() as u32).to_ne_bytes());
        message.extend(libc::RTM_GETROUTE.to_ne_bytes());
        message.extend((flags as u16).to_ne_bytes());
        message.extend([0; 8]);
        message.extend(body);
        send(&self.socket, &message, SendFlags::empty()).map(drop)
    }

    fn receive(&mut self) -> Result<()> {
        self.buffer.clear();
        loop {
            match recv(
                &self.socket,
                spare_capacity(&mut self.buffer),
                RecvFlags::empty(),
            ) {
                Err(Errno::INTR) => {}
                result => return result.map(drop),
            }
        }
    }
}

impl AsFd for Netlink {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// Shows `each` the routes of the main table that are in one answer to a request for a dump, and
/// says in `changed` if the kernel marks it as interrupted. Breaks where the dump ends, or as soon
/// as `each` does.
pub fn read_dump(
    answer: &[u8],
    changed: &mut bool,
    mut each: impl FnMut(&Info<'_>) -> Step,
) -> Result<Step> {
    for message in Messages(answer) {
        *changed |= message.flags & libc::NLM_F_DUMP_INTR as u16 != 0;
        match message.kind {
            DONE => return message.error().map(|()| Step::Break(())),
            ERROR => match message.error() {
                // No route has ever been in the table.
                Err(Errno::NOENT) => return Ok(Step::Break(())),
                result => result?,
            },
            libc::RTM_NEWROUTE => {
                let info = Info::parse(message.body)
                    .filter(|info| info.table == libc::RT_TABLE_MAIN.into());
                if info.is_some_and(|info| each(&info).is_break()) {
                    return Ok(Step::Break(()));
                }
            }
            _ => {}
        }
    }
    Ok(Step::Continue(()))
}

/// A socket of rtnetlink, which the ioctls of devices take as well.
pub fn socket() -> Result<OwnedFd> {
    socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        // NETLINK_ROUTE is 0.
        None,
    )
}

/// An `rtmsg` that asks for the routes of one family in the main table, and for no other's: there
/// may be many.
pub fn main_table(family: u8) -> [u8; RTMSG] {
    let mut rtmsg = [0; RTMSG];
    rtmsg[0] = family;
    rtmsg[4] = libc::RT_TABLE_MAIN;
    rtmsg
}

fn push_attribute(message: &mut Vec<u8>, number: u16, value: &[u8]) {
    message.extend((value.len() as u16 + 4).to_ne_bytes());
    message.extend(number.to_ne_bytes());
    // All that are sent are multiples of four bytes long.
    message.extend(value);
}

const RTM_F_CLONED: u32 = 0x200;
const RTM_F_LOOKUP_TABLE: u32 = 0x1000;
const RTM_F_FIB_MATCH: u32 = 0x2000;
/// For musl, libc has none.
const RTA_VIA: u16 = 18;
const ERROR: u16 = libc::NLMSG_ERROR as u16;
const DONE: u16 = libc::NLMSG_DONE as u16;

/// A message without its header.
struct Message<'a> {
    kind: u16,
    flags: u16,
    body: &'a [u8],
}

impl Message<'_> {
    /// The errno that the body begins with.
    fn error(&self) -> Result<()> {
        match u32_at(self.body, 0).map_or(0, |code| (code as i32).wrapping_neg()) {
            0 => Ok(()),
            errno => Err(Errno::from_raw_os_error(errno)),
        }
    }
}

/// The messages of one answer.
struct Messages<'a>(&'a [u8]);

impl<'a> Iterator for Messages<'a> {
    type Item = Message<'a>;

    fn next(&mut self) -> Option<Message<'a>> {
        let length = u32_at(self.0, 0)? as usize;
        let message = Message {
            kind: u16_at(self.0, 4)?,
            flags: u16_at(self.0, 6)?,
            body: self.0.get(HEADER..length)?,
        };
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(message)
    }
}

/// The attributes in `.0`: number and value.
pub struct Attributes<'a>(pub &'a [u8]);

impl<'a> Iterator for Attributes<'a> {
    type Item = (u16, &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let length = u16_at(self.0, 0)? as usize;
        let number = u16_at(self.0, 2)? & !NESTED;
        let value = self.0.get(4..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((number, value))
    }
}

/// Set in the number of an attribute that holds others.
const NESTED: u16 = 1 << 15;

impl<'a> Info<'a> {
    /// Reads an `rtmsg` and its attributes. `None` for what is cut short, and for entries of a
    /// cache, which are no routes.
    pub fn parse(body: &'a [u8]) -> Option<Self> {
        let mut info = Info {
            family: *body.first()?,
            length: *body.get(1)?,
            tos: *body.get(3)?,
            table: u32::from(*body.get(4)?),
            protocol: *body.get(5)?,
            scope: *body.get(6)?,
            kind: *body.get(7)?,
            flags: u32_at(body, 8)?,
            ..Info::default()
        };
        if info.flags & RTM_F_CLONED != 0 {
            return None;
        }
        for (number, value) in Attributes(&body[RTMSG..]) {
            match number {
                libc::RTA_DST => info.destination = value,
                libc::RTA_GATEWAY => info.gateway = value,
                RTA_VIA => info.via = value,
                libc::RTA_PREFSRC => info.source = value,
                libc::RTA_METRICS => info.metrics = value,
                libc::RTA_MULTIPATH => info.next_hops = value,
                RTA_NH_ID => info.next_hop_object = true,
                libc::RTA_TABLE => info.table = u32_at(value, 0)?,
                libc::RTA_OIF => info.device = u32_at(value, 0)?,
                libc::RTA_PRIORITY => info.priority = u32_at(value, 0)?,
                _ => {}
            }
        }
        Some(info)
    }

    /// Its next hops if there are several, each with its weight.
    pub fn hops(&self) -> impl Iterator<Item = Hop<'a>> {
        let mut rest = self.next_hops;
        std::iter::from_fn(move || {
            // struct rtnexthop: length, flags, hops, device
            let length = u16_at(rest, 0)? as usize;
            let mut hop = Hop {
                flags: *rest.get(2)?,
                weight: u32::from(*rest.get(3)?) + 1,
                device: u32_at(rest, 4)?,
                gateway: &[],
                via: &[],
            };
            for (number, value) in Attributes(rest.get(8..length)?) {
                match number {
                    libc::RTA_GATEWAY => hop.gateway = value,
                    RTA_VIA => hop.via = value,
                    _ => {}
                }
            }
            rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
            Some(hop)
        })
    }

    /// Its metrics, by number.
    pub fn metrics(&self) -> impl Iterator<Item = (u16, u32)> + 'a {
        Attributes(self.metrics).filter_map(|(number, value)| Some((number, u32_at(value, 0)?)))
    }
}

const RTA_NH_ID: u16 = 30;

/// One of several next hops.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub struct Hop<'a> {
    pub flags: u8,
    pub weight: u32,
    pub device: u32,
    pub gateway: &'a [u8],
    pub via: &'a [u8],
}

#[inline]
fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}

#[inline]
fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(*bytes.get(at..)?.first_chunk()?))
}
