// SPDX-License-Identifier: GPL-2.0

//! `--help` and the synopsis, from the grammar.

use crate::grammar::{
    Keyword,
    Opt,
    KEYWORDS,
    OPTIONS,
    VERBS, //
};

/// The forms of the command, one in a line.
pub fn synopsis() -> Vec<String> {
    let mut change = String::from("route [-46] add|del [-net|-host] TARGET[/LEN]");
    for keyword in KEYWORDS {
        let words = keyword_synopsis(keyword);
        // The word in front of a device is optional where it is last, as it is here.
        match keyword.names[0] {
            "dev" => change += &words.replacen("[dev", " [[dev]", 1),
            _ => change += &format!(" {words}"),
        }
    }
    vec![
        "route [-neFC46] [-A FAMILY] [--json]".into(),
        change,
        "route [-46] [-n] [--json] get ADDRESS".into(),
        "route [-46] --batch FILE|- [--keep-going]".into(),
    ]
}

fn keyword_synopsis(keyword: &Keyword) -> String {
    match keyword.argument {
        Some(argument) => format!("[{} {}]", keyword.names[0], argument.name()),
        None => format!("[{}]", keyword.names[0]),
    }
}

/// An option with all its spellings.
pub fn option_spellings(opt: &Opt) -> String {
    let letters = opt
        .letters
        .iter()
        .map(|&letter| format!("-{}", char::from(letter)));
    let names = opt.names.iter().map(|name| format!("--{name}"));
    let mut text = letters.chain(names).collect::<Vec<_>>().join(", ");
    if let Some(argument) = opt.argument {
        text += &format!(" {}", argument.name());
    }
    text
}

/// A keyword with all its spellings.
pub fn keyword_spellings(keyword: &Keyword) -> String {
    let mut text = keyword.names.join(", ");
    if let Some(argument) = keyword.argument {
        text += &format!(" {}", argument.name());
    }
    text
}

/// What `--help` shows.
pub fn help() -> String {
    let mut text = String::new();
    for (form, start) in synopsis()
        .iter()
        .zip(["Usage: "].into_iter().chain(["       "; 9]))
    {
        text += start;
        text += &folded(form);
    }
    text += "\nWithout a command, the routing table is shown.\n\nCommands:\n";
    for verb in VERBS.iter().filter(|verb| !verb.help.is_empty()) {
        entry(&mut text, &verb.names.join(", "), verb.help);
    }
    text += "\nBehind the target:\n";
    for keyword in KEYWORDS {
        entry(&mut text, &keyword_spellings(keyword), keyword.help);
    }
    text += "\nOptions:\n";
    for opt in OPTIONS {
        entry(&mut text, &option_spellings(opt), opt.help);
    }
    text += "\nThe manual, route(8), says what is different from other commands of this name.\n";
    text
}

/// Breaks a form into lines for a terminal.
fn folded(form: &str) -> String {
    const WIDTH: usize = 72;
    let mut lines = String::new();
    let mut length = 0;
    for part in form.split_inclusive("] ") {
        if length + part.trim_end().len() > WIDTH {
            lines.truncate(lines.trim_end().len());
            lines += "\n             ";
            length = 6;
        }
        lines += part;
        length += part.len();
    }
    lines + "\n"
}

fn entry(text: &mut String, what: &str, help: &str) {
    *text += &format!("  {what:<30} {help}\n");
}
