// SPDX-License-Identifier: GPL-2.0

//! Answers of rtnetlink, and what is made of those that the kernel gives to nobody on request.

#![allow(unsafe_code)]

use route::{
    error::Status,
    get,
    netlink::{
        read_dump,
        Info,
        Netlink,
        Step, //
    },
    show::{
        end,
        json,
        table::Devices,
        Output, //
    },
};
use rustix::io::Errno;
use std::{
    os::fd::{
        AsFd,
        AsRawFd, //
    },
    ptr, //
};

const MAIN: u8 = libc::RT_TABLE_MAIN;
const INTERRUPTED: u16 = libc::NLM_F_DUMP_INTR as u16;
const DONE: u16 = libc::NLMSG_DONE as u16;
const ERROR: u16 = libc::NLMSG_ERROR as u16;

/// A message with its header, filled up to the next one.
fn message(kind: u16, flags: u16, body: &[u8]) -> Vec<u8> {
    let mut message = Vec::new();
    message.extend((body.len() as u32 + 16).to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    message.extend([0; 8]);
    message.extend(body);
    message.resize(message.len().next_multiple_of(4), 0);
    message
}

fn attribute(number: u16, value: u32) -> Vec<u8> {
    let mut attribute = Vec::new();
    attribute.extend(8u16.to_ne_bytes());
    attribute.extend(number.to_ne_bytes());
    attribute.extend(value.to_ne_bytes());
    attribute
}

/// A default route with this metric.
fn route(table: u8, metric: u32) -> Vec<u8> {
    let mut body = vec![libc::AF_INET as u8, 0, 0, 0, table, 3, 0, 1, 0, 0, 0, 0];
    body.extend(attribute(libc::RTA_PRIORITY, metric));
    body
}

fn added(flags: u16, table: u8, metric: u32) -> Vec<u8> {
    message(libc::RTM_NEWROUTE, flags, &route(table, metric))
}

/// The metrics of the routes in an answer, whether the dump has been interrupted, and whether it
/// goes on.
fn read(answer: &[Vec<u8>]) -> (Vec<u32>, bool, Result<bool, Errno>) {
    let (mut metrics, mut changed) = (Vec::new(), false);
    let step = read_dump(&answer.concat(), &mut changed, |info| {
        metrics.push(info.priority);
        Step::Continue(())
    });
    (metrics, changed, step.map(|step| step.is_continue()))
}

#[test]
fn an_interrupted_dump_is_told() {
    let done = |flags| message(DONE, flags, &[0; 4]);
    for (first, second, last) in [
        (0, 0, 0),
        (INTERRUPTED, 0, 0),
        (0, INTERRUPTED, 0),
        (0, 0, INTERRUPTED),
    ] {
        let answer = [added(first, MAIN, 1), added(second, MAIN, 2), done(last)];
        let changed = first | second | last != 0;
        assert_eq!(read(&answer), (vec![1, 2], changed, Ok(false)));
    }
    assert_eq!(read(&[added(0, MAIN, 1)]), (vec![1], false, Ok(true)));
}

#[test]
fn answers_end_with_an_error_or_without() {
    let error = |kind, errno: Errno| message(kind, 0, &(-errno.raw_os_error()).to_ne_bytes());
    for kind in [DONE, ERROR] {
        let answer = [
            added(0, MAIN, 1),
            error(kind, Errno::INVAL),
            added(0, MAIN, 2),
        ];
        assert_eq!(read(&answer), (vec![1], false, Err(Errno::INVAL)));
    }
    // There never was such a table.
    assert_eq!(
        read(&[error(ERROR, Errno::NOENT)]),
        (vec![], false, Ok(false))
    );
    // What is cut short is the end of the answer.
    let mut cut = added(0, MAIN, 2);
    cut.pop();
    assert_eq!(read(&[added(0, MAIN, 1), cut]), (vec![1], false, Ok(true)));
}

#[test]
fn routes_of_other_tables_are_left_out() {
    let large = |table| {
        let mut body = route(libc::RT_TABLE_COMPAT, 7);
        body.extend(attribute(libc::RTA_TABLE, table));
        message(libc::RTM_NEWROUTE, 0, &body)
    };
    let answer = [
        added(0, libc::RT_TABLE_LOCAL, 1),
        added(0, 100, 2),
        large(1000),
        large(u32::from(MAIN)),
        message(libc::RTM_DELROUTE, 0, &route(MAIN, 3)),
        added(0, MAIN, 4),
    ];
    assert_eq!(read(&answer), (vec![7, 4], false, Ok(true)));
}

#[test]
fn nobody_reads_on_who_has_enough() {
    let answer = [added(0, MAIN, 1), added(0, MAIN, 2)].concat();
    let mut seen = 0;
    let step = read_dump(&answer, &mut false, |_| {
        seen += 1;
        Step::Break(())
    });
    assert_eq!((step, seen), (Ok(Step::Break(())), 1));
}

/// Without this, a kernel sends all tables, whatever table is asked for.
#[test]
fn the_kernel_is_held_to_the_table_that_is_asked_for() {
    let mut netlink = Netlink::open().unwrap();
    netlink
        .routes(libc::AF_INET as u8, |_| Step::Continue(()))
        .unwrap();
    let (mut on, mut size) = (0i32, size_of::<i32>() as libc::socklen_t);
    // SAFETY: Both pointers are to what they are said to be.
    let result = unsafe {
        libc::getsockopt(
            netlink.as_fd().as_raw_fd(),
            libc::SOL_NETLINK,
            libc::NETLINK_GET_STRICT_CHK,
            ptr::from_mut(&mut on).cast(),
            &mut size,
        )
    };
    assert_eq!((result, on), (0, 1));
}

/// Which of the routes with these metrics, which change so many times, is the default one for
/// `get`, and how often they are asked for.
fn default(metrics: &[u32], changes: usize) -> (Result<Option<u32>, Errno>, usize) {
    let mut asked = 0;
    let found = get::default(
        |each| {
            asked += 1;
            for (number, &metric) in (1..).zip(metrics) {
                let mut body = route(MAIN, metric);
                body.extend(attribute(libc::RTA_OIF, number));
                let _ = each(&Info::parse(&body).unwrap());
            }
            Ok(asked <= changes)
        },
        |info| Some(info.device),
    );
    (found, asked)
}

#[test]
fn the_default_route_is_that_with_the_lowest_metric() {
    assert_eq!(default(&[], 0), (Err(Errno::NETUNREACH), 1));
    assert_eq!(default(&[7, 5, 4278198272], 0), (Ok(Some(2)), 1));
    // The first of several, as the kernel takes it.
    assert_eq!(default(&[9, 5, 5], 0), (Ok(Some(2)), 1));
}

/// Neither a network that begins where it does, nor one for packets of one type of service, whatever
/// their metrics.
#[test]
fn the_default_route_is_for_all_packets() {
    let with = |length, tos, metric| {
        let mut body = route(MAIN, metric);
        (body[1], body[3]) = (length, tos);
        body
    };
    for (other, found) in [
        (with(1, 0, 0), Ok(Some(5))),
        (with(0, 0x10, 0), Ok(Some(5))),
        (with(0, 0, 0), Ok(Some(0))),
    ] {
        let bodies = [other, with(0, 0, 5)];
        let routes = |each: &mut dyn FnMut(&Info<'_>) -> Step| {
            for body in &bodies {
                let _ = each(&Info::parse(body).unwrap());
            }
            Ok(false)
        };
        assert_eq!(get::default(routes, |info| Some(info.priority)), found);
    }
}

#[test]
fn a_default_route_of_a_table_that_changes_is_asked_for_again() {
    assert_eq!(default(&[7], 3), (Ok(Some(1)), 4));
    assert_eq!(default(&[7], 4), (Err(Errno::AGAIN), 4));
    assert_eq!(default(&[7], 1000), (Err(Errno::AGAIN), 4));
}

#[test]
fn metrics_have_no_sign() {
    let body = route(MAIN, 4278198272);
    let info = Info::parse(&body).unwrap();
    let (mut json, mut line) = (Vec::new(), Vec::new());
    assert!(json::push_route(&mut json, &info, &mut Devices::default()));
    assert!(get::push_route(&mut line, &info, &mut Devices::default()));
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(json["metric"], 4278198272u32);
    assert_eq!(line, b"default metric 4278198272");
}

/// Rather than by way of `?`.
#[test]
fn a_route_by_a_device_that_is_gone_is_none() {
    let mut body = route(MAIN, 1);
    body.extend(attribute(libc::RTA_OIF, i32::MAX as u32));
    let info = Info::parse(&body).unwrap();
    for push_route in [json::push_route, get::push_route] {
        assert!(!push_route(&mut Vec::new(), &info, &mut Devices::default()));
    }
}

#[test]
fn a_table_that_has_changed_is_shown_and_then_that_is_said() {
    for changed in [false, true] {
        let mut written = Vec::new();
        let mut output = Output::new(&mut written);
        output.buffer().extend(b"table\n");
        let said = end(output, Ok(changed));
        assert_eq!(written, b"table\n");
        let status = said.err().map(|error| error.status);
        assert_eq!(status, changed.then_some(Status::Unsupported));
    }
}
