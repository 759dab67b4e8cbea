// SPDX-License-Identifier: GPL-2.0

//! Writes that fail, each of them, in every mode: an error or the end, but no panic.

#![allow(unsafe_code)]

use route::{
    command,
    error::Status,
    progress::Progress, //
};
use std::{
    fs::{
        File,
        OpenOptions, //
    },
    io::{
        self,
        Write, //
    },
    os::unix::{
        ffi::OsStrExt,
        process::{
            CommandExt,
            ExitStatusExt, //
        },
    },
    process::{
        Command,
        Output,
        Stdio, //
    },
    thread::sleep,
    time::Duration, //
};

/// Three lines that fail, whatever may be done here.
const FAILING: &[u8] = b"add\nfrob\nadd 10.0.0.0/33\n";

/// Lines of which all that is said goes to standard output.
const SHOWING: &[&[&str]] = &[
    &[],
    &["-n"],
    &["-ne"],
    &["-nee"],
    &["-C"],
    &["-nFC"],
    &["-n", "-A", "inet,inet6"],
    &["-6"],
    &["-6n"],
    &["-6nC"],
    &["--json"],
    &["--json", "-6"],
    &["--json", "-A", "inet,inet6"],
    &["--help"],
    &["--version"],
    &["--completions", "bash"],
    &["--completions", "zsh"],
    &["--completions", "fish"],
    &["get", "127.0.0.1"],
    &["--json", "get", "127.0.0.1"],
    &["--batch", "/dev/null"],
    &["--batch", "/dev/null", "--keep-going"],
];

/// Lines of which all that is said goes to standard error, and how they end.
const FAILED: &[(&[&str], i32)] = &[
    (&["add"], 3),
    (&["frob"], 3),
    (&["add", "no.such.name.invalid", "lo"], 6),
    (&["add", "-host", "192.0.2.1", "dev", "no-such-device"], 7),
    (&["-6", "add", "2001:db8::", "dev", "no-such-device"], 7),
    (&["get", "no.such.name.invalid"], 6),
    (&["-A", "ax25"], 1),
    (&["--completions", "csh"], 3),
    (&["--batch", "/no/such/file"], 1),
    (&["--batch", "-"], 3),
    (&["--batch", "-", "--keep-going"], 3),
];

/// Where nothing can be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sink {
    Full,
    ClosedPipe,
    Closed,
}

const SINKS: [Sink; 3] = [Sink::Full, Sink::ClosedPipe, Sink::Closed];

/// A pipe, to read from and to write to.
fn pipe() -> (File, File) {
    let (reader, writer) = rustix::pipe::pipe().unwrap();
    (reader.into(), writer.into())
}

/// Runs `route` with one of its streams, 1 or 2, leading to a sink.
fn route(line: &[&str], stream: i32, sink: Sink) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_route"));
    let (reader, mut writer) = pipe();
    writer.write_all(FAILING).unwrap();
    drop(writer);
    command.args(line).stdin(reader);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let to = match sink {
        Sink::Full => Some(OpenOptions::new().write(true).open("/dev/full").unwrap()),
        Sink::ClosedPipe => Some(pipe().1),
        Sink::Closed => None,
    };
    match to {
        Some(to) if stream == 1 => drop(command.stdout(to)),
        Some(to) => drop(command.stderr(to)),
        // SAFETY: close() may be called between fork() and exec().
        None => unsafe {
            command.pre_exec(move || {
                libc::close(stream);
                Ok(())
            });
        },
    }
    command.output().unwrap()
}

#[test]
fn standard_output() {
    for line in SHOWING {
        for sink in SINKS {
            let output = route(line, 1, sink);
            let (status, said) = (output.status, String::from_utf8_lossy(&output.stderr));
            match sink {
                Sink::Full => {
                    assert_eq!(status.code(), Some(1), "{line:?}: {status} {said}");
                    assert_eq!(
                        said, "route: standard output: No space left on device\n",
                        "{line:?}"
                    );
                }
                Sink::ClosedPipe => {
                    assert_eq!(status.signal(), Some(libc::SIGPIPE), "{line:?}: {status}");
                    assert_eq!(said, "", "{line:?}");
                }
                // Rust has opened /dev/null in its place.
                Sink::Closed => {
                    assert_eq!(status.code(), Some(0), "{line:?}: {status} {said}");
                    assert_eq!(said, "", "{line:?}");
                }
            }
        }
    }
}

