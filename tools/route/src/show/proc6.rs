// SPDX-License-Identifier: GPL-2.0

//! /proc/net/ipv6_route, a line at a time.

use super::{
    columns::Row6,
    proc4::hexadecimal, //
};
use std::net::Ipv6Addr;

/// Reads a line. `None` for what is cut short.
///
/// ```
/// let line = b"20010db8000000000000000000000000 20 00000000000000000000000000000000 00 \
///     fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0";
/// let row = route::show::proc6::parse(line).unwrap();
/// assert_eq!((row.length, row.metric, row.device), (32, 1024, &b"eth0"[..]));
/// ```
pub fn parse(line: &[u8]) -> Option<Row6<'_>> {
    let mut fields = line
        .split(u8::is_ascii_whitespace)
        .filter(|field| !field.is_empty());
    let mut next = || fields.next();

    let destination = address(next()?)?;
    let length = hexadecimal(next()?).filter(|&length| length <= 128)? as u8;
    let (_source, _length) = (address(next()?)?, next()?);
    Some(Row6 {
        destination,
        length,
        gateway: address(next()?)?,
        metric: hexadecimal(next()?)?,
        references: hexadecimal(next()?)?,
        uses: hexadecimal(next()?)?,
        flags: hexadecimal(next()?)?,
        // A route may have none.
        device: next().unwrap_or_default(),
    })
}

fn address(text: &[u8]) -> Option<Ipv6Addr> {
    if text.len() != 32 {
        return None;
    }
    let mut segments = [0; 8];
    for (segment, digits) in segments.iter_mut().zip(text.chunks(4)) {
        *segment = hexadecimal(digits)? as u16;
    }
    Some(segments.into())
}
