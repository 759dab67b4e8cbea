// SPDX-License-Identifier: GPL-2.0

//! Lines of words: what they ask for, or what is wrong with them.

use route::{
    address::parse_ipv4,
    batch::parse_line,
    error::{
        Error,
        Status, //
    },
    get::{
        asked,
        Asked, //
    },
    grammar::KEYWORDS,
    line::{
        split,
        Family,
        Words, //
    },
    names::{
        Names,
        Unknown, //
    },
    netlink::main_table,
    networks::Networks,
    request::{
        in6_rtmsg_of,
        rtentry_of,
        In6Rtmsg,
        Rtentry, //
    },
    route::{
        flags,
        Change,
        DeviceName,
        Route,
        Route4,
        Route6, //
    },
};
use std::{
    mem::offset_of,
    net::{
        Ipv4Addr,
        Ipv6Addr, //
    },
    ptr,
};

/// A machine with a host and a network of the same name, and one of each.
struct Fake;

impl Names for Fake {
    fn host4(&self, name: &[u8]) -> Result<Ipv4Addr, Unknown> {
        match name {
            b"host" => Ok([192, 0, 2, 7].into()),
            b"both" => Ok([10, 1, 1, 1].into()),
            b"six" => Err(Unknown::NoAddress),
            _ => Err(Unknown::NoName),
        }
    }

    fn host6(&self, name: &[u8]) -> Result<Ipv6Addr, Unknown> {
        match name {
            b"six" => Ok("2001:db8::6".parse().unwrap()),
            _ => Err(Unknown::NoAnswer),
        }
    }

    fn network(&self, name: &[u8]) -> Option<Ipv4Addr> {
        match name {
            b"lab" | b"both" => Some([10, 2, 0, 0].into()),
            b"mask24" => Some([255, 255, 255, 0].into()),
            _ => None,
        }
    }
}

fn parse(line: &str) -> Result<(Change, Route), Error> {
    Ok(parse_line(line.as_bytes(), Family::Inet, &Fake)?.expect("it asks for something"))
}

fn inet(line: &str) -> Route4 {
    match parse(line) {
        Ok((_, Route::V4(route))) => route,
        other => panic!("{line}: {other:?}"),
    }
}

fn inet6(line: &str) -> Route6 {
    match parse(line) {
        Ok((_, Route::V6(route))) => route,
        other => panic!("{line}: {other:?}"),
    }
}

/// Destination, prefix length, and whether it is a host.
fn target(line: &str) -> (String, u32, bool) {
    let route = inet(line);
    let host = u32::from(route.flags) & flags::HOST != 0;
    (
        route.destination.to_string(),
        route.mask.to_bits().leading_ones(),
        host,
    )
}

#[test]
fn targets() {
    for (line, address, length, host) in [
        ("add default", "0.0.0.0", 0, false),
        ("add -net default", "0.0.0.0", 0, false),
        ("add default/8", "0.0.0.0", 8, false),
        ("add -host default", "0.0.0.0", 32, true),
        ("add default netmask 0.0.0.0", "0.0.0.0", 0, false),
        ("add 0.0.0.0", "0.0.0.0", 32, true),
        ("add -net 0.0.0.0", "0.0.0.0", 0, false),
        ("add 0.0.0.0/0", "0.0.0.0", 0, false),
        ("add 10.1.2.3", "10.1.2.3", 32, true),
        ("add -host 10.1.2.3", "10.1.2.3", 32, true),
        ("add -host 10.1.2.3/32", "10.1.2.3", 32, true),
        ("add 10.1.2.3/32", "10.1.2.3", 32, false),
        ("add -net 10.1.2.3/32", "10.1.2.3", 32, false),
        ("add 10.0.0.0/8", "10.0.0.0", 8, false),
        ("add -net 10.0.0.0/8", "10.0.0.0", 8, false),
        ("add -net 10.0.0.0/08", "10.0.0.0", 8, false),
        ("add 10.0.0.0 netmask 255.0.0.0", "10.0.0.0", 8, false),
        ("add 10.0.0.0/8 netmask 255.0.0.0", "10.0.0.0", 8, false),
        ("add 10.0.0.0 netmask 0xff000000", "10.0.0.0", 8, false),
        ("add -net 10.2.0.0 netmask mask24", "10.2.0.0", 24, false),
        ("add 128.0.0.0/1", "128.0.0.0", 1, false),
        ("add 10.1.2.2/31", "10.1.2.2", 31, false),
        ("add 10", "0.0.0.10", 32, true),
        ("add 10.1", "10.0.0.1", 32, true),
        ("add 012.0x10.1", "10.16.0.1", 32, true),
        ("add host", "192.0.2.7", 32, true),
        ("add lab/16", "10.2.0.0", 16, false),
        ("add both/16", "10.2.0.0", 16, false),
        ("add -host both", "10.1.1.1", 32, true),
        ("add -host lab", "10.2.0.0", 32, true),
    ] {
        assert_eq!(target(line), (address.to_string(), length, host), "{line}");
    }
}

