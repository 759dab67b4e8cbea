// SPDX-License-Identifier: GPL-2.0

//! The files in `/proc/net`: `route`, `fib_trie` and `fib_triestat`.
//!
//! What is in them is for those who have no better way to ask, and for scripts that search it. So
//! it is printed by the formats that C has for it.

use super::tables;
use crate::{
    memory::Kernel,
    table::{
        Fib,
        Table,
        Tables, //
    },
    trie::{
        Prefix,
        Trie, //
    }, //
};
use core::ptr;
use kernel::{
    bindings,
    net::{
        fib::TableId,
        fib_impl::{
            Reader,
            Route, //
        }, //
    },
    prelude::*,
    sync::rcu, //
};

/// Where a file is.
type Iter = bindings::fib_rust_iter;

/// What is shown first in `/proc/net/route`: `SEQ_START_TOKEN`.
const START: *mut c_void = ptr::without_provenance_mut(1);

/// Returns where a file is, and in which tables.
///
/// # Safety
///
/// `seq` must be a file that is made with a `struct fib_rust_iter`, which nobody else uses within
/// `'a`.
unsafe fn open<'a>(seq: *mut bindings::seq_file) -> (&'a mut Iter, Tables<'a>) {
    // SAFETY: By the contract of this function. An open file keeps its namespace, which C finds in
    // the same place.
    unsafe {
        let tables = tables(bindings::seq_file_net(seq));
        (&mut *(*seq).private.cast::<Iter>(), tables)
    }
}

fn prefix(iter: &Iter) -> Option<Prefix> {
    match iter.has_prefix {
        true => Prefix::new(iter.address, iter.length),
        false => None,
    }
}

/// Goes to a prefix of the table, or to its end. Returns whether there is one.
fn go_to(iter: &mut Iter, prefix: Option<Prefix>) -> bool {
    iter.has_prefix = prefix.is_some();
    if let Some(prefix) = prefix {
        (iter.address, iter.length) = (prefix.address(), prefix.length());
    }
    iter.has_prefix
}

/// Goes to the next prefix of the table.
fn next_prefix(iter: &mut Iter, tables: &Tables<'_>, reader: &Reader) -> bool {
    let table = tables.get(TableId::new(iter.tb_id), reader);
    let next = table.and_then(|table| table.data().next(prefix(iter), reader));

    iter.has_last = iter.has_prefix;
    iter.last_address = iter.address;
    go_to(iter, next.map(|(prefix, _)| prefix))
}

/// Goes to the next table of the namespace that has a prefix, and to that.
fn next_table(iter: &mut Iter, tables: &Tables<'_>, reader: &Reader) -> bool {
    let mut is_next = !iter.has_table;
    let mut first = None;
    // It ends when there is one.
    let _ = tables.for_each(reader, |table| {
        if is_next {
            first = table.data().next(None, reader).map(|(prefix, _)| prefix);
            if first.is_some() {
                iter.tb_id = table.id();
                return Err(EINTR);
            }
        }
        is_next |= table.id() == iter.tb_id;
        Ok(())
    });

    iter.has_table = true;
    iter.has_last = false;
    go_to(iter, first)
}

/// Goes to a position, by steps from where it is, or from the beginning.
fn seek(
    iter: &mut Iter,
    pos: bindings::loff_t,
    tables: &Tables<'_>,
    reader: &Reader,
    begin: impl Fn(&mut Iter) -> bool,
    step: impl Fn(&mut Iter) -> bool,
) -> bool {
    if iter.has_table && iter.pos == pos {
        let is_there = prefix(iter).is_some_and(|prefix| {
            let table = tables.get(TableId::new(iter.tb_id), reader);
            table.is_some_and(|table| table.data().routes(prefix, reader).is_some())
        });
        let last = (iter.has_last, iter.last_address);
        // What was to be shown may be gone. If so, what was shown before it was the last.
        let is_next = iter.has_prefix && (is_there || step(iter));
        if iter.has_last {
            (iter.has_last, iter.last_address) = last;
        }
        return is_next;
    }

    let is_next = iter.has_prefix && iter.pos.checked_add(1) == Some(pos);
    let is_there = if is_next {
        step(iter)
    } else {
        iter.has_table = false;
        iter.has_prefix = false;
        iter.pos = 0;
        let mut is_there = begin(iter);
        while is_there && iter.pos < pos {
            is_there = step(iter);
            iter.pos = iter.pos.wrapping_add(1);
        }
        is_there
    };
    iter.pos = pos;
    is_there
}

