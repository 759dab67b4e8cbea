// SPDX-License-Identifier: GPL-2.0

//! The functions that C calls.
//!
//! Each says what C promises, in the terms of Rust, and calls what does the work.

#[cfg(CONFIG_PROC_FS)]
mod proc;
#[cfg(CONFIG_IP_MULTIPLE_TABLES)]
mod tables;

use crate::{
    change,
    hardware::Room,
    lookup,
    table::{
        Fib,
        Table,
        Tables, //
    },
    walk, //
};
use core::ptr;
use kernel::{
    bindings,
    error::from_result,
    net::{
        fib_impl::{
            Asker,
            Dump,
            Event,
            Extack,
            Flow,
            Locked,
            Meant,
            NextHop,
            Reader,
            Request,
            Writer, //
        },
        namespace::Namespace, //
    },
    prelude::*,
    sync::{
        rcu,
        rcu_tree, //
    },
    tracepoint::declare_trace, //
};

/// What the tracing of C is called by.
mod trace {
    use super::*;

    declare_trace! {
        /// Traces the outcome of a lookup.
        ///
        /// # Safety
        ///
        /// The pointers must be valid; `nhc` may be null.
        pub(super) unsafe fn fib_table_lookup(
            tb_id: u32,
            flp: *const bindings::flowi4,
            nhc: *const bindings::fib_nh_common,
            err: c_int,
        );
    }
}

/// Returns the tables of a namespace.
///
/// # Safety
///
/// It must be set up, and its tables not be taken down within `'a`.
unsafe fn tables<'a>(net: *mut bindings::net) -> Tables<'a> {
    // SAFETY: By the contract of this function. All tables are made here.
    unsafe { Tables::of(Namespace::from_ptr(net)) }
}

/// Prepares the memory that tables are made of.
///
/// # Safety
///
/// The caller may sleep. It is `ip_fib_init()`, once, before the first table is made.
#[export]
pub(crate) unsafe extern "C" fn fib_trie_init() {
    rcu_tree::prepare();
}

/// # Safety
///
/// `alias` must be null or a table that nobody frees meanwhile, nor before what this returns.
#[export]
pub(crate) unsafe extern "C" fn fib_trie_table(
    id: u32,
    alias: *mut bindings::fib_table,
) -> *mut bindings::fib_table {
    let whole = match alias.is_null() {
        true => None,
        // SAFETY: By the contract of this function. All tables are made here.
        false => Some(unsafe { Table::from_ptr(alias) }),
    };

    Table::create(id, whole, Fib::new(), GFP_KERNEL).map_or(ptr::null_mut(), |table| table.as_ptr())
}

/// # Safety
///
/// `tb` must be a table that nobody can find any more, and which is the caller's.
#[export]
pub(crate) unsafe extern "C" fn fib_free_table(tb: *mut bindings::fib_table) {
    // SAFETY: By the contract of this function. All tables are made here.
    unsafe { Table::free(tb) };
}

/// Changes a table as somebody asks.
///
/// # Safety
///
/// All must be valid; `extack` may be null. The caller must hold RTNL.
unsafe fn as_asked(
    net: *mut bindings::net,
    tb: *mut bindings::fib_table,
    cfg: *mut bindings::fib_config,
    extack: *mut bindings::netlink_ext_ack,
    change: impl FnOnce(&Table, &Namespace, &Request, &mut Writer, Locked<'_>) -> Result,
) -> c_int {
    // SAFETY: By the contract of this function. All tables are made here.
    from_result(|| unsafe {
        let (table, net) = (Table::from_ptr(tb), Namespace::from_ptr(net));
        let request = Request::from_ptr(cfg, Extack::from_ptr(extack));

        // A FIB notifier must not change a FIB.
        Writer::assume(|writer, locked| change(table, net, &request, writer, locked))
            .unwrap_or(Err(EBUSY))?;
        Ok(0)
    })
}

/// # Safety
///
/// All must be valid; `extack` may be null. The caller must hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_table_insert(
    net: *mut bindings::net,
    tb: *mut bindings::fib_table,
    cfg: *mut bindings::fib_config,
    extack: *mut bindings::netlink_ext_ack,
) -> c_int {
    // SAFETY: By the contract of this function.
    unsafe { as_asked(net, tb, cfg, extack, change::insert) }
}

/// # Safety
///
/// All must be valid; `extack` may be null. The caller must hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_table_delete(
    net: *mut bindings::net,
    tb: *mut bindings::fib_table,
    cfg: *mut bindings::fib_config,
    extack: *mut bindings::netlink_ext_ack,
) -> c_int {
    // SAFETY: By the contract of this function.
    unsafe { as_asked(net, tb, cfg, extack, change::delete) }
}

/// # Safety
///
/// All must be valid. The caller must hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_table_flush(
    net: *mut bindings::net,
    table: *mut bindings::fib_table,
    flush_all: bool,
) -> c_int {
    // SAFETY: By the contract of this function. All tables are made here. Of a namespace that is
    // being taken down, all is there that is needed here.
    let (net, table) = unsafe { (Namespace::from_ptr(net), Table::from_ptr(table)) };

    // SAFETY: The caller holds RTNL.
    unsafe {
        Writer::assume(|writer, locked| change::flush(table, net, flush_all, writer, locked))
            .unwrap_or(0)
    }
}

