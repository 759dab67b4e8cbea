// SPDX-License-Identifier: GPL-2.0

//! The IPv4 table, as /proc/net/route has it, by the shorter way if there is one.
//!
//! That way is rtnetlink: under --icount, 20,000 routes cost 2,400 instructions each to get and
//! show, where the kernel alone takes 4,400 to write the file.

use super::{
    columns::Row4,
    for_each_line,
    proc4,
    PROC_ROUTE, //
};
use crate::{
    error::{
        Error,
        Status, //
    },
    kernel::device_name,
    netlink::{
        self,
        Info,
        Netlink,
        Step, //
    },
    route::{
        flags,
        DeviceName, //
    },
};
use rustix::{
    fd::OwnedFd,
    io::Errno, //
};
use std::net::Ipv4Addr;

/// Shows `each` the rows that /proc/net/route has, in its order, until it returns false. Returns
/// whether they have changed meanwhile.
pub fn for_each(mut each: impl FnMut(&Row4<'_>) -> bool) -> Result<bool, Error> {
    let mut seen = 0;
    match by_netlink(&mut seen, &mut each) {
        Ok(Told::All { changed }) => Ok(changed),
        // What has been shown is the beginning of what the file says.
        Ok(Told::Some) => by_proc(seen, each).map(|()| false),
        Err(_) if seen == 0 => by_proc(0, each).map(|()| false),
        Err(errno) => Err(Error::new(
            Status::Unsupported,
            format!(
                "rtnetlink: {}",
                crate::error::in_words(errno.raw_os_error())
            ),
        )),
    }
}

fn by_proc(skip: usize, mut each: impl FnMut(&Row4<'_>) -> bool) -> Result<(), Error> {
    let mut row = 0;
    for_each_line(PROC_ROUTE, |line| match proc4::parse(line) {
        Some(found) => {
            row += 1;
            row <= skip || each(&found)
        }
        None => true,
    })
}

/// What rtnetlink has told.
enum Told {
    All { changed: bool },
    Some,
}

fn by_netlink(seen: &mut usize, each: &mut impl FnMut(&Row4<'_>) -> bool) -> Result<Told, Errno> {
    let mut complete = true;
    let mut devices = Devices::default();
    let changed = Netlink::open()?.routes(libc::AF_INET as u8, |info| {
        if matches!(info.kind, libc::RTN_BROADCAST | libc::RTN_MULTICAST) {
            return Step::Continue(());
        }
        let Some(row) = row_of(info, &mut devices) else {
            complete = false;
            return Step::Break(());
        };
        *seen += 1;
        if each(&row) {
            Step::Continue(())
        } else {
            Step::Break(())
        }
    })?;
    Ok(if complete {
        Told::All { changed }
    } else {
        Told::Some
    })
}

/// The row, of the first next hop as in the file. `None` if rtnetlink does not tell.
fn row_of<'d>(info: &Info<'_>, devices: &'d mut Devices) -> Option<Row4<'d>> {
    let (device, gateway, via) = match info.hops().next() {
        Some(hop) => (hop.device, hop.gateway, hop.via),
        // With net.ipv4.nexthop_compat_mode off, no more is said of these.
        None if info.next_hop_object && info.device == 0 => return None,
        None => (info.device, info.gateway, info.via),
    };
    let mut row = Row4 {
        destination: address(info.destination),
        mask: crate::address::mask(info.length.min(32).into()),
        gateway: address(gateway),
        flags: flags::UP,
        metric: info.priority,
        references: 0,
        uses: 0,
        mtu: 0,
        window: 0,
        irtt: 0,
        device: devices.name(device)?,
    };
    // An IPv6 gateway has no column, but the file's flag looks at where an IPv4 one would be.
    if !row.gateway.is_unspecified() || via.get(2..6).is_some_and(|begin| begin != [0; 4]) {
        row.flags |= flags::GATEWAY;
    }
    if matches!(info.kind, libc::RTN_UNREACHABLE | libc::RTN_PROHIBIT) {
        row.flags |= flags::REJECT;
    }
    if info.length == 32 {
        row.flags |= flags::HOST;
    }
    for (number, value) in info.metrics() {
        match i32::from(number) {
            RTAX_ADVMSS if value != 0 => row.mtu = value.wrapping_add(40),
            RTAX_WINDOW => row.window = value,
            RTAX_RTT => row.irtt = value >> 3,
            _ => {}
        }
    }
    Some(row)
}

// linux/rtnetlink.h; the crate libc has the attributes, but not what is in RTA_METRICS.
const RTAX_WINDOW: i32 = 3;
const RTAX_RTT: i32 = 4;
const RTAX_ADVMSS: i32 = 8;

fn address(bytes: &[u8]) -> Ipv4Addr {
    <[u8; 4]>::try_from(bytes).map_or(Ipv4Addr::UNSPECIFIED, Ipv4Addr::from)
}

/// Names of devices by index. There are few, and mostly it is the same again.
#[derive(Default)]
pub struct Devices {
    socket: Option<OwnedFd>,
    known: Vec<(u32, DeviceName)>,
    last: usize,
}

impl Devices {
    /// The name of a device; `*` of none. `None` if it cannot be had.
    pub fn name(&mut self, index: u32) -> Option<&[u8]> {
        if index == 0 {
            return Some(b"*");
        }
        if self
            .known
            .get(self.last)
            .is_none_or(|(known, _)| *known != index)
        {
            self.last = match self.known.iter().position(|(known, _)| *known == index) {
                Some(at) => at,
                None => {
                    let name = self.ask(index)?;
                    self.known.push((index, name));
                    self.known.len() - 1
                }
            };
        }
        Some(self.known[self.last].1.as_bytes())
    }

    /// By a socket of the kind that has told of the device: another kind may be refused.
    fn ask(&mut self, index: u32) -> Option<DeviceName> {
        if self.socket.is_none() {
            self.socket = netlink::socket().ok();
        }
        device_name(self.socket.as_ref()?, index as i32).ok()
    }
}
