// SPDX-License-Identifier: GPL-2.0

//! Tests of [`route`](super::route): every row of the contract that needs no network.

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_ipv6_route)]
mod tests {
    use crate::ipv6::request::{
        Request,
        NATIVE_SIZE, //
    };
    use core::{
        net::Ipv6Addr,
        num::NonZero, //
    };
    use kernel::{
        net::{
            fib::{
                Protocol,
                RouteType, //
            },
            fib6::{
                Config,
                Flags,
                Prefix, //
            },
            route_ioctl::Command, //
        },
        prelude::*,
        uapi::{
            RTF_EXPIRES,
            RTF_GATEWAY,
            RTF_HOST,
            RTF_UP, //
        }, //
    };

    const COMMANDS: [Command; 2] = [Command::Add, Command::Delete];
    const ADDRESS: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 3, 4, 5, 6);

    /// A request for the default route: all zero.
    fn request() -> Request {
        Request::from_native([0; NATIVE_SIZE])
    }

    /// What both commands make of it, apart from the metric.
    fn default_route() -> Config {
        Config::new(Prefix::new(Ipv6Addr::UNSPECIFIED, 0))
    }

    /// What a command makes of a request whose metric does not matter.
    fn config(command: Command, request: &Request) -> Result<Config> {
        request.config(command).map(|config| Config {
            metric: 0,
            ..config
        })
    }

    #[test]
    fn zero() {
        for command in COMMANDS {
            assert_eq!(config(command, &request()), Ok(default_route()));
        }
        assert_eq!(default_route().protocol, Protocol::UNSPEC);
    }

    /// Any length, above 128 too, and with bits beyond it: what there is, the FIB knows.
    #[test]
    fn prefixes() {
        for len in [0, 1, 64, 127, 128, 129, 200, 0x100, 0x180, u16::MAX] {
            let (mut to, mut from) = (request(), request());
            to.destination = ADDRESS.octets();
            to.destination_len = len;
            from.source = ADDRESS.octets();
            from.source_len = len;

            for command in COMMANDS {
                assert_eq!(
                    config(command, &to),
                    Ok(Config {
                        destination: Prefix::new(ADDRESS, len),
                        ..default_route()
                    })
                );
                assert_eq!(
                    config(command, &from),
                    Ok(Config {
                        source: Prefix::new(ADDRESS, len),
                        ..default_route()
                    })
                );
            }
        }
    }

    #[test]
    fn metric() -> Result {
        for (metric, add) in [
            (0, 1024),
            (1, 1),
            (1023, 1023),
            (1024, 1024),
            (u32::MAX, u32::MAX),
        ] {
            let mut request = request();
            request.metric = metric;
            assert_eq!(request.config(Command::Add)?.metric, add);
            assert_eq!(request.config(Command::Delete)?.metric, metric);
        }
        Ok(())
    }

    /// A gateway counts with its flag, and only then.
    #[test]
    fn gateway() {
        let mut request = request();
        request.gateway = ADDRESS.octets();

        for command in COMMANDS {
            for flags in [0, RTF_UP | RTF_HOST] {
                request.flags = flags;
                assert_eq!(
                    config(command, &request),
                    Ok(Config {
                        flags: Flags::from_raw(flags),
                        ..default_route()
                    })
                );

                request.flags |= RTF_GATEWAY;
                assert_eq!(
                    config(command, &request),
                    Ok(Config {
                        gateway: Some(ADDRESS),
                        flags: Flags::from_raw(request.flags),
                        ..default_route()
                    })
                );
            }
        }
    }

    /// So does a lifetime.
    #[test]
    fn lifetime() {
        for info in [0, 1, 3000, usize::MAX] {
            let mut request = request();
            request.info = info;

            for command in COMMANDS {
                request.flags = 0;
                assert_eq!(config(command, &request), Ok(default_route()));

                request.flags = RTF_EXPIRES;
                assert_eq!(
                    config(command, &request),
                    Ok(Config {
                        lifetime: Some(info),
                        flags: Flags::EXPIRES,
                        ..default_route()
                    })
                );
            }
        }
    }

    /// All flags reach the FIB, those that it refuses too.
    #[test]
    fn flags() -> Result {
        for bit in 0..32 {
            for flags in [1 << bit, u32::MAX >> bit] {
                let mut request = request();
                request.flags = flags;
                for command in COMMANDS {
                    assert_eq!(request.config(command)?.flags, Flags::from_raw(flags));
                }
            }
        }
        Ok(())
    }

    #[test]
    fn device() -> Result {
        for index in [0, 1, i32::MAX, -1, i32::MIN] {
            let mut request = request();
            request.device = index;
            for command in COMMANDS {
                assert_eq!(request.config(command)?.device, NonZero::new(index));
            }
        }
        Ok(())
    }

    /// Types are 16 bits of which few are known; what is deleted may be of any.
    #[test]
    fn kind() {
        for (raw, kind) in [
            (0, Some(RouteType::UNSPEC)),
            (1, Some(RouteType::UNICAST)),
            (5, Some(RouteType::MULTICAST)),
            (6, Some(RouteType::BLACKHOLE)),
            (11, RouteType::from_raw(11)),
            (12, None),
            (0xff, None),
            (0x100, None),
            (0x101, None),
            (0xffff, None),
            (0x1_0000, Some(RouteType::UNSPEC)),
            (0xffff_0001, Some(RouteType::UNICAST)),
            (u32::MAX, None),
        ] {
            let mut request = request();
            request.kind = raw;

            assert_eq!(
                config(Command::Add, &request),
                kind.ok_or(EINVAL).map(|kind| Config {
                    kind,
                    ..default_route()
                })
            );
            assert_eq!(config(Command::Delete, &request), Ok(default_route()));
        }
    }
}
