// SPDX-License-Identifier: GPL-2.0

//! Routing tables: how one is found, made, and changed.
//!
//! RTNL keeps the tables of a namespace where they are: one is added without it at times, but
//! replaced or removed only by those who hold it.

use super::{
    Config,
    RouteType,
    TableId, //
};
use crate::{
    bindings,
    error::to_result,
    net::{
        namespace::Namespace,
        rtnl, //
    },
    prelude::*, //
};
use core::{
    net::Ipv4Addr,
    ptr::{
        self,
        NonNull, //
    }, //
};

/// A routing table: the wrapper of `struct fib_table`.
///
/// # Invariants
///
/// `ptr` is a table of the namespace whose RTNL `rtnl` is evidence for.
pub struct Table<'rtnl> {
    ptr: NonNull<bindings::fib_table>,
    id: TableId,
    rtnl: &'rtnl rtnl::Held<'rtnl>,
}

impl<'rtnl> Table<'rtnl> {
    /// Finds a table.
    ///
    /// Wraps `fib_get_table()`. Without `CONFIG_IP_MULTIPLE_TABLES` there are two tables: every
    /// number but [`TableId::LOCAL`] finds [`TableId::MAIN`].
    ///
    /// # Examples
    ///
    /// ```
    /// use kernel::net::{
    ///     fib::{
    ///         Table,
    ///         TableId, //
    ///     },
    ///     namespace::Namespace, //
    /// };
    ///
    /// let rtnl = Namespace::init().rtnl_lock();
    ///
    /// # #[cfg(CONFIG_IP_MULTIPLE_TABLES)]
    /// assert!(Table::get(&rtnl, TableId::new(4242)).is_none());
    /// let table = Table::get_or_create(&rtnl, TableId::MAIN)?;
    /// assert_eq!(table.id(), TableId::MAIN);
    /// assert!(Table::get(&rtnl, TableId::MAIN).is_some());
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn get(rtnl: &'rtnl rtnl::Held<'_>, id: TableId) -> Option<Self> {
        // INVARIANT: The table was found in the namespace of `rtnl`.
        Some(Self {
            ptr: find(rtnl, id)?,
            id,
            rtnl,
        })
    }

    /// Finds a table, or makes an empty one.
    ///
    /// Wraps `fib_new_table()`: [`TableId::LOCAL`] shares the trie of [`TableId::MAIN`] as
    /// long as there are no custom rules. Without `CONFIG_IP_MULTIPLE_TABLES` this is
    /// [`Self::get()`]. May sleep.
    ///
    /// # Errors
    ///
    /// - [`ENOBUFS`]: out of memory, or the namespace is being taken down and gets no new table.
    #[inline]
    pub fn get_or_create(rtnl: &'rtnl rtnl::Held<'_>, id: TableId) -> Result<Self> {
        // INVARIANT: The table was found in, or added to, the namespace of `rtnl`.
        Ok(Self {
            ptr: find_or_create(rtnl, id).ok_or(ENOBUFS)?,
            id,
            rtnl,
        })
    }

    /// Returns the number that the table was asked for by, which may be [`TableId::UNSPEC`].
    #[inline]
    pub fn id(&self) -> TableId {
        self.id
    }

