// SPDX-License-Identifier: GPL-2.0

//! Properties: no input makes a parser panic, what is accepted is sound, and what is written is
//! read back.

use proptest::prelude::*;
use route::{
    address::{
        parse_ipv4,
        parse_ipv6,
        parse_number,
        parse_zoned,
        push_ipv4, //
    },
    batch::parse_line,
    completions,
    line::Family,
    names::{
        Names,
        Unknown, //
    },
    netlink::Info,
    networks::Networks,
    route::{
        flags,
        DeviceName,
        Route, //
    },
    show::{
        columns::{
            push4,
            push6,
            Layout,
            Row4,
            Row6, //
        },
        json,
        proc4,
        proc6,
        table::Devices, //
    },
};
use std::net::{
    Ipv4Addr,
    Ipv6Addr, //
};

/// Every name is known.
struct All;

impl Names for All {
    fn host4(&self, _: &[u8]) -> Result<Ipv4Addr, Unknown> {
        Ok([192, 0, 2, 1].into())
    }

    fn host6(&self, _: &[u8]) -> Result<Ipv6Addr, Unknown> {
        Ok(Ipv6Addr::LOCALHOST)
    }

    fn network(&self, name: &[u8]) -> Option<Ipv4Addr> {
        (name.len() % 2 == 0).then_some([10, 0, 0, 0].into())
    }
}

/// Words that mean something, and some that nearly do.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "add",
            "del",
            "delete",
            "get",
            "-net",
            "-host",
            "default",
            "netmask",
            "gw",
            "gateway",
            "metric",
            "mss",
            "mtu",
            "window",
            "irtt",
            "reject",
            "mod",
            "dyn",
            "reinstate",
            "dev",
            "device",
            "eth0",
            "-6",
            "-4",
            "-A",
            "inet6",
            "--",
            "#",
            "255.255.0.0",
            "/",
            "-n",
        ])
        .prop_map(String::from),
        any::<u32>().prop_map(|bits| Ipv4Addr::from_bits(bits).to_string()),
        (any::<u32>(), 0..35u32).prop_map(|(bits, length)| {
            let mask = u32::MAX.checked_shl(32 - length.min(32)).unwrap_or(0);
            format!("{}/{length}", Ipv4Addr::from_bits(bits & mask))
        }),
        any::<u128>().prop_map(|bits| Ipv6Addr::from_bits(bits).to_string()),
        (any::<u128>(), 0..130u32)
            .prop_map(|(bits, length)| { format!("{}/{length}", Ipv6Addr::from_bits(bits)) }),
        any::<i32>().prop_map(|number| number.to_string()),
        (0..70_000u32).prop_map(|number| number.to_string()),
        "[ -~]{0,20}",
    ]
}

fn check(line: &[u8]) {
    match parse_line(line, Family::Inet, &All) {
        Ok(Some((_, Route::V4(route)))) => {
            let mask = route.mask.to_bits();
            assert_eq!(mask.leading_ones() + mask.trailing_zeros().min(32), 32);
            assert_eq!(route.destination.to_bits() & !mask, 0);
            assert_ne!(u32::from(route.flags) & flags::UP, 0);
            assert!(route.metric.is_none_or(|metric| metric < i16::MAX as u16));
            if u32::from(route.flags) & flags::HOST != 0 {
                assert_eq!(route.mask, Ipv4Addr::BROADCAST);
            }
        }
        Ok(Some((_, Route::V6(route)))) => assert!(route.length <= 128),
        Ok(None) => {}
        Err(mistake) => {
            let text = mistake.to_string();
            assert!(
                !text.is_empty() && !text.contains(char::is_control),
                "{text:?}"
            );
        }
    }
}

/// A line of /proc/net/route, as net/ipv4/fib_trie.c writes it.
fn kernel_line(row: &Row4<'_>) -> Vec<u8> {
    let number = |address: Ipv4Addr| u32::from_ne_bytes(address.octets());
    let mut line = row.device.to_vec();
    line.extend(
        format!(
            "\t{:08X}\t{:08X}\t{:04X}\t{}\t{}\t{}\t{:08X}\t{}\t{}\t{}   \n",
            number(row.destination),
            number(row.gateway),
            row.flags,
            row.references,
            row.uses,
            row.metric,
            number(row.mask),
            row.mtu,
            row.window,
            row.irtt
        )
        .as_bytes(),
    );
    line
}