/// Begins or goes on to read, in an RCU read-side critical section that [`fib_rust_seq_stop()`]
/// ends.
///
/// # Safety
///
/// As for [`open()`].
unsafe fn start(
    seq: *mut bindings::seq_file,
    begin: impl Fn(&mut Iter, &Tables<'_>, &Reader) -> bool,
    step: impl Fn(&mut Iter, &Tables<'_>, &Reader) -> bool,
    pos: bindings::loff_t,
) -> *mut c_void {
    // SAFETY: By the contract of this function. The critical section has begun just before.
    unsafe {
        let (iter, tables) = open(seq);
        let is_there = Reader::assume(|reader| {
            seek(
                iter,
                pos,
                &tables,
                reader,
                |iter| begin(iter, &tables, reader),
                |iter| step(iter, &tables, reader),
            )
        });
        found(seq, is_there)
    }
}

/// What the functions below return for what is to be shown next: where the file is, or nothing.
///
/// # Safety
///
/// As for [`open()`].
unsafe fn found(seq: *mut bindings::seq_file, is_there: bool) -> *mut c_void {
    match is_there {
        // SAFETY: By the contract of this function.
        true => unsafe { (*seq).private },
        false => ptr::null_mut(),
    }
}

/// # Safety
///
/// `seq` must be a file that one of the functions below has begun to read.
#[export]
pub(crate) unsafe extern "C" fn fib_rust_seq_stop(_seq: *mut bindings::seq_file, _v: *mut c_void) {
    // SAFETY: The critical section has begun when this reading did.
    unsafe { bindings::rcu_read_unlock() };
}

fn main_begins(iter: &mut Iter, tables: &Tables<'_>, reader: &Reader) -> bool {
    iter.has_table = true;
    iter.tb_id = TableId::MAIN.as_raw();
    next_prefix(iter, tables, reader)
}

/// # Safety
///
/// `seq` must be `/proc/net/route`, and `pos` valid.
#[export]
pub(crate) unsafe extern "C" fn fib_route_seq_start(
    seq: *mut bindings::seq_file,
    pos: *mut bindings::loff_t,
) -> *mut c_void {
    // SAFETY: By the contract of this function. `fib_rust_seq_stop()` is called in the end.
    unsafe {
        bindings::rcu_read_lock();
        match (*pos).checked_sub(1) {
            Some(at) if at >= 0 => start(seq, main_begins, next_prefix, at),
            _ => {
                let (iter, tables) = open(seq);
                iter.has_table = false;
                match Reader::assume(|reader| tables.get(TableId::MAIN, reader).is_some()) {
                    true => START,
                    false => ptr::null_mut(),
                }
            }
        }
    }
}

/// # Safety
///
/// As for [`fib_route_seq_start()`], which must have been called.
#[export]
pub(crate) unsafe extern "C" fn fib_route_seq_next(
    seq: *mut bindings::seq_file,
    _v: *mut c_void,
    pos: *mut bindings::loff_t,
) -> *mut c_void {
    // SAFETY: By the contract of this function, this is in a critical section.
    unsafe {
        let at = *pos;
        *pos = at.wrapping_add(1);
        start(seq, main_begins, next_prefix, at)
    }
}

/// # Safety
///
/// As for [`fib_route_seq_next()`].
#[export]
pub(crate) unsafe extern "C" fn fib_route_seq_show(
    seq: *mut bindings::seq_file,
    v: *mut c_void,
) -> c_int {
    if ptr::eq(v, START) {
        let head =
            c"Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
        // SAFETY: By the contract of this function. The arguments are as the format says.
        unsafe { bindings::seq_printf(seq, c"%-127s\n".as_char_ptr(), head.as_char_ptr()) };
        return 0;
    }
    // SAFETY: By the contract of this function, which is called in a critical section.
    unsafe {
        let (iter, tables) = open(seq);
        Reader::assume(|reader| {
            show(iter, &tables, reader, |table, prefix, route| {
                // Nobody has ever been shown these here.
                let is_hidden =
                    [bindings::RTN_BROADCAST, bindings::RTN_MULTICAST].contains(&route.kind.into());
                if route.table == table.id() && !is_hidden {
                    show_route(seq, prefix, route);
                }
            });
        });
    }
    0
}

/// Runs `f` for each route to the prefix where a file is.
fn show(
    iter: &Iter,
    tables: &Tables<'_>,
    reader: &Reader,
    f: impl Fn(&Table, Prefix, Route<'_>),
) -> Option<()> {
    let prefix = prefix(iter)?;
    let table = tables.get(TableId::new(iter.tb_id), reader)?;
    let list = table.data().routes(prefix, reader)?;

    list.routes().for_each(|(_, route)| f(table, prefix, route));
    Some(())
}

/// # Safety
///
/// As for [`fib_route_seq_show()`].
unsafe fn show_route(seq: *mut bindings::seq_file, prefix: Prefix, route: Route<'_>) {
    let mask = Prefix::network(u32::MAX, prefix.length()).to_be();
    let refuses = [bindings::RTN_UNREACHABLE, bindings::RTN_PROHIBIT].contains(&route.kind.into());
    let mut flags = bindings::RTF_UP;

    // SAFETY: By the contract of this function. The first next hop is there, as long as the
    // critical section lasts; its device may be none. The metrics are there, and any number of them
    // is one. The arguments are as the format says.
    unsafe {
        let info = route.info.as_ptr();
        let hop = bindings::fib_info_nhc(info, 0);
        let gateway = (*hop).nhc_gw.ipv4;
        let metrics = &(*(*info).fib_metrics).metrics;
        let metric = |kind: u32| {
            metrics
                .get((kind as usize).wrapping_sub(1))
                .map_or(0, |it| *it)
        };
        let advmss = metric(bindings::RTAX_ADVMSS);

        if refuses {
            flags |= bindings::RTF_REJECT;
        }
        if gateway != 0 {
            flags |= bindings::RTF_GATEWAY;
        }
        if prefix.length() == 32 {
            flags |= bindings::RTF_HOST;
        }
        bindings::seq_setwidth(seq, 127);
        bindings::seq_printf(
            seq,
            c"%s\t%08X\t%08X\t%04X\t%d\t%u\t%u\t%08X\t%d\t%u\t%u".as_char_ptr(),
            match (*hop).nhc_dev.is_null() {
                true => c"*".as_char_ptr(),
                false => bindings::netdev_name((*hop).nhc_dev),
            },
            prefix.address().to_be(),
            match u32::from((*hop).nhc_gw_family) {
                bindings::AF_INET => gateway,
                _ => 0,
            },
            flags,
            0 as c_int,
            0 as c_uint,
            route.info.priority(),
            mask,
            match advmss {
                0 => 0,
                size => size.wrapping_add(40),
            },
            metric(bindings::RTAX_WINDOW),
            metric(bindings::RTAX_RTT) >> 3,
        );
        bindings::seq_pad(seq, b'\n' as c_char);
    }
}

/// # Safety
///
/// `seq` must be `/proc/net/fib_trie`, and `pos` valid.
#[export]
pub(crate) unsafe extern "C" fn fib_trie_seq_start(
    seq: *mut bindings::seq_file,
    pos: *mut bindings::loff_t,
) -> *mut c_void {
    // SAFETY: By the contract of this function. `fib_rust_seq_stop()` is called in the end.
    unsafe {
        bindings::rcu_read_lock();
        start(seq, next_table, next_of_all, *pos)
    }
}

fn next_of_all(iter: &mut Iter, tables: &Tables<'_>, reader: &Reader) -> bool {
    next_prefix(iter, tables, reader) || next_table(iter, tables, reader)
}

/// # Safety
///
/// As for [`fib_trie_seq_start()`], which must have been called.
#[export]
pub(crate) unsafe extern "C" fn fib_trie_seq_next(
    seq: *mut bindings::seq_file,
    _v: *mut c_void,
    pos: *mut bindings::loff_t,
) -> *mut c_void {
    // SAFETY: By the contract of this function, this is in a critical section.
    unsafe {
        *pos = (*pos).wrapping_add(1);
        start(seq, next_table, next_of_all, *pos)
    }
}

/// # Safety
///
/// `seq` must be a file that is being read.
unsafe fn show_table(seq: *mut bindings::seq_file, id: u32) {
    // SAFETY: By the contract of this function. The arguments are as the format says.
    unsafe {
        match TableId::new(id) {
            TableId::LOCAL => bindings::__seq_puts(seq, c"Local:\n".as_char_ptr()),
            TableId::MAIN => bindings::__seq_puts(seq, c"Main:\n".as_char_ptr()),
            _ => bindings::seq_printf(seq, c"Id %d:\n".as_char_ptr(), id),
        }
    };
}

/// # Safety
///
/// As for [`fib_trie_seq_next()`].
#[export]
pub(crate) unsafe extern "C" fn fib_trie_seq_show(
    seq: *mut bindings::seq_file,
    _v: *mut c_void,
) -> c_int {
    // SAFETY: By the contract of this function, which is called in a critical section.
    unsafe {
        let (iter, tables) = open(seq);
        if !iter.has_last {
            show_table(seq, iter.tb_id);
        }
        Reader::assume(|reader| {
            let prefix = prefix(iter)?;
            let table = tables.get(TableId::new(iter.tb_id), reader)?;
            let trie = &table.data().trie;
            let last = match iter.has_last {
                true => last_at(trie, iter.last_address, prefix, reader),
                false => None,
            };
            let depth = show_branches(seq, trie, prefix, last, reader);
            if last.is_none_or(|last| last.address() != prefix.address()) {
                let address = prefix.address().to_be();
                indent(seq, depth);
                bindings::seq_printf(seq, c"  |-- %pI4\n".as_char_ptr(), &raw const address);
            }
            for (_, route) in table.data().routes(prefix, reader)?.routes() {
                indent(seq, depth.wrapping_add(1));
                show_alias(seq, prefix, route);
            }
            Some(())
        });
    }
    0
}

/// The last prefix that begins at an address, of those that come before another.
fn last_at(trie: &Trie<Kernel>, address: u32, before: Prefix, reader: &Reader) -> Option<Prefix> {
    let host = Prefix::new(address, 32)?;
    let mut last = host;

    while let Some((next, _)) = trie.next(Some(last), reader) {
        if next == before || next.address() != address {
            break;
        }
        last = next;
    }
    (last != before).then_some(last)
}

/// # Safety
///
/// `seq` must be a file that is being read.
unsafe fn indent(seq: *mut bindings::seq_file, depth: usize) {
    for _ in 0..depth {
        // SAFETY: By the contract of this function.
        unsafe { bindings::__seq_puts(seq, c"   ".as_char_ptr()) };
    }
}

/// Shows the branches on the way to a prefix that were not on the way to the one before. Returns
/// how many there are on the way.
///
/// # Safety
///
/// `seq` must be a file that is being read.
unsafe fn show_branches(
    seq: *mut bindings::seq_file,
    trie: &Trie<Kernel>,
    prefix: Prefix,
    last: Option<Prefix>,
    reader: &Reader,
) -> usize {
    let mut before = last.into_iter().flat_map(|last| trie.path(last, reader));
    let mut is_new = false;
    let mut depth = 0usize;

    for branch in trie.path(prefix, reader) {
        let (address, length, bits) = branch.range();

        is_new |= before.next().map(|branch| branch.range()) != Some((address, length, bits));
        if is_new {
            let (branches, empty) = branch.children();
            let address = address.to_be();
            // SAFETY: By the contract of this function. The arguments are as the format says.
            unsafe {
                indent(seq, depth);
                bindings::seq_printf(
                    seq,
                    c"  +-- %pI4/%u %u %zu %zu\n".as_char_ptr(),
                    &raw const address,
                    c_uint::from(length),
                    c_uint::from(bits),
                    branches,
                    empty,
                );
            }
        }
        depth = depth.wrapping_add(1);
    }
    depth
}

/// # Safety
///
/// As for [`fib_trie_seq_show()`].
unsafe fn show_alias(seq: *mut bindings::seq_file, prefix: Prefix, route: Route<'_>) {
    let scope = u32::from(route.info.scope());
    let scope_name = match scope {
        bindings::rt_scope_t_RT_SCOPE_UNIVERSE => Some(c"universe"),
        bindings::rt_scope_t_RT_SCOPE_SITE => Some(c"site"),
        bindings::rt_scope_t_RT_SCOPE_LINK => Some(c"link"),
        bindings::rt_scope_t_RT_SCOPE_HOST => Some(c"host"),
        bindings::rt_scope_t_RT_SCOPE_NOWHERE => Some(c"nowhere"),
        _ => None,
    };
    let kind = u32::from(route.kind);
    let kind_name = match kind {
        bindings::RTN_UNSPEC => Some(c"UNSPEC"),
        bindings::RTN_UNICAST => Some(c"UNICAST"),
        bindings::RTN_LOCAL => Some(c"LOCAL"),
        bindings::RTN_BROADCAST => Some(c"BROADCAST"),
        bindings::RTN_ANYCAST => Some(c"ANYCAST"),
        bindings::RTN_MULTICAST => Some(c"MULTICAST"),
        bindings::RTN_BLACKHOLE => Some(c"BLACKHOLE"),
        bindings::RTN_UNREACHABLE => Some(c"UNREACHABLE"),
        bindings::RTN_PROHIBIT => Some(c"PROHIBIT"),
        bindings::RTN_THROW => Some(c"THROW"),
        bindings::RTN_NAT => Some(c"NAT"),
        bindings::RTN_XRESOLVE => Some(c"XRESOLVE"),
        _ => None,
    };

    // SAFETY: By the contract of this function. The arguments are as the formats say.
    unsafe {
        let length = c_uint::from(prefix.length());
        bindings::seq_printf(seq, c"  /%u ".as_char_ptr(), length);
        match scope_name {
            Some(name) => bindings::seq_printf(seq, c"%s ".as_char_ptr(), name.as_char_ptr()),
            None => bindings::seq_printf(seq, c"scope=%d ".as_char_ptr(), scope),
        }
        match kind_name {
            Some(name) => bindings::__seq_puts(seq, name.as_char_ptr()),
            None => bindings::seq_printf(seq, c"type %u".as_char_ptr(), kind),
        }
        if route.dscp != 0 {
            bindings::seq_printf(seq, c" tos=%d".as_char_ptr(), c_uint::from(route.dscp));
        }
        bindings::__seq_puts(seq, c"\n".as_char_ptr());
    }
}

/// # Safety
///
/// `seq` must be `/proc/net/fib_triestat`.
#[export]
pub(crate) unsafe extern "C" fn fib_triestat_seq_show(
    seq: *mut bindings::seq_file,
    _v: *mut c_void,
) -> c_int {
    /// What goes with each leaf and each branch.
    const HEADER: usize = 16;

    // SAFETY: By the contract of this function, the file is one of a namespace, which it keeps.
    let tables = unsafe { tables((*seq).private.cast()) };
    let guard = rcu::read_lock();
    let reader = Reader::rcu(&guard);

    // SAFETY: By the contract of this function. The arguments are as the format says.
    unsafe {
        bindings::seq_printf(
            seq,
            c"Basic info: size of leaf: %zd bytes, size of tnode: %zd bytes.\n".as_char_ptr(),
            HEADER,
            HEADER,
        )
    };
    // It never fails.
    let _ = tables.for_each(reader, |table| {
        // SAFETY: By the contract of this function.
        unsafe { show_stat(seq, table.id(), table.data(), reader, HEADER) };
        Ok(())
    });
    0
}

/// # Safety
///
/// As for [`fib_triestat_seq_show()`].
unsafe fn show_stat(
    seq: *mut bindings::seq_file,
    id: u32,
    fib: &Fib,
    reader: &Reader,
    header: usize,
) {
    let stat = fib.trie.stat(reader);
    let branches = stat
        .branches
        .iter()
        .fold(0usize, |all, count| all.wrapping_add(*count));
    // Routes, as ever.
    let mut prefixes = 0usize;
    // Nothing here fails.
    let _ = fib.walk(None, reader, |_, list| {
        prefixes = prefixes.wrapping_add(list.len());
        Ok(())
    });
    // In hundredths.
    let depth = stat
        .depths
        .wrapping_mul(100)
        .checked_div(stat.leaves)
        .unwrap_or(0);
    let size = header
        .wrapping_mul(stat.leaves.wrapping_add(branches))
        .wrapping_add(stat.cells.wrapping_mul(size_of::<u32>()))
        .wrapping_add(stat.slots.wrapping_mul(size_of::<usize>()));

    // SAFETY: By the contract of this function. The arguments are as the formats say.
    unsafe {
        show_table(seq, id);
        bindings::seq_printf(
            seq,
            c"\tAver depth:     %zu.%02zd\n\tMax depth:      %zu\n".as_char_ptr(),
            depth / 100,
            depth % 100,
            stat.deepest,
        );
        bindings::seq_printf(
            seq,
            c"\tLeaves:         %zu\n\tPrefixes:       %zu\n\tInternal nodes: %zu\n\t"
                .as_char_ptr(),
            stat.leaves,
            prefixes,
            branches,
        );
        for (bits, count) in (0..usize::MAX).zip(stat.branches) {
            if count != 0 {
                bindings::seq_printf(seq, c"  %zu: %zu".as_char_ptr(), bits, count);
            }
        }
        bindings::seq_printf(
            seq,
            c"\n\tPointers: %zu\nNull ptrs: %zu\nTotal size: %zu  kB\n".as_char_ptr(),
            stat.slots,
            stat.empty,
            size.div_ceil(1024),
        );
    }
}
