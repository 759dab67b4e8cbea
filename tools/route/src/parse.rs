// SPDX-License-Identifier: GPL-2.0

//! What `add` and `del` are followed by, made into a route.
//!
//! First what both families have in common, then of each what its routes are. Nothing here
//! allocates: a file has many lines.

use crate::{
    address::{
        is_link_local,
        mask,
        parse_ipv4,
        parse_number,
        parse_zoned, //
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
    let said = Said::read(family, words)?;
    match family {
        Family::Inet => inet(said, names).map(Route::V4),
        Family::Inet6 => inet6(said, names).map(Route::V6),
    }
}

/// What the words say, as far as it means the same in both families. Names are not looked up yet.
struct Said<'a> {
    kind: Option<Kind>,
    /// The whole word, and what is in front of the slash.
    target: &'a [u8],
    name: &'a [u8],
    /// What is behind it.
    length: Option<u32>,
    netmask: Option<&'a [u8]>,
    gateway: Option<&'a [u8]>,
    device: Option<DeviceName>,
    /// Those that a word is for.
    flags: u32,
    metric: Option<u32>,
    mtu: u32,
    window: u32,
    irtt: u32,
}

impl<'a> Said<'a> {
    fn read(family: Family, words: &[&'a [u8]]) -> Result<'a, Self> {
        // An rtentry has a signed 16-bit number, which is one more than the metric.
        let (longest, highest) = match family {
            Family::Inet => (32, i16::MAX as u32 - 1),
            Family::Inet6 => (128, u32::MAX),
        };
        let (kind, words) = match words {
            [first, rest @ ..] if kind(first).is_some() => (kind(first), rest),
            _ => (None, words),
        };
        let [target, words @ ..] = words else {
            return Err(Mistake::NoTarget);
        };
        let (name, length) = name_and_length(target, longest)?;
        let mut said = Said {
            kind,
            target,
            name,
            length,
            netmask: None,
            gateway: None,
            device: None,
            flags: flags::UP,
            metric: None,
            mtu: 0,
            window: 0,
            irtt: 0,
        };

        let mut words = words;
        while let [word, rest @ ..] = words {
            let Some(keyword) = keyword(word) else {
                if !rest.is_empty() {
                    return Err(Mistake::NoSuchKeyword(word));
                }
                said.set_device(word)?;
                break;
            };
            if family == Family::Inet6 && !keyword.ipv6 {
                return Err(Mistake::NotOfIpv6(keyword.names[0]));
            }
            let (value, rest) = match (keyword.argument, rest) {
                (None, _) => (&b""[..], rest),
                (Some(_), [value, rest @ ..]) => (*value, rest),
                (Some(argument), []) => return Err(Mistake::Missing(word, argument)),
            };
            said.add(keyword, value, highest)?;
            words = rest;
        }
        Ok(said)
    }

    fn add(&mut self, keyword: &Keyword, value: &'a [u8], highest: u32) -> Result<'a, ()> {
        let number = |min, max| {
            parse_number(value, max)
                .filter(|&number| number >= min)
                .ok_or(Mistake::BadNumber(keyword.names[0], value, min, max))
        };
        self.flags |= match keyword.word {
            Word::Netmask => {
                if self.netmask.is_some_and(|netmask| netmask != value) {
                    return Err(Mistake::SecondMask(value));
                }
                self.netmask = Some(value);
                0
            }
            Word::Gateway => {
                if self.gateway.is_some() {
                    return Err(Mistake::SecondGateway(value));
                }
                self.gateway = Some(value);
                flags::GATEWAY
            }
            Word::Metric => {
                self.metric = Some(number(0, highest)?);
                0
            }
            Word::Mss => {
                self.mtu = number(64, 65536)?;
                flags::MTU
            }
            Word::Window => {
                self.window = number(128, i32::MAX as u32)?;
                flags::WINDOW
            }
            Word::Irtt => {
                self.irtt = number(0, u16::MAX.into())?;
                flags::IRTT
            }
            Word::Device => {
                self.set_device(value)?;
                0
            }
            Word::Reject => flags::REJECT,
            Word::Modified => flags::MODIFIED,
            Word::Dynamic => flags::DYNAMIC,
            Word::Reinstate => flags::REINSTATE,
        };
        Ok(())
    }

    fn set_device(&mut self, name: &'a [u8]) -> Result<'a, ()> {
        if let Some(device) = self.device {
            return Err(Mistake::SecondDevice(name, device));
        }
        self.device = Some(device(name)?);
        Ok(())
    }

    /// The device is that of the zone in `word`, and must not be another one.
    fn set_zone(&mut self, word: &'a [u8], zone: Option<DeviceName>) -> Result<'a, ()> {
        match (self.device, zone) {
            (Some(device), Some(zone)) if device != zone => Err(Mistake::OtherZone(word, device)),
            (device, zone) => {
                self.device = device.or(zone);
                Ok(())
            }
        }
    }
}

fn device(name: &[u8]) -> Result<'_, DeviceName> {
    DeviceName::new(name).ok_or(Mistake::BadDevice(name))
}

/// The text in front of a slash, and the number behind it.
fn name_and_length(target: &[u8], longest: u32) -> Result<'_, (&[u8], Option<u32>)> {
    let Some(slash) = target.iter().position(|&byte| byte == b'/') else {
        return Ok((target, None));
    };
    let length =
        parse_number(&target[slash + 1..], longest).ok_or(Mistake::BadLength(target, longest))?;
    Ok((&target[..slash], Some(length)))
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
    if parse_zoned(name).is_some() {
        return Err(Mistake::OnlyIpv6(name));
    }
    let name = as_name(name)?;
    if !host_first {
        if let Some(address) = names.network(name) {
            return Ok((address, true));
        }
    }
    match names.host4(name) {
        Ok(address) => Ok((address, false)),
        Err(why) => match names.network(name) {
            Some(address) => Ok((address, true)),
            None => Err(Mistake::Unresolved(name, why)),
        },
    }
}

/// The address of a host in IPv4.
pub fn host4<'a>(name: &'a [u8], names: &impl Names) -> Result<'a, Ipv4Addr> {
    resolve4(name, true, names).map(|(address, _)| address)
}

/// The address of a host in IPv6, and the device that its zone names.
pub fn host6<'a>(name: &'a [u8], names: &impl Names) -> Result<'a, (Ipv6Addr, Option<DeviceName>)> {
    match parse_zoned(name) {
        Some((address, None)) => Ok((address, None)),
        Some((address, Some(_))) if !is_link_local(address) => Err(Mistake::ZoneOfNone(name)),
        Some((address, Some(zone))) => Ok((address, Some(device(zone)?))),
        None if parse_ipv4(name).is_some() => Err(Mistake::OnlyIpv4(name)),
        None => match names.host6(as_name(name)?) {
            Ok(address) => Ok((address, None)),
            Err(why) => Err(Mistake::Unresolved(name, why)),
        },
    }
}

