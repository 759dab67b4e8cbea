// SPDX-License-Identifier: GPL-2.0

//! What `add` and `del` are followed by, made into a route.
//!
//! Nothing here allocates: a file has many lines.

use crate::{
    address::{
        mask,
        parse_ipv4,
        parse_ipv6,
        parse_number, //
    },
    grammar::{
        keyword,
        kind,
        Keyword,
        Kind,
        Word, //
    },
    line::Family,
    mistake::Mistake,
    names::{
        Names,
        Unknown, //
    },
    route::{
        flags,
        DeviceName,
        Route,
        Route4,
        Route6, //
    },
};
use std::net::{
    Ipv4Addr,
    Ipv6Addr, //
};

type Result<'a, T> = std::result::Result<T, Mistake<'a>>;

/// Makes a route of the words behind `add` or `del`.
///
/// ```
/// use route::{line::Family, names::NoNames, parse, route::Route};
///
/// let words: [&[u8]; 4] = [b"10.0.0.0/8", b"gw", b"192.0.2.1", b"eth0"];
/// let Ok(Route::V4(route)) = parse::route(Family::Inet, &words, &NoNames) else { panic!() };
/// assert_eq!(route.gateway, std::net::Ipv4Addr::new(192, 0, 2, 1));
/// ```
pub fn route<'a>(family: Family, words: &[&'a [u8]], names: &impl Names) -> Result<'a, Route> {
    let (kind, words) = match words {
        [first, rest @ ..] => match kind(first) {
            Some(kind) => (Some(kind), rest),
            None => (None, words),
        },
        [] => (None, words),
    };
    let [target, words @ ..] = words else {
        return Err(Mistake::NoTarget);
    };

    match family {
        Family::Inet => inet(kind, target, words, names).map(Route::V4),
        Family::Inet6 => inet6(kind, target, words, names).map(Route::V6),
    }
}

/// The next keyword of `words` and what follows it. A word that is none, but the last, is a device.
struct Modifiers<'a, 'w> {
    words: &'w [&'a [u8]],
    device: Option<DeviceName>,
}

impl<'a> Modifiers<'a, '_> {
    fn next(&mut self) -> Result<'a, Option<(&'static Keyword, &'a [u8])>> {
        let [word, rest @ ..] = self.words else {
            return Ok(None);
        };
        self.words = rest;
        let Some(keyword) = keyword(word) else {
            if !rest.is_empty() {
                return Err(Mistake::NoSuchKeyword(word));
            }
            self.set_device(word)?;
            return Ok(None);
        };
        let Some(argument) = keyword.argument else {
            return Ok(Some((keyword, b"")));
        };
        let [value, rest @ ..] = rest else {
            return Err(Mistake::Missing(word, argument));
        };
        self.words = rest;
        Ok(Some((keyword, value)))
    }

    fn set_device(&mut self, name: &'a [u8]) -> Result<'a, ()> {
        if let Some(device) = self.device {
            return Err(Mistake::SecondDevice(name, device));
        }
        self.device = Some(DeviceName::new(name).ok_or(Mistake::BadDevice(name))?);
        Ok(())
    }
}

/// A number from `min` to `max`.
fn number<'a>(keyword: &Keyword, text: &'a [u8], min: u32, max: u32) -> Result<'a, u32> {
    parse_number(text, max)
        .filter(|&number| number >= min)
        .ok_or(Mistake::BadNumber(keyword.names[0], text, min, max))
}

/// The text in front of a slash, and the number behind it.
fn target_and_length(text: &[u8], max: u32) -> Result<'_, (&[u8], Option<u32>)> {
    let Some(slash) = text.iter().position(|&byte| byte == b'/') else {
        return Ok((text, None));
    };
    let length = parse_number(&text[slash + 1..], max).ok_or(Mistake::BadLength(text, max))?;
    Ok((&text[..slash], Some(length)))
}

/// An address, and whether it is that of a network.
fn resolve4<'a>(
    name: &'a [u8],
    host_first: bool,
    names: &impl Names,
) -> Result<'a, (Ipv4Addr, bool)> {
    if let Some(address) = parse_ipv4(name) {
        return Ok((address, false));
    }
    if name == b"default" {
        return Ok((Ipv4Addr::UNSPECIFIED, true));
    }
    if parse_ipv6(name).is_some() {
        return Err(Mistake::OnlyIpv6(name));
    }
    let text = as_name(name)?;
    if !host_first {
        if let Some(address) = names.network(text) {
            return Ok((address, true));
        }
    }
    match names.host4(text) {
        Ok(address) => Ok((address, false)),
        Err(why) => match names.network(text) {
            Some(address) => Ok((address, true)),
            None => Err(Mistake::Unresolved(name, why)),
        },
    }
}

fn resolve6<'a>(name: &'a [u8], names: &impl Names) -> Result<'a, Ipv6Addr> {
    if let Some(address) = parse_ipv6(name) {
        return Ok(address);
    }
    if parse_ipv4(name).is_some() {
        return Err(Mistake::OnlyIpv4(name));
    }
    names
        .host6(as_name(name)?)
        .map_err(|why| Mistake::Unresolved(name, why))
}

/// The address of a host in IPv4.
pub fn host4<'a>(name: &'a [u8], names: &impl Names) -> Result<'a, Ipv4Addr> {
    resolve4(name, true, names).map(|(address, _)| address)
}

/// The address of a host in IPv6.
pub fn host6<'a>(name: &'a [u8], names: &impl Names) -> Result<'a, Ipv6Addr> {
    resolve6(name, names)
}

/// What can be the name of a host or a network.
fn as_name(name: &[u8]) -> Result<'_, &str> {
    match std::str::from_utf8(name) {
        Ok(text) if !text.is_empty() && !text.contains('\0') => Ok(text),
        _ => Err(Mistake::Unresolved(name, Unknown::NoName)),
    }
}

