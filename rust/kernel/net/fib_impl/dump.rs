// SPDX-License-Identifier: GPL-2.0

//! What rtnetlink and drivers ask about routes that are there.

use super::{
    notify::shown,
    HwFlags,
    Prefix,
    Reader,
    Route, //
};
use crate::{
    bindings,
    error::to_result,
    net::fib::TableId,
    prelude::*,
    sync::rcu, //
};
use core::ptr;

/// A dump of a table that rtnetlink has begun: wraps `struct netlink_callback`, what it asks for
/// and the message that is being filled.
///
/// # Invariants
///
/// All are valid and belong to one dump, of which nobody else adds to the message.
pub struct Dump<'a> {
    skb: *mut bindings::sk_buff,
    cb: &'a mut bindings::netlink_callback,
    filter: &'a bindings::fib_dump_filter,
}

/// Where in a table a dump goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// A prefix with which it is not done, or none at the beginning.
    pub prefix: Option<Prefix>,
    /// It is done with all.
    pub is_done: bool,
    /// How many of the prefix's routes it is done with.
    pub routes: usize,
    /// How many messages about the next route it has sent.
    pub messages: c_int,
}

impl<'a> Dump<'a> {
    /// Wraps what C calls a table's dump with.
    ///
    /// # Safety
    ///
    /// All must be valid within `'a`, and nobody else use them.
    pub unsafe fn from_ptrs(
        skb: *mut bindings::sk_buff,
        cb: *mut bindings::netlink_callback,
        filter: *mut bindings::fib_dump_filter,
    ) -> Self {
        // SAFETY: By the contract of this function.
        // INVARIANT: By the contract of this function.
        unsafe {
            Self {
                skb,
                cb: &mut *cb,
                filter: &*filter,
            }
        }
    }

    fn args(&mut self) -> &mut [c_long; 6] {
        // SAFETY: Any bytes are numbers.
        unsafe { &mut self.cb.__bindgen_anon_1.args }
    }

    /// Returns where it goes on. `args[2]` says whether it has begun, and the prefix's length;
    /// `args[0]` and `args[1]` are the caller's.
    pub fn progress(&mut self) -> Progress {
        let [_, _, state, address, routes, messages] = *self.args();

        // CAST: As they were stored.
        Progress {
            prefix: (state & 0x100 != 0).then_some(Prefix::new(address as u32, state as u8)),
            is_done: state & 0x200 != 0,
            routes: routes as usize,
            messages: messages as c_int,
        }
    }

    /// Notes where it goes on.
    pub fn set_progress(&mut self, progress: Progress) {
        let (address, length) = progress
            .prefix
            .map_or((0, 0), |prefix| (prefix.address(), prefix.length()));
        let state = u32::from(length)
            | u32::from(progress.prefix.is_some()) << 8
            | u32::from(progress.is_done) << 9;
        let [_, _, state_at, address_at, routes_at, messages_at] = self.args();

        // CAST: All but the address are small, and the address comes back as it was.
        *state_at = state as c_long;
        *address_at = address as c_long;
        *routes_at = progress.routes as c_long;
        *messages_at = progress.messages as c_long;
    }

    /// Returns whether a route is asked for.
    #[inline]
    pub fn wants(&self, route: Route<'_>, reader: &Reader) -> bool {
        !self.filter.filter_set || self.passes(route, reader)
    }

    fn passes(&self, route: Route<'_>, _: &Reader) -> bool {
        let filter = self.filter;

        if filter.rt_type != 0 && route.kind != filter.rt_type {
            return false;
        }
        if filter.protocol != 0 && route.info.protocol() != filter.protocol {
            return false;
        }
        // SAFETY: By the type invariant, it is a device or none. The caller is a reader.
        filter.dev.is_null()
            || unsafe { bindings::fib_info_nh_uses_dev(route.info.as_ptr(), filter.dev) }
    }

    fn flags(&self) -> u32 {
        let filter = self.filter;
        let is_part = filter.filter_set || !filter.dump_exceptions || !filter.dump_routes;
        let filtered = if is_part {
            bindings::NLM_F_DUMP_FILTERED
        } else {
            0
        };

        bindings::NLM_F_MULTI | filtered
    }

    /// Adds a route and its exceptions, but for the first messages, of which `sent` says how many.
    /// If there is no room for all, `sent` says how many there have been.
    ///
    /// Wraps `fib_dump_info()` and `fib_dump_info_fnhe()`.
    ///
    /// # Errors
    ///
    /// - [`EMSGSIZE`]: there is no room left for the next.
    pub fn add(
        &mut self,
        prefix: Prefix,
        route: Route<'_>,
        hw: HwFlags,
        sent: &mut c_int,
        _: &Reader,
    ) -> Result {
        let flags = self.flags();
        let cb = ptr::from_mut(self.cb);
        let skip = *sent;

        *sent = 0;
        if self.filter.dump_routes {
            if skip == 0 {
                let shown = shown(prefix, route, hw);
                // SAFETY: By the type invariant, all are valid. The type of a message is small.
                to_result(unsafe {
                    bindings::fib_dump_info(
                        self.skb,
                        (*bindings::NETLINK_CB((*cb).skb)).portid,
                        (*(*cb).nlh).nlmsg_seq,
                        bindings::RTM_NEWROUTE as c_int,
                        &raw const shown,
                        flags,
                    )
                })?;
            }
            *sent = 1;
        }
        if self.filter.dump_exceptions {
            let info = route.info.as_ptr();
            // Exceptions come and go without RTNL, which may be what makes the caller a reader.
            let _guard = rcu::read_lock();

            // SAFETY: By the type invariant, all are valid.
            to_result(unsafe {
                bindings::fib_dump_info_fnhe(self.skb, cb, route.table, info, sent, skip, flags)
            })?;
        }
        Ok(())
    }
}

/// A route that a driver or rtnetlink means, by way of `struct fib_rt_info`.
///
/// # Invariants
///
/// It is valid, and nobody changes it.
pub struct Meant<'a>(&'a bindings::fib_rt_info);

impl<'a> Meant<'a> {
    /// Wraps a pointer.
    ///
    /// # Safety
    ///
    /// It must be valid within `'a`, and nobody may change it.
    pub unsafe fn from_ptr(ptr: *const bindings::fib_rt_info) -> Self {
        // SAFETY: By the contract of this function.
        // INVARIANT: By the contract of this function.
        Self(unsafe { &*ptr })
    }

    /// Returns the table of the route.
    pub fn table(&self) -> TableId {
        TableId::new(self.0.tb_id)
    }

    /// Returns the prefix of the route.
    pub fn prefix(&self) -> Prefix {
        // CAST: It is 32 at most.
        Prefix::new(u32::from_be(self.0.dst), self.0.dst_len as u8)
    }

    /// Returns whether a route is the one that is meant.
    pub fn is(&self, route: Route<'_>) -> bool {
        ptr::eq(self.0.fi, route.info.as_ptr())
            && (self.0.tb_id, self.0.dscp, self.0.type_) == (route.table, route.dscp, route.kind)
    }

    /// Returns what hardware makes of it.
    pub fn flags(&self) -> HwFlags {
        HwFlags {
            offload: self.0.offload() != 0,
            trap: self.0.trap() != 0,
            offload_failed: self.0.offload_failed() != 0,
        }
    }
}
