// SPDX-License-Identifier: GPL-2.0

//! The way of a call: capability, request, configuration, change.

use crate::{
    calls,
    config::{
        Config,
        NextHop,
        Target, //
    },
    request::Request, //
};
use kernel::{
    net::{
        fib::{
            self,
            Protocol,
            RouteType,
            Scope,
            Table,
            TableId, //
        },
        namespace::Namespace,
        netdevice::{
            Device,
            Name, //
        },
        route_ioctl::{
            Command,
            Layout,
            RouteIoctl, //
        },
        rtnl, //
    },
    prelude::*,
    uaccess::UserPtr,
    user_namespace::Capability, //
};

pub(crate) struct Handler;

impl RouteIoctl for Handler {
    // All on the way of a call is inlined: one function in the end, with few registers to save.
    #[inline]
    fn ioctl(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result {
        let result = serve(net, command, arg, layout);

        calls::count(command, &result);
        result
    }
}

/// No user memory is touched with RTNL held: a page may take forever to arrive, and everybody else
/// would wait for the lock as long.
#[inline]
fn serve(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result {
    if !net.user_ns().capable(Capability::NET_ADMIN) {
        return Err(EPERM);
    }

    // One by one, so that a field is loaded where it is looked at: what fails early costs less.
    let config = match layout {
        Layout::Native => Config::new(command, &Request::read_native(arg)?)?,
        Layout::Compat => Config::new(command, &Request::read_compat(arg)?)?,
    };
    let device = match config.target {
        Target::Unicast {
            device: Some(address),
            ..
        } => Some(Name::read(UserPtr::from_addr(address.get()))?),
        _ => None,
    };

    let mut route = fib::Config::new(config.destination);
    describe(command, &config, &mut route);

    let rtnl = net.rtnl_lock();
    let table = resolve(&rtnl, command, &config.target, device.as_ref(), &mut route)?;

    match command {
        Command::Add => Table::get_or_create(&rtnl, table)?.insert(&mut route),
        Command::Delete => Table::get(&rtnl, table).ok_or(ESRCH)?.delete(&mut route),
    }
}

/// Says in terms of the FIB what is known of the route without a lock.
#[inline]
fn describe(command: Command, config: &Config, route: &mut fib::Config) {
    route.priority(config.priority);
    if command == Command::Add {
        route.protocol(Protocol::BOOT);
    }
    match &config.target {
        Target::Unreachable => {
            route.kind(RouteType::UNREACHABLE).scope(Scope::HOST);
        }
        Target::Unicast {
            next_hop, metrics, ..
        } => {
            if let NextHop::Address { address, .. } = next_hop {
                route.next_hop(*address);
            }
            if let Some(metrics) = metrics {
                route.metrics(metrics);
            }
        }
    }
}

/// Finds out what else there is to know, and in which table the route belongs.
#[inline]
fn resolve(
    rtnl: &rtnl::Guard<'_>,
    command: Command,
    target: &Target,
    device: Option<&Name>,
    route: &mut fib::Config,
) -> Result<TableId> {
    let Target::Unicast { next_hop, .. } = target else {
        // In the main table, but not meant for it: the FIB tells the two apart when it looks for
        // routes that are the same.
        return Ok(TableId::UNSPEC);
    };
    let table = match device {
        Some(name) => set_device(rtnl, name, route)?,
        None => TableId::UNSPEC,
    };
    route.scope(match (leads_on(rtnl, *next_hop, table)?, command) {
        (true, _) => Scope::UNIVERSE,
        (false, Command::Add) => Scope::LINK,
        (false, Command::Delete) => Scope::NOWHERE,
    });
    Ok(table.or_main())
}

/// Sets the device that `name` names, and the preferred source if it is the label of an address:
/// then the device's name is what comes before the colon.
///
/// Returns the table of the device's VRF, if any.
#[inline]
fn set_device(rtnl: &rtnl::Guard<'_>, name: &Name, route: &mut fib::Config) -> Result<TableId> {
    let before = name.before(b':');
    let device = Device::by_name(rtnl, before.as_ref().unwrap_or(name)).ok_or(ENODEV)?;

    route.device(device);
    if before.is_some() {
        let address = device
            .ipv4_addresses()
            .and_then(|mut addresses| addresses.find(|a| a.has_label(name)))
            .ok_or(ENODEV)?;
        route.preferred_source(address.local());
    }
    Ok(device.vrf_table())
}

/// Returns whether destinations may be beyond the next hop: only if it is meant as a gateway, and
/// its address is neither our own nor one of many.
#[inline]
fn leads_on(rtnl: &rtnl::Guard<'_>, next_hop: NextHop, table: TableId) -> Result<bool> {
    match next_hop {
        NextHop::Direct => Ok(false),
        NextHop::Missing => Err(EINVAL),
        NextHop::Address { address, gateway } => {
            Ok(gateway && fib::address_type(rtnl.net(), address, table) == RouteType::UNICAST)
        }
    }
}