/// # Safety
///
/// All must be valid. The caller must be in an RCU read-side critical section, or hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_table_lookup(
    tb: *mut bindings::fib_table,
    flp: *const bindings::flowi4,
    res: *mut bindings::fib_result,
    fib_flags: c_int,
) -> c_int {
    // SAFETY: By the contract of this function. All tables are made here.
    let (table, flow) = unsafe { (Table::from_ptr(tb), Flow::from_ptr(flp)) };

    let find = |reader: &Reader| {
        let found = lookup::lookup(table.data(), flow, fib_flags, reader)?;
        // SAFETY: By the contract of this function. What was there, if anything, is not read.
        unsafe {
            (*res).prefix = found.address.to_be();
            (*res).prefixlen = found.length;
            (*res).nh_sel = found.number;
            (*res).nhc = found.next_hop.as_ptr();
            (*res).type_ = found.route.kind;
            (*res).scope = found.route.info.scope();
            (*res).dscp = found.route.dscp;
            (*res).fi = found.route.info.as_ptr();
            (*res).table = tb;
            (*res).fa_head = found.list.as_ptr();
        }
        Ok(found.next_hop.as_ptr().cast_const())
    };
    // SAFETY: By the contract of this function.
    let (error, next_hop) = match unsafe { Reader::assume(find) } {
        Ok(next_hop) => (0, next_hop),
        Err(error) => (Error::to_errno(error), ptr::null()),
    };

    // SAFETY: All are valid.
    unsafe { trace::fib_table_lookup(table.id(), flp, next_hop, error) };
    error
}

/// # Safety
///
/// All must be valid. The caller must be in an RCU read-side critical section, or hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_lookup_good_nhc(
    nhc: *const bindings::fib_nh_common,
    fib_flags: c_int,
    flp: *const bindings::flowi4,
) -> bool {
    // SAFETY: By the contract of this function.
    unsafe { NextHop::from_ptr(nhc).is_good(Flow::from_ptr(flp), fib_flags) }
}

/// # Safety
///
/// All must be valid and belong to one dump. The caller must be in an RCU read-side critical
/// section.
#[export]
pub(crate) unsafe extern "C" fn fib_table_dump(
    table: *mut bindings::fib_table,
    skb: *mut bindings::sk_buff,
    cb: *mut bindings::netlink_callback,
    filter: *mut bindings::fib_dump_filter,
) -> c_int {
    // SAFETY: By the contract of this function. All tables are made here.
    let (table, mut dump) = unsafe { (Table::from_ptr(table), Dump::from_ptrs(skb, cb, filter)) };

    // SAFETY: The caller is in an RCU read-side critical section.
    from_result(|| unsafe {
        Reader::assume(|reader| walk::dump(table, &mut dump, reader))?;
        Ok(0)
    })
}

/// # Safety
///
/// All must be valid; `extack` may be null. The caller must be in an RCU read-side critical
/// section.
#[export]
pub(crate) unsafe extern "C" fn fib_notify(
    net: *mut bindings::net,
    nb: *mut bindings::notifier_block,
    extack: *mut bindings::netlink_ext_ack,
) -> c_int {
    // SAFETY: By the contract of this function.
    let (tables, extack) = unsafe { (tables(net), Extack::from_ptr(extack)) };

    let notify = |reader: &Reader| {
        tables.for_each(reader, |table| {
            walk::notify(table, reader, |prefix, route| {
                // SAFETY: By the contract of this function.
                unsafe {
                    Event::Replace.tell_one(nb, crate::table::raw(prefix), route, &extack, reader)
                }
            })
        })
    };
    // SAFETY: The caller is in an RCU read-side critical section.
    from_result(|| unsafe {
        Reader::assume(notify)?;
        Ok(0)
    })
}

/// # Safety
///
/// All must be valid. The caller must hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_info_notify_update(
    net: *mut bindings::net,
    info: *mut bindings::nl_info,
) {
    // SAFETY: By the contract of this function.
    let (tables, asker) = unsafe { (tables(net), Asker::from_ptr(info)) };

    // SAFETY: The caller holds RTNL.
    let _ = unsafe {
        Writer::assume(|writer, locked| {
            let reader = Reader::writer(writer);

            tables.for_each(reader, |table| {
                walk::notify_update(table, &asker, reader, locked);
                Ok(())
            })
        })
    };
}

/// # Safety
///
/// All must be valid.
#[export]
pub(crate) unsafe extern "C" fn fib_alias_hw_flags_set(
    net: *mut bindings::net,
    fri: *const bindings::fib_rt_info,
) {
    // SAFETY: By the contract of this function.
    let (tables, said) = unsafe { (tables(net), Meant::from_ptr(fri)) };
    // SAFETY: By the contract of this function.
    let net = unsafe { Namespace::from_ptr(net) };
    let room = Room::new();
    let guard = rcu::read_lock();
    let reader = Reader::rcu(&guard);

    if let Some(table) = tables.get(said.table(), reader) {
        walk::set_hw_flags(table, net, &said, room, reader);
    }
}

/// # Safety
///
/// All must be valid. The caller must be in an RCU read-side critical section.
#[export]
pub(crate) unsafe extern "C" fn fib_alias_hw_flags_get(
    net: *mut bindings::net,
    _res: *const bindings::fib_result,
    fri: *mut bindings::fib_rt_info,
) {
    // SAFETY: By the contract of this function.
    let (tables, said) = unsafe { (tables(net), Meant::from_ptr(fri)) };

    // SAFETY: The caller is in an RCU read-side critical section.
    let flags = unsafe {
        Reader::assume(|reader| {
            let table = tables.get(said.table(), reader)?;
            walk::hw_flags(table, &said, reader)
        })
    };
    if let Some(flags) = flags {
        // SAFETY: By the contract of this function. What it says is not read any more.
        flags.store(unsafe { &mut *fri });
    }
}
