// SPDX-License-Identifier: GPL-2.0

//! Names of hosts and networks, to addresses and back.

use crate::{
    networks::Networks,
    resolver, //
};
use std::{
    cell::OnceCell,
    collections::BTreeMap,
    ffi::CString,
    fmt,
    net::{
        IpAddr,
        Ipv4Addr,
        Ipv6Addr, //
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
    fn host4(&self, name: &[u8]) -> Result<Ipv4Addr, Unknown>;
    /// A host's address in IPv6.
    fn host6(&self, name: &[u8]) -> Result<Ipv6Addr, Unknown>;
    /// A network's address.
    fn network(&self, name: &[u8]) -> Option<Ipv4Addr>;
}

/// Knows no name.
#[derive(Debug)]
pub struct NoNames;

impl Names for NoNames {
    fn host4(&self, _: &[u8]) -> Result<Ipv4Addr, Unknown> {
        Err(Unknown::NoName)
    }

    fn host6(&self, _: &[u8]) -> Result<Ipv6Addr, Unknown> {
        Err(Unknown::NoName)
    }

    fn network(&self, _: &[u8]) -> Option<Ipv4Addr> {
        None
    }
}

/// Names as the machine has them: those of the resolver, and /etc/networks.
#[derive(Debug, Default)]
pub struct SystemNames {
    networks: OnceCell<Networks>,
}

impl Names for SystemNames {
    fn host4(&self, name: &[u8]) -> Result<Ipv4Addr, Unknown> {
        known(resolver::host4(&c_string(name)?))
    }

    fn host6(&self, name: &[u8]) -> Result<Ipv6Addr, Unknown> {
        known(resolver::host6(&c_string(name)?))
    }

    fn network(&self, name: &[u8]) -> Option<Ipv4Addr> {
        self.networks.get_or_init(Networks::read).address(name)
    }
}

fn c_string(name: &[u8]) -> Result<CString, Unknown> {
    CString::new(name).map_err(|_| Unknown::NoName)
}

fn known<A>(result: Result<Option<A>, i32>) -> Result<A, Unknown> {
    match result {
        Ok(address) => address.ok_or(Unknown::NoAddress),
        Err(libc::EAI_NONAME | libc::EAI_NODATA) => Err(Unknown::NoName),
        Err(libc::EAI_AGAIN) => Err(Unknown::NoAnswer),
        Err(EAI_ADDRFAMILY) => Err(Unknown::NoAddress),
        Err(number) => Err(Unknown::Failed(number)),
    }
}

// netdb.h; the crate libc does without it.
const EAI_ADDRFAMILY: i32 = -9;

/// Addresses to names, for a table that is shown with names.
#[derive(Debug, Default)]
pub struct Reverse {
    networks: Networks,
    hosts: BTreeMap<IpAddr, Option<Vec<u8>>>,
}

impl Reverse {
    /// Reads what is read once.
    pub fn new() -> Self {
        Reverse::with(Networks::read(), [])
    }

    /// Knows names beforehand.
    pub fn with(networks: Networks, hosts: impl IntoIterator<Item = (IpAddr, Vec<u8>)>) -> Self {
        let hosts = hosts
            .into_iter()
            .map(|(address, name)| (address, Some(name)));
        Reverse {
            networks,
            hosts: hosts.collect(),
        }
    }

    /// The name of a network, if it has one.
    pub fn network(&self, address: Ipv4Addr) -> Option<&[u8]> {
        self.networks.name(address)
    }

    /// The name of a host, if it has one. Each is asked for once: many routes share few gateways.
    pub fn host(&mut self, address: IpAddr) -> Option<&[u8]> {
        self.hosts
            .entry(address)
            .or_insert_with(|| resolver::name(address))
            .as_deref()
    }
}