fn inet<'a>(
    kind: Option<Kind>,
    target: &'a [u8],
    words: &[&'a [u8]],
    names: &impl Names,
) -> Result<'a, Route4> {
    let (name, length) = target_and_length(target, 32)?;
    let (destination, is_network) = resolve4(name, kind == Some(Kind::Host), names)?;
    let mut route = Route4 {
        destination,
        mask: Ipv4Addr::UNSPECIFIED,
        flags: flags::UP as u16,
        gateway: Ipv4Addr::UNSPECIFIED,
        metric: None,
        mtu: 0,
        window: 0,
        irtt: 0,
        device: None,
    };
    let mut given = length.map(mask);
    let mut rest = Modifiers {
        words,
        device: None,
    };

    while let Some((keyword, value)) = rest.next()? {
        let flag = match keyword.word {
            Word::Netmask => {
                let mask = netmask(value, names)?;
                if given.is_some_and(|given| given != mask) {
                    return Err(Mistake::SecondMask(value));
                }
                given = Some(mask);
                0
            }
            Word::Gateway => {
                if route.flags & flags::GATEWAY as u16 != 0 {
                    return Err(Mistake::SecondGateway(value));
                }
                let (address, is_network) = resolve4(value, true, names)?;
                if is_network {
                    return Err(Mistake::NetworkAsGateway(value));
                }
                route.gateway = address;
                flags::GATEWAY
            }
            Word::Metric => {
                // An rtentry has a signed 16-bit number, which is one more.
                route.metric = Some(number(keyword, value, 0, i16::MAX as u32 - 1)? as u16);
                0
            }
            Word::Mss => {
                route.mtu = number(keyword, value, 64, 65536)?;
                flags::MTU
            }
            Word::Window => {
                route.window = number(keyword, value, 128, i32::MAX as u32)?;
                flags::WINDOW
            }
            Word::Irtt => {
                route.irtt = number(keyword, value, 0, u16::MAX.into())? as u16;
                flags::IRTT
            }
            Word::Device => {
                rest.set_device(value)?;
                0
            }
            word => flag_of(word),
        };
        route.flags |= flag as u16;
    }
    route.device = rest.device;

    let is_host = match kind {
        Some(kind) => kind == Kind::Host,
        None => !is_network && given.is_none(),
    };
    if is_host {
        if given.is_some_and(|mask| mask != Ipv4Addr::BROADCAST) {
            return Err(Mistake::HostWithMask(target));
        }
        route.flags |= flags::HOST as u16;
        route.mask = Ipv4Addr::BROADCAST;
        return Ok(route);
    }
    let Some(mask) = given else {
        // Classes are gone: without a mask only the default route means something.
        if destination.is_unspecified() {
            return Ok(route);
        }
        return Err(Mistake::NetworkWithoutMask(target, destination));
    };
    let network = Ipv4Addr::from_bits(mask.to_bits() & destination.to_bits());
    if network != destination {
        let length = mask.to_bits().leading_ones();
        return Err(Mistake::BitsBehindMask(target, network, length));
    }
    route.mask = mask;
    Ok(route)
}

fn netmask<'a>(text: &'a [u8], names: &impl Names) -> Result<'a, Ipv4Addr> {
    let (mask, _) = resolve4(text, false, names)?;
    let bits = mask.to_bits();
    if bits.leading_ones() + bits.trailing_zeros() < 32 {
        return Err(Mistake::BadMask(text));
    }
    Ok(mask)
}

/// Of a word that says no more than that.
fn flag_of(word: Word) -> u32 {
    match word {
        Word::Reject => flags::REJECT,
        Word::Modified => flags::MODIFIED,
        Word::Dynamic => flags::DYNAMIC,
        Word::Reinstate => flags::REINSTATE,
        _ => 0,
    }
}

fn inet6<'a>(
    kind: Option<Kind>,
    target: &'a [u8],
    words: &[&'a [u8]],
    names: &impl Names,
) -> Result<'a, Route6> {
    let (name, length) = target_and_length(target, 128)?;
    let (destination, length) = if name == b"default" {
        (Ipv6Addr::UNSPECIFIED, Some(length.unwrap_or(0)))
    } else {
        (resolve6(name, names)?, length)
    };
    let length = match (kind, length) {
        (None, None) | (Some(Kind::Host), None | Some(128)) => 128,
        (None | Some(Kind::Network), Some(length)) => length,
        (Some(Kind::Host), Some(_)) => {
            return Err(Mistake::HostWithMask(target));
        }
        (Some(Kind::Network), None) => {
            return Err(Mistake::NetworkWithoutLength(target, destination));
        }
    };
    let mut route = Route6 {
        destination,
        length: length as u8,
        flags: flags::UP,
        gateway: Ipv6Addr::UNSPECIFIED,
        // What net-tools sends.
        metric: 1,
        device: None,
    };
    if length == 128 {
        route.flags |= flags::HOST;
    }
    let mut rest = Modifiers {
        words,
        device: None,
    };

    while let Some((keyword, value)) = rest.next()? {
        if !keyword.ipv6 {
            return Err(Mistake::NotOfIpv6(keyword.names[0]));
        }
        match keyword.word {
            Word::Gateway => {
                if route.flags & flags::GATEWAY != 0 {
                    return Err(Mistake::SecondGateway(value));
                }
                route.gateway = resolve6(value, names)?;
                route.flags |= flags::GATEWAY;
            }
            Word::Metric => route.metric = number(keyword, value, 0, u32::MAX)?,
            Word::Device => rest.set_device(value)?,
            word => route.flags |= flag_of(word),
        }
    }
    route.device = rest.device;
    Ok(route)
}
