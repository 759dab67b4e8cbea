// SPDX-License-Identifier: GPL-2.0

//! The functions by which C finds and adds tables, and parts the local from the main one.

use super::{
    tables,
    write, //
};
use crate::{
    table::{
        Fib,
        Table, //
    },
    unmerge, //
};
use core::ptr::{
    self,
    NonNull, //
};
use kernel::{
    bindings,
    error::from_result,
    net::{
        fib::TableId,
        fib_impl::Reader, //
    },
    prelude::*, //
};

/// # Safety
///
/// `net` must be set up. The caller must be in an RCU read-side critical section or hold RTNL, as
/// long as it uses the table.
#[export]
pub(crate) unsafe extern "C" fn fib_get_table(
    net: *mut bindings::net,
    id: u32,
) -> *mut bindings::fib_table {
    // SAFETY: By the contract of this function.
    let found = unsafe {
        let tables = tables(net);
        Reader::assume(|reader| tables.get(TableId::new(id), reader).map(Table::as_ptr))
    };

    found.unwrap_or(ptr::null_mut())
}

/// # Safety
///
/// As for [`fib_get_table()`], or else no table may be parted from another meanwhile. The caller
/// may sleep.
#[export]
pub(crate) unsafe extern "C" fn fib_new_table(
    net: *mut bindings::net,
    id: u32,
) -> *mut bindings::fib_table {
    let id = TableId::new(id).or_main();

    // SAFETY: By the contract of this function.
    unsafe {
        let found = fib_get_table(net, id.as_raw());
        if !found.is_null() {
            return found;
        }
        // Nobody would free the table.
        if !bindings::check_net(net) {
            return ptr::null_mut();
        }

        let whole = match id {
            TableId::LOCAL if !bindings::fib4_has_custom_rules(net) => {
                fib_new_table(net, TableId::MAIN.as_raw())
            }
            _ => ptr::null_mut(),
        };
        let new = NonNull::new(super::fib_trie_table(id.as_raw(), whole));
        // It has just been made.
        new.map_or(ptr::null_mut(), |new| tables(net).add(new).as_ptr())
    }
}

/// Gives the local table routes of its own, if it shares the main table's.
///
/// # Safety
///
/// `net` must be set up. The caller must hold RTNL.
#[export]
pub(crate) unsafe extern "C" fn fib_unmerge(net: *mut bindings::net) -> c_int {
    // SAFETY: By the contract of this function. RTNL keeps the tables; the old one is used no more
    // when it is freed. A table that has just been made has been seen by nobody.
    from_result(|| unsafe {
        let local = fib_get_table(net, TableId::LOCAL.as_raw());
        if local.is_null() || !Table::from_ptr(local).is_part() {
            return Ok(0);
        }
        let new = Table::create(TableId::LOCAL.as_raw(), None, Fib::new(), GFP_KERNEL);
        let new = new.ok_or(ENOMEM)?.as_ptr();
        let copied = write(|writer, locked| {
            let (from, to) = (Table::from_ptr(local), Table::from_ptr(new));

            unmerge::copy_part(from.data(), to, writer, locked)
                .inspect_err(|_| unmerge::discard(to, writer, locked))
        });
        if let Err(error) = copied {
            Table::free(new);
            return Err(error);
        }

        tables(net).replace(local, new);
        Table::free(local);
        let main = fib_get_table(net, TableId::MAIN.as_raw());
        if !main.is_null() {
            let main = Table::from_ptr(main);
            // Until then, lookups go to main alone.
            bindings::fib4_enforce_rules(net);
            write(|writer, locked| unmerge::forget_others(main, writer, locked));
        }
        Ok(0)
    })
}
