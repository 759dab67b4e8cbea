// SPDX-License-Identifier: GPL-2.0

//! Tables in columns, byte for byte as net-tools 2.10 has them, but for numbers of 2^31 and more:
//! they are as the kernel counts them, and not negative.

use crate::{
    address::{
        push_ipv4,
        show_ipv6, //
    },
    names::Reverse,
    route::flags,
};
use std::{
    io::Write,
    net::{
        IpAddr,
        Ipv4Addr,
        Ipv6Addr, //
    },
};

/// A row of the IPv4 table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub struct Row4<'a> {
    pub device: &'a [u8],
    pub destination: Ipv4Addr,
    pub gateway: Ipv4Addr,
    pub flags: u32,
    pub references: u32,
    pub uses: u32,
    pub metric: u32,
    pub mask: Ipv4Addr,
    pub mtu: u32,
    pub window: u32,
    pub irtt: u32,
}

/// A row of the IPv6 table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub struct Row6<'a> {
    pub destination: Ipv6Addr,
    pub length: u8,
    pub gateway: Ipv6Addr,
    pub metric: u32,
    pub references: u32,
    pub uses: u32,
    pub flags: u32,
    pub device: &'a [u8],
}

impl Row6<'_> {
    /// Whether it is an entry of the cache, and not of the table.
    pub fn is_cached(&self) -> bool {
        self.flags & flags::CACHE != 0
    }
}

/// Which columns there are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Layout {
    /// `Metric Ref Use`
    Route,
    /// `MSS Window irtt`, as netstat(8)
    Netstat,
    /// All.
    Long,
}

impl Layout {
    /// What so many times `-e` ask for.
    pub fn of(extend: u8) -> Self {
        match extend {
            0 => Layout::Route,
            1 => Layout::Netstat,
            _ => Layout::Long,
        }
    }
}

/// The two lines above the IPv4 table.
pub fn heading(out: &mut Vec<u8>, layout: Layout) {
    out.extend(b"Kernel IP routing table\nDestination     Gateway         Genmask         ");
    out.extend(match layout {
        Layout::Route => &b"Flags Metric Ref    Use Iface\n"[..],
        Layout::Netstat => b"Flags   MSS Window  irtt Iface\n",
        Layout::Long => b"Flags Metric Ref    Use Iface    MSS   Window irtt\n",
    });
}

/// The two lines above the IPv4 cache.
pub fn cache_heading(out: &mut Vec<u8>, layout: Layout) {
    out.extend(b"Kernel IP routing cache\nSource          Destination     Gateway         ");
    out.extend(match layout {
        Layout::Route => &b"Flags Metric Ref    Use Iface\n"[..],
        Layout::Netstat => b"Flags   MSS Window  irtt Iface\n",
        Layout::Long => {
            b"Flags Metric Ref    Use Iface    MSS   Window irtt  TOS HHRef HHUptod     SpecDst\n"
        }
    });
}

/// The two lines above the IPv6 table, or its cache.
pub fn heading6(out: &mut Vec<u8>, cached: bool) {
    out.extend(b"Kernel IPv6 routing ");
    out.extend(if cached { &b"cache"[..] } else { b"table" });
    out.extend(
        b"\nDestination                    Next Hop                   Flag Met Ref  Use If\n",
    );
}

/// The letters of the IPv4 table, in their order. `!` takes the place of what is before it.
const LETTERS: [(u32, u8); 19] = [
    (flags::UP, b'U'),
    (flags::GATEWAY, b'G'),
    (flags::HOST, b'H'),
    (flags::REINSTATE, b'R'),
    (flags::DYNAMIC, b'D'),
    (flags::MODIFIED, b'M'),
    (flags::DEFAULT, b'd'),
    (flags::ALLONLINK, b'a'),
    (flags::ADDRCONF, b'c'),
    (flags::NONEXTHOP, b'o'),
    (flags::EXPIRES, b'e'),
    (flags::CACHE, b'c'),
    (flags::FLOW, b'f'),
    (flags::POLICY, b'p'),
    (flags::LOCAL, b'l'),
    (flags::MTU, b'u'),
    (flags::WINDOW, b'w'),
    (flags::IRTT, b'i'),
    (flags::NOTCACHED, b'n'),
];

/// The letters of the IPv6 table, in their order.
const LETTERS6: [(u32, u8); 12] = [
    (flags::UP, b'U'),
    (flags::REJECT, b'!'),
    (flags::GATEWAY, b'G'),
    (flags::HOST, b'H'),
    (flags::DEFAULT, b'D'),
    (flags::ADDRCONF, b'A'),
    (flags::CACHE, b'C'),
    (flags::ALLONLINK, b'a'),
    (flags::EXPIRES, b'e'),
    (flags::MODIFIED, b'm'),
    (flags::NONEXTHOP, b'n'),
    (flags::FLOW, b'f'),
];

fn push_letters(out: &mut Vec<u8>, letters: &[(u32, u8)], flags: u32) {
    for &(flag, letter) in letters {
        if flags & flag != 0 {
            out.push(letter);
        }
    }
}

fn push_flags4(out: &mut Vec<u8>, flags: u32) {
    if flags & flags::REJECT != 0 {
        out.push(b'!');
        push_letters(out, &LETTERS[2..], flags);
    } else if flags <= 7 {
        // Nearly all.
        push_letters(out, &LETTERS[..3], flags);
    } else {
        push_letters(out, &LETTERS, flags);
    }
}

