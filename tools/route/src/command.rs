// SPDX-License-Identifier: GPL-2.0

//! What one call of the command does.

use crate::{
    batch,
    change::Kernel,
    completions,
    error::{
        shown,
        Error, //
    },
    get,
    grammar::{
        verb,
        Action, //
    },
    help,
    line::{
        split,
        Options,
        Words, //
    },
    names::SystemNames,
    parse,
    route::Change,
    show::show, //
};
use std::io::{
    stdout,
    Write, //
};

/// Does what the words of a command line ask for.
pub fn run<'a>(line: impl Iterator<Item = &'a [u8]>) -> Result<(), Error> {
    let mut words = Words::new();
    let options = split(line, &mut words)?;

    if options.help {
        return print(&help::help());
    }
    if options.version {
        return print(concat!("route ", env!("CARGO_PKG_VERSION"), "\n"));
    }
    if let Some(shell) = options.completions {
        return print(&completions::of(shell)?);
    }
    if let Some(file) = options.batch {
        return match words.as_slice() {
            [] => batch::run(file, &options, &SystemNames::default()),
            [word, ..] => Err(Error::usage(format!(
                "{}: with --batch, the changes come from the file",
                shown(word)
            ))),
        };
    }
    if options.keep_going {
        return Err(Error::usage("--keep-going: goes with --batch"));
    }

    match words.as_slice() {
        [] => show(&options, stdout().lock()),
        [word, rest @ ..] => match verb(word) {
            Some(Action::Add) => change(Change::Add, &options, rest),
            Some(Action::Delete) => change(Change::Delete, &options, rest),
            Some(Action::Get) => print(&get::get(&options, rest, &SystemNames::default())?),
            Some(Action::Flush) => Err(Error::usage(
                "flush: not supported; ip route flush is what does it",
            )),
            None => Err(Error::usage(format!(
                "{}: there is no such command (--help)",
                shown(word)
            ))),
        },
    }
}

fn change(change: Change, options: &Options<'_>, words: &[&[u8]]) -> Result<(), Error> {
    only_family(options)?;
    let route = parse::route(options.family()?, words, &SystemNames::default())?;
    Kernel::default().change(change, &route)
}

/// Refuses what means nothing to a change. How to show a table is let pass, as ever.
pub(crate) fn only_family(options: &Options<'_>) -> Result<(), Error> {
    if options.cache {
        return Err(Error::usage("-C: the routing cache cannot be changed"));
    }
    if options.json {
        return Err(Error::usage("--json: changes show nothing"));
    }
    Ok(())
}

fn print(text: &str) -> Result<(), Error> {
    let mut stdout = stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Error::file("standard output", &error))
}