#[test]
fn keywords() {
    let all = inet(
        "add 10.0.0.0/8 metric 5 mss 1500 window 8192 irtt 300 mod dyn reinstate gw host dev eth0",
    );
    assert_eq!(all.metric, Some(5));
    assert_eq!((all.mtu, all.window, all.irtt), (1500, 8192, 300));
    assert_eq!(all.gateway, Ipv4Addr::new(192, 0, 2, 7));
    assert_eq!(all.device.unwrap().as_bytes(), b"eth0");
    assert_eq!(
        u32::from(all.flags),
        0x1 | 0x2 | 0x8 | 0x10 | 0x20 | 0x40 | 0x80 | 0x100
    );
    assert_eq!(u32::from(inet("add 10.0.0.0/8 reject").flags), 0x201);
    assert_eq!(
        inet("add 10.0.0.0/8 mtu 1500"),
        inet("add 10.0.0.0/8 mss 1500")
    );
    assert_eq!(
        inet("add 10.0.0.0/8 gateway host"),
        inet("add 10.0.0.0/8 gw host")
    );
    assert_eq!(
        inet("add 10.0.0.0/8 device eth0"),
        inet("add 10.0.0.0/8 eth0")
    );
    assert_eq!(inet("add 10.0.0.0/8 metric 1 metric 2").metric, Some(2));
    assert_eq!(
        inet("add 10.0.0.0/8 gw both").gateway,
        Ipv4Addr::new(10, 1, 1, 1)
    );
}

#[test]
fn every_keyword_that_takes_something_asks_for_it() {
    for keyword in KEYWORDS {
        for name in keyword.names {
            let result = parse(&format!("add 10.0.0.0/8 {name}"));
            match keyword.argument {
                Some(_) => {
                    let error = result.unwrap_err();
                    assert!(error.text.starts_with(&format!("{name}: ")), "{error}");
                    assert_eq!(error.status, Status::Usage);
                }
                None => assert!(result.is_ok(), "{name}: {result:?}"),
            }
        }
    }
}

#[test]
fn limits() {
    for (ok, bad) in [
        ("metric 0", "metric -1"),
        ("metric 32766", "metric 32767"),
        ("mss 64", "mss 63"),
        ("mss 65536", "mss 65537"),
        ("window 128", "window 127"),
        ("window 2147483647", "window 2147483648"),
        ("irtt 0", "irtt x"),
        ("irtt 65535", "irtt 65536"),
        ("dev fifteen-letters", "dev sixteen-letters-"),
        ("gw 1.1.1.1", "gw 1.1.1.1 gw 1.1.1.1"),
        ("eth0", "eth0 eth0"),
        ("dev eth0", "dev eth0 eth1"),
        ("reject", "reject eth0 mod"),
    ] {
        assert!(parse(&format!("add 10.0.0.0/8 {ok}")).is_ok(), "{ok}");
        let error = parse(&format!("add 10.0.0.0/8 {bad}")).unwrap_err();
        assert_eq!(error.status, Status::Usage, "{bad}: {error}");
    }
    for bad in [
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/8x",
        "10.0.0.0/255.0.0.0",
    ] {
        assert!(parse(&format!("add {bad}"))
            .unwrap_err()
            .text
            .contains("behind the slash"));
    }
}