/// Appends a row.
pub fn push4(out: &mut Vec<u8>, row: &Row4<'_>, layout: Layout, names: Option<&mut Reverse>) {
    let rejects = row.flags & flags::REJECT != 0;

    match names {
        None => {
            column(out, 15, |out| push_ipv4(out, row.destination));
            column(out, 15, |out| push_gateway(out, row, rejects));
        }
        Some(names) => {
            column(out, 15, |out| push_name(out, row, names));
            column(out, 15, |out| {
                if rejects || row.gateway.is_unspecified() {
                    push_gateway(out, row, rejects);
                } else {
                    push_host(out, row.gateway, names);
                }
            });
        }
    }
    column(out, 15, |out| push_ipv4(out, row.mask));
    column(out, 5, |out| push_flags4(out, row.flags));

    match (layout, rejects) {
        (Layout::Route, false) => {
            left(out, row.metric, 6);
            left(out, row.references, 2);
            right(out, row.uses, 7);
            out.push(b' ');
            out.extend(row.device);
        }
        (Layout::Route, true) => {
            left(out, row.metric, 6);
            out.extend(b"-  ");
            right(out, row.uses, 7);
            out.extend(b" -");
        }
        (Layout::Netstat, false) => {
            right(out, row.mtu, 5);
            out.push(b' ');
            left(out, row.window, 5);
            right(out, row.irtt, 6);
            out.push(b' ');
            out.extend(row.device);
        }
        (Layout::Netstat, true) => out.extend(b"    - -          - -"),
        (Layout::Long, false) => {
            left(out, row.metric, 6);
            left(out, row.references, 3);
            right(out, row.uses, 6);
            out.push(b' ');
            column(out, 6, |out| {
                out.extend(&row.device[..row.device.len().min(6)])
            });
            out.extend(b"  ");
            left(out, row.mtu, 5);
            left(out, row.window, 6);
            push_number(out, row.irtt);
        }
        (Layout::Long, true) => {
            left(out, row.metric, 6);
            out.extend(b"-  ");
            right(out, row.uses, 7);
            out.extend(b" -        -     -      -");
        }
    }
    out.push(b'\n');
}

fn push_gateway(out: &mut Vec<u8>, row: &Row4<'_>, rejects: bool) {
    if rejects {
        out.push(b'-');
    } else {
        push_ipv4(out, row.gateway);
    }
}

/// The name of a destination: of a host if it is one, or has bits behind its mask; else of a
/// network.
fn push_name(out: &mut Vec<u8>, row: &Row4<'_>, names: &mut Reverse) {
    let (address, mask) = (row.destination, row.mask);
    if address.is_unspecified() {
        if mask.is_unspecified() {
            out.extend(b"default");
        } else {
            push_ipv4(out, address);
        }
    } else if row.flags & flags::HOST != 0 || address.to_bits() & !mask.to_bits() != 0 {
        push_host(out, address, names);
    } else {
        push_name_of(out, address, names.network(address));
    }
}

fn push_host(out: &mut Vec<u8>, address: Ipv4Addr, names: &mut Reverse) {
    push_name_of(out, address, names.host(IpAddr::V4(address)));
}

/// As much of a name as its column has room for, or the address.
fn push_name_of(out: &mut Vec<u8>, address: Ipv4Addr, name: Option<&[u8]>) {
    match name {
        Some(name) => out.extend(&name[..name.len().min(15)]),
        None => push_ipv4(out, address),
    }
}

/// Appends a row of IPv6.
pub fn push6(out: &mut Vec<u8>, row: &Row6<'_>, mut names: Option<&mut Reverse>) {
    let mut push = |out: &mut Vec<u8>, address: Ipv6Addr| match &mut names {
        None => out.extend(show_ipv6(address).as_bytes()),
        Some(_) if address.is_unspecified() => out.extend(b"[::]"),
        Some(names) => match names.host(IpAddr::V6(address)) {
            Some(name) => out.extend(name),
            None => out.extend(show_ipv6(address).as_bytes()),
        },
    };
    column(out, 30, |out| {
        push(out, row.destination);
        out.push(b'/');
        push_number(out, row.length.into());
    });
    column(out, 26, |out| push(out, row.gateway));
    column(out, 4, |out| push_letters(out, &LETTERS6, row.flags));
    left(out, row.metric, 3);
    left(out, row.references, 1);
    right(out, row.uses, 6);
    out.push(b' ');
    out.extend(row.device);
    out.push(b'\n');
}

/// Appends what `push` appends, filled up to `width`, and a space.
#[inline]
fn column(out: &mut Vec<u8>, width: usize, push: impl FnOnce(&mut Vec<u8>)) {
    const SPACES: [u8; 64] = [b' '; 64];

    let start = out.len();
    push(out);
    let filled = out.len() - start;
    out.extend(&SPACES[..width.saturating_sub(filled) + 1]);
}

fn left(out: &mut Vec<u8>, number: u32, width: usize) {
    column(out, width, |out| push_number(out, number));
}

fn right(out: &mut Vec<u8>, number: u32, width: usize) {
    if number < 10 {
        out.extend(&b"      "[..width - 1]);
        out.push(b'0' + number as u8);
    } else {
        // Into a vector, this cannot fail.
        let _ = write!(out, "{number:width$}");
    }
}

fn push_number(out: &mut Vec<u8>, number: u32) {
    if number < 10 {
        out.push(b'0' + number as u8);
    } else {
        let _ = write!(out, "{number}");
    }
}
