// SPDX-License-Identifier: GPL-2.0

//! A line of words, taken apart into options and the words between them.

use crate::{
    grammar::{
        self,
        Flag,
        Opt,
        FAMILIES,
        OPTIONS, //
    },
    mistake::Mistake,
};

type Result<'a, T> = std::result::Result<T, Mistake<'a>>;

/// What the options ask for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[allow(missing_docs)]
pub struct Options<'a> {
    pub numeric: bool,
    /// How many times.
    pub extend: u8,
    pub fib: bool,
    pub cache: bool,
    /// Up to two, in their order.
    pub families: [Option<Family>; 2],
    pub json: bool,
    pub keep_going: bool,
    pub version: bool,
    pub help: bool,
    pub batch: Option<&'a [u8]>,
    pub completions: Option<&'a [u8]>,
}

/// An address family.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(missing_docs)]
pub enum Family {
    Inet,
    Inet6,
}

impl Family {
    /// Its `AF_` number.
    pub fn number(self) -> u8 {
        match self {
            Family::Inet => libc::AF_INET as u8,
            Family::Inet6 => libc::AF_INET6 as u8,
        }
    }
}

impl Options<'_> {
    fn add_family(&mut self, family: Family) {
        if self.families[0].is_none() {
            self.families[0] = Some(family);
        } else if self.families[0] != Some(family) {
            self.families[1] = Some(family);
        }
    }

    /// Whether nothing is asked for, but families.
    pub fn only_families(&self) -> bool {
        let families = Options {
            families: self.families,
            ..Options::default()
        };
        *self == families
    }

    /// The family of a change. What means nothing to one is refused; how to show a table is let
    /// pass, as ever.
    pub fn family_of_change(&self) -> Result<'static, Family> {
        if self.cache {
            Err(Mistake::CacheOfChange)
        } else if self.json {
            Err(Mistake::JsonOfChange)
        } else {
            self.family()
        }
    }

    /// The family of a route.
    pub fn family(&self) -> Result<'static, Family> {
        match self.families {
            [family, None] => Ok(family.unwrap_or(Family::Inet)),
            _ => Err(Mistake::TwoFamilies),
        }
    }
}

/// Words in their order. No line that says anything has more than fit.
#[derive(Clone, Copy, Debug)]
pub struct Words<'a> {
    words: [&'a [u8]; Words::ROOM],
    count: usize,
}

impl<'a> Words<'a> {
    const ROOM: usize = 24;

    /// None so far.
    pub const fn new() -> Self {
        Words {
            words: [b""; Words::ROOM],
            count: 0,
        }
    }

    fn push(&mut self, word: &'a [u8]) -> Result<'a, ()> {
        *self
            .words
            .get_mut(self.count)
            .ok_or(Mistake::TooManyWords(word))? = word;
        self.count += 1;
        Ok(())
    }

    /// All of them.
    pub fn as_slice(&self) -> &[&'a [u8]] {
        &self.words[..self.count]
    }
}

impl Default for Words<'_> {
    fn default() -> Self {
        Words::new()
    }
}

/// Takes a line apart. Options may stand anywhere; behind `--` there are none. What is no option is
/// appended to `words`.
///
/// ```
/// use route::line::{split, Family, Words};
///
/// let line: [&[u8]; 4] = [b"add", b"default", b"-6", b"eth0"];
/// let mut words = Words::new();
/// let options = split(line.into_iter(), &mut words).unwrap();
/// assert_eq!(options.family(), Ok(Family::Inet6));
/// assert_eq!(words.as_slice().len(), 3);
/// ```
pub fn split<'a>(
    mut line: impl Iterator<Item = &'a [u8]>,
    words: &mut Words<'a>,
) -> Result<'a, Options<'a>> {
    let mut options = Options::default();
    let mut ended = false;

    while let Some(word) = line.next() {
        match word {
            [b'-', b'-'] if !ended => ended = true,
            [b'-', b'-', ..] if !ended => long(word, &mut line, &mut options)?,
            [b'-', _, ..] if !ended && grammar::kind(word).is_none() => {
                letters(word, &mut line, &mut options)?;
            }
            _ => words.push(word)?,
        }
    }
    Ok(options)
}

/// `--NAME`, `--NAME=ARGUMENT` or `--NAME ARGUMENT`, NAME being the beginning of one option's name.
fn long<'a>(
    word: &'a [u8],
    rest: &mut impl Iterator<Item = &'a [u8]>,
    options: &mut Options<'a>,
) -> Result<'a, ()> {
    let text = &word[2..];
    let equals = text.iter().position(|&byte| byte == b'=');
    let (name, given) = match equals {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    };

    let exact = |opt: &&Opt| opt.names.iter().any(|n| n.as_bytes() == name);
    let begins = |opt: &&Opt| opt.names.iter().any(|n| n.as_bytes().starts_with(name));
    let opt = match OPTIONS.iter().find(exact) {
        Some(opt) => opt,
        None => {
            let mut fitting = OPTIONS.iter().filter(begins);
            match (fitting.next(), fitting.next()) {
                (Some(opt), None) => opt,
                (None, _) => return Err(Mistake::NoSuchOption(name)),
                _ => return Err(Mistake::AmbiguousOption(name)),
            }
        }
    };
    let argument = match (opt.argument, given) {
        (None, Some(_)) => return Err(Mistake::OptionTakesNothing(name)),
        (None, None) => b"",
        (Some(_), Some(given)) => given,
        (Some(argument), None) => rest.next().ok_or(Mistake::Missing(word, argument))?,
    };
    apply(opt, argument, options)
}

/// `-nee` and the like. What is left behind a letter that takes an argument is the argument.
fn letters<'a>(
    word: &'a [u8],
    rest: &mut impl Iterator<Item = &'a [u8]>,
    options: &mut Options<'a>,
) -> Result<'a, ()> {
    let mut at = 1;
    while let Some(&letter) = word.get(at) {
        at += 1;
        let Some(opt) = OPTIONS.iter().find(|opt| opt.letters.contains(&letter)) else {
            return Err(Mistake::NoSuchLetter(word, letter));
        };
        let argument = match (opt.argument, &word[at..]) {
            (None, _) => b"",
            (Some(argument), b"") => rest.next().ok_or(Mistake::Missing(word, argument))?,
            (Some(_), behind) => {
                at = word.len();
                behind
            }
        };
        apply(opt, argument, options)?;
    }
    Ok(())
}

fn apply<'a>(opt: &Opt, argument: &'a [u8], options: &mut Options<'a>) -> Result<'a, ()> {
    match opt.flag {
        Flag::Numeric => options.numeric = true,
        Flag::Extend => options.extend = options.extend.saturating_add(1),
        Flag::Verbose => {}
        Flag::Fib => options.fib = true,
        Flag::Cache => options.cache = true,
        Flag::Inet => options.add_family(Family::Inet),
        Flag::Inet6 => options.add_family(Family::Inet6),
        Flag::Family => {
            for name in argument.split(|&byte| byte == b',') {
                match FAMILIES.iter().find(|(known, _)| known.as_bytes() == name) {
                    Some((_, Flag::Inet6)) => options.add_family(Family::Inet6),
                    Some(_) => options.add_family(Family::Inet),
                    None => return Err(Mistake::NoSuchFamily(name)),
                }
            }
        }
        Flag::Json => options.json = true,
        Flag::Batch => options.batch = Some(argument),
        Flag::KeepGoing => options.keep_going = true,
        Flag::Completions => options.completions = Some(argument),
        Flag::Version => options.version = true,
        Flag::Help => options.help = true,
    }
    Ok(())
}
