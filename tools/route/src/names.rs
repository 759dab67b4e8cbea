// SPDX-License-Identifier: GPL-2.0

//! Names of hosts and networks, to addresses and back.

use dns_lookup::{
    getaddrinfo,
    getnameinfo,
    AddrInfoHints, //
};
use std::{
    cell::OnceCell,
    collections::HashMap,
    fmt,
    net::{
        IpAddr,
        Ipv4Addr,
        Ipv6Addr,
        SocketAddr, //
    },
};

/// Why a name is unknown.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unknown {
    /// Nothing has this name.
    NoName,
    /// Something has, but no address of the family.
    NoAddress,
    /// Nobody who would know has answered.
    NoAnswer,
    /// The resolver's own number.
    Failed(i32),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unknown::NoName => f.write_str("there is no such host"),
            Unknown::NoAddress => f.write_str("it has no address of this family"),
            Unknown::NoAnswer => f.write_str("no name server answers (is there a network?)"),
            Unknown::Failed(number) => write!(f, "the resolver fails (EAI {number})"),
        }
    }
}

/// Where names of the command line are looked up.
pub trait Names {
    /// A host's address in IPv4.
    fn host4(&self, name: &str) -> Result<Ipv4Addr, Unknown>;
    /// A host's address in IPv6.
    fn host6(&self, name: &str) -> Result<Ipv6Addr, Unknown>;
    /// A network's address.
    fn network(&self, name: &str) -> Option<Ipv4Addr>;
}

/// Knows no name.
#[derive(Debug)]
pub struct NoNames;

impl Names for NoNames {
    fn host4(&self, _: &str) -> Result<Ipv4Addr, Unknown> {
        Err(Unknown::NoName)
    }

    fn host6(&self, _: &str) -> Result<Ipv6Addr, Unknown> {
        Err(Unknown::NoName)
    }

    fn network(&self, _: &str) -> Option<Ipv4Addr> {
        None
    }
}

/// Names as the machine has them: /etc/hosts, DNS and what else nsswitch.conf says, and
/// /etc/networks.
#[derive(Debug, Default)]
pub struct SystemNames {
    networks: OnceCell<Networks>,
}

impl Names for SystemNames {
    fn host4(&self, name: &str) -> Result<Ipv4Addr, Unknown> {
        lookup(name, libc::AF_INET, |address| match address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
    }

    fn host6(&self, name: &str) -> Result<Ipv6Addr, Unknown> {
        lookup(name, libc::AF_INET6, |address| match address {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => Some(address),
        })
    }

    fn network(&self, name: &str) -> Option<Ipv4Addr> {
        self.networks.get_or_init(Networks::read).address(name)
    }
}

fn lookup<A>(name: &str, family: i32, wanted: impl Fn(IpAddr) -> Option<A>) -> Result<A, Unknown> {
    let hints = AddrInfoHints {
        address: family,
        socktype: libc::SOCK_DGRAM,
        ..AddrInfoHints::default()
    };
    let mut found =
        getaddrinfo(Some(name), None, Some(hints)).map_err(|error| match error.error_num() {
            libc::EAI_NONAME | libc::EAI_NODATA => Unknown::NoName,
            libc::EAI_AGAIN => Unknown::NoAnswer,
            EAI_ADDRFAMILY => Unknown::NoAddress,
            number => Unknown::Failed(number),
        })?;
    found
        .find_map(|info| wanted(info.ok()?.sockaddr.ip()))
        .ok_or(Unknown::NoAddress)
}

// netdb.h; the crate libc does without it.
const EAI_ADDRFAMILY: i32 = -9;

/// The names of networks in /etc/networks.
///
/// ```
/// let networks = route::names::Networks::parse("loopback 127\nlab 10.1.0.0 Campus # a comment\n");
///
/// assert_eq!(networks.address("campus"), Some([10, 1, 0, 0].into()));
/// assert_eq!(networks.name([127, 0, 0, 0].into()), Some("loopback"));
/// ```
#[derive(Debug, Default)]
pub struct Networks {
    /// Address, name and aliases.
    entries: Vec<(Ipv4Addr, Vec<String>)>,
}

impl Networks {
    /// Reads the file. There need not be one.
    pub fn read() -> Self {
        match std::fs::read("/etc/networks") {
            Ok(bytes) => Networks::parse(&String::from_utf8_lossy(&bytes)),
            Err(_) => Networks::default(),
        }
    }

    /// Takes what it can from `text`. A line: name, address, aliases. Of the address, zeros at the
    /// end may be left out.
    pub fn parse(text: &str) -> Self {
        let entries = text.lines().filter_map(|line| {
            let line = line.split('#').next()?;
            let mut words = line.split_whitespace();
            let name = words.next()?;
            let address = network(words.next()?)?;
            Some((
                address,
                std::iter::once(name)
                    .chain(words)
                    .map(String::from)
                    .collect(),
            ))
        });
        Networks {
            entries: entries.collect(),
        }
    }

    /// The address of the network that has this name. Upper and lower case are the same.
    pub fn address(&self, name: &str) -> Option<Ipv4Addr> {
        let named = |names: &Vec<String>| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        let (address, _) = self.entries.iter().find(|(_, names)| named(names))?;
        Some(*address)
    }

    /// The name of the network that has this address.
    pub fn name(&self, address: Ipv4Addr) -> Option<&str> {
        let (_, names) = self.entries.iter().find(|(known, _)| *known == address)?;
        Some(&names[0])
    }
}

/// One to four numbers, the missing ones being zero.
fn network(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0; 4];
    for (at, part) in text.split('.').enumerate() {
        *octets.get_mut(at)? = match part.strip_prefix("0x") {
            Some(part) => u8::from_str_radix(part, 16).ok()?,
            None => part.parse().ok()?,
        };
    }
    Some(octets.into())
}

/// Addresses to names, for a table that is shown with names.
#[derive(Debug, Default)]
pub struct Reverse {
    networks: Networks,
    hosts: HashMap<IpAddr, String>,
}

impl Reverse {
    /// Reads what is read once.
    pub fn new() -> Self {
        Reverse::with(Networks::read(), [])
    }

    /// Knows names beforehand.
    pub fn with(networks: Networks, hosts: impl IntoIterator<Item = (IpAddr, String)>) -> Self {
        Reverse {
            networks,
            hosts: hosts.into_iter().collect(),
        }
    }

    /// The name of a network, if it has one.
    pub fn network(&self, address: Ipv4Addr) -> Option<&str> {
        self.networks.name(address)
    }

    /// The name of a host, or its address. Each is asked for once: many routes share few gateways.
    pub fn host(&mut self, address: IpAddr) -> &str {
        self.hosts.entry(address).or_insert_with(|| {
            let socket = SocketAddr::new(address, 0);
            match getnameinfo(&socket, libc::NI_NUMERICSERV) {
                Ok((name, _)) => name,
                Err(_) => address.to_string(),
            }
        })
    }
}
