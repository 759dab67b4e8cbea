// SPDX-License-Identifier: GPL-2.0

//! Routing tables: how one is found, made, and changed.
//!
//! A network namespace keeps its tables in a small hash of lists. Readers walk a list under RCU or
//! RTNL. Whoever adds a table holds `fib_table_hash_lock`, whoever removes one holds RTNL.

use super::{
    Config,
    RouteType,
    TableId, //
};
use crate::{
    bindings,
    error::to_result,
    ffi::c_int,
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

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
use crate::sync::atomic::{
    Atomic,
    Release, //
};

/// A routing table: the wrapper of `struct fib_table`.
///
/// # Invariants
///
/// `ptr` is a table of the namespace whose RTNL `rtnl` is evidence for.
pub struct Table<'rtnl> {
    ptr: NonNull<bindings::fib_table>,
    id: TableId,
    rtnl: &'rtnl rtnl::Guard<'rtnl>,
}

impl<'rtnl> Table<'rtnl> {
    /// Finds a table.
    ///
    /// Does what `fib_get_table()` does. Without `CONFIG_IP_MULTIPLE_TABLES` there are two tables:
    /// every number but [`TableId::LOCAL`] finds [`TableId::MAIN`].
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
    /// let table = Table::get_or_create(&rtnl, TableId::new(4242))?;
    /// assert_eq!(table.id(), TableId::new(4242));
    /// assert!(Table::get(&rtnl, TableId::new(4242)).is_some());
    /// # Ok::<(), Error>(())
    /// ```
    #[inline]
    pub fn get(rtnl: &'rtnl rtnl::Guard<'_>, id: TableId) -> Option<Self> {
        // INVARIANT: The table was found in the namespace of `rtnl`.
        Some(Self {
            ptr: find(rtnl.net(), id)?,
            id,
            rtnl,
        })
    }

