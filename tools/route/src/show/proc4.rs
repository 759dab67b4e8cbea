// SPDX-License-Identifier: GPL-2.0

//! /proc/net/route, a line at a time.

use super::columns::Row4;
use crate::route::flags;
use std::net::Ipv4Addr;

/// Reads a line. `None` for the heading, for what is cut short, and for a route that is not up.
///
/// ```
/// let line = b"eth0\t0000000A\t010200C0\t0003\t0\t0\t5\t000000FF\t0\t0\t0";
/// let row = route::show::proc4::parse(line).unwrap();
/// assert_eq!(row.gateway, std::net::Ipv4Addr::new(192, 0, 2, 1));
/// assert_eq!(row.metric, 5);
/// ```
pub fn parse(line: &[u8]) -> Option<Row4<'_>> {
    let mut fields = line
        .split(u8::is_ascii_whitespace)
        .filter(|field| !field.is_empty());
    let mut next = || fields.next();

    let row = Row4 {
        device: next()?,
        destination: address(next()?)?,
        gateway: address(next()?)?,
        flags: hexadecimal(next()?)?,
        references: decimal(next()?)?,
        uses: decimal(next()?)?,
        metric: decimal(next()?)?,
        mask: address(next()?)?,
        mtu: decimal(next()?)?,
        window: decimal(next()?)?,
        irtt: decimal(next()?)?,
    };
    (row.flags & flags::UP != 0).then_some(row)
}

/// An address, as the number that it is in the kernel's memory.
fn address(text: &[u8]) -> Option<Ipv4Addr> {
    Some(Ipv4Addr::from(hexadecimal(text)?.to_ne_bytes()))
}

/// A hexadecimal number of 32 bits.
pub(super) fn hexadecimal(text: &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for &byte in text {
        let digit = char::from(byte).to_digit(16)?;
        value = value.checked_mul(16)?.checked_add(digit)?;
    }
    (!text.is_empty()).then_some(value)
}

/// A number, which other kernels may have as a negative one.
fn decimal(text: &[u8]) -> Option<u32> {
    let number: i64 = std::str::from_utf8(text).ok()?.parse().ok()?;
    let fits = i64::from(i32::MIN)..=u32::MAX.into();
    fits.contains(&number).then_some(number as u32)
}
