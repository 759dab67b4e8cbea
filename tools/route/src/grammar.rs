// SPDX-License-Identifier: GPL-2.0

//! The words of the command line, in one place.
//!
//! The parser looks words up here; `--help`, the completions and the manual's synopsis are made
//! from the same tables.

/// What an option asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Flag {
    Numeric,
    Extend,
    Verbose,
    Fib,
    Cache,
    Inet,
    Inet6,
    Family,
    Json,
    Batch,
    KeepGoing,
    Completions,
    Version,
    Help,
}

/// An option, in front of the words or among them.
#[derive(Debug)]
pub struct Opt {
    /// What it asks for.
    pub flag: Flag,
    /// Letters, each after one dash.
    pub letters: &'static [u8],
    /// Names, each after two dashes. Any beginning that fits only one option will do.
    pub names: &'static [&'static str],
    /// What has to follow.
    pub argument: Option<Argument>,
    /// One line for `--help`.
    pub help: &'static str,
}

/// What has to follow an option or a keyword.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Argument {
    Family,
    File,
    Shell,
    Mask,
    Address,
    Number,
    Device,
}

impl Argument {
    /// As the synopsis shows it.
    pub fn name(self) -> &'static str {
        match self {
            Argument::Family => "FAMILY",
            Argument::File => "FILE",
            Argument::Shell => "SHELL",
            Argument::Mask => "MASK",
            Argument::Address => "ADDRESS",
            Argument::Number => "N",
            Argument::Device => "IF",
        }
    }

    /// As an error says it.
    pub fn describe(self) -> &'static str {
        match self {
            Argument::Family => "an address family, inet or inet6",
            Argument::File => "the name of a file, or - for standard input",
            Argument::Shell => "bash, zsh or fish",
            Argument::Mask => "a netmask",
            Argument::Address => "an address or the name of a host",
            Argument::Number => "a number",
            Argument::Device => "the name of a device",
        }
    }
}

/// What stands behind `-A`, and in `--` options.
pub const FAMILIES: &[(&str, Flag)] = &[
    ("inet", Flag::Inet),
    ("ip", Flag::Inet),
    ("tcpip", Flag::Inet),
    ("inet6", Flag::Inet6),
    ("ip6", Flag::Inet6),
];

/// What `--completions` can write for.
pub const SHELLS: &[&str] = &["bash", "zsh", "fish"];

/// All options.
pub const OPTIONS: &[Opt] = &[
    Opt {
        flag: Flag::Numeric,
        letters: b"nN",
        names: &["numeric", "symbolic"],
        argument: None,
        help: "show addresses, look up no names",
    },
    Opt {
        flag: Flag::Extend,
        letters: b"e",
        names: &["extend"],
        argument: None,
        help: "show MSS, window and irtt; twice, all columns",
    },
    Opt {
        flag: Flag::Inet,
        letters: b"4",
        names: &["inet", "ip"],
        argument: None,
        help: "IPv4 (the default)",
    },
    Opt {
        flag: Flag::Inet6,
        letters: b"6",
        names: &["inet6", "ip6"],
        argument: None,
        help: "IPv6",
    },
    Opt {
        flag: Flag::Family,
        letters: b"A",
        names: &["protocol"],
        argument: Some(Argument::Family),
        help: "inet, inet6, or to show both: inet,inet6",
    },
    Opt {
        flag: Flag::Fib,
        letters: b"F",
        names: &["fib"],
        argument: None,
        help: "show the routing table (the default)",
    },
    Opt {
        flag: Flag::Cache,
        letters: b"C",
        names: &["cache"],
        argument: None,
        help: "show the routing cache",
    },
    Opt {
        flag: Flag::Json,
        letters: b"",
        names: &["json"],
        argument: None,
        help: "show routes as JSON, with the names of ip -j route",
    },
    Opt {
        flag: Flag::Batch,
        letters: b"",
        names: &["batch"],
        argument: Some(Argument::File),
        help: "read changes from a file, one in a line; - is standard input",
    },
    Opt {
        flag: Flag::KeepGoing,
        letters: b"",
        names: &["keep-going"],
        argument: None,
        help: "with --batch: go on after a line that fails",
    },
    Opt {
        flag: Flag::Verbose,
        letters: b"v",
        names: &["verbose"],
        argument: None,
        help: "accepted for scripts, changes nothing",
    },
    Opt {
        flag: Flag::Completions,
        letters: b"",
        names: &["completions"],
        argument: Some(Argument::Shell),
        help: "write completions for bash, zsh or fish",
    },
    Opt {
        flag: Flag::Version,
        letters: b"V",
        names: &["version"],
        argument: None,
        help: "say which version this is",
    },
    Opt {
        flag: Flag::Help,
        letters: b"h?",
        names: &["help"],
        argument: None,
        help: "show this",
    },
];

