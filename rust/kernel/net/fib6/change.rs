// SPDX-License-Identifier: GPL-2.0

//! Routes added and deleted.

use super::{
    Config,
    Flags, //
};
use crate::{
    bindings,
    error::to_result,
    net::namespace::Namespace,
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    }, //
};
use core::{
    net::Ipv6Addr,
    num::NonZero,
    ptr, //
};

/// Adds a route. Listeners of `RTNLGRP_IPV6_ROUTE` get one `RTM_NEWROUTE`.
///
/// If this route has a gateway, and there are others with one that lead to the same prefix with the
/// same metric, it becomes one more next hop of theirs.
///
/// Wraps `ip6_route_add()` without a netlink message, so that tables are made where there are none.
/// May sleep.
///
/// # Errors
///
/// - [`EAFNOSUPPORT`]: this kernel does without IPv6, or does not have it yet.
/// - [`EINVAL`]: flags that are the kernel's own, a prefix longer than 128 bits, a source prefix
///   without `CONFIG_IPV6_SUBTREES`; a gateway that is the host's own address or no unicast
///   address, or whose device is a loopback device or cannot be told.
/// - [`EHOSTUNREACH`]: the gateway is not on a connected network.
/// - [`ENODEV`]: there is no such device, or none at all, or it has no IPv6.
/// - [`ENETDOWN`]: the device is down.
/// - [`EACCES`]: IPv6 is disabled on the device.
/// - [`EEXIST`]: there is such a route. If that one has a lifetime, it gets this one's instead.
/// - [`ENOBUFS`]: out of memory, or the namespace is being taken down and gets no new routes.
/// - [`ENOMEM`]: out of memory.
/// - What a FIB notifier objects with.
//
// Not inlined: C does not export this function to modules, nor `ip6_route_del()`.
#[inline(never)]
pub fn add(net: &Namespace, config: &Config) -> Result {
    // Nobody would delete the route, or free its table.
    let net = net.get(GFP_KERNEL).ok_or(ENOBUFS)?;
    let mut raw = fib6_config(&net, config)?;

    // SAFETY: `fib6_config()` has found that the FIB is there, and has filled in the namespace,
    // which our reference keeps. The other pointers are null. Whatever else a configuration may say
    // is checked. Nobody wants an explanation in words.
    to_result(unsafe {
        bindings::ip6_route_add(&raw mut raw, bindings::GFP_KERNEL, ptr::null_mut())
    })
}

/// Deletes the first route that matches; if it has several next hops of its own, the first one that
/// does. Listeners of `RTNLGRP_IPV6_ROUTE` get one `RTM_DELROUTE`.
///
/// The prefixes and the table must be those of the route; but a source prefix does not matter if no
/// route to the destination has one. Neither device nor gateway do if the route goes by a nexthop
/// object.
///
/// With [`Flags::CACHE`] no route is deleted, and nobody is told: the longest prefix that holds the
/// address, and is no longer than what is asked for, says which route has learned what is to be
/// forgotten about that one address. There may have been nothing.
///
/// Wraps `ip6_route_del()`. Does not sleep. Not for hard interrupts.
///
/// # Errors
///
/// - [`EAFNOSUPPORT`]: this kernel does without IPv6, or does not have it yet.
/// - [`ESRCH`]: no route matches.
/// - [`ENOENT`]: the route that matches has gone meanwhile; or it is that to nowhere, which C has
///   where there is no default route.
#[inline(never)]
pub fn delete(net: &Namespace, config: &Config) -> Result {
    let mut raw = fib6_config(net, config)?;

    // SAFETY: `fib6_config()` has found that the FIB is there, and has filled in the namespace,
    // which `net` keeps. The other pointers are null. No table, device or prefix need exist to be
    // looked for; of a prefix that is longer than an address, one word is read beyond that, which
    // is in the configuration as well.
    to_result(unsafe { bindings::ip6_route_del(&raw mut raw, ptr::null_mut()) })
}

/// Says what `config` says in terms of C.
///
/// # Errors
///
/// - [`EAFNOSUPPORT`]: the namespace has no FIB of IPv6.
fn fib6_config(net: &Namespace, config: &Config) -> Result<bindings::fib6_config> {
    if !is_set_up(net) {
        return Err(EAFNOSUPPORT);
    }

    let mut flags = config.flags;
    if config.gateway.is_some() {
        flags = flags | Flags::GATEWAY;
    }
    if config.lifetime.is_some() {
        flags = flags | Flags::EXPIRES;
    }
    Ok(bindings::fib6_config {
        fc_table: config.table.as_raw(),
        fc_metric: config.metric,
        fc_dst_len: config.destination.len().into(),
        fc_src_len: config.source.len().into(),
        fc_ifindex: config.device.map_or(0, NonZero::get),
        fc_flags: flags.as_raw(),
        fc_protocol: config.protocol.as_raw().into(),
        fc_type: config.kind.as_raw().into(),
        fc_dst: to_raw(config.destination.address()),
        fc_src: to_raw(config.source.address()),
        fc_gateway: to_raw(config.gateway.unwrap_or(Ipv6Addr::UNSPECIFIED)),
        fc_expires: config.lifetime.unwrap_or_default(),
        fc_nlinfo: bindings::nl_info {
            nl_net: net.as_ptr(),
            ..pin_init::zeroed()
        },
        ..pin_init::zeroed()
    })
}

/// Returns whether the namespace has a FIB of IPv6. None has with `ipv6.disable=1`, nor the initial
/// one while the kernel is still starting.
fn is_set_up(net: &Namespace) -> bool {
    let main = net
        .as_ptr()
        .wrapping_byte_add(bindings::NET_FIB6_MAIN_TBL)
        .cast::<*mut bindings::fib6_table>();

    // SAFETY: C has the pointer at that offset, aligned. It is set, and the rest of the FIB with
    // it, before anybody else can see the namespace; that of the initial one by an initcall, of
    // which one is run after another. (C's own sockets of IPv6 can be made sooner than that.)
    !unsafe { Atomic::from_ptr(main) }.load(Relaxed).is_null()
}

/// Returns `address` as C has it.
#[inline]
fn to_raw(address: Ipv6Addr) -> bindings::in6_addr {
    bindings::in6_addr {
        in6_u: bindings::in6_addr__bindgen_ty_1 {
            u6_addr8: address.octets(),
        },
    }
}
