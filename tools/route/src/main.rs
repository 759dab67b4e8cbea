// SPDX-License-Identifier: GPL-2.0

//! The process around [`route::command::run`].

use route::{
    command,
    error::Status,
    kernel::{
        end,
        end_by_sigpipe, //
    },
};
use std::{
    env::args_os,
    ffi::OsString,
    io::{
        self,
        stderr,
        stdout,
        Write, //
    },
    os::unix::ffi::OsStrExt, //
};

/// Standard output, of which std makes nothing before something is written: most changes have
/// nothing to say.
struct Stdout;

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        stdout().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        stdout().flush()
    }
}

fn main() {
    let words: Vec<OsString> = args_os().skip(1).collect();
    let words = words.iter().map(|word| word.as_bytes());
    let Err(error) = command::run(words, &mut Stdout, &mut stderr()) else {
        end(0);
    };
    if error.status == Status::ClosedPipe {
        end_by_sigpipe();
    } else {
        error.tell(&mut stderr());
    }
    end(error.status as u8);
}
