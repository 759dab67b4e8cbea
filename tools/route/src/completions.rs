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

/// The completions for `shell`.
pub fn of(shell: &[u8]) -> Result<String, Error> {
    match shell {
        b"bash" => Ok(bash()),
        b"zsh" => Ok(zsh()),
        b"fish" => Ok(fish()),
        _ => Err(Error::usage(format!(
            "--completions {}: {} has to follow",
            shown(shell),
            Argument::Shell.describe()
        ))),
    }
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
    ($text:literal) => {
        format!(
            $text,
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

fn bash() -> String {
    script!(
        "\
# bash completion for route: route --completions bash
_route()
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
complete -F _route route
"
    )
}

fn zsh() -> String {
    script!(
        "\
#compdef route
# zsh completion for route: route --completions zsh
local before=$words[CURRENT-1] verb=
local word
for word in $words[2,CURRENT-1]; do
\tcase $word in {verb_cases}) verb=$word ;; esac
done
case $before in
({files}) _files ;;
({families}) compadd -- {family_names} ;;
({shells}) compadd -- {shell_names} ;;
({devices}) compadd -- /sys/class/net/*(:t) ;;
({addresses}|get) _hosts ;;
({none}) ;;
(add|del|delete) compadd -- {kinds} default; _hosts ;;
(*)
\tif [[ $PREFIX == -* ]]; then
\t\tcompadd -- {options}
\telif [[ -n $verb ]]; then
\t\tcompadd -- {keywords} /sys/class/net/*(:t)
\telse
\t\tcompadd -- {verbs}
\tfi ;;
esac
"
    )
}

fn fish() -> String {
    let mut text = String::from("# fish completion for route: route --completions fish\n");
    let seen = format!("__fish_seen_subcommand_from {}", verbs().join(" "));
    text += "complete -c route -f\n";
    for opt in OPTIONS {
        text += "complete -c route";
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
            text += &format!(
                "complete -c route -n 'not {seen}' -a {name} -d '{}'\n",
                verb.help
            );
        }
    }
    for name in kinds() {
        text += &format!("complete -c route -n '{seen}' -a '{name}'\n");
    }
    for keyword in KEYWORDS {
        for name in keyword.names {
            text += &format!(
                "complete -c route -n '{seen}' -a {name} -d '{}'\n",
                keyword.help
            );
        }
    }
    text += &format!("complete -c route -n '{seen}' -a '(path basename /sys/class/net/*)'\n");
    text
}
