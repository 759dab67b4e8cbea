// SPDX-License-Identifier: GPL-2.0

//! The process around [`route::command::run`].

use route::{
    command,
    error::Status,
    kernel::end_by_sigpipe, //
};
use std::{
    env::args_os,
    ffi::OsString,
    io::{
        stderr,
        stdout, //
    },
    os::unix::ffi::OsStrExt,
    process::ExitCode, //
};

fn main() -> ExitCode {
    let words: Vec<OsString> = args_os().skip(1).collect();
    let words = words.iter().map(|word| word.as_bytes());
    let Err(error) = command::run(words, &mut stdout().lock(), &mut stderr()) else {
        return ExitCode::SUCCESS;
    };
    if error.status == Status::ClosedPipe {
        end_by_sigpipe();
    } else {
        error.tell(&mut stderr());
    }
    ExitCode::from(error.status as u8)
}