#[test]
fn mistakes_are_told_in_words() {
    for (line, status, text) in [
        (
            "add",
            Status::Usage,
            "a target has to follow: an address, a name, or default",
        ),
        (
            "add -net",
            Status::Usage,
            "a target has to follow: an address, a name, or default",
        ),
        ("show", Status::Usage, "show: a line begins with add or del"),
        (
            "add 10.1.0.0/8",
            Status::Usage,
            "10.1.0.0/8: has bits behind its mask; the network is 10.0.0.0/8",
        ),
        (
            "add -host 10.0.0.0/8",
            Status::Usage,
            "10.0.0.0/8: -host is a single address, and has no mask",
        ),
        (
            "add -net 10.0.0.0",
            Status::Usage,
            "10.0.0.0: a network needs its length (as in 10.0.0.0/24) or a netmask",
        ),
        (
            "add lab",
            Status::Usage,
            "lab: a network needs its length (as in 10.2.0.0/24) or a netmask",
        ),
        (
            "add 10.0.0.0 netmask 255.0.255.0",
            Status::Usage,
            "netmask 255.0.255.0: a mask is ones and then zeros, as 255.255.255.0",
        ),
        (
            "add 10.0.0.0/8 netmask 255.255.0.0",
            Status::Usage,
            "netmask 255.255.0.0: the mask has been given already, and differs",
        ),
        (
            "add 10.0.0.0/8 metric 5x",
            Status::Usage,
            "metric 5x: not a number from 0 to 32766",
        ),
        (
            "add 10.0.0.0/8 gw lab",
            Status::Usage,
            "gw lab: a network, but a gateway is a host",
        ),
        (
            "add 10.0.0.0/8 gw default",
            Status::Usage,
            "gw default: a network, but a gateway is a host",
        ),
        (
            "add 10.0.0.0/8 via 1.1.1.1",
            Status::Usage,
            "via: there is no such keyword (--help), and a device without dev comes last",
        ),
        (
            "add 10.0.0.0/8 dev eth0 eth1",
            Status::Usage,
            "eth1: the device is eth0 already",
        ),
        (
            "add zork eth0",
            Status::Lookup,
            "zork: neither an address nor a name that is known: there is no such host",
        ),
        (
            "add 256.0.0.0 eth0",
            Status::Lookup,
            "256.0.0.0: neither an address nor a name that is known: there is no such host",
        ),
        (
            "add six eth0",
            Status::Lookup,
            "six: neither an address nor a name that is known: it has no address of this family",
        ),
        (
            "add 2001:db8::/32 eth0",
            Status::Lookup,
            "2001:db8::: an IPv6 address; -6 makes it a route of IPv6",
        ),
        (
            "-6 add 10.0.0.0/8 eth0",
            Status::Lookup,
            "10.0.0.0: an IPv4 address, but -6 asks for IPv6",
        ),
        (
            "-6 add ::1 netmask 255.0.0.0",
            Status::Usage,
            "netmask: routes of IPv6 have no such thing",
        ),
        (
            "-6 add -net 2001:db8::",
            Status::Usage,
            "2001:db8::: a network needs its length (as in 2001:db8::/64)",
        ),
        (
            "-4 -6 add ::1",
            Status::Usage,
            "a route is of one address family, not of two",
        ),
        (
            "-A ax25 add x",
            Status::Unsupported,
            "ax25: there is no such address family here, only inet and inet6",
        ),
        (
            "add ::1 -A",
            Status::Usage,
            "-A: an address family, inet or inet6 has to follow",
        ),
        (
            "-n add ::1",
            Status::Usage,
            "in a line of a file, the only options are -4, -6 and -A",
        ),
        (
            "add -zx",
            Status::Usage,
            "-zx: there is no option -z (--help)",
        ),
        (
            "add --zork",
            Status::Usage,
            "--zork: there is no such option (--help)",
        ),
        (
            "add --ver",
            Status::Usage,
            "--ver: may be more than one option (--help)",
        ),
        ("add --json=x", Status::Usage, "--json: takes no argument"),
    ] {
        let error = parse(line).unwrap_err();
        assert_eq!((error.status, &error.text[..]), (status, text), "{line}");
    }
    let long = format!("add 10.0.0.0/8 {}", "mod ".repeat(30));
    assert!(parse(&long).unwrap_err().text.contains("too many words"));
}

#[test]
fn ipv6() {
    let route = inet6("-6 add 2001:db8::/32 gw fe80::1 metric 4294967295 mod eth0");
    assert_eq!((route.length, route.metric), (32, u32::MAX));
    assert_eq!(route.flags, 0x1 | 0x2 | 0x20);
    assert_eq!(route.device.unwrap().as_bytes(), b"eth0");
    assert_eq!(
        inet6("add -A inet6 six"),
        inet6("-6 add -host 2001:db8::6/128")
    );
    // Not RTF_HOST, which the kernel would take for RTNH_F_ONLINK.
    assert_eq!(inet6("-6 add six").flags, flags::UP);
    assert_eq!(inet6("-6 add six").metric, 1);
    assert_eq!(inet6("-6 add default").length, 0);
    assert_eq!(inet6("-6 add ::/0"), inet6("--inet6 add default"));
    assert_eq!(
        inet6("-6 add -net ::/3 reject").flags,
        flags::UP | flags::REJECT
    );
}

