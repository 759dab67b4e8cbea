// SPDX-License-Identifier: GPL-2.0

//! How far `--batch` has come, for a person who waits at a terminal.

use std::{
    io::Write,
    time::{
        Duration,
        Instant, //
    },
};

/// Between two changes of what is shown.
const PACE: Duration = Duration::from_millis(200);

/// A line on the terminal, if there is one, that is written over.
#[derive(Debug)]
pub struct Progress {
    /// Bytes in all; 0 if nobody knows.
    size: u64,
    /// When it was shown last. `None` without a terminal.
    shown: Option<Instant>,
    visible: bool,
}

impl Progress {
    /// Of a file of so many bytes.
    pub fn new(size: u64, on_terminal: bool) -> Self {
        Progress {
            size,
            shown: on_terminal.then(Instant::now),
            visible: false,
        }
    }

    /// Shows how far it is, now and then.
    pub fn show(&mut self, bytes: u64, lines: usize, to: &mut impl Write) {
        if self.shown.is_none_or(|shown| shown.elapsed() < PACE) {
            return;
        }
        let text = match (bytes * 100).checked_div(self.size) {
            Some(percent) => format!("\r{} %, {lines} lines", percent.min(100)),
            None => format!("\r{lines} lines"),
        };
        self.shown = Some(Instant::now());
        self.visible = true;
        // If it cannot be shown, the work goes on all the same.
        let _ = to.write_all(text.as_bytes());
    }

    /// Takes it from the terminal, so that something else can be said.
    pub fn hide(&mut self, to: &mut impl Write) {
        if self.visible {
            self.visible = false;
            let _ = to.write_all(b"\r\x1b[K");
        }
    }
}
