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

/// What is read at a time.
const CHUNK: usize = 64 << 10;

/// What is kept back before it is written at once.
const HELD: usize = 256 << 10;

/// How often a table is asked for that changes while it is read.
pub(crate) const ATTEMPTS: usize = 4;

/// Lines on their way to a stream, in large pieces.
pub struct Output<W: Write> {
    stream: W,
    waiting: Vec<u8>,
    /// Bytes written so far.
    written: usize,
    result: io::Result<()>,
}

impl<W: Write> Output<W> {
    /// An output to `stream`.
    pub fn new(stream: W) -> Self {
        Output {
            stream,
            waiting: Vec::with_capacity(HELD + 1024),
            written: 0,
            result: Ok(()),
        }
    }

    /// Where to append; once there is enough, what has been is written.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.waiting.len() >= HELD {
            self.flush();
        }
        &mut self.waiting
    }

    /// Whether a write has failed, after which none is of use.
    pub fn is_broken(&self) -> bool {
        self.result.is_err()
    }

    /// Has `fill` append a table, and again if it says that the table has changed meanwhile. What
    /// is written cannot be taken back, so a large table is not asked for again. Returns whether the
    /// one that is there has changed.
    pub fn retry<E>(
        &mut self,
        mut fill: impl FnMut(&mut Self) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let start = self.written + self.waiting.len();
        for _ in 0..ATTEMPTS {
            if let Some(keep) = start.checked_sub(self.written) {
                self.waiting.truncate(keep);
            }
            let changed = fill(self)?;
            if !changed || self.is_broken() {
                return Ok(false);
            }
            if self.written > start {
                break;
            }
        }
        Ok(true)
    }

    /// Forgets what has been appended, unless some has been written.
    pub fn forget(&mut self) {
        if self.written == 0 {
            self.waiting.clear();
        }
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
        self.written += self.waiting.len();
        self.waiting.clear();
    }
}

/// Shows what `options` ask for.
pub fn show(options: &Options<'_>, stream: impl Write) -> Result<(), Error> {
    let mut output = Output::new(stream);
    let changed = if options.json {
        json::show(options, &mut output)
    } else {
        tables(options, &mut output)
    };
    end(output, changed)
}

/// Writes what is left, even if the rest could not be read, and says what is wrong with it:
/// `changed` if [`Output::retry`] has not helped.
pub fn end(output: Output<impl Write>, changed: Result<bool, Error>) -> Result<(), Error> {
    output.finish().map_err(|error| Error::output(&error))?;
    if changed? {
        return Err(Error::new(
            Status::Unsupported,
            "the table has changed while it was read: routes may be missing, or be there twice",
        ));
    }
    Ok(())
}

/// The families to show.
fn families(options: &Options<'_>) -> impl Iterator<Item = Family> {
    let [first, second] = options.families;
    [Some(first.unwrap_or(Family::Inet)), second]
        .into_iter()
        .flatten()
}

/// Returns whether a table has changed meanwhile.
fn tables(options: &Options<'_>, output: &mut Output<impl Write>) -> Result<bool, Error> {
    let mut names = (!options.numeric).then(Reverse::new);
    let fib = options.fib || !options.cache;
    let mut changed = false;

    for family in families(options) {
        match family {
            Family::Inet => {
                let layout = Layout::of(options.extend);
                if fib {
                    changed |= inet(layout, &mut names, output)?;
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
    Ok(changed)
}

/// Returns whether the table has changed meanwhile.
fn inet(
    layout: Layout,
    names: &mut Option<Reverse>,
    output: &mut Output<impl Write>,
) -> Result<bool, Error> {
    columns::heading(output.buffer(), layout);
    output.retry(|output| {
        table::for_each(|row: &Row4<'_>| {
            columns::push4(output.buffer(), row, layout, names.as_mut());
            !output.is_broken()
        })
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
