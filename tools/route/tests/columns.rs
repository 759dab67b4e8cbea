// SPDX-License-Identifier: GPL-2.0

//! Tables against what net-tools 2.10 made of the same files: tests/golden/ has /proc/net/route and
//! /proc/net/ipv6_route with every flag and every width, and its output for them; only numbers of
//! 2^31 and more, which it shows as negative, have been put right.

use route::{
    names::Reverse,
    networks::Networks,
    route::flags,
    show::{
        columns::{
            heading,
            heading6,
            push4,
            push6,
            Layout,
            Row4, //
        },
        proc4,
        proc6,
        Output, //
    },
};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("golden/", $name))
    };
}

/// The names that net-tools had for it.
fn names() -> Reverse {
    let hosts = [
        ("127.0.0.1", "localhost"),
        ("10.10.10.10", "a-very-long-host-name.example.org"),
        ("10.0.0.1", "gateway"),
        ("::1", "ip6-localhost"),
    ];
    let networks = Networks::parse(b"loopback 127.0.0.0\naverylongnetworkname 10.0.0.0\n");
    Reverse::with(
        networks,
        hosts.map(|(address, name)| (address.parse().unwrap(), name.into())),
    )
}

/// A line of /proc/net/route as this machine has it. The kernel prints addresses as numbers of its
/// own byte order, which was little-endian where the file was made.
fn as_here(line: &[u8]) -> Vec<u8> {
    let mut fields: Vec<_> = line
        .split(|&byte| byte == b'\t')
        .map(<[u8]>::to_vec)
        .collect();
    for at in [1, 2, 7] {
        let number = fields
            .get(at)
            .and_then(|field| std::str::from_utf8(field).ok());
        if let Some(address) = number.and_then(|text| u32::from_str_radix(text, 16).ok()) {
            fields[at] = format!("{:08X}", u32::from_le(address)).into_bytes();
        }
    }
    fields.join(&b'\t')
}

fn table(layout: Layout, mut names: Option<Reverse>) -> String {
    let mut out = Vec::new();
    heading(&mut out, layout);
    for line in golden!("route").split(|&byte| byte == b'\n') {
        if let Some(row) = proc4::parse(&as_here(line)) {
            push4(&mut out, &row, layout, names.as_mut());
        }
    }
    String::from_utf8(out).unwrap()
}

fn table6(cached: bool, mut names: Option<Reverse>) -> String {
    let mut out = Vec::new();
    heading6(&mut out, cached);
    for line in golden!("ipv6_route").split(|&byte| byte == b'\n') {
        if let Some(row) = proc6::parse(line).filter(|row| row.is_cached() == cached) {
            push6(&mut out, &row, names.as_mut());
        }
    }
    String::from_utf8(out).unwrap()
}

fn same(ours: &str, theirs: &[u8]) {
    let theirs = std::str::from_utf8(theirs).unwrap();
    for (ours, theirs) in ours.lines().zip(theirs.lines()) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours, theirs);
}

#[test]
fn numeric() {
    same(&table(Layout::of(0), None), golden!("n.txt"));
}

#[test]
fn numeric_as_netstat() {
    same(&table(Layout::of(1), None), golden!("ne.txt"));
}

#[test]
fn numeric_all_columns() {
    same(&table(Layout::of(2), None), golden!("nee.txt"));
}

#[test]
fn with_names() {
    same(&table(Layout::of(0), Some(names())), golden!("names.txt"));
}

#[test]
fn ipv6_numeric() {
    same(&table6(false, None), golden!("6n.txt"));
}

#[test]
fn ipv6_cache() {
    same(&table6(true, None), golden!("6nC.txt"));
}

#[test]
fn ipv6_with_names() {
    same(&table6(false, Some(names())), golden!("6names.txt"));
}

/// /etc/hosts and /etc/networks need not be UTF-8, and a column's width counts bytes.
#[test]
fn names_are_shown_as_the_bytes_they_are() {
    let long = [0xe9; 16];
    let hosts = [("192.0.2.7", &b"caf\xe9"[..]), ("192.0.2.8", &long)];
    let mut names = Reverse::with(
        Networks::parse(b"r\xe9seau 10.0.0.0\n"),
        hosts.map(|(address, name)| (address.parse().unwrap(), name.into())),
    );
    let mut out = Vec::new();
    for gateway in [[192, 0, 2, 7], [192, 0, 2, 8]] {
        let row = Row4 {
            device: b"d\xe9",
            destination: [10, 0, 0, 0].into(),
            gateway: gateway.into(),
            flags: flags::UP | flags::GATEWAY,
            references: 0,
            uses: 0,
            metric: 0,
            mask: [255, 0, 0, 0].into(),
            mtu: 0,
            window: 0,
            irtt: 0,
        };
        push4(&mut out, &row, Layout::of(0), Some(&mut names));
    }
    let rest = b"255.0.0.0       UG    0      0        0 d\xe9\n";
    let expected = [
        b"r\xe9seau          caf\xe9            ",
        &rest[..],
        b"r\xe9seau          ",
        &long[..15],
        b" ",
        rest,
    ];
    assert_eq!(out, expected.concat());
}

/// How often a table is asked for of which so many lines have changed so many times, and what is
/// written of it and said.
fn retried(lines: usize, changes: usize) -> (usize, String, bool) {
    let mut written = Vec::new();
    let mut output = Output::new(&mut written);
    output.buffer().extend(b"heading\n");
    let mut asked = 0;
    let changed = output.retry(|output| {
        asked += 1;
        for line in 0..lines {
            output
                .buffer()
                .extend(format!("{asked} {line}\n").as_bytes());
        }
        Ok::<_, ()>(asked <= changes)
    });
    output.finish().unwrap();
    (asked, String::from_utf8(written).unwrap(), changed.unwrap())
}

#[test]
fn a_table_that_changes_is_asked_for_again() {
    let table = |text: &str| format!("heading\n{text}\n");
    assert_eq!(retried(1, 0), (1, table("1 0"), false));
    assert_eq!(retried(1, 1), (2, table("2 0"), false));
    assert_eq!(retried(1, 3), (4, table("4 0"), false));
    // Not for ever; then it is said.
    assert_eq!(retried(1, 4), (4, table("4 0"), true));
    assert_eq!(retried(1, 1000), (4, table("4 0"), true));
}

#[test]
fn what_is_written_is_not_asked_for_again() {
    let (asked, text, changed) = retried(100_000, 1000);
    assert_eq!((asked, changed), (1, true));
    assert_eq!(text.lines().count(), 100_001);
}
