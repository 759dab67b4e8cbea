// SPDX-License-Identifier: GPL-2.0

//! Counts of the calls served, for `calls` in the module's debugfs directory.

use kernel::{
    fmt,
    net::route_ioctl::Command,
    prelude::*,
    sync::atomic::{
        Atomic,
        Relaxed, //
    }, //
};

/// One more than the greatest errno that has a name, `EHWPOISON`.
const RESULTS: usize = 134;

/// How often a command ended with each result: `[0]` is success, `[n]` is errno n.
struct Counts([Atomic<u64>; RESULTS]);

impl Counts {
    const fn new() -> Self {
        Self([const { Atomic::new(0) }; RESULTS])
    }

    #[inline]
    fn add(&self, result: &Result) {
        let errno = match result {
            Ok(()) => 0,
            Err(error) => error.to_errno().wrapping_neg(),
        };

        // CAST: An errno is negative, so this is not.
        if let Some(count) = self.0.get(errno as usize) {
            count.add(1, Relaxed);
        }
    }

    fn show(&self, command: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (errno, count) in (0..RESULTS as i32).zip(&self.0) {
            match (count.load(Relaxed), name(errno)) {
                (0, _) => {}
                (count, Some(name)) => writeln!(f, "{command} {name} {count}")?,
                (count, None) => writeln!(f, "{command} {errno} {count}")?,
            }
        }
        Ok(())
    }
}

/// Returns the name of a result, if the kernel is configured to know it.
fn name(errno: i32) -> Option<&'static str> {
    match errno {
        0 => Some("ok"),
        errno => Error::from_errno(errno.wrapping_neg())
            .name()?
            .to_str()
            .ok(),
    }
}

static ADD: Counts = Counts::new();
static DELETE: Counts = Counts::new();

/// Counts one call.
#[inline]
pub(crate) fn count(command: Command, result: &Result) {
    match command {
        Command::Add => ADD.add(result),
        Command::Delete => DELETE.add(result),
    }
}

/// The content of the debugfs file: a line for each command and result that has occurred.
pub(crate) struct Calls;

pub(crate) fn show(_: &Calls, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    writeln!(f, "command result calls")?;
    ADD.show("SIOCADDRT", f)?;
    DELETE.show("SIOCDELRT", f)
}