/// A line of /proc/net/ipv6_route, as net/ipv6/ip6_fib.c writes it.
fn kernel_line6(row: &Row6<'_>) -> Vec<u8> {
    let mut line = format!(
        "{:032x} {:02x} {:032x} 00 {:032x} {:08x} {:08x} {:08x} {:08x} ",
        row.destination.to_bits(),
        row.length,
        0,
        row.gateway.to_bits(),
        row.metric,
        row.references,
        row.uses,
        row.flags
    )
    .into_bytes();
    line.extend(row.device);
    line
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_a_line_or_a_mistake(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        check(&line);
    }

    #[test]
    fn any_words_are_a_line_or_a_mistake(words in proptest::collection::vec(word(), 0..12)) {
        check(words.join(" ").as_bytes());
        check(format!("add {}", words.join(" ")).as_bytes());
        check(format!("-6 del {}", words.join(" ")).as_bytes());
    }

    #[test]
    fn any_bytes_are_a_row_or_none(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        proc4::parse(&line);
        proc6::parse(&line);
        parse_ipv4(&line);
        parse_ipv6(&line);
        parse_number(&line, u32::MAX);
        Networks::parse(&line);
        parse_zoned(&line);
        let _ = completions::of(&line, "route");
    }

    #[test]
    fn any_bytes_are_a_route_of_rtnetlink_or_none(
        body in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        if let Some(info) = Info::parse(&body) {
            info.hops().take(1000).count();
            let mut out = Vec::new();
            if json::push_route(&mut out, &info, &mut Devices::default()) {
                serde_json::from_slice::<serde_json::Value>(&out).unwrap();
            }
        }
    }

    #[test]
    fn addresses_are_read_back(bits: u32, bits6: u128) {
        let mut out = Vec::new();
        push_ipv4(&mut out, Ipv4Addr::from_bits(bits));
        assert_eq!(parse_ipv4(&out), Some(Ipv4Addr::from_bits(bits)));
        assert_eq!(parse_ipv4(format!("{bits:#x}").as_bytes()), Some(Ipv4Addr::from_bits(bits)));
        assert_eq!(parse_ipv4(format!("0{bits:o}").as_bytes()), Some(Ipv4Addr::from_bits(bits)));
        let address = Ipv6Addr::from_bits(bits6);
        assert_eq!(parse_ipv6(address.to_string().as_bytes()), Some(address));
    }

    #[test]
    fn devices_are_read_back(name in proptest::collection::vec(1..=255u8, 0..20)) {
        let device = DeviceName::new(&name);
        assert_eq!(device.is_some(), (1..16).contains(&name.len()));
        if let Some(device) = device {
            assert_eq!(device.as_bytes(), name);
            assert_eq!(device.with_zeros()[15], 0);
        }
    }

    #[test]
    fn rows_are_read_back(
        device in "[!-~]{1,15}", destination: u32, gateway: u32, length in 0..=32u32, flags: u16,
        references: u32, uses: u32, metric: u32, mtu: u32, window: u32, irtt: u32,
    ) {
        let row = Row4 {
            device: device.as_bytes(),
            destination: Ipv4Addr::from_bits(destination),
            gateway: Ipv4Addr::from_bits(gateway),
            flags: u32::from(flags) | flags::UP,
            references,
            uses,
            metric,
            mask: route::address::mask(length),
            mtu,
            window,
            irtt,
        };
        assert_eq!(proc4::parse(&kernel_line(&row)), Some(row));
        for layout in [Layout::Route, Layout::Netstat, Layout::Long] {
            let mut out = Vec::new();
            push4(&mut out, &row, layout, None);
            assert_eq!(out.iter().position(|&byte| byte == b'\n'), Some(out.len() - 1));
        }
    }

    #[test]
    fn rows_of_ipv6_are_read_back(
        device in "[!-~]{0,15}", destination: u128, gateway: u128, length in 0..=128u8,
        references: u32, uses: u32, metric: u32, flags: u32,
    ) {
        let row = Row6 {
            destination: Ipv6Addr::from_bits(destination),
            length,
            gateway: Ipv6Addr::from_bits(gateway),
            metric,
            references,
            uses,
            flags,
            device: device.as_bytes(),
        };
        assert_eq!(proc6::parse(&kernel_line6(&row)), Some(row));
        let mut out = Vec::new();
        push6(&mut out, &row, None);
        assert_eq!(out.last(), Some(&b'\n'));
    }
}
