// SPDX-License-Identifier: GPL-2.0

//! What can be wrong with a line of words. Finding a mistake costs no memory; saying it does.

use crate::{
    error::{
        shown,
        Error,
        Status, //
    },
    grammar::Argument,
    names::Unknown,
    route::DeviceName,
};
use std::{
    fmt,
    net::{
        Ipv4Addr,
        Ipv6Addr, //
    },
};

/// A mistake, with the word that it is about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Mistake<'a> {
    TooManyWords(&'a [u8]),
    NoSuchOption(&'a [u8]),
    AmbiguousOption(&'a [u8]),
    OptionTakesNothing(&'a [u8]),
    NoSuchLetter(&'a [u8], u8),
    Missing(&'a [u8], Argument),
    NoSuchFamily(&'a [u8]),
    TwoFamilies,
    NoTarget,
    NoSuchKeyword(&'a [u8]),
    /// It is, or would be, the name of a device.
    BadDevice(&'a [u8]),
    SecondDevice(&'a [u8], DeviceName),
    /// Behind this keyword, a number from, and to.
    BadNumber(&'static str, &'a [u8], u32, u32),
    /// Behind a slash, up to this.
    BadLength(&'a [u8], u32),
    Unresolved(&'a [u8], Unknown),
    OnlyIpv4(&'a [u8]),
    OnlyIpv6(&'a [u8]),
    NotOfIpv6(&'static str),
    BadMask(&'a [u8]),
    SecondMask(&'a [u8]),
    SecondGateway(&'a [u8]),
    NetworkAsGateway(&'a [u8]),
    HostWithMask(&'a [u8]),
    NetworkWithoutMask(&'a [u8], Ipv4Addr),
    NetworkWithoutLength(&'a [u8], Ipv6Addr),
    /// The network that it is in.
    BitsBehindMask(&'a [u8], Ipv4Addr, u32),
    /// The device that is named already.
    OtherZone(&'a [u8], DeviceName),
    ZoneOfNone(&'a [u8]),
    CacheOfChange,
    JsonOfChange,
    OptionInFile,
    NoChange(&'a [u8]),
}

impl Mistake<'_> {
    fn status(&self) -> Status {
        match self {
            Mistake::NoSuchFamily(_) => Status::Unsupported,
            Mistake::Unresolved(..)
            | Mistake::OnlyIpv4(_)
            | Mistake::OnlyIpv6(_)
            | Mistake::OtherZone(..)
            | Mistake::ZoneOfNone(_) => Status::Lookup,
            _ => Status::Usage,
        }
    }
}

impl fmt::Display for Mistake<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use Mistake::*;
        match *self {
            TooManyWords(word) => write!(f, "{}: too many words in one line", shown(word)),
            NoSuchOption(name) => {
                write!(f, "--{}: there is no such option (--help)", shown(name))
            }
            AmbiguousOption(name) => {
                write!(f, "--{}: may be more than one option (--help)", shown(name))
            }
            OptionTakesNothing(name) => write!(f, "--{}: takes no argument", shown(name)),
            NoSuchLetter(word, letter) => {
                let letter = shown(&[letter]);
                write!(f, "{}: there is no option -{letter} (--help)", shown(word))
            }
            Missing(word, argument) => {
                write!(f, "{}: {} has to follow", shown(word), argument.describe())
            }
            NoSuchFamily(name) => write!(
                f,
                "{}: there is no such address family here, only inet and inet6",
                shown(name)
            ),
            TwoFamilies => f.write_str("a route is of one address family, not of two"),
            NoTarget => f.write_str("a target has to follow: an address, a name, or default"),
            NoSuchKeyword(word) => write!(
                f,
                "{}: there is no such keyword (--help), and a device without dev comes last",
                shown(word)
            ),
            BadDevice(name) => write!(
                f,
                "{}: the name of a device has from 1 to {} bytes",
                shown(name),
                DeviceName::SIZE - 1
            ),
            SecondDevice(name, first) => {
                let first = shown(first.as_bytes());
                write!(f, "{}: the device is {first} already", shown(name))
            }
            BadNumber(keyword, text, min, max) => {
                write!(
                    f,
                    "{keyword} {}: not a number from {min} to {max}",
                    shown(text)
                )
            }
            BadLength(target, max) => write!(
                f,
                "{}: behind the slash there has to be a number from 0 to {max}",
                shown(target)
            ),
            Unresolved(name, why) => write!(
                f,
                "{}: neither an address nor a name that is known: {why}",
                shown(name)
            ),
            OnlyIpv4(name) => {
                write!(f, "{}: an IPv4 address, but -6 asks for IPv6", shown(name))
            }
            OnlyIpv6(name) => {
                write!(
                    f,
                    "{}: an IPv6 address; -6 makes it a route of IPv6",
                    shown(name)
                )
            }
            NotOfIpv6(keyword) => write!(f, "{keyword}: routes of IPv6 have no such thing"),
            BadMask(text) => write!(
                f,
                "netmask {}: a mask is ones and then zeros, as 255.255.255.0",
                shown(text)
            ),
            SecondMask(text) => write!(
                f,
                "netmask {}: the mask has been given already, and differs",
                shown(text)
            ),
            SecondGateway(name) => write!(f, "gw {}: there is a gateway already", shown(name)),
            NetworkAsGateway(name) => {
                write!(f, "gw {}: a network, but a gateway is a host", shown(name))
            }
            HostWithMask(target) => write!(
                f,
                "{}: -host is a single address, and has no mask",
                shown(target)
            ),
            NetworkWithoutMask(target, address) => write!(
                f,
                "{}: a network needs its length (as in {address}/24) or a netmask",
                shown(target)
            ),
            NetworkWithoutLength(target, address) => write!(
                f,
                "{}: a network needs its length (as in {address}/64)",
                shown(target)
            ),
            BitsBehindMask(target, network, length) => write!(
                f,
                "{}: has bits behind its mask; the network is {network}/{length}",
                shown(target)
            ),
            OtherZone(name, device) => {
                let device = shown(device.as_bytes());
                write!(
                    f,
                    "{}: in that zone, but the device is {device}",
                    shown(name)
                )
            }
            ZoneOfNone(name) => write!(
                f,
                "{}: only a link-local address (fe80::/10) has a zone",
                shown(name)
            ),
            CacheOfChange => f.write_str("-C: the routing cache cannot be changed"),
            JsonOfChange => f.write_str("--json: changes show nothing"),
            OptionInFile => f.write_str("in a line of a file, the only options are -4, -6 and -A"),
            NoChange(word) => write!(f, "{}: a line begins with add or del", shown(word)),
        }
    }
}

impl From<Mistake<'_>> for Error {
    fn from(mistake: Mistake<'_>) -> Self {
        Error::new(mistake.status(), mistake.to_string())
    }
}
