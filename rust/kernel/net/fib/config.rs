// SPDX-License-Identifier: GPL-2.0

//! What to insert into a table, or to delete from it.

use super::{
    Metrics,
    Prefix,
    Protocol,
    RouteType,
    Scope,
    Table, //
};
use crate::{
    bindings,
    ffi::c_int,
    net::netdevice::Device, //
};
use core::{
    mem::MaybeUninit,
    net::Ipv4Addr, //
};

/// A netlink attribute that carries one metric.
#[repr(C, align(4))]
#[derive(Clone, Copy)]
struct Attribute {
    len: u16,
    kind: u16,
    value: u32,
}

impl Attribute {
    const SIZE: usize = size_of::<Self>();

    const fn new(kind: u32, value: u32) -> Self {
        Self {
            len: Self::SIZE as u16,
            kind: kind as u16,
            value,
        }
    }
}

/// A route to be: the wrapper of `struct fib_config`.
///
/// Where it goes is not part of it: [`Table::insert()`] and [`Table::delete()`] fill in their own
/// table and network namespace. See the [module's example](super).
///
/// # Invariants
///
/// All pointers in `raw` are null, but for `fc_mx` and `fc_nlinfo.nl_net`, which mean nothing until
/// [`Self::for_table()`] sets them. The first `raw.fc_mx_len` bytes of `metrics` are attributes.
pub struct Config {
    raw: bindings::fib_config,
    metrics: [MaybeUninit<Attribute>; 3],
}

impl Config {
    /// Makes the configuration of a unicast route to `destination`: of scope
    /// [`Scope::UNIVERSE`], made by [`Protocol::UNSPEC`], with neither device nor next hop,
    /// priority nor metrics.
    ///
    /// When used to delete, type and prefix must match, and so must the scope unless it is
    /// [`Scope::NOWHERE`]. Of the rest, what is not set matches anything.
    pub fn new(destination: Prefix) -> Self {
        // INVARIANT: All pointers are null, and there are no metrics.
        Self {
            raw: bindings::fib_config {
                fc_dst: to_be(destination.address()),
                fc_dst_len: destination.len(),
                fc_type: RouteType::UNICAST.0,
                ..pin_init::zeroed()
            },
            metrics: [const { MaybeUninit::uninit() }; 3],
        }
    }

    /// Sets what the route does with a packet.
    #[inline]
    pub fn kind(&mut self, kind: RouteType) -> &mut Self {
        self.raw.fc_type = kind.0;
        self
    }

    /// Sets who makes the route.
    #[inline]
    pub fn protocol(&mut self, protocol: Protocol) -> &mut Self {
        self.raw.fc_protocol = protocol.0;
        self
    }

    /// Sets the priority, also called metric: of routes to one prefix, the one with the lowest is
    /// used.
    #[inline]
    pub fn priority(&mut self, priority: u32) -> &mut Self {
        self.raw.fc_priority = priority;
        self
    }

    /// Sets the scope.
    #[inline]
    pub fn scope(&mut self, scope: Scope) -> &mut Self {
        self.raw.fc_scope = scope.0;
        self
    }

    /// Sets the device that packets leave by.
    #[inline]
    pub fn device(&mut self, device: &Device) -> &mut Self {
        self.raw.fc_oif = device.index();
        self
    }

    /// Sets the next hop.
    #[inline]
    pub fn next_hop(&mut self, gateway: Ipv4Addr) -> &mut Self {
        self.raw.__bindgen_anon_1.fc_gw4 = to_be(gateway);
        self.raw.fc_gw_family = bindings::AF_INET as u8;
        self
    }

    /// Sets the preferred source: the address that local senders get if they choose none.
    #[inline]
    pub fn preferred_source(&mut self, address: Ipv4Addr) -> &mut Self {
        self.raw.fc_prefsrc = to_be(address);
        self
    }

    /// Sets the metrics.
    #[inline]
    pub fn metrics(&mut self, metrics: &Metrics) -> &mut Self {
        let given = [
            (bindings::RTAX_ADVMSS, metrics.advmss),
            (bindings::RTAX_WINDOW, metrics.window),
            (bindings::RTAX_RTT, metrics.rtt),
        ]
        .into_iter()
        .filter_map(|(kind, value)| Some(Attribute::new(kind, value?)));

        let mut len = 0usize;
        for (slot, attribute) in self.metrics.iter_mut().zip(given) {
            slot.write(attribute);
            // There are three at most, which the compiler does not see: no check, no panic.
            len = len.wrapping_add(Attribute::SIZE);
        }
        // INVARIANT: That many bytes were just written.
        self.raw.fc_mx_len = len as c_int;
        self
    }

    /// Completes the configuration for `table` and returns the C struct, to be used before `self`
    /// moves.
    #[inline]
    pub(super) fn for_table(&mut self, table: &Table<'_>) -> &mut bindings::fib_config {
        self.raw.fc_table = table.id().as_raw();
        self.raw.fc_nlinfo.nl_net = table.net().as_ptr();
        // No metrics are not the same as an empty list of them. `metrics` stays where it is as long
        // as the result borrows `self`.
        if self.raw.fc_mx_len != 0 {
            self.raw.fc_mx = self.metrics.as_mut_ptr().cast();
        }
        &mut self.raw
    }

    /// Says how [`Table::insert()`] treats routes that are there already.
    #[inline]
    pub(super) fn create(&mut self) -> &mut Self {
        self.raw.fc_nlflags = bindings::NLM_F_CREATE;
        self
    }
}

/// Returns `address` as the `__be32` that C works with.
#[inline]
fn to_be(address: Ipv4Addr) -> bindings::__be32 {
    u32::from_ne_bytes(address.octets())
}
