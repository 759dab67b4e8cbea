// SPDX-License-Identifier: GPL-2.0

//! `--batch`: changes from a file, one in a line, by one socket.

use crate::{
    change::Kernel,
    command::only_family,
    error::{
        shown,
        Error, //
    },
    line::{
        split,
        Family,
        Options,
        Words, //
    },
    mistake::Mistake,
    names::Names,
    parse,
    route::{
        Change,
        Route, //
    },
};
use indicatif::{
    ProgressBar,
    ProgressDrawTarget,
    ProgressStyle, //
};
use std::{
    ffi::OsStr,
    fs::File,
    io::{
        stderr,
        stdin,
        BufRead,
        BufReader,
        IsTerminal,
        Read, //
    },
    os::unix::ffi::OsStrExt,
};

const CHUNK: usize = 64 << 10;

/// No line that says anything is as long.
const LONGEST: usize = 4096;

/// Lines between two looks at the progress bar.
const PACE: usize = 1024;

/// What a line asks for; a line may ask for nothing.
///
/// ```
/// use route::{batch, line::Family, names::NoNames};
///
/// let line = |line| batch::parse_line(line, Family::Inet, &NoNames);
/// assert!(line(b"add -net 10.0.0.0/8 gw 192.0.2.1  # to the lab").unwrap().is_some());
/// assert!(line(b"  # nothing").unwrap().is_none());
/// assert!(line(b"show").is_err());
/// ```
pub fn parse_line<'a>(
    line: &'a [u8],
    family: Family,
    names: &impl Names,
) -> Result<Option<(Change, Route)>, Mistake<'a>> {
    let mut words = Words::new();
    let options = split(Line(line), &mut words)?;
    let family = match options.families {
        [None, None] => family,
        _ => options.family()?,
    };
    let [first, rest @ ..] = words.as_slice() else {
        return Ok(None);
    };
    if !options.only_families() {
        return Err(Mistake::OptionInFile);
    }
    let change = Change::named(first).ok_or(Mistake::NoChange(first))?;
    Ok(Some((change, parse::route(family, rest, names)?)))
}

/// The words of a line, up to one that begins a comment. What is not printed keeps them apart.
struct Line<'a>(&'a [u8]);

impl<'a> Iterator for Line<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.0.iter().position(|&byte| byte > b' ')?;
        let line = &self.0[start..];
        if line[0] == b'#' {
            return None;
        }
        let end = line
            .iter()
            .position(|&byte| byte <= b' ')
            .unwrap_or(line.len());
        self.0 = &line[end..];
        Some(&line[..end])
    }
}

/// Applies the lines of a file until one fails, or with `--keep-going`, all that do not fail.
pub fn run(file: &[u8], options: &Options<'_>, names: &impl Names) -> Result<(), Error> {
    only_family(options)?;
    let family = options.family()?;
    let (name, input, size) = open(file)?;
    let mut input = BufReader::with_capacity(CHUNK, input);
    let bar = bar(size);
    let mut kernel = Kernel::default();
    let mut counts = Counts::default();
    let mut line = Vec::with_capacity(LONGEST);

    loop {
        line.clear();
        (&mut input)
            .take(LONGEST as u64)
            .read_until(b'\n', &mut line)
            .map_err(|error| Error::file(&name, &error))?;
        if line.is_empty() {
            break;
        }
        counts.lines += 1;
        if let Err(error) = apply(&line, family, names, &mut kernel, &mut counts) {
            let error = Error::new(error.status, format!("{name}:{}: {error}", counts.lines));
            if line.len() == LONGEST || !options.keep_going {
                hide(&bar);
                return Err(stopped(error, &counts));
            }
            complain(&bar, &error);
            counts.failed += 1;
            counts.failure.get_or_insert(error);
        }
        if let Some(bar) = &bar {
            counts.bytes += line.len() as u64;
            if counts.lines % PACE == 0 {
                bar.set_position(counts.bytes);
            }
        }
    }
    hide(&bar);
    summarize(counts)
}

fn apply(
    line: &[u8],
    family: Family,
    names: &impl Names,
    kernel: &mut Kernel,
    counts: &mut Counts,
) -> Result<(), Error> {
    if line.len() == LONGEST {
        return Err(Error::usage(format!(
            "a line is shorter than {LONGEST} bytes"
        )));
    }
    if let Some((change, route)) = parse_line(line, family, names)? {
        kernel.change(change, &route)?;
        match change {
            Change::Add => counts.added += 1,
            Change::Delete => counts.deleted += 1,
        }
    }
    Ok(())
}

/// The file, what to call it, and its size if it has one.
fn open(file: &[u8]) -> Result<(String, Box<dyn Read>, u64), Error> {
    if file == b"-" {
        return Ok(("standard input".into(), Box::new(stdin()), 0));
    }
    let name = shown(file);
    let open = File::open(OsStr::from_bytes(file)).and_then(|f| Ok((f.metadata()?.len(), f)));
    match open {
        Ok((size, file)) => Ok((name, Box::new(file), size)),
        Err(error) => Err(Error::file(&name, &error)),
    }
}

#[derive(Default)]
struct Counts {
    lines: usize,
    bytes: u64,
    added: usize,
    deleted: usize,
    failed: usize,
    /// The first.
    failure: Option<Error>,
}

fn stopped(error: Error, counts: &Counts) -> Error {
    Error::new(
        error.status,
        format!(
            "{error}\nroute: stopped there; done before: {} added, {} deleted",
            counts.added, counts.deleted
        ),
    )
}

fn summarize(counts: Counts) -> Result<(), Error> {
    let text = format!(
        "{} lines: {} added, {} deleted, {} failed",
        counts.lines, counts.added, counts.deleted, counts.failed
    );
    match counts.failure {
        None => {
            println!("{text}");
            Ok(())
        }
        Some(error) => Err(Error::new(error.status, text)),
    }
}

/// A progress bar, for a person only.
fn bar(size: u64) -> Option<ProgressBar> {
    if !stderr().is_terminal() {
        return None;
    }
    if size == 0 {
        return Some(ProgressBar::new_spinner());
    }
    let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr());
    let style = "{wide_bar} {percent} % of {total_bytes}, {eta} left";
    Some(match ProgressStyle::with_template(style) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    })
}

fn hide(bar: &Option<ProgressBar>) {
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn complain(bar: &Option<ProgressBar>, error: &Error) {
    match bar {
        Some(bar) => bar.suspend(|| eprintln!("route: {error}")),
        None => eprintln!("route: {error}"),
    }
}