#[test]
fn a_zone_is_a_device() {
    let device = |line: &str| inet6(line).device.map(|name| name.as_bytes().to_vec());
    for line in [
        "-6 add default gw fe80::2%d1",
        "-6 add default gw fe80::2%d1 dev d1",
        "-6 add default gw fe80::2%d1 d1",
        "-6 add fe80::7%d1 gw fe80::2%d1",
        "-6 add fe80::%d1/64",
        "-6 add ff02::1%d1",
        "-6 del default gw fe80::2%d1",
    ] {
        assert_eq!(device(line), Some(b"d1".to_vec()), "{line}");
    }
    assert_eq!(device("-6 add default gw fe80::2"), None);
    for (line, status, text) in [
        (
            "-6 add default gw fe80::2%d1 dev d0",
            Status::Lookup,
            "fe80::2%d1: in that zone, but the device is d0",
        ),
        (
            "-6 add fe80::7%d0 gw fe80::2%d1",
            Status::Lookup,
            "fe80::2%d1: in that zone, but the device is d0",
        ),
        (
            "-6 add default gw 2001:db8::2%d1",
            Status::Lookup,
            "2001:db8::2%d1: only a link-local address (fe80::/10) has a zone",
        ),
        (
            "-6 add default gw fe80::2%",
            Status::Usage,
            "'': the name of a device has from 1 to 15 bytes",
        ),
        (
            "add default gw fe80::2%d1",
            Status::Lookup,
            "fe80::2%d1: an IPv6 address; -6 makes it a route of IPv6",
        ),
    ] {
        let error = parse(line).unwrap_err();
        assert_eq!((error.status, &error.text[..]), (status, text), "{line}");
    }
}

#[test]
fn what_cannot_be_seen_is_shown() {
    for (line, text) in [
        (
            "\u{feff}add default",
            r"'\u{feff}add': a line begins with add or del",
        ),
        (
            "add default gw\u{a0}10.1.0.2 x",
            r"'gw\u{a0}10.1.0.2': there is no such keyword (--help), and a device without dev comes last",
        ),
        (
            "add 10.0.0.0/8\u{200b} lo",
            r"'10.0.0.0/8\u{200b}': behind the slash there has to be a number from 0 to 32",
        ),
    ] {
        assert_eq!(parse(line).unwrap_err().text, text);
    }
    let bytes = parse_line(b"add default \xe9 x", Family::Inet, &Fake).unwrap_err();
    assert!(
        bytes.to_string().starts_with(r"'\xe9': there is no such"),
        "{bytes}"
    );
}

#[test]
fn networks_are_read_as_the_c_library_reads_them() {
    let networks = Networks::parse(
        b"loopback\t127\n\
          oct 010.1.0.0 Octal eight\n\
          hex 0x0a.0XFF # a comment\n\
          #gone 1\n\
          whole 192.0.2.64\r\n\
          \xe9t\xe9 10.2\n\
          large 300\nlarge2 10.256\nlong 1.2.3.4.5\nnine 09\ndot 10.\nword ten\nx 0x\nnone\n",
    );
    for (name, address) in [
        (&b"loopback"[..], Some([127, 0, 0, 0])),
        (b"LOOPBACK", Some([127, 0, 0, 0])),
        (b"oct", Some([8, 1, 0, 0])),
        (b"octal", Some([8, 1, 0, 0])),
        (b"eight", Some([8, 1, 0, 0])),
        (b"hex", Some([10, 255, 0, 0])),
        (b"whole", Some([192, 0, 2, 64])),
        (b"\xe9t\xe9", Some([10, 2, 0, 0])),
        (b"#gone", None),
        (b"gone", None),
        (b"a", None),
        (b"large", None),
        (b"large2", None),
        (b"long", None),
        (b"nine", None),
        (b"dot", None),
        (b"word", None),
        (b"x", None),
        (b"none", None),
    ] {
        assert_eq!(
            networks.address(name),
            address.map(Ipv4Addr::from),
            "{name:?}"
        );
    }
    assert_eq!(networks.name([10, 2, 0, 0].into()), Some(&b"\xe9t\xe9"[..]));
}

