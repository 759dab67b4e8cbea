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
use crate::sync::{
    atomic::{
        Acquire,
        Atomic,
        Release, //
    },
    SpinLock, //
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
    /// Does what `fib_new_table()` does: [`TableId::LOCAL`] shares the trie of [`TableId::MAIN`] as
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

/// Returns the list that holds the table `id`, if there is such a table.
///
/// The list is valid as long as the namespace.
fn bucket(net: &Namespace, id: TableId) -> *mut bindings::hlist_head {
    let index = id.as_raw() & (bindings::FIB_TABLE_HASHSZ - 1);

    // SAFETY: By the invariant of `Namespace` it is set up, so its hash is there, at that offset;
    // the index is masked to be inside.
    unsafe {
        field::<*mut bindings::hlist_head>(net, bindings::NET_FIB_TABLE_HASH)
            .read()
            .add(index as usize)
    }
}

/// Returns a field of `net`, by the offset that C has it at. The binding of `struct netns_ipv4` may
/// have it elsewhere.
fn field<T>(net: &Namespace, offset: usize) -> *mut T {
    net.as_ptr().wrapping_byte_add(offset).cast()
}

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
fn find(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let id = id.or_main();

    // Rules, which may be added without RTNL, add tables. What is read of a table comes after the
    // load of the pointer to it.
    //
    // SAFETY: `bucket()` returns a valid list. C writes the pointers in it, which are aligned, by
    // `rcu_assign_pointer()`, atomically.
    let mut node =
        unsafe { Atomic::from_ptr(&raw mut (*bucket(rtnl.net(), id)).first) }.load(Acquire);

    while !node.is_null() {
        // SAFETY: The list links the `tb_hlist` of tables.
        let table = unsafe { crate::container_of!(node, bindings::fib_table, tb_hlist) };

        // SAFETY: RTNL keeps the tables on the list; the number of a table never changes.
        if unsafe { (*table).tb_id } == id.as_raw() {
            return NonNull::new(table);
        }
        // SAFETY: RTNL keeps the tables on the list; the pointer is written as above.
        node = unsafe { Atomic::from_ptr(&raw mut (*node).next) }.load(Acquire);
    }
    None
}

/// The two tables are made with the namespace, and go when it is taken down.
#[cfg(not(CONFIG_IP_MULTIPLE_TABLES))]
fn find(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let id = if id == TableId::LOCAL {
        id
    } else {
        TableId::MAIN
    };

    // SAFETY: `bucket()` returns a valid list, which RTNL keeps from changing.
    let node = unsafe { (*bucket(rtnl.net(), id)).first };
    if node.is_null() {
        return None;
    }

    // SAFETY: The list links a table by its `tb_hlist`.
    NonNull::new(unsafe { crate::container_of!(node, bindings::fib_table, tb_hlist) })
}

#[cfg(not(CONFIG_IP_MULTIPLE_TABLES))]
fn find_or_create(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    find(rtnl, id)
}

#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
fn find_or_create(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let id = id.or_main();

    find(rtnl, id).or_else(|| create(rtnl, id))
}

// Not inlined: C does not export `fib_trie_table()` to modules.
#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
#[inline(never)]
fn create(rtnl: &rtnl::Held<'_>, id: TableId) -> Option<NonNull<bindings::fib_table>> {
    let net = rtnl.net();

    // Nobody would free the table.
    if !net.is_alive() {
        return None;
    }

    // SAFETY: By the invariant of `Namespace` it is set up.
    let custom_rules = unsafe { bindings::fib4_has_custom_rules(net.as_ptr()) };

    let alias = if id == TableId::LOCAL && !custom_rules {
        find_or_create(rtnl, TableId::MAIN)
    } else {
        None
    };
    let alias = alias.map_or(ptr::null_mut(), NonNull::as_ptr);

    // SAFETY: `alias` is null or a table, which RTNL keeps.
    let new = NonNull::new(unsafe { bindings::fib_trie_table(id.as_raw(), alias) })?;

    Some(publish(rtnl, id, new))
}

/// Adds `new`, which nobody else has seen, to the namespace and returns it; or, if somebody else
/// has added the same table meanwhile, frees it and returns theirs.
//
// Part of `create()`, so nothing of C's that is called here is called from a module.
#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
fn publish(
    rtnl: &rtnl::Held<'_>,
    id: TableId,
    new: NonNull<bindings::fib_table>,
) -> NonNull<bindings::fib_table> {
    let net = rtnl.net();
    // SAFETY: C has initialised the lock, which is at that offset, together with the namespace.
    let lock = unsafe { SpinLock::from_raw(field(net, bindings::NET_FIB_TABLE_HASH_LOCK)) };
    let guard = lock.lock();

    if let Some(other) = find(rtnl, id) {
        drop(guard);
        // SAFETY: Nobody else has seen `new`.
        unsafe { bindings::fib_free_table(new.as_ptr()) };
        return other;
    }

    // What a lookup without custom rules goes to directly.
    let shortcut = match id {
        TableId::MAIN => Some(field(net, bindings::NET_FIB_MAIN)),
        TableId::DEFAULT => Some(field(net, bindings::NET_FIB_DEFAULT)),
        _ => None,
    };
    if let Some(shortcut) = shortcut {
        // This is `rcu_assign_pointer()`.
        //
        // SAFETY: A pointer to a table is at both offsets, and others access it as C's RCU macros
        // do, atomically.
        unsafe { Atomic::<*mut bindings::fib_table>::from_ptr(shortcut) }
            .store(new.as_ptr(), Release);
    }

    let bucket = bucket(net, id);
    // SAFETY: `new` is a table on no list; the lock of the lists is held.
    unsafe { bindings::hlist_add_head_rcu(&raw mut (*new.as_ptr()).tb_hlist, bucket) };

    new
}
