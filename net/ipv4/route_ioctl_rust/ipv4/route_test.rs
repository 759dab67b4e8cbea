// SPDX-License-Identifier: GPL-2.0

//! Tests of [`route`](super::route): every row of the contract that needs no network.

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_ipv4_route)]
mod tests {
    use crate::ipv4::{
        request::{
            Request,
            NATIVE_SIZE, //
        },
        route::{
            NextHop,
            Route,
            Target, //
        }, //
    };
    use core::net::Ipv4Addr;
    use kernel::{
        net::{
            fib::{
                Metrics,
                Prefix, //
            },
            route_ioctl::Command, //
        },
        prelude::*,
        uapi::{
            AF_INET,
            AF_INET6,
            RTF_GATEWAY,
            RTF_HOST,
            RTF_IRTT,
            RTF_MTU,
            RTF_REJECT,
            RTF_WINDOW, //
        }, //
    };

    const COMMANDS: [Command; 2] = [Command::Add, Command::Delete];
    /// Where a device name would be. Nothing is: these tests read no user memory.
    const SOMEWHERE: usize = 0x1000;

    /// A request for the default route: IPv4, and otherwise zero.
    fn request() -> Request {
        let mut request = Request::from_native([0; NATIVE_SIZE]);
        request.destination.family = AF_INET as u16;
        request
    }

    fn request_for(address: [u8; 4], mask: [u8; 4]) -> Request {
        let mut request = request();
        request.destination.address = address;
        request.mask.family = AF_INET as u16;
        request.mask.address = mask;
        request
    }

    fn add(request: &Request) -> Result<Route> {
        Route::new(Command::Add, request)
    }

    fn prefix(address: [u8; 4], len: u8) -> Option<Prefix> {
        Prefix::new(address.into(), len)
    }

    fn destination(request: &Request) -> Option<Prefix> {
        add(request).ok().map(|route| route.destination)
    }

    fn unicast(command: Command, request: &Request) -> Option<(NextHop, Metrics)> {
        match Route::new(command, request).ok()?.target {
            Target::Unicast {
                device: None,
                next_hop,
                metrics,
            } => Some((next_hop, metrics)),
            _ => None,
        }
    }

    #[test]
    fn default_route() -> Result {
        for command in COMMANDS {
            let route = Route::new(command, &request())?;
            assert_eq!(Some(route.destination), prefix([0; 4], 0));
            assert_eq!(route.priority, 0);
            assert_eq!(
                route.target,
                Target::Unicast {
                    device: None,
                    next_hop: NextHop::Direct,
                    metrics: Metrics::default(),
                }
            );
        }
        Ok(())
    }

    #[test]
    fn destination_family() {
        for family in [0, 1, AF_INET6 as u16, 0xffff, (AF_INET as u16).swap_bytes()] {
            for command in COMMANDS {
                for flags in [0, RTF_HOST, RTF_REJECT] {
                    let mut request = request();
                    request.destination.family = family;
                    request.flags = flags;
                    // Comes before everything else that is wrong.
                    request.mask.address = [1, 2, 3, 4];
                    request.device = SOMEWHERE;
                    assert_eq!(Route::new(command, &request), Err(EAFNOSUPPORT));
                }
            }
        }
    }

    #[test]
    fn mask_family() {
        // Both zero: an application that forgot.
        assert_eq!(destination(&request()), prefix([0; 4], 0));

        // A mask, but not of IPv4.
        let mut mask_only = request_for([10, 0, 0, 0], [255, 0, 0, 0]);
        mask_only.mask.family = 0;
        assert_eq!(add(&mask_only), Err(EAFNOSUPPORT));

        // A family, but not IPv4's.
        let mut family_only = request();
        family_only.mask.family = AF_INET6 as u16;
        assert_eq!(add(&family_only), Err(EAFNOSUPPORT));

        // No mask for a destination that needs one.
        let mut no_mask = request();
        no_mask.destination.address = [10, 0, 0, 0];
        assert_eq!(add(&no_mask), Err(EINVAL));

        // A host needs none, and does not care.
        for request in [&mut mask_only, &mut family_only, &mut no_mask] {
            request.flags = RTF_HOST;
            assert_eq!(
                destination(request),
                Some(Prefix::host(request.destination.address.into()))
            );
        }
    }

    #[test]
    fn prefix_lengths() {
        for len in 0..=32u8 {
            let mask = u32::MAX.checked_shl(32 - u32::from(len)).unwrap_or(0);
            let mask = mask.to_be_bytes();

            // The mask itself is the address with the most network bits.
            assert_eq!(destination(&request_for(mask, mask)), prefix(mask, len));
            assert_eq!(destination(&request_for([0; 4], mask)), prefix([0; 4], len));
        }
        assert_eq!(
            destination(&request_for([10, 1, 2, 2], [255, 255, 255, 254])),
            prefix([10, 1, 2, 2], 31)
        );
        assert_eq!(
            destination(&request_for([128, 0, 0, 0], [128, 0, 0, 0])),
            prefix([128, 0, 0, 0], 1)
        );
    }

    #[test]
    fn holes_in_the_mask() {
        for mask in [
            [255, 0, 255, 0],
            [0, 255, 255, 255],
            [0, 0, 0, 1],
            [127, 0, 0, 0],
            [255, 255, 255, 253],
            [254, 255, 255, 255],
        ] {
            for command in COMMANDS {
                assert_eq!(Route::new(command, &request_for([0; 4], mask)), Err(EINVAL));
            }
        }
    }

