// SPDX-License-Identifier: GPL-2.0

//! Addresses as text, the way `inet_aton()`, `inet_pton()` and `inet_ntop()` have it.

use std::net::{
    Ipv4Addr,
    Ipv6Addr, //
};

/// Reads an IPv4 address in any of the forms that `inet_aton()` takes: one to four numbers,
/// decimal, octal or hexadecimal, of which the last one fills all bytes that are left.
///
/// ```
/// use route::address::parse_ipv4;
///
/// assert_eq!(parse_ipv4(b"192.0.2.1"), Some([192, 0, 2, 1].into()));
/// assert_eq!(parse_ipv4(b"10.1"), Some([10, 0, 0, 1].into()));
/// assert_eq!(parse_ipv4(b"0xffffff00"), Some([255, 255, 255, 0].into()));
/// assert_eq!(parse_ipv4(b"192.0.2.1\r"), Some([192, 0, 2, 1].into()));
/// assert_eq!(parse_ipv4(b"192.0.2.256"), None);
/// ```
pub fn parse_ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    parse_quad(text).or_else(|| parse_any(text))
}

/// The form that nearly all have: four decimal numbers, none with a zero in front, which would make
/// it octal.
fn parse_quad(text: &[u8]) -> Option<Ipv4Addr> {
    let mut address = 0u32;
    let mut octet = 0u32;
    let mut digits = 0;
    let mut dots = 0;

    for &byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            if digits > 0 && octet == 0 {
                return None;
            }
            octet = octet * 10 + u32::from(digit);
            digits += 1;
            if octet > 255 {
                return None;
            }
        } else if byte == b'.' && digits > 0 && dots < 3 {
            address = (address << 8) | octet;
            (octet, digits) = (0, 0);
            dots += 1;
        } else {
            return None;
        }
    }
    (dots == 3 && digits > 0).then(|| Ipv4Addr::from_bits((address << 8) | octet))
}

/// White space ends an address, whatever is behind it, as it does for `inet_aton()`: scripts with
/// CRLF depend on it.
fn parse_any(text: &[u8]) -> Option<Ipv4Addr> {
    let mut address = 0u32;
    let mut shift = 32;
    let mut at = 0;

    loop {
        let number = number(text, &mut at)?;
        match text.get(at) {
            Some(b'.') if shift > 8 && number < 256 => {
                shift -= 8;
                address |= number << shift;
                at += 1;
            }
            // All that is left: what the parts before it have taken is zero in it.
            None | Some(b' ' | b'\t'..=b'\r') if shift == 32 || number >> shift == 0 => {
                return Some(Ipv4Addr::from_bits(address | number));
            }
            _ => return None,
        }
    }
}

/// A number as C writes it. `at` moves behind it.
pub(crate) fn number(text: &[u8], at: &mut usize) -> Option<u32> {
    let base = match text[*at..] {
        [b'0', b'x' | b'X', ..] => {
            *at += 2;
            16
        }
        [b'0', ..] => 8,
        _ => 10,
    };
    let start = *at;
    let mut value = 0u32;

    while let Some(digit) = text.get(*at).and_then(|&byte| digit(byte)) {
        if digit >= base {
            return None;
        }
        value = value.checked_mul(base)?.checked_add(digit)?;
        *at += 1;
    }
    (*at > start).then_some(value)
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'a'..=b'f' => Some(u32::from(byte - b'a') + 10),
        b'A'..=b'F' => Some(u32::from(byte - b'A') + 10),
        _ => None,
    }
}

/// Reads an IPv6 address.
///
/// ```
/// use route::address::parse_ipv6;
///
/// assert_eq!(parse_ipv6(b"::1"), Some(std::net::Ipv6Addr::LOCALHOST));
/// assert_eq!(parse_ipv6(b"::1/64"), None);
/// ```
pub fn parse_ipv6(text: &[u8]) -> Option<Ipv6Addr> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// Reads an IPv6 address, and the zone behind it if there is one.
///
/// ```
/// use route::address::parse_zoned;
///
/// let address = "fe80::2".parse().unwrap();
/// assert_eq!(parse_zoned(b"fe80::2%eth0"), Some((address, Some(&b"eth0"[..]))));
/// assert_eq!(parse_zoned(b"fe80::2"), Some((address, None)));
/// assert_eq!(parse_zoned(b"host%eth0"), None);
/// ```
pub fn parse_zoned(text: &[u8]) -> Option<(Ipv6Addr, Option<&[u8]>)> {
    match text.iter().position(|&byte| byte == b'%') {
        Some(at) => Some((parse_ipv6(&text[..at])?, Some(&text[at + 1..]))),
        None => Some((parse_ipv6(text)?, None)),
    }
}

/// Whether an address means something on one link only, so that a zone has to say on which.
pub fn is_link_local(address: Ipv6Addr) -> bool {
    address.is_unicast_link_local() || address.is_multicast() && address.octets()[1] & 15 <= 2
}

/// Reads a decimal number without sign, of at most `max`.
///
/// ```
/// use route::address::parse_number;
///
/// assert_eq!(parse_number(b"032", 32), Some(32));
/// assert_eq!(parse_number(b"33", 32), None);
/// assert_eq!(parse_number(b"", 32), None);
/// assert_eq!(parse_number(b"1x", 32), None);
/// ```
pub fn parse_number(text: &[u8], max: u32) -> Option<u32> {
    let mut value = 0u32;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value.checked_mul(10)?.checked_add(u32::from(digit))?;
    }
    (!text.is_empty() && value <= max).then_some(value)
}

/// The mask of a prefix of `length` bits, at most 32.
///
/// ```
/// assert_eq!(route::address::mask(20), std::net::Ipv4Addr::new(255, 255, 240, 0));
/// ```
pub fn mask(length: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(u32::MAX.checked_shl(32 - length).unwrap_or(0))
}

/// Appends an IPv4 address. Tables are long, so this does without `core::fmt`.
pub fn push_ipv4(out: &mut Vec<u8>, address: Ipv4Addr) {
    let [a, b, c, d] = address.octets();
    push_octet(out, a);
    out.push(b'.');
    push_octet(out, b);
    out.push(b'.');
    push_octet(out, c);
    out.push(b'.');
    push_octet(out, d);
}

fn push_octet(out: &mut Vec<u8>, octet: u8) {
    if octet >= 100 {
        out.push(b'0' + octet / 100);
    }
    if octet >= 10 {
        out.push(b'0' + octet / 10 % 10);
    }
    out.push(b'0' + octet % 10);
}

/// An IPv6 address as net-tools shows it: an IPv4 address that is mapped into IPv6 by itself, one
/// that is embedded with dots.
///
/// ```
/// use route::address::{parse_ipv6, show_ipv6};
///
/// let shown = |text: &[u8]| show_ipv6(parse_ipv6(text).unwrap());
/// assert_eq!(shown(b"2001:DB8:0::1"), "2001:db8::1");
/// assert_eq!(shown(b"::a00:1"), "::10.0.0.1");
/// assert_eq!(shown(b"::ffff:a00:1"), "10.0.0.1");
/// assert_eq!(shown(b"::1"), "::1");
/// ```
pub fn show_ipv6(address: Ipv6Addr) -> String {
    let segments = address.segments();
    if let Some(mapped) = address.to_ipv4_mapped() {
        mapped.to_string()
    } else if segments[..6] == [0; 6] && segments[6] != 0 {
        format!("::{}", Ipv4Addr::from_bits(u128::from(address) as u32))
    } else {
        address.to_string()
    }
}
