// SPDX-License-Identifier: GPL-2.0

//! What went wrong, in words, and the exit status that says so to a script.

use std::{
    fmt,
    io::Write, //
};

/// Exit statuses, as net-tools has them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum Status {
    /// An address family that there is not, or a file or stream that cannot be used.
    Unsupported = 1,
    /// The command line.
    Usage = 3,
    /// A name that means nothing.
    Lookup = 6,
    /// The kernel has refused.
    Kernel = 7,
    /// Nobody reads what is written, as when `head` has had enough: what a shell makes of the end
    /// by SIGPIPE. Nothing is said then.
    ClosedPipe = 141,
}

/// One line for the user, without the name of the command in front.
#[derive(Debug, Eq, PartialEq)]
pub struct Error {
    /// What the command exits with.
    pub status: Status,
    /// What the user reads.
    pub text: String,
}

impl Error {
    /// An error of the command line.
    pub fn usage(text: impl Into<String>) -> Self {
        Error::new(Status::Usage, text)
    }

    /// An error of the kind that `status` says.
    pub fn new(status: Status, text: impl Into<String>) -> Self {
        Error {
            status,
            text: text.into(),
        }
    }

    /// Tells the user, in one write. If that cannot be, there is nobody to tell that.
    pub fn tell(&self, to: &mut impl Write) {
        let _ = to.write_all(format!("route: {self}\n").as_bytes());
    }

    /// What came of writing to standard output.
    pub fn output(error: &std::io::Error) -> Self {
        let status = match error.kind() {
            std::io::ErrorKind::BrokenPipe => Status::ClosedPipe,
            _ => Status::Unsupported,
        };
        Error::new(status, Error::file("standard output", error).text)
    }

    /// An error of the file or stream that `name` names.
    pub fn file(name: &str, error: &std::io::Error) -> Self {
        Error::new(
            Status::Unsupported,
            format!("{name}: {}", in_words(error.raw_os_error().unwrap_or(0))),
        )
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}

/// What the C library says of an errno, without its number.
///
/// ```
/// assert_eq!(route::error::in_words(17), "File exists");
/// ```
pub fn in_words(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_string(),
        None => text,
    }
}

/// Bytes of the user's, as they can be shown: whole, printable, in one line.
///
/// ```
/// assert_eq!(route::error::shown(b"10.0.0.0/8"), "10.0.0.0/8");
/// assert_eq!(route::error::shown(b""), "''");
/// assert_eq!(route::error::shown(b"a b"), "'a b'");
/// assert_eq!(route::error::shown(b"a\n\xff"), r"'a\n\xff'");
/// assert_eq!(route::error::shown("\u{feff}add\u{a0}\u{200b}".as_bytes()), r"'\u{feff}add\u{a0}\u{200b}'");
/// ```
pub fn shown(word: &[u8]) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"./:-_%@+,=*".contains(byte);
    let mut text = String::new();
    for chunk in word.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' => text.push(c),
                c => text.extend(c.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            text += &format!("\\x{byte:02x}");
        }
    }
    if word.is_empty() || !word.iter().all(plain) {
        text = format!("'{text}'");
    }
    text
}
