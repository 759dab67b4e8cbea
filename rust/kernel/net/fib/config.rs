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
    net::netdevice::NetDevice,
    prelude::*, //
};
use core::{
    net::Ipv4Addr,
    ptr, //
};

/// A netlink attribute that carries one metric.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Attribute {
    header: bindings::nlattr,
    value: u32,
}

impl Metrics {
    /// Returns an attribute for each metric that is set, in front, and their length in bytes.
    fn attributes(&self) -> ([Attribute; 3], usize) {
        const LEN: usize = size_of::<Attribute>();

        let set = [
            (bindings::RTAX_ADVMSS, self.advmss),
            (bindings::RTAX_WINDOW, self.window),
            (bindings::RTAX_RTT, self.rtt),
        ]
        .into_iter()
        .filter_map(|(kind, value)| Some((kind, value?)));

        let mut list = [Attribute::default(); 3];
        let mut len = 0;
        for (attribute, (kind, value)) in list.iter_mut().zip(set) {
            *attribute = Attribute {
                // CAST: Both are small.
                header: bindings::nlattr {
                    nla_len: LEN as u16,
                    nla_type: kind as u16,
                },
                value,
            };
            len += LEN;
        }
        (list, len)
    }
}

/// A route to be: the wrapper of `struct fib_config`.
///
/// Where it goes is not part of it: that is the table that it is given to, [`Table::insert()`] or
/// [`Table::delete()`]. See the [module's example](super).
///
/// # Examples
///
/// It can be changed and moved between two uses. Without its metrics, a route is another one:
///
/// ```
/// use core::net::Ipv4Addr;
/// use kernel::net::{
///     fib::{
///         Config,
///         Metrics,
///         Prefix,
///         RouteType,
///         Table,
///         TableId, //
///     },
///     namespace::Namespace, //
/// };
///
/// let prefix = Prefix::new(Ipv4Addr::new(198, 51, 100, 0), 24).ok_or(EINVAL)?;
/// let rtnl = Namespace::init().rtnl_lock();
/// let main = Table::get_or_create(&rtnl, TableId::MAIN)?;
///
/// let mut route = Config::new(prefix);
/// route.kind(RouteType::UNREACHABLE).metrics(Metrics {
///     window: Some(32768),
///     ..Metrics::default()
/// });
/// main.insert(&mut route)?;
///
/// // A next hop of 0.0.0.0 is none, which a route of this type may not have.
/// route.metrics(Metrics::default()).next_hop(Ipv4Addr::UNSPECIFIED);
/// let mut moved = route;
/// main.insert(&mut moved)?;
/// assert_eq!(main.insert(&mut moved), Err(EEXIST));
///
/// main.delete(&mut moved)?;
/// main.delete(&mut moved)?;
/// assert_eq!(main.delete(&mut moved), Err(ESRCH));
/// # Ok::<(), Error>(())
/// ```
///
/// # Invariants
///
/// All pointers in `raw` are null, and `fc_mx_len` is zero, but while `with_raw()` runs.
pub struct Config<'rtnl> {
    raw: bindings::fib_config,
    device: Option<&'rtnl NetDevice>,
    metrics: Metrics,
}

impl<'rtnl> Config<'rtnl> {
    /// Makes the configuration of a unicast route to `destination`: of scope
    /// [`Scope::UNIVERSE`], made by [`Protocol::UNSPEC`], with neither device nor next hop,
    /// priority nor metrics.
    ///
    /// When used to delete, type and prefix must match, and so must the scope unless it is
    /// [`Scope::NOWHERE`]. Of the rest, what is not set matches anything.
    pub fn new(destination: Prefix) -> Self {
        // INVARIANT: What is not set here is null, or zero.
        Self {
            raw: bindings::fib_config {
                fc_dst: to_be(destination.address()),
                fc_dst_len: destination.len(),
                fc_type: RouteType::UNICAST.0,
                ..pin_init::zeroed()
            },
            device: None,
            metrics: Metrics::default(),
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
    pub fn device(&mut self, device: &'rtnl NetDevice) -> &mut Self {
        self.device = Some(device);
        self
    }

    /// Sets the next hop. As in `RTA_GATEWAY`, 0.0.0.0 is none.
    #[inline]
    pub fn next_hop(&mut self, gateway: Ipv4Addr) -> &mut Self {
        self.raw.__bindgen_anon_1.fc_gw4 = to_be(gateway);
        self.raw.fc_gw_family = if gateway.is_unspecified() {
            bindings::AF_UNSPEC as u8
        } else {
            bindings::AF_INET as u8
        };
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
    pub fn metrics(&mut self, metrics: Metrics) -> &mut Self {
        self.metrics = metrics;
        self
    }

    /// Calls `f` with the C struct, completed for `table`. What that points to is valid until `f`
    /// returns.
    ///
    /// # Errors
    ///
    /// - [`ENODEV`]: the device is in another namespace than the table.
    pub(super) fn with_raw<R>(
        &mut self,
        table: &Table<'_>,
        nlflags: u32,
        f: impl FnOnce(&mut bindings::fib_config) -> R,
    ) -> Result<R> {
        let net = table.net().as_ptr();
        let mut attributes;

        self.raw.fc_oif = match self.device {
            Some(device) if device.net().as_ptr() != net => return Err(ENODEV),
            Some(device) => device.index(),
            None => 0,
        };
        // No metrics are not the same as an empty list of them.
        if self.metrics != Metrics::default() {
            attributes = self.metrics.attributes();
            self.raw.fc_mx = attributes.0.as_mut_ptr().cast();
            // CAST: Three attributes at most.
            self.raw.fc_mx_len = attributes.1 as c_int;
        }
        self.raw.fc_table = table.id().as_raw();
        self.raw.fc_nlflags = nlflags;
        self.raw.fc_nlinfo.nl_net = net;

        let result = f(&mut self.raw);

        // INVARIANT: Neither the attributes nor the namespace need outlive this.
        self.raw.fc_mx = ptr::null_mut();
        self.raw.fc_mx_len = 0;
        self.raw.fc_nlinfo.nl_net = ptr::null_mut();
        Ok(result)
    }
}

/// Returns `address` as the `__be32` that C works with.
#[inline]
fn to_be(address: Ipv4Addr) -> bindings::__be32 {
    u32::from_ne_bytes(address.octets())
}