/// What to do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Action {
    Add,
    Delete,
    Get,
    Flush,
}

/// The first word.
#[derive(Debug)]
pub struct Verb {
    /// What to do.
    pub action: Action,
    /// The first one is the one that is shown.
    pub names: &'static [&'static str],
    /// One line for `--help`; none if it is not to be shown.
    pub help: &'static str,
}

/// All first words.
pub const VERBS: &[Verb] = &[
    Verb {
        action: Action::Add,
        names: &["add"],
        help: "add a route",
    },
    Verb {
        action: Action::Delete,
        names: &["del", "delete"],
        help: "delete a route",
    },
    Verb {
        action: Action::Get,
        names: &["get"],
        help: "say which route serves an address",
    },
    // net-tools names it, only to say that it cannot do it.
    Verb {
        action: Action::Flush,
        names: &["flush"],
        help: "",
    },
];

/// What a target is said to be.
pub const KINDS: &[(&str, Kind)] = &[("-net", Kind::Network), ("-host", Kind::Host)];

/// What a target is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Kind {
    Network,
    Host,
}

/// What a word behind the target says of the route.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Word {
    Netmask,
    Gateway,
    Metric,
    Mss,
    Window,
    Irtt,
    Reject,
    Modified,
    Dynamic,
    Reinstate,
    Device,
}

/// A word behind the target.
#[derive(Debug)]
pub struct Keyword {
    /// What it says of the route.
    pub word: Word,
    /// The first one is the one that is shown.
    pub names: &'static [&'static str],
    /// What has to follow.
    pub argument: Option<Argument>,
    /// Whether a route of IPv6 can have it.
    pub ipv6: bool,
    /// One line for `--help`.
    pub help: &'static str,
}

/// All words behind the target, in the order in which they are shown.
pub const KEYWORDS: &[Keyword] = &[
    Keyword {
        word: Word::Netmask,
        names: &["netmask"],
        argument: Some(Argument::Mask),
        ipv6: false,
        help: "the mask of the network, in place of /LEN",
    },
    Keyword {
        word: Word::Gateway,
        names: &["gw", "gateway"],
        argument: Some(Argument::Address),
        ipv6: true,
        help: "send packets by way of this host",
    },
    Keyword {
        word: Word::Metric,
        names: &["metric"],
        argument: Some(Argument::Number),
        ipv6: true,
        help: "prefer routes with a lower metric (IPv4: 0 unless given; IPv6: 1)",
    },
    Keyword {
        word: Word::Mss,
        names: &["mss", "mtu"],
        argument: Some(Argument::Number),
        ipv6: false,
        help: "MTU in bytes, from 64 to 65536",
    },
    Keyword {
        word: Word::Window,
        names: &["window"],
        argument: Some(Argument::Number),
        ipv6: false,
        help: "TCP window in bytes, 128 or more",
    },
    Keyword {
        word: Word::Irtt,
        names: &["irtt"],
        argument: Some(Argument::Number),
        ipv6: false,
        help: "initial round trip time of TCP in milliseconds, up to 65535",
    },
    Keyword {
        word: Word::Reject,
        names: &["reject"],
        argument: None,
        ipv6: true,
        help: "tell senders that the target is unreachable",
    },
    Keyword {
        word: Word::Modified,
        names: &["mod"],
        argument: None,
        ipv6: true,
        help: "set the flag M",
    },
    Keyword {
        word: Word::Dynamic,
        names: &["dyn"],
        argument: None,
        ipv6: true,
        help: "set the flag D",
    },
    Keyword {
        word: Word::Reinstate,
        names: &["reinstate"],
        argument: None,
        ipv6: true,
        help: "set the flag R",
    },
    Keyword {
        word: Word::Device,
        names: &["dev", "device"],
        argument: Some(Argument::Device),
        ipv6: true,
        help: "send packets by this device; as the last word it needs no dev",
    },
];

/// The keyword that `word` is.
pub fn keyword(word: &[u8]) -> Option<&'static Keyword> {
    KEYWORDS
        .iter()
        .find(|k| k.names.iter().any(|name| name.as_bytes() == word))
}

/// The first word that `word` is.
pub fn verb(word: &[u8]) -> Option<Action> {
    let verb = VERBS
        .iter()
        .find(|v| v.names.iter().any(|name| name.as_bytes() == word))?;
    Some(verb.action)
}

/// What `word` says a target is.
pub fn kind(word: &[u8]) -> Option<Kind> {
    let (_, kind) = KINDS.iter().find(|(name, _)| name.as_bytes() == word)?;
    Some(*kind)
}