#[test]
fn white_space_ends_an_address() {
    for white in [" ", "\t", "\r", "\x0b", "\x0c", " and more", "\r\n"] {
        let text = format!("10.1.0.2{white}");
        assert_eq!(
            parse_ipv4(text.as_bytes()),
            Some([10, 1, 0, 2].into()),
            "{text:?}"
        );
    }
    for text in [
        " 10.1.0.2",
        "10.1.0.2x",
        "10.1.0.2\u{a0}",
        "10.1 .0.2",
        "10.1.0. ",
        " ",
    ] {
        let expected = (text == "10.1 .0.2").then_some([10, 0, 0, 1].into());
        assert_eq!(parse_ipv4(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn what_get_is_asked_for() {
    let asked = |line: &str| {
        let mut words = Words::new();
        let options = split(line.split(' ').map(str::as_bytes), &mut words).unwrap();
        asked(&options, words.as_slice()[0], &Fake)
    };
    for (line, family) in [
        ("default", Family::Inet),
        ("0.0.0.0", Family::Inet),
        ("-6 default", Family::Inet6),
        ("-6 ::", Family::Inet6),
        ("::", Family::Inet6),
    ] {
        assert_eq!(asked(line), Ok(Asked::Default(family)), "{line}");
    }
    let to = |text: &str, device: Option<&[u8]>| {
        let device = device.map(|name| DeviceName::new(name).unwrap());
        Ok(Asked::Route(text.parse().unwrap(), device))
    };
    assert_eq!(asked("10.1.0.2"), to("10.1.0.2", None));
    assert_eq!(asked("fe80::2%d0"), to("fe80::2", Some(b"d0")));
    assert_eq!(asked("-6 six"), to("2001:db8::6", None));
    assert_eq!(asked("-4 fe80::2%d0").unwrap_err().status, Status::Lookup);
}

#[test]
fn one_table_is_asked_for() {
    assert_eq!(
        main_table(10),
        [10, 0, 0, 0, libc::RT_TABLE_MAIN, 0, 0, 0, 0, 0, 0, 0]
    );
}

#[test]
fn verbs_and_comments() {
    assert_eq!(parse("del default").unwrap().0, Change::Delete);
    assert_eq!(parse("delete default").unwrap().0, Change::Delete);
    assert_eq!(
        parse("\t add \x0b default\r\n").unwrap(),
        parse("add default # gw x").unwrap()
    );
    for nothing in ["", "\n", "  \t", "# add default", "#add default", "-6"] {
        assert_eq!(
            parse_line(nothing.as_bytes(), Family::Inet, &Fake),
            Ok(None),
            "{nothing:?}"
        );
    }
}

#[test]
fn options() {
    let words: [&[u8]; 6] = [
        b"-neeA",
        b"inet6,inet",
        b"--num",
        b"--batch=x",
        b"--",
        b"-n",
    ];
    let mut rest = Words::new();
    let options = split(words.into_iter(), &mut rest).unwrap();
    assert!(options.numeric);
    assert_eq!(options.extend, 2);
    assert_eq!(options.families, [Some(Family::Inet6), Some(Family::Inet)]);
    assert_eq!(options.batch, Some(&b"x"[..]));
    assert_eq!(rest.as_slice(), [b"-n"]);
}

#[test]
fn requests() {
    let entry = rtentry_of(
        &inet("add 10.1.0.0/16 gw 192.0.2.7 metric 5 mss 1500"),
        ptr::null(),
    );
    assert_eq!(entry.rt_dst.sin_family, libc::AF_INET as u16);
    assert_eq!(entry.rt_dst.sin_addr, [10, 1, 0, 0]);
    assert_eq!(entry.rt_genmask.sin_addr, [255, 255, 0, 0]);
    assert_eq!(entry.rt_gateway.sin_addr, [192, 0, 2, 7]);
    assert_eq!(
        (entry.rt_flags, entry.rt_metric, entry.rt_mtu),
        (0x43, 6, 1500)
    );
    let highest = rtentry_of(&inet("add default metric 32766"), ptr::null());
    assert_eq!(highest.rt_metric, i16::MAX);
    assert_eq!(rtentry_of(&inet("add default"), ptr::null()).rt_metric, 0);
    assert_eq!(
        rtentry_of(&inet("add default metric 0"), ptr::null()).rt_metric,
        1
    );

    // As linux/route.h and linux/ipv6_route.h have them.
    if cfg!(target_pointer_width = "64") {
        assert_eq!((size_of::<Rtentry>(), size_of::<In6Rtmsg>()), (120, 80));
        assert_eq!(offset_of!(Rtentry, rt_dev), 88);
    } else {
        assert_eq!((size_of::<Rtentry>(), size_of::<In6Rtmsg>()), (84, 72));
        assert_eq!(offset_of!(Rtentry, rt_dev), 68);
    }

    let message = in6_rtmsg_of(&inet6("-6 add 2001:db8::/32 gw fe80::1 eth0"), 7);
    assert_eq!(
        (
            message.rtmsg_dst_len,
            message.rtmsg_ifindex,
            message.rtmsg_metric
        ),
        (32, 7, 1)
    );
    assert_eq!(message.rtmsg_gateway[..2], [0xfe, 0x80]);
}