/// What can be the name of a host or a network.
fn as_name(name: &[u8]) -> Result<'_, &[u8]> {
    if name.is_empty() || name.contains(&0) {
        return Err(Mistake::Unresolved(name, Unknown::NoName));
    }
    Ok(name)
}

fn inet<'a>(said: Said<'a>, names: &impl Names) -> Result<'a, Route4> {
    let host_first = said.kind == Some(Kind::Host);
    let (destination, is_network) = resolve4(said.name, host_first, names)?;
    let mut given = said.length.map(mask);
    if let Some(text) = said.netmask {
        let mask = netmask(text, names)?;
        if given.is_some_and(|given| given != mask) {
            return Err(Mistake::SecondMask(text));
        }
        given = Some(mask);
    }
    let gateway = match said.gateway {
        None => Ipv4Addr::UNSPECIFIED,
        Some(word) => match resolve4(word, true, names)? {
            (_, true) => return Err(Mistake::NetworkAsGateway(word)),
            (address, false) => address,
        },
    };

    let is_host = match said.kind {
        Some(kind) => kind == Kind::Host,
        None => !is_network && given.is_none(),
    };
    let (mask, flag) = match given {
        _ if is_host => {
            if given.is_some_and(|mask| mask != Ipv4Addr::BROADCAST) {
                return Err(Mistake::HostWithMask(said.target));
            }
            (Ipv4Addr::BROADCAST, flags::HOST)
        }
        Some(mask) => (mask, 0),
        // Classes are gone: without a mask only the default route means something.
        None if destination.is_unspecified() => (Ipv4Addr::UNSPECIFIED, 0),
        None => return Err(Mistake::NetworkWithoutMask(said.target, destination)),
    };
    let network = Ipv4Addr::from_bits(mask.to_bits() & destination.to_bits());
    if network != destination {
        let length = mask.to_bits().leading_ones();
        return Err(Mistake::BitsBehindMask(said.target, network, length));
    }
    Ok(Route4 {
        destination,
        mask,
        flags: (said.flags | flag) as u16,
        gateway,
        metric: said.metric.map(|metric| metric as u16),
        mtu: said.mtu,
        window: said.window,
        irtt: said.irtt as u16,
        device: said.device,
    })
}

fn netmask<'a>(text: &'a [u8], names: &impl Names) -> Result<'a, Ipv4Addr> {
    let (mask, _) = resolve4(text, false, names)?;
    let bits = mask.to_bits();
    if bits.leading_ones() + bits.trailing_zeros() < 32 {
        return Err(Mistake::BadMask(text));
    }
    Ok(mask)
}

/// `RTF_HOST` is not set: for the kernel, which knows a host by its length, that bit of a request
/// is `RTNH_F_ONLINK`.
fn inet6<'a>(mut said: Said<'a>, names: &impl Names) -> Result<'a, Route6> {
    let (destination, length) = if said.name == b"default" {
        (Ipv6Addr::UNSPECIFIED, Some(said.length.unwrap_or(0)))
    } else {
        let (address, zone) = host6(said.name, names)?;
        said.set_zone(said.target, zone)?;
        (address, said.length)
    };
    let length = match (said.kind, length) {
        (None, None) | (Some(Kind::Host), None | Some(128)) => 128,
        (None | Some(Kind::Network), Some(length)) => length,
        (Some(Kind::Host), Some(_)) => {
            return Err(Mistake::HostWithMask(said.target));
        }
        (Some(Kind::Network), None) => {
            return Err(Mistake::NetworkWithoutLength(said.target, destination));
        }
    };
    let mut gateway = Ipv6Addr::UNSPECIFIED;
    if let Some(word) = said.gateway {
        let (address, zone) = host6(word, names)?;
        said.set_zone(word, zone)?;
        gateway = address;
    }
    Ok(Route6 {
        destination,
        length: length as u8,
        flags: said.flags,
        gateway,
        // What net-tools sends.
        metric: said.metric.unwrap_or(1),
        device: said.device,
    })
}
