// SPDX-License-Identifier: GPL-2.0

//! /etc/networks, as `getnetbyname()` of the C library reads it.

use crate::address::number;
use std::net::Ipv4Addr;

/// The file, read once.
///
/// ```
/// use route::networks::Networks;
///
/// let networks = Networks::parse(b"loopback 127 lo # all of it\nhex 0XA.0x1\n");
/// assert_eq!(networks.address(b"LO"), Some([127, 0, 0, 0].into()));
/// assert_eq!(networks.name([127, 0, 0, 0].into()), Some(&b"loopback"[..]));
/// assert_eq!(networks.address(b"hex"), Some([10, 1, 0, 0].into()));
/// ```
#[derive(Debug, Default)]
pub struct Networks {
    /// Address, name and aliases.
    entries: Vec<(Ipv4Addr, Vec<Vec<u8>>)>,
}

impl Networks {
    /// Reads the file. There need not be one.
    pub fn read() -> Self {
        Networks::parse(&std::fs::read("/etc/networks").unwrap_or_default())
    }

    /// Takes what it can from `text`. A line: name, address, aliases.
    pub fn parse(text: &[u8]) -> Self {
        let entries = text.split(|&byte| byte == b'\n').filter_map(|line| {
            let line = line.split(|&byte| byte == b'#').next()?;
            let mut words = line
                .split(|byte| b" \t\r\x0b\x0c".contains(byte))
                .filter(|word| !word.is_empty());
            let name = words.next()?;
            let address = address(words.next()?)?;
            let names = std::iter::once(name).chain(words);
            Some((address, names.map(<[u8]>::to_vec).collect()))
        });
        Networks {
            entries: entries.collect(),
        }
    }

    /// The address of the network that has this name. Upper and lower case are the same.
    pub fn address(&self, name: &[u8]) -> Option<Ipv4Addr> {
        let named = |names: &[Vec<u8>]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        let (address, _) = self.entries.iter().find(|(_, names)| named(names))?;
        Some(*address)
    }

    /// The name of the network that has this address.
    pub fn name(&self, address: Ipv4Addr) -> Option<&[u8]> {
        let (_, names) = self.entries.iter().find(|(known, _)| *known == address)?;
        Some(&names[0])
    }
}

/// One to four numbers as C writes them, each a byte; the missing ones at the end are zero.
fn address(text: &[u8]) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    for (at, part) in text.split(|&byte| byte == b'.').enumerate() {
        let mut end = 0;
        let number = number(part, &mut end)?;
        if end < part.len() {
            return None;
        }
        *octets.get_mut(at)? = u8::try_from(number).ok()?;
    }
    Some(octets.into())
}
