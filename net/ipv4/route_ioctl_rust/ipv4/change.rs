// SPDX-License-Identifier: GPL-2.0

//! The way of a call on a socket of IPv4: request, route, name, change.

use super::{
    name::{
        Name,
        Parts, //
    },
    request::Request,
    route::{
        NextHop,
        Route,
        Target, //
    }, //
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
        netdevice::NetDevice,
        route_ioctl::{
            Command,
            Layout, //
        },
        rtnl, //
    },
    prelude::*,
    uaccess::UserPtr, //
};

/// Serves a call of who may make it.
///
/// No user memory is touched with RTNL held: a page may take forever to arrive, and everybody else
/// would wait for the lock as long.
pub(crate) fn serve(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result {
    let route = Route::new(command, &Request::read(arg, layout)?)?;
    let name = match route.target {
        Target::Unicast {
            device: Some(address),
            ..
        } => Some(Name::read(UserPtr::from_addr(address.get()))?),
        _ => None,
    };
    let device = name.as_ref().map(Name::parts);
    let mut config = fib_config(command, &route);

    let rtnl = net.rtnl_lock();
    let table = resolve(&rtnl, command, &route.target, device, &mut config)?;

    match command {
        Command::Add => Table::get_or_create(&rtnl, table)?.insert(&mut config),
        Command::Delete => Table::get(&rtnl, table).ok_or(ESRCH)?.delete(&mut config),
    }
}

/// Says in terms of the FIB what is known of `route` without a lock.
fn fib_config<'rtnl>(command: Command, route: &Route) -> fib::Config<'rtnl> {
    let mut config = fib::Config::new(route.destination);

    config.priority(route.priority);
    if command == Command::Add {
        config.protocol(Protocol::BOOT);
    }
    match route.target {
        Target::Unreachable => {
            config.kind(RouteType::UNREACHABLE).scope(Scope::HOST);
        }
        Target::Unicast {
            next_hop, metrics, ..
        } => {
            if let NextHop::Address { address, .. } = next_hop {
                config.next_hop(address);
            }
            config.metrics(metrics);
        }
    }
    config
}

/// Completes `config` by what only RTNL keeps from changing.
///
/// Returns the table that the route belongs in.
fn resolve<'rtnl>(
    rtnl: &'rtnl rtnl::Held<'_>,
    command: Command,
    target: &Target,
    device: Option<Parts<'_>>,
    config: &mut fib::Config<'rtnl>,
) -> Result<TableId> {
    let Target::Unicast { next_hop, .. } = target else {
        // In the main table, but not meant for it: the FIB tells the two apart when it looks for
        // routes that are the same.
        return Ok(TableId::UNSPEC);
    };
    let table = match device {
        Some(parts) => set_device(rtnl, parts, config)?,
        None => TableId::UNSPEC,
    };
    let scope = gateway_scope(rtnl.net(), *next_hop, table)?;

    config.scope(scope.unwrap_or(match command {
        Command::Add => Scope::LINK,
        Command::Delete => Scope::NOWHERE,
    }));
    Ok(table.or_main())
}

/// Sets the device, and the preferred source if it is one of its addresses that was named.
///
/// Returns the table of the device's VRF, if any.
fn set_device<'rtnl>(
    rtnl: &'rtnl rtnl::Held<'_>,
    Parts { device, label }: Parts<'_>,
    config: &mut fib::Config<'rtnl>,
) -> Result<TableId> {
    let device = NetDevice::by_name(rtnl, device).ok_or(ENODEV)?;

    config.device(device);
    if let Some(label) = label {
        let address = device
            .ipv4_addresses()
            .and_then(|mut addresses| addresses.find(|address| address.has_label(label)))
            .ok_or(ENODEV)?;
        config.preferred_source(address.local());
    }
    Ok(device.vrf_table())
}

/// Returns the scope of what is behind the next hop, if anything can be: only if it is meant as a
/// gateway, and its address is neither our own nor one of many.
fn gateway_scope(net: &Namespace, next_hop: NextHop, table: TableId) -> Result<Option<Scope>> {
    match next_hop {
        NextHop::Missing => Err(EINVAL),
        NextHop::Address {
            address,
            gateway: true,
        } if fib::address_type(net, address, table) == RouteType::UNICAST => {
            Ok(Some(Scope::UNIVERSE))
        }
        _ => Ok(None),
    }
}
