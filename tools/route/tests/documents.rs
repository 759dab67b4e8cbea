// SPDX-License-Identifier: GPL-2.0

//! The manual and the completions say what the grammar says.

use route::{
    completions,
    grammar::{
        KEYWORDS,
        OPTIONS,
        SHELLS,
        VERBS, //
    },
    help::{
        help,
        keyword_spellings,
        option_spellings,
        synopsis, //
    },
};

/// The manual without the commands of its source.
fn manual() -> String {
    let source = include_str!("../route.8").replace("\\-", "-");
    let mut text = String::new();
    for line in source.lines().filter(|line| !line.starts_with(".\\\"")) {
        let line = line
            .split_once(' ')
            .filter(|(first, _)| first.starts_with('.'))
            .map_or(line, |l| l.1);
        text += line
            .replace("\\fB", "")
            .replace("\\fI", "")
            .replace("\\fR", "")
            .trim();
        text.push(' ');
    }
    text
}

#[test]
fn the_manual_has_the_synopsis() {
    let manual = manual();
    for form in synopsis() {
        assert!(manual.contains(&form), "{form}");
    }
}

#[test]
fn the_manual_has_all_options_and_keywords() {
    let manual = manual();
    for opt in OPTIONS {
        let spellings = option_spellings(opt);
        assert!(manual.contains(&format!("{spellings} ")), "{spellings}");
    }
    for keyword in KEYWORDS {
        let spellings = keyword_spellings(keyword);
        assert!(manual.contains(&format!("{spellings} ")), "{spellings}");
    }
}

#[test]
fn help_fits_a_terminal_and_has_all() {
    let help = help();
    for line in help.lines() {
        assert!(line.len() <= 100, "{line}");
    }
    for keyword in KEYWORDS {
        assert!(help.contains(keyword.help));
    }
    for opt in OPTIONS {
        assert!(help.contains(opt.help));
    }
}

#[test]
fn completions_have_all_words() {
    for shell in SHELLS {
        let script = completions::of(shell.as_bytes(), "route").unwrap();
        let words = script
            .split(|c: char| " '\"|\n()\\".contains(c))
            .collect::<Vec<_>>();
        for name in KEYWORDS.iter().flat_map(|keyword| keyword.names) {
            assert!(words.contains(name), "{shell}: {name}");
        }
        for verb in VERBS.iter().filter(|verb| !verb.help.is_empty()) {
            assert!(words.contains(&verb.names[0]), "{shell}: {}", verb.names[0]);
        }
        for name in OPTIONS.iter().flat_map(|opt| opt.names) {
            let spelled = format!("--{name}");
            let found = words.contains(&&spelled[..]) || script.contains(&format!(" -l {name} "));
            assert!(found, "{shell}: {name}");
        }
    }
}

#[test]
fn the_package_has_the_version_of_the_program() {
    let changelog = include_str!("../debian/changelog");
    let version = concat!("route-rs (", env!("CARGO_PKG_VERSION"), ") ");
    assert!(changelog.starts_with(version), "{changelog}");
}
