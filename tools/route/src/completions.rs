// SPDX-License-Identifier: GPL-2.0

//! Completions for shells, from the grammar.

use crate::{
    error::{
        shown,
        Error, //
    },
    grammar::{
        Argument,
        Opt,
        FAMILIES,
        KEYWORDS,
        KINDS,
        OPTIONS,
        SHELLS,
        VERBS, //
    },
};
use std::{
    env::args_os,
    path::Path, //
};

/// The completions for `shell` of a command that is called `name`.
pub fn of(shell: &[u8], name: &str) -> Result<String, Error> {
    match shell {
        b"bash" => Ok(bash(name)),
        b"zsh" => Ok(zsh(name)),
        b"fish" => Ok(fish(name)),
        _ => Err(Error::usage(format!(
            "--completions {}: {} has to follow",
            shown(shell),
            Argument::Shell.describe()
        ))),
    }
}

/// What this program is called, if that can be put into a script: another `route` may be there.
pub fn own_name() -> String {
    let plain = |name: &&str| {
        name.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    args_os()
        .next()
        .as_deref()
        .and_then(|path| Path::new(path).file_name()?.to_str())
        .filter(plain)
        .unwrap_or("route")
        .to_owned()
}

/// All spellings of an option, with their dashes.
fn spelled(opt: &Opt) -> Vec<String> {
    let letters = opt.letters.iter().map(|&l| format!("-{}", char::from(l)));
    let names = opt.names.iter().map(|name| format!("--{name}"));
    letters.chain(names).collect()
}

/// All spellings of options but the one that a shell would expand.
fn options() -> Vec<String> {
    OPTIONS
        .iter()
        .flat_map(spelled)
        .filter(|option| option != "-?")
        .collect()
}

fn verbs() -> Vec<&'static str> {
    VERBS
        .iter()
        .filter(|v| !v.help.is_empty())
        .flat_map(|v| v.names.iter().copied())
        .collect()
}

fn kinds() -> Vec<&'static str> {
    KINDS.iter().map(|(name, _)| *name).collect()
}

/// What can be said behind a target.
fn keywords() -> Vec<&'static str> {
    KEYWORDS
        .iter()
        .flat_map(|keyword| keyword.names.iter().copied())
        .collect()
}

fn families() -> Vec<&'static str> {
    FAMILIES.iter().map(|(name, _)| *name).collect()
}

/// All words in front of one of `argument`, options with their dashes.
fn before(argument: Argument) -> Vec<String> {
    let options = OPTIONS
        .iter()
        .filter(|opt| opt.argument == Some(argument))
        .flat_map(spelled);
    let keywords = KEYWORDS
        .iter()
        .filter(|keyword| keyword.argument == Some(argument))
        .flat_map(|keyword| keyword.names.iter().map(|name| name.to_string()));
    options.chain(keywords).collect()
}

/// A script in which the grammar's words are named arguments.
macro_rules! script {
    ($text:literal, $name:ident) => {
        format!(
            $text,
            name = $name,
            none = [before(Argument::Number), before(Argument::Mask)]
                .concat()
                .join("|"),
            verb_cases = verbs().join("|"),
            files = before(Argument::File).join("|"),
            families = before(Argument::Family).join("|"),
            family_names = families().join(" "),
            shells = before(Argument::Shell).join("|"),
            shell_names = SHELLS.join(" "),
            devices = before(Argument::Device).join("|"),
            addresses = before(Argument::Address).join("|"),
            kinds = kinds().join(" "),
            options = options().join(" "),
            keywords = keywords().join(" "),
            verbs = verbs().join(" "),
        )
    };
}

const DEVICES: &str = "$(cd /sys/class/net && echo *)";

fn bash(name: &str) -> String {
    script!(
        "\
# bash completion for {name}: {name} --completions bash
_{name}()
{{
\tlocal word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words verb=
\tfor words in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do
\t\tcase $words in {verb_cases}) verb=$words ;; esac
\tdone
\tcase $before in
\t{files}) COMPREPLY=($(compgen -f -- \"$word\")); return ;;
\t{families}) words='{family_names}' ;;
\t{shells}) words='{shell_names}' ;;
\t{devices}) words={DEVICES} ;;
\t{addresses}|get) COMPREPLY=($(compgen -A hostname -- \"$word\")); return ;;
\t{none}) return ;;
\tadd|del|delete) words='{kinds} default' ;;
\t*)
\t\tif [[ $word == -* ]]; then
\t\t\twords='{options}'
\t\telif [[ $verb ]]; then
\t\t\twords=\"{keywords} {DEVICES}\"
\t\telse
\t\t\twords='{verbs}'
\t\tfi ;;
\tesac
\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))
}}
complete -F _{name} {name}
",
        name
    )
}

fn zsh(name: &str) -> String {
    script!(
        "\
#compdef {name}
# zsh completion for {name}: {name} --completions zsh
_{name}()
{{
\tlocal before=$words[CURRENT-1] verb=
\tlocal word
\tfor word in $words[2,CURRENT-1]; do
\t\tcase $word in {verb_cases}) verb=$word ;; esac
\tdone
\tcase $before in
\t({files}) _files ;;
\t({families}) compadd -- {family_names} ;;
\t({shells}) compadd -- {shell_names} ;;
\t({devices}) compadd -- /sys/class/net/*(:t) ;;
\t({addresses}|get) _hosts ;;
\t({none}) ;;
\t(add|del|delete) compadd -- {kinds} default; _hosts ;;
\t(*)
\t\tif [[ $PREFIX == -* ]]; then
\t\t\tcompadd -- {options}
\t\telif [[ -n $verb ]]; then
\t\t\tcompadd -- {keywords} /sys/class/net/*(:t)
\t\telse
\t\t\tcompadd -- {verbs}
\t\tfi ;;
\tesac
}}
# Read by autoload, this file is the function; read by eval, it is not.
if [[ $funcstack[1] == _{name} ]]; then
\t_{name}
else
\tcompdef _{name} {name}
fi
",
        name
    )
}

fn fish(name: &str) -> String {
    let mut text = format!("# fish completion for {name}: {name} --completions fish\n");
    let complete = format!("complete -c {name}");
    let seen = format!("__fish_seen_subcommand_from {}", verbs().join(" "));
    text += &format!("{complete} -f\n");
    for opt in OPTIONS {
        text += &complete;
        for letter in opt.letters.iter().filter(|&&letter| letter != b'?') {
            text += &format!(" -s {}", char::from(*letter));
        }
        for name in opt.names {
            text += &format!(" -l {name}");
        }
        match opt.argument {
            Some(Argument::File) => text += " -r -F",
            Some(Argument::Family) => text += &format!(" -x -a '{}'", families().join(" ")),
            Some(Argument::Shell) => text += &format!(" -x -a '{}'", SHELLS.join(" ")),
            _ => {}
        }
        text += &format!(" -d '{}'\n", opt.help);
    }
    for verb in VERBS.iter().filter(|verb| !verb.help.is_empty()) {
        for name in verb.names {
            text += &format!("{complete} -n 'not {seen}' -a {name} -d '{}'\n", verb.help);
        }
    }
    for name in kinds() {
        text += &format!("{complete} -n '{seen}' -a '{name}'\n");
    }
    for keyword in KEYWORDS {
        for name in keyword.names {
            text += &format!("{complete} -n '{seen}' -a {name} -d '{}'\n", keyword.help);
        }
    }
    text += &format!("{complete} -n '{seen}' -a '(path basename /sys/class/net/*)'\n");
    text
}
