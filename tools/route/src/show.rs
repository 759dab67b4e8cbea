// SPDX-License-Identifier: GPL-2.0

//! Tables, from the kernel to standard output.

pub mod columns;
pub mod json;
pub mod proc4;
pub mod proc6;
pub mod table;

use crate::{
    error::{
        Error,
        Status, //
    },
    line::{
        Family,
        Options, //
    },
    names::Reverse,
};
use columns::{
    Layout,
    Row4,
    Row6, //
};
use std::{
    fs::File,
    io::{
        self,
        BufRead,
        BufReader,
        Write, //
    },
};

const PROC_ROUTE: &str = "/proc/net/route";
const PROC_IPV6_ROUTE: &str = "/proc/net/ipv6_route";

/// What is read or written at a time.
const CHUNK: usize = 64 << 10;

/// Lines on their way to a stream, in large pieces.
pub struct Output<W: Write> {
    stream: W,
    waiting: Vec<u8>,
    result: io::Result<()>,
}

impl<W: Write> Output<W> {
    /// An output to `stream`.
    pub fn new(stream: W) -> Self {
        Output {
            stream,
            waiting: Vec::with_capacity(CHUNK + 1024),
            result: Ok(()),
        }
    }

    /// Where to append; once there is enough, what has been is written.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.waiting.len() >= CHUNK {
            self.flush();
        }
        &mut self.waiting
    }

    /// Whether a write has failed, after which none is of use.
    pub fn is_broken(&self) -> bool {
        self.result.is_err()
    }

    /// Writes what is left.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush();
        self.result?;
        self.stream.flush()
    }

    fn flush(&mut self) {
        if self.result.is_ok() {
            self.result = self.stream.write_all(&self.waiting);
        }
        self.waiting.clear();
    }
}

/// Shows what `options` ask for.
pub fn show(options: &Options<'_>, stream: impl Write) -> Result<(), Error> {
    let mut output = Output::new(stream);
    let result = if options.json {
        json::show(options, &mut output)
    } else {
        tables(options, &mut output)
    };
    // What has been read until then is shown even if the rest cannot be.
    output
        .finish()
        .map_err(|error| Error::file("standard output", &error))?;
    result
}

/// The families to show.
fn families(options: &Options<'_>) -> impl Iterator<Item = Family> {
    let [first, second] = options.families;
    [Some(first.unwrap_or(Family::Inet)), second]
        .into_iter()
        .flatten()
}

fn tables(options: &Options<'_>, output: &mut Output<impl Write>) -> Result<(), Error> {
    let mut names = (!options.numeric).then(Reverse::new);
    let fib = options.fib || !options.cache;

    for family in families(options) {
        match family {
            Family::Inet => {
                let layout = Layout::of(options.extend);
                if fib {
                    inet(layout, &mut names, output)?;
                }
                if options.cache {
                    // The kernel has none since 3.6.
                    columns::cache_heading(output.buffer(), layout);
                }
            }
            Family::Inet6 => {
                if fib {
                    inet6(false, &mut names, output)?;
                }
                if options.cache {
                    inet6(true, &mut names, output)?;
                }
            }
        }
    }
    Ok(())
}

fn inet(
    layout: Layout,
    names: &mut Option<Reverse>,
    output: &mut Output<impl Write>,
) -> Result<(), Error> {
    columns::heading(output.buffer(), layout);
    table::for_each(|row: &Row4<'_>| {
        columns::push4(output.buffer(), row, layout, names.as_mut());
        !output.is_broken()
    })
}

fn inet6(
    cached: bool,
    names: &mut Option<Reverse>,
    output: &mut Output<impl Write>,
) -> Result<(), Error> {
    columns::heading6(output.buffer(), cached);
    for_each_line(PROC_IPV6_ROUTE, |line| {
        if let Some(row) = proc6::parse(line).filter(|row: &Row6<'_>| row.is_cached() == cached) {
            columns::push6(output.buffer(), &row, names.as_mut());
        }
        !output.is_broken()
    })
}

/// Shows `each` the lines of a file in /proc, until it returns false.
fn for_each_line(path: &str, mut each: impl FnMut(&[u8]) -> bool) -> Result<(), Error> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => Error::new(
            Status::Unsupported,
            format!("{path} is not there: no such address family in this kernel, or no /proc"),
        ),
        _ => Error::file(path, &error),
    };
    let mut file = BufReader::with_capacity(CHUNK, File::open(path).map_err(failed)?);
    let mut line = Vec::new();

    while file.read_until(b'\n', &mut line).map_err(failed)? > 0 {
        if !each(line.trim_ascii_end()) {
            break;
        }
        line.clear();
    }
    Ok(())
}
