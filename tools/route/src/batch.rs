// SPDX-License-Identifier: GPL-2.0

//! `--batch`: changes from a file, one in a line, by one socket.

use crate::{
    change::Kernel,
    error::{
        shown,
        Error,
        Status, //
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
    progress::Progress,
    route::{
        Change,
        Route, //
    },
};
use std::{
    ffi::OsStr,
    fs::File,
    io::{
        self,
        stderr,
        stdin,
        BufRead,
        BufReader,
        IsTerminal,
        Read,
        Write, //
    },
    os::unix::ffi::OsStrExt,
};

const CHUNK: usize = 64 << 10;

/// What is read of a line. No line that says anything is as long, unless it is a comment.
const LONGEST: usize = 4096;

/// Lines between two looks at how far it is.
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

/// Applies the lines of a file until one fails, or with `--keep-going`, all that do not fail; to
/// `err` goes what is wrong with the others. Returns what is to be said at the end.
pub fn run(
    file: &[u8],
    options: &Options<'_>,
    names: &impl Names,
    err: &mut impl Write,
) -> Result<Vec<u8>, Error> {
    let family = options.family_of_change()?;
    let (name, input, size) = open(file)?;
    let failed = |error: io::Error| Error::file(&name, &error);
    let mut input = BufReader::with_capacity(CHUNK, input);
    let mut progress = Progress::new(size, stderr().is_terminal());
    let mut kernel = Kernel::default();
    let mut counts = Counts::default();
    let mut line = Vec::with_capacity(LONGEST);

    while read_line(&mut input, &mut line).map_err(failed)? {
        counts.lines += 1;
        counts.bytes += line.len() as u64;
        if let Err(error) = apply(&line, family, names, &mut kernel, &mut counts) {
            let error = Error::new(error.status, format!("{name}:{}: {error}", counts.lines));
            progress.hide(err);
            if !options.keep_going {
                return Err(stopped(error, &counts));
            }
            error.tell(err);
            counts.failed += 1;
            counts.failure.get_or_insert(error.status);
        }
        if is_cut(&line) {
            counts.bytes += skip_line(&mut input).map_err(failed)?;
        }
        if counts.lines % PACE == 0 {
            progress.show(counts.bytes, counts.lines, err);
        }
    }
    progress.hide(err);
    summarize(counts)
}

/// Reads a line, or its first bytes. Returns whether there was one.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    input.take(LONGEST as u64).read_until(b'\n', line)?;
    Ok(!line.is_empty())
}

/// Whether more of the line is to be read.
fn is_cut(line: &[u8]) -> bool {
    line.len() == LONGEST && line.last() != Some(&b'\n')
}

/// Reads what is left of a line, and returns how much that was.
fn skip_line(input: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let chunk = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            chunk => chunk?,
        };
        let end = chunk.iter().position(|&byte| byte == b'\n');
        let length = end.map_or(chunk.len(), |end| end + 1);
        input.consume(length);
        skipped += length as u64;
        if end.is_some() || length == 0 {
            return Ok(skipped);
        }
    }
}

fn apply(
    line: &[u8],
    family: Family,
    names: &impl Names,
    kernel: &mut Kernel,
    counts: &mut Counts,
) -> Result<(), Error> {
    if is_cut(line) && !has_comment(line) {
        return Err(Error::usage(format!(
            "a line has less than {LONGEST} bytes, not counting a comment"
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

/// Whether a word begins a comment, so that the rest does not matter.
fn has_comment(line: &[u8]) -> bool {
    let mut before = b' ';
    line.iter().any(|&byte| {
        let begins = byte == b'#' && before <= b' ';
        before = byte;
        begins
    })
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
    failure: Option<Status>,
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

fn summarize(counts: Counts) -> Result<Vec<u8>, Error> {
    let text = format!(
        "{} lines: {} added, {} deleted, {} failed",
        counts.lines, counts.added, counts.deleted, counts.failed
    );
    match counts.failure {
        None => Ok((text + "\n").into_bytes()),
        Some(status) => Err(Error::new(status, text)),
    }
}
