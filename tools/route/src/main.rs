// SPDX-License-Identifier: GPL-2.0

//! The process around [`route::command::run`].

use std::{
    env::args_os,
    ffi::OsString,
    os::unix::ffi::OsStrExt,
    process::ExitCode, //
};

fn main() -> ExitCode {
    let words: Vec<OsString> = args_os().skip(1).collect();
    match route::command::run(words.iter().map(|word| word.as_bytes())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("route: {error}");
            ExitCode::from(error.status as u8)
        }
    }
}
