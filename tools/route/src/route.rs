// SPDX-License-Identifier: GPL-2.0

//! A route, as the user has described it and the kernel will be asked for it.

use crate::grammar::{
    verb,
    Action, //
};
use std::net::{
    Ipv4Addr,
    Ipv6Addr, //
};

/// Flags of a route, the same for the ioctls of IPv4 and IPv6 and for the files in /proc/net.
pub mod flags {
    #![allow(missing_docs)]

    pub const UP: u32 = 0x0001;
    pub const GATEWAY: u32 = 0x0002;
    pub const HOST: u32 = 0x0004;
    pub const REINSTATE: u32 = 0x0008;
    pub const DYNAMIC: u32 = 0x0010;
    pub const MODIFIED: u32 = 0x0020;
    pub const MTU: u32 = 0x0040;
    pub const WINDOW: u32 = 0x0080;
    pub const IRTT: u32 = 0x0100;
    pub const REJECT: u32 = 0x0200;
    pub const NOTCACHED: u32 = 0x0400;
    pub const DEFAULT: u32 = 0x0001_0000;
    pub const ALLONLINK: u32 = 0x0002_0000;
    pub const ADDRCONF: u32 = 0x0004_0000;
    pub const NONEXTHOP: u32 = 0x0020_0000;
    pub const EXPIRES: u32 = 0x0040_0000;
    pub const CACHE: u32 = 0x0100_0000;
    pub const FLOW: u32 = 0x0200_0000;
    pub const POLICY: u32 = 0x0400_0000;
    pub const LOCAL: u32 = 0x8000_0000;
}

/// What to do with a route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Change {
    /// `SIOCADDRT`
    Add,
    /// `SIOCDELRT`
    Delete,
}

impl Change {
    /// The change that a word asks for.
    pub fn named(word: &[u8]) -> Option<Self> {
        match verb(word)? {
            Action::Add => Some(Change::Add),
            Action::Delete => Some(Change::Delete),
            _ => None,
        }
    }
}

/// The name of a device, ended by a zero as the kernel reads it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DeviceName([u8; DeviceName::SIZE]);

impl DeviceName {
    /// What the kernel reads, at most, with the zero.
    pub const SIZE: usize = 16;

    /// `None` if no device can have this name.
    pub fn new(name: &[u8]) -> Option<Self> {
        if name.is_empty() || name.len() >= Self::SIZE || name.contains(&0) {
            return None;
        }
        let mut bytes = [0; Self::SIZE];
        bytes[..name.len()].copy_from_slice(name);
        Some(DeviceName(bytes))
    }

    /// The name that the kernel has written, with zeros behind it.
    pub fn from_zeros(name: [u8; DeviceName::SIZE]) -> Self {
        DeviceName(name)
    }

    /// The name and the zeros behind it.
    pub fn with_zeros(&self) -> &[u8; DeviceName::SIZE] {
        &self.0
    }

    /// The name.
    pub fn as_bytes(&self) -> &[u8] {
        let end = self.0.iter().position(|&byte| byte == 0);
        &self.0[..end.unwrap_or(Self::SIZE)]
    }
}

/// A route of IPv4. Metrics of zero are not given.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Route4 {
    /// Where it leads.
    pub destination: Ipv4Addr,
    /// Contiguous, and without host bits in `destination`.
    pub mask: Ipv4Addr,
    /// [`flags`], of those that an `rtentry` has room for.
    pub flags: u16,
    /// Unspecified if there is none.
    pub gateway: Ipv4Addr,
    /// As the user counts, from 0.
    pub metric: Option<u16>,
    /// Bytes.
    pub mtu: u32,
    /// Bytes.
    pub window: u32,
    /// Milliseconds.
    pub irtt: u16,
    /// Where packets leave.
    pub device: Option<DeviceName>,
}

/// A route of IPv6.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Route6 {
    /// Where it leads.
    pub destination: Ipv6Addr,
    /// Bits of `destination` that count.
    pub length: u8,
    /// [`flags`].
    pub flags: u32,
    /// Unspecified if there is none.
    pub gateway: Ipv6Addr,
    /// As the kernel counts.
    pub metric: u32,
    /// Where packets leave.
    pub device: Option<DeviceName>,
}

/// A route of either family.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Route {
    /// Of IPv4.
    V4(Route4),
    /// Of IPv6.
    V6(Route6),
}