#[test]
fn standard_error() {
    for (line, code) in FAILED {
        for sink in SINKS {
            let output = route(line, 2, sink);
            assert_eq!(output.status.code(), Some(*code), "{line:?} {sink:?}");
            assert_eq!(output.stdout, b"", "{line:?} {sink:?}");
        }
    }
}

/// Takes so many writes and no more.
struct Failing {
    left: usize,
    kind: io::ErrorKind,
}

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.left = self.left.checked_sub(1).ok_or(self.kind)?;
        // Not all at once, as a pipe may do.
        Ok(bytes.len().min(100))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn run(line: &[&str], out: &mut impl Write, err: &mut impl Write) -> (Option<Status>, String) {
    match command::run(line.iter().map(|word| word.as_bytes()), out, err) {
        Ok(()) => (None, String::new()),
        Err(error) => (Some(error.status), error.text),
    }
}

#[test]
fn each_write_of_what_is_shown() {
    for line in SHOWING {
        let mut writes = 0;
        loop {
            let left = writes;
            let failing = |kind| {
                let out = &mut Failing { left, kind };
                run(line, out, &mut io::sink()).0
            };
            match failing(io::ErrorKind::StorageFull) {
                None => break,
                status => assert_eq!(status, Some(Status::Unsupported), "{line:?} {left}"),
            }
            assert_eq!(
                failing(io::ErrorKind::BrokenPipe),
                Some(Status::ClosedPipe),
                "{line:?}"
            );
            writes += 1;
        }
        assert!(writes > 0, "{line:?}");
    }
}

#[test]
fn a_file_goes_on_though_nobody_hears() {
    let path = std::env::temp_dir().join(format!("route-writes-{}", std::process::id()));
    File::create(&path).unwrap().write_all(FAILING).unwrap();
    let name = std::str::from_utf8(path.as_os_str().as_bytes()).unwrap();
    for left in 0..5 {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::BrokenPipe] {
            let err = &mut Failing { left, kind };
            let (status, text) = run(&["--keep-going", "--batch", name], &mut io::sink(), err);
            assert_eq!(status, Some(Status::Usage), "{left}");
            assert_eq!(text, "3 lines: 0 added, 0 deleted, 3 failed", "{left}");
        }
    }
    std::fs::remove_file(path).unwrap();
}

#[test]
fn how_far_it_is_need_not_be_heard() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::BrokenPipe] {
        let mut progress = Progress::new(1000, true);
        sleep(Duration::from_millis(250));
        progress.show(500, 10, &mut Failing { left: 0, kind });
        progress.hide(&mut Failing { left: 0, kind });
    }
}

#[test]
fn how_far_it_is_is_for_terminals() {
    let shown = |size, on_terminal| {
        let (mut progress, mut written) = (Progress::new(size, on_terminal), Vec::new());
        sleep(Duration::from_millis(250));
        progress.show(500, 10, &mut written);
        progress.show(501, 11, &mut written);
        progress.hide(&mut written);
        progress.hide(&mut written);
        String::from_utf8(written).unwrap()
    };
    assert_eq!(shown(1000, false), "");
    assert_eq!(shown(1000, true), "\r50 %, 10 lines\r\x1b[K");
    assert_eq!(shown(100, true), "\r100 %, 10 lines\r\x1b[K");
    assert_eq!(shown(0, true), "\r10 lines\r\x1b[K");
}

/// Takes all, and loses it.
struct Lossy(io::ErrorKind);

impl Write for Lossy {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(self.0.into())
    }
}

#[test]
fn what_is_shown_has_to_arrive() {
    for line in SHOWING {
        for (kind, status) in [
            (io::ErrorKind::StorageFull, Status::Unsupported),
            (io::ErrorKind::BrokenPipe, Status::ClosedPipe),
        ] {
            let ended = run(line, &mut Lossy(kind), &mut io::sink());
            assert_eq!(ended.0, Some(status), "{line:?}");
        }
    }
}