    /// Finds a table, or makes an empty one.
    ///
    /// Does what `fib_new_table()` does: [`TableId::LOCAL`] shares the trie of [`TableId::MAIN`] as
    /// long as there are no custom rules. Without `CONFIG_IP_MULTIPLE_TABLES` this is
    /// [`Self::get()`], which then cannot fail. May sleep.
    ///
    /// # Errors
    ///
    /// - [`ENOBUFS`]: out of memory, or the namespace is going away.
    #[inline]
    pub fn get_or_create(rtnl: &'rtnl rtnl::Guard<'_>, id: TableId) -> Result<Self> {
        // INVARIANT: The table was found in, or added to, the namespace of `rtnl`.
        Ok(Self {
            ptr: find_or_create(rtnl.net(), id).ok_or(ENOBUFS)?,
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
    /// priority is no obstacle as long as it differs otherwise, and takes precedence over the new
    /// one. May sleep.
    ///
    /// # Errors
    ///
    /// - [`EEXIST`]: there is such a route.
    /// - [`ENETUNREACH`]: the next hop is not on a connected network.
    /// - [`ENETDOWN`]: the device is down.
    /// - [`ENODEV`]: there is neither a device nor a next hop to find one by.
    /// - [`EINVAL`]: type, scope, next hop and metrics do not go together.
    /// - [`ENOMEM`], [`ENOBUFS`]: out of memory.
    // A call would take the table to be in memory.
    #[inline(always)]
    pub fn insert(&self, config: &mut Config) -> Result {
        // SAFETY: By the type invariant, this is a table of that namespace and its RTNL is held.
        // The configuration is complete.
        result(unsafe { insert(self.net(), self.ptr, config.create().for_table(self)) })
    }

    /// Deletes the first route that matches. Listeners of `RTNLGRP_IPV4_ROUTE` get one
    /// `RTM_DELROUTE`.
    ///
    /// Wraps `fib_table_delete()`. May sleep.
    ///
    /// # Errors
    ///
    /// - [`ESRCH`]: no route matches.
    /// - [`EINVAL`]: next hop and device do not go together.
    // A call would take the table to be in memory.
    #[inline(always)]
    pub fn delete(&self, config: &mut Config) -> Result {
        // SAFETY: By the type invariant, this is a table of that namespace and its RTNL is held.
        // The configuration is complete.
        result(unsafe { delete(self.net(), self.ptr, config.for_table(self)) })
    }
}

/// As [`to_result()`], which is no call if all is well.
#[inline]
fn result(err: c_int) -> Result {
    if err == 0 {
        Ok(())
    } else {
        to_result(err)
    }
}

/// # Safety
///
/// `table` must be a table of `net`, whose RTNL must be held, and `config` must be complete.
unsafe fn insert(
    net: &Namespace,
    table: NonNull<bindings::fib_table>,
    config: &mut bindings::fib_config,
) -> c_int {
    // SAFETY: The caller promises all that is asked for.
    unsafe { bindings::fib_table_insert(net.as_ptr(), table.as_ptr(), config, ptr::null_mut()) }
}

/// # Safety
///
/// As for [`insert()`].
unsafe fn delete(
    net: &Namespace,
    table: NonNull<bindings::fib_table>,
    config: &mut bindings::fib_config,
) -> c_int {
    // SAFETY: The caller promises all that is asked for.
    unsafe { bindings::fib_table_delete(net.as_ptr(), table.as_ptr(), config, ptr::null_mut()) }
}

/// Returns what kind of address `address` is, by the routes of one table.
///
/// [`RouteType::UNICAST`] if the table has no route to it; [`RouteType::BROADCAST`] if there is no
/// such table.
///
/// Wraps `inet_addr_type_table()`. Needs no lock: the answer is of the moment.
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
    // SAFETY: The namespace is live; the function takes RCU by itself.
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

/// Returns the list that holds the table `id`, if there is such a table.
///
/// The list is valid as long as the namespace.
#[inline]
fn bucket(net: &Namespace, id: TableId) -> *mut bindings::hlist_head {
    let index = id.as_raw() & (bindings::FIB_TABLE_HASHSZ - 1);

    // SAFETY: The namespace is live, so its hash is there; the index is masked to be inside.
    unsafe { (*net.as_ptr()).ipv4.fib_table_hash.add(index as usize) }
}

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
fn find(net: &Namespace, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let id = id.or_main();

    // The volatile loads are `rcu_dereference()`: a table may be added meanwhile, and what is read
    // of it is ordered by the dependency on its address.
    //
    // SAFETY: `bucket()` returns a valid list.
    let mut node = unsafe { ptr::read_volatile(&raw const (*bucket(net, id)).first) };

    while !node.is_null() {
        // SAFETY: The list links the `tb_hlist` of tables.
        let table = unsafe { crate::container_of!(node, bindings::fib_table, tb_hlist) };

        // SAFETY: All callers come from a function that takes a guard, so RTNL keeps the tables of
        // the list; the number of a table never changes.
        if unsafe { (*table).tb_id } == id.as_raw() {
            return NonNull::new(table);
        }
        // SAFETY: As above.
        node = unsafe { ptr::read_volatile(&raw const (*node).next) };
    }
    None
}

/// The two tables are made with the namespace and stay as long as it does.
#[cfg(not(CONFIG_IP_MULTIPLE_TABLES))]
fn find(net: &Namespace, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let id = if id == TableId::LOCAL {
        id
    } else {
        TableId::MAIN
    };

    // SAFETY: `bucket()` returns a valid list, and it never changes.
    let node = unsafe { ptr::read_volatile(&raw const (*bucket(net, id)).first) };

    // SAFETY: The list holds exactly one table, linked by its `tb_hlist`.
    NonNull::new(unsafe { crate::container_of!(node, bindings::fib_table, tb_hlist) })
}

#[cfg(not(CONFIG_IP_MULTIPLE_TABLES))]
fn find_or_create(net: &Namespace, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    find(net, id)
}

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
#[inline]
fn find_or_create(net: &Namespace, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let id = id.or_main();

    find(net, id).or_else(|| create(net, id))
}

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
fn create(net: &Namespace, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    // SAFETY: The namespace is live.
    if unsafe { bindings::check_net(net.as_ptr()) } == 0 {
        return None;
    }

    // SAFETY: The namespace is live. Custom rules come and go under RTNL, which all callers hold.
    let custom_rules = unsafe { (*net.as_ptr()).ipv4.fib_has_custom_rules };

    let alias = if id == TableId::LOCAL && !custom_rules {
        find_or_create(net, TableId::MAIN)
    } else {
        None
    };
    let alias = alias.map_or(ptr::null_mut(), NonNull::as_ptr);

    // SAFETY: `alias` is null or a table, which RTNL keeps.
    let new = NonNull::new(unsafe { bindings::fib_trie_table(id.as_raw(), alias) })?;

    Some(publish(net, id, new))
}

/// Adds `new` to the namespace and returns it; or, if somebody else has added the same table
/// meanwhile, frees it and returns theirs.
#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
fn publish(
    net: &Namespace,
    id: TableId,
    new: NonNull<bindings::fib_table>,
) -> NonNull<bindings::fib_table> {
    // SAFETY: The namespace is live.
    let ipv4 = unsafe { &raw mut (*net.as_ptr()).ipv4 };

    // SAFETY: The lock was initialised with the namespace.
    unsafe { bindings::spin_lock(&raw mut (*ipv4).fib_table_hash_lock) };

    let other = find(net, id);
    if other.is_none() {
        // What a lookup without custom rules goes to directly.
        let shortcut = match id {
            // SAFETY: The namespace is live.
            TableId::MAIN => Some(unsafe { &raw mut (*ipv4).fib_main }),
            // SAFETY: The namespace is live.
            TableId::DEFAULT => Some(unsafe { &raw mut (*ipv4).fib_default }),
            _ => None,
        };
        if let Some(shortcut) = shortcut {
            // This is `rcu_assign_pointer()`.
            //
            // SAFETY: The pointer is valid, and others access it as C's RCU macros do, atomically.
            unsafe { Atomic::from_ptr(shortcut) }.store(new.as_ptr(), Release);
        }

        // SAFETY: `new` is a table on no list; the lock is held.
        unsafe { bindings::hlist_add_head_rcu(&raw mut (*new.as_ptr()).tb_hlist, bucket(net, id)) };
    }

    // SAFETY: The lock was taken above.
    unsafe { bindings::spin_unlock(&raw mut (*ipv4).fib_table_hash_lock) };

    if let Some(other) = other {
        // SAFETY: Nobody else has seen `new`.
        unsafe { bindings::fib_free_table(new.as_ptr()) };
        return other;
    }
    new
}