    #[test]
    fn host_bits() {
        for (address, mask) in [
            ([10, 0, 0, 1], [255, 255, 255, 0]),
            ([10, 0, 0, 1], [255, 255, 255, 254]),
            ([128, 0, 0, 0], [0, 0, 0, 0]),
            ([192, 0, 0, 0], [128, 0, 0, 0]),
            ([255, 255, 255, 255], [255, 255, 255, 254]),
        ] {
            for command in COMMANDS {
                assert_eq!(
                    Route::new(command, &request_for(address, mask)),
                    Err(EINVAL)
                );
            }
        }
    }

    #[test]
    fn host_ignores_mask() {
        let mut request = request_for([10, 0, 0, 1], [255, 0, 255, 0]);
        request.flags = RTF_HOST;
        assert_eq!(destination(&request), prefix([10, 0, 0, 1], 32));
    }

    #[test]
    fn metric() -> Result {
        for (metric, priority) in [
            (0, 0),
            (1, 0),
            (2, 1),
            (1024, 1023),
            (i16::MAX, 32766),
            (-1, 0xffff_fffe),
            (i16::MIN, 0xffff_7fff),
        ] {
            for command in COMMANDS {
                let mut request = request();
                request.metric = metric;
                assert_eq!(Route::new(command, &request)?.priority, priority);
            }
        }
        Ok(())
    }

    #[test]
    fn reject_ignores_the_rest() -> Result {
        for command in COMMANDS {
            let mut request = request_for([10, 0, 0, 0], [255, 0, 0, 0]);
            request.flags = RTF_REJECT | RTF_GATEWAY | RTF_MTU | RTF_WINDOW | RTF_IRTT;
            request.gateway.family = AF_INET as u16;
            request.gateway.address = [10, 0, 0, 1];
            request.device = SOMEWHERE;
            request.metric = 5;

            let route = Route::new(command, &request)?;
            assert_eq!(route.target, Target::Unreachable);
            assert_eq!(Some(route.destination), prefix([10, 0, 0, 0], 8));
            assert_eq!(route.priority, 4);
        }
        Ok(())
    }

    #[test]
    fn next_hop() {
        let address = Ipv4Addr::new(192, 0, 2, 1);
        let mut request = request();
        request.gateway.family = AF_INET as u16;
        request.gateway.address = address.octets();

        for command in COMMANDS {
            for (flags, gateway) in [(0, false), (RTF_GATEWAY, true)] {
                request.flags = flags;
                assert_eq!(
                    unicast(command, &request),
                    Some((NextHop::Address { address, gateway }, Metrics::default()))
                );
            }
        }
    }

    #[test]
    fn no_next_hop() {
        for (family, address) in [
            (0, [192, 0, 2, 1]),
            (AF_INET6, [192, 0, 2, 1]),
            (AF_INET, [0; 4]),
        ] {
            let mut request = request();
            request.gateway.family = family as u16;
            request.gateway.address = address;

            for (command, flags, next_hop) in [
                (Command::Add, 0, NextHop::Direct),
                (Command::Add, RTF_GATEWAY, NextHop::Missing),
                (Command::Delete, 0, NextHop::Direct),
                (Command::Delete, RTF_GATEWAY, NextHop::Direct),
            ] {
                request.flags = flags;
                assert_eq!(
                    unicast(command, &request),
                    Some((next_hop, Metrics::default()))
                );
            }
        }
    }

    #[test]
    fn metrics() {
        for (mtu, advmss) in [
            (1500, 1460),
            (40, 0),
            (39, u32::MAX),
            (0, u32::MAX - 39),
            (u32::MAX, u32::MAX - 40),
        ] {
            let mut request = request();
            request.flags = RTF_MTU | RTF_WINDOW | RTF_IRTT;
            request.mtu = mtu;
            request.window = u32::MAX;
            request.irtt = u16::MAX;

            let metrics = Metrics {
                advmss: Some(advmss),
                window: Some(u32::MAX),
                rtt: Some(8 * 0xffff),
            };
            assert_eq!(
                unicast(Command::Add, &request),
                Some((NextHop::Direct, metrics))
            );
            assert_eq!(
                unicast(Command::Delete, &request),
                Some((NextHop::Direct, Metrics::default()))
            );
        }
    }

    #[test]
    fn device() -> Result {
        for command in COMMANDS {
            let mut request = request();
            request.device = SOMEWHERE;
            assert!(matches!(
                Route::new(command, &request)?.target,
                Target::Unicast { device: Some(address), .. } if address.get() == SOMEWHERE
            ));
        }
        Ok(())
    }

    /// Each of the 65,536 combinations of flags, against what the contract says of each flag.
    #[test]
    fn every_combination_of_flags() -> Result {
        let address = Ipv4Addr::new(192, 0, 2, 1);
        let mut request = request_for([10, 0, 0, 0], [255, 0, 0, 0]);
        request.gateway.family = AF_INET as u16;
        request.gateway.address = address.octets();
        request.mtu = 1500;
        request.window = 2;
        request.irtt = 3;

        for flags in 0..=0xffff {
            let has = |flag| flags & flag != 0;
            request.flags = flags;

            for command in COMMANDS {
                let adding = command == Command::Add;
                let route = Route::new(command, &request)?;
                let len = if has(RTF_HOST) { 32 } else { 8 };
                assert_eq!(Some(route.destination), prefix([10, 0, 0, 0], len));

                let metrics = Metrics {
                    advmss: (adding && has(RTF_MTU)).then_some(1460),
                    window: (adding && has(RTF_WINDOW)).then_some(2),
                    rtt: (adding && has(RTF_IRTT)).then_some(24),
                };
                let expected = if has(RTF_REJECT) {
                    Target::Unreachable
                } else {
                    Target::Unicast {
                        device: None,
                        next_hop: NextHop::Address {
                            address,
                            gateway: has(RTF_GATEWAY),
                        },
                        metrics,
                    }
                };
                assert_eq!(route.target, expected);
            }
        }
        Ok(())
    }
}