    /// Returns the namespace of the table.
    #[inline]
    pub fn net(&self) -> &'rtnl Namespace {
        self.rtnl.net()
    }

    /// Adds a route. Listeners of `RTNLGRP_IPV4_ROUTE` get one `RTM_NEWROUTE`.
    ///
    /// Wraps `fib_table_insert()` with `NLM_F_CREATE`: a route to the same prefix with the same
    /// priority is no obstacle as long as it differs otherwise, and the new one takes precedence.
    /// May sleep.
    ///
    /// # Errors
    ///
    /// - [`EEXIST`]: there is such a route.
    /// - [`ENETUNREACH`]: the next hop is not on a connected network.
    /// - [`EHOSTUNREACH`], [`EACCES`]: a route rejects packets to the next hop.
    /// - [`ENETDOWN`]: the device is down.
    /// - [`ENODEV`]: there is neither a device nor a next hop to find one by, or the device is in
    ///   another namespace.
    /// - [`EINVAL`]: type, scope, next hop and metrics do not go together.
    /// - [`ENOMEM`], [`ENOBUFS`]: out of memory.
    /// - What a FIB notifier objects with.
    //
    // Not inlined: C exports neither this function nor `fib_table_delete()` to modules.
    #[inline(never)]
    pub fn insert(&self, config: &mut Config<'_>) -> Result {
        let (net, table) = (self.net().as_ptr(), self.ptr.as_ptr());

        config.with_raw(self, bindings::NLM_F_CREATE, |config| {
            // SAFETY: By the type invariant, this is a table of that namespace and its RTNL is
            // held. `with_raw()` has set what says so in the configuration, and what it points to
            // is valid. Nobody wants an explanation in words.
            to_result(unsafe { bindings::fib_table_insert(net, table, config, ptr::null_mut()) })
        })?
    }

    /// Deletes the first route that matches. Listeners of `RTNLGRP_IPV4_ROUTE` get one
    /// `RTM_DELROUTE`.
    ///
    /// Wraps `fib_table_delete()`. May sleep.
    ///
    /// # Errors
    ///
    /// - [`ENODEV`]: the device is in another namespace.
    /// - [`ESRCH`]: no route matches.
    #[inline(never)]
    pub fn delete(&self, config: &mut Config<'_>) -> Result {
        let (net, table) = (self.net().as_ptr(), self.ptr.as_ptr());

        config.with_raw(self, 0, |config| {
            // SAFETY: As in `insert()`: table and namespace match, RTNL is held, the pointers of
            // the configuration are valid.
            to_result(unsafe { bindings::fib_table_delete(net, table, config, ptr::null_mut()) })
        })?
    }
}

/// Returns what kind of address `address` is, by the routes of one table.
///
/// [`RouteType::UNICAST`] if the table has no route to it; [`RouteType::BROADCAST`] if there is no
/// such table.
///
/// Wraps `inet_addr_type_table()`. Needs no lock, in any context: the answer is of the moment.
///
/// # Examples
///
/// ```
/// use core::net::Ipv4Addr;
/// use kernel::net::{
///     fib::{
///         address_type,
///         RouteType,
///         TableId, //
///     },
///     namespace::Namespace, //
/// };
///
/// let net = Namespace::init();
/// assert_eq!(address_type(net, Ipv4Addr::BROADCAST, TableId::MAIN), RouteType::BROADCAST);
/// assert_eq!(
///     address_type(net, Ipv4Addr::new(224, 0, 0, 1), TableId::MAIN),
///     RouteType::MULTICAST
/// );
/// ```
#[inline]
pub fn address_type(net: &Namespace, address: Ipv4Addr, table: TableId) -> RouteType {
    // SAFETY: By the invariant of `Namespace` it is set up; the function takes RCU by itself.
    let kind = unsafe {
        bindings::inet_addr_type_table(
            net.as_ptr(),
            u32::from_ne_bytes(address.octets()),
            table.as_raw(),
        )
    };

    // CAST: `RTN_*` fit eight bits, as they do in netlink.
    RouteType(kind as u8)
}

/// Finds a table.
//
// Not inlined: C does not export `fib_get_table()` to modules.
#[inline(never)]
fn find(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    // SAFETY: By the invariant of `Namespace` it is set up. RTNL, which is held, keeps its tables.
    NonNull::new(unsafe { bindings::fib_get_table(rtnl.net().as_ptr(), id.as_raw()) })
}

/// Finds a table, or makes it.
//
// Not inlined, for the same reason: without `CONFIG_IP_MULTIPLE_TABLES` none is made.
#[inline(never)]
fn find_or_create(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    // SAFETY: As above. Whoever holds RTNL may sleep.
    NonNull::new(unsafe { bindings::fib_new_table(rtnl.net().as_ptr(), id.as_raw()) })
}
