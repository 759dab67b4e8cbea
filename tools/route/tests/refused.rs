// SPDX-License-Identifier: GPL-2.0

//! Where sockets of some families are refused, as `RestrictAddressFamilies=` of systemd does it:
//! the table by another way, or a clear error and nothing else.

#![allow(unsafe_code)]

use libc::{
    sock_filter,
    sock_fprog,
    BPF_ABS,
    BPF_JEQ,
    BPF_JMP,
    BPF_K,
    BPF_LD,
    BPF_RET,
    BPF_W, //
};
use std::{
    io::{
        self,
        Write, //
    },
    os::unix::process::CommandExt,
    process::{
        Command,
        Output, //
    },
};

// Of a struct seccomp_data: the number of the call, and what counts of its first argument.
const NUMBER: u32 = 0;
const ARGUMENT: u32 = if cfg!(target_endian = "big") { 20 } else { 16 };

/// Whether calls can be refused. Where not, it says so: there is nothing to test then.
fn can_refuse() -> bool {
    // SAFETY: It takes no pointer.
    let why = if unsafe { libc::prctl(libc::PR_GET_SECCOMP) } < 0 {
        "no seccomp here, as under qemu-user"
    } else if cfg!(target_arch = "x86") {
        "socketcall(2) passes by a pointer what a filter would look at"
    } else {
        return true;
    };
    // Past the harness, which shows of print!() only what fails.
    let _ = writeln!(io::stderr(), "skipped: {why}");
    false
}

fn filter(code: u32, value: u32, if_not: u8) -> sock_filter {
    sock_filter {
        code: code as u16,
        jt: 0,
        jf: if_not,
        k: value,
    }
}

/// Runs `route` without sockets of `family`.
fn without(family: i32, line: &[&str]) -> Output {
    refusing(
        libc::SYS_socket,
        Some(family as u32),
        libc::EAFNOSUPPORT,
        line,
    )
}

/// Runs `route` with an error in place of one system call, whatever its first argument is or where
/// it is this one.
fn refusing(call: libc::c_long, argument: Option<u32>, errno: i32, line: &[&str]) -> Output {
    let load = BPF_LD | BPF_W | BPF_ABS;
    let equal = BPF_JMP | BPF_JEQ | BPF_K;
    let program = [
        filter(load, NUMBER, 0),
        filter(equal, call as u32, 3),
        filter(load, ARGUMENT, 0),
        filter(equal, argument.unwrap_or(0), argument.is_some().into()),
        filter(BPF_RET | BPF_K, libc::SECCOMP_RET_ERRNO | errno as u32, 0),
        filter(BPF_RET | BPF_K, libc::SECCOMP_RET_ALLOW, 0),
    ];
    let mut command = Command::new(env!("CARGO_BIN_EXE_route"));
    command.args(line);
    // SAFETY: Between fork() and exec(), only prctl() is called, with a program that is there.
    unsafe {
        command.pre_exec(move || {
            let filter = sock_fprog {
                len: program.len() as u16,
                filter: program.as_ptr().cast_mut(),
            };
            if libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0
                || libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &filter) != 0
            {
                return Err(io::Error::last_os_error());
            }
            Ok(())
        });
    }
    command.output().unwrap()
}

fn plain(line: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_route"));
    command.args(line).output().unwrap()
}

#[test]
fn without_unix_sockets_all_is_as_ever() {
    if !can_refuse() {
        return;
    }
    for line in [
        &["--json"][..],
        &["--json", "-6"],
        &["-n"],
        &["get", "127.0.0.1"],
        &["--json", "get", "127.0.0.1"],
    ] {
        let output = without(libc::AF_UNIX, line);
        assert_eq!(output.status.code(), Some(0), "{line:?}");
        assert_eq!(output, plain(line), "{line:?}");
        assert!(!output.stdout.contains(&b'?'), "{line:?}");
    }
}

#[test]
fn without_netlink_columns_are_as_ever() {
    if !can_refuse() {
        return;
    }
    for line in ["-n", "-nee", "-6n"] {
        assert_eq!(without(libc::AF_NETLINK, &[line]), plain(&[line]), "{line}");
    }
}

#[test]
fn without_netlink_there_is_no_half_json() {
    if !can_refuse() {
        return;
    }
    for (line, status) in [
        (&["--json"][..], 1),
        (&["--json", "-A", "inet,inet6"], 1),
        (&["get", "127.0.0.1"], 7),
        (&["--json", "get", "default"], 7),
    ] {
        let output = without(libc::AF_NETLINK, line);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{line:?}: {said}");
        assert_eq!(output.stdout, b"", "{line:?}");
        assert!(
            said.ends_with("rtnetlink: Address family not supported by protocol\n"),
            "{said}"
        );
    }
}

/// There is a socket, but no answer by it: all that has been appended is a bracket.
#[test]
fn what_ends_half_way_is_not_shown_as_json() {
    if !can_refuse() {
        return;
    }
    for line in [&["--json"][..], &["--json", "-6"]] {
        let output = refusing(libc::SYS_sendto, None, libc::ENOBUFS, line);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{line:?}: {said}");
        assert_eq!(output.stdout, b"", "{line:?}");
        assert_eq!(
            said, "route: --json: rtnetlink: No buffer space available\n",
            "{line:?}"
        );
    }
}
