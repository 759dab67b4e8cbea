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
    show, //
};
use std::io::Write;

/// Does what the words of a command line ask for. What is asked for is written to `out`; to `err`
/// goes what is said on the way, and not the error that it ends with.
pub fn run<'a>(
    line: impl Iterator<Item = &'a [u8]>,
    out: &mut impl Write,
    err: &mut impl Write,
) -> Result<(), Error> {
    let mut words = Words::new();
    let options = split(line, &mut words)?;

    if options.help {
        return print(out, help::help().as_bytes());
    }
    if options.version {
        return print(
            out,
            concat!("route ", env!("CARGO_PKG_VERSION"), "\n").as_bytes(),
        );
    }
    if let Some(shell) = options.completions {
        let script = completions::of(shell, &completions::own_name())?;
        return print(out, script.as_bytes());
    }
    if let Some(file) = options.batch {
        return match words.as_slice() {
            [] => print(
                out,
                &batch::run(file, &options, &SystemNames::default(), err)?,
            ),
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
        [] => show::show(&options, out),
        [word, rest @ ..] => match verb(word) {
            Some(Action::Add) => change(Change::Add, &options, rest),
            Some(Action::Delete) => change(Change::Delete, &options, rest),
            Some(Action::Get) => print(out, &get::get(&options, rest, &SystemNames::default())?),
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
    let route = parse::route(options.family_of_change()?, words, &SystemNames::default())?;
    Kernel::default().change(change, &route)
}

fn print(out: &mut impl Write, text: &[u8]) -> Result<(), Error> {
    out.write_all(text)
        .and_then(|()| out.flush())
        .map_err(|error| Error::output(&error))
}
