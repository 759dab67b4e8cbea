// SPDX-License-Identifier: GPL-2.0

//! Prefixes as a router has them.

use crate::{
    model::cut,
    trie::Prefix, //
};
use std::collections::HashSet;

/// Numbers that look random, the same ones each time.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed ^ 0x9e37_79b9_7f4a_7c15)
    }

    pub fn number(&mut self) -> u32 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32) as u32
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        ((u64::from(self.number()) * limit as u64) >> 32) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// How many of 100,000 prefixes of the Internet's table have each length, from 8 on. One in a
/// thousand is longer than these, which is left out.
const LENGTHS: [u32; 17] = [
    2, 2, 4, 11, 33, 64, 133, 233, 1496, 913, 1530, 2758, 4725, 5627, 12044, 10701, 59724,
];

/// Where multicast begins.
const MULTICAST: u32 = 0xe000_0000;

/// A length, as often as it is there.
fn length(random: &mut Random) -> u8 {
    let mut left = random.below(LENGTHS.iter().sum::<u32>() as usize) as u32;
    let shorter = LENGTHS.iter().take_while(|share| {
        let is_longer = left >= **share;
        left = left.wrapping_sub(**share);
        is_longer
    });
    8 + shorter.count() as u8
}

/// How many of 100 prefixes of a length are in another.
fn nested(length: u8) -> usize {
    match length {
        0..11 => 0,
        11..17 => 22,
        _ => 51,
    }
}

/// One of some prefixes, the short ones of which come first and are taken more often.
fn cover(prefixes: &[Prefix], random: &mut Random) -> Prefix {
    let at = f64::from(random.number()) / (1u64 << 32) as f64;
    prefixes[(at.powi(3) * prefixes.len() as f64) as usize]
}

/// Makes up prefixes with the lengths of the Internet's table, and nested as they are there, however
/// many there are. Of those that are in no other, most follow another without a gap.
///
/// |                         | a real table | made up |         |        |
/// | ---                     | ---          | ---     | ---     | ---    |
/// | prefixes                | 901,899      | 901,899 | 100,000 | 10,000 |
/// | in another              | 0.507        | 0.503   | 0.506   | 0.505  |
/// | in two others or more   | 0.148        | 0.191   | 0.200   | 0.208  |
/// | following, of the outer | 0.847        | 0.811   | 0.800   | 0.796  |
/// | addresses covered, /8s  | 182.5        | 180.3   | 17.7    | 1.7    |
pub fn internet(count: usize, random: &mut Random) -> Vec<Prefix> {
    let mut lengths: Vec<u8> = (0..count).map(|_| length(random)).collect();
    lengths.sort_unstable();
    // The prefixes, those that are in no other, and of each /24, whether it is in one.
    let (mut all, mut outer) = (Vec::<Prefix>::with_capacity(count), Vec::<Prefix>::new());
    let mut covered = vec![false; 1 << 24];
    let mut seen = HashSet::new();
    // What comes after the last one that is in no other.
    let mut after = 0;

    for length in lengths {
        let shorter = |them: &[Prefix]| them.partition_point(|it| it.length() < length);
        let (all_shorter, outer_shorter) = (shorter(&all), shorter(&outer));
        let is_nested = outer_shorter > 0 && random.below(100) < nested(length);

        for tries in 0.. {
            // Where there is no room left, anywhere.
            let is_hard = tries >= 100;
            let address = if is_nested && !is_hard {
                let cover = match random.below(5) {
                    0 | 1 => cover(&outer[..outer_shorter], random),
                    _ => cover(&all[..all_shorter], random),
                };
                cover.address() | (u64::from(random.number()) >> cover.length()) as u32
            } else if tries == 0 && random.below(5) > 0 {
                after
            } else {
                random.number() % MULTICAST
            };
            let prefix = cut(address, length);
            let (first, blocks) = (prefix.address() >> 8, 1 << (24 - length));
            let blocks = &mut covered[first as usize..][..blocks];

            if (blocks[0] == is_nested || is_hard) && seen.insert(prefix) {
                if !blocks[0] {
                    outer.push(prefix);
                    after = ((first + blocks.len() as u32) << 8) % MULTICAST;
                }
                blocks.fill(true);
                all.push(prefix);
                break;
            }
        }
    }
    random.shuffle(&mut all);
    all
}

/// What nearly every host has: a default route, loopback, and an interface.
const HOST: [(u32, u8); 6] = [
    (0x7f00_0000, 8),
    (0x7f00_0001, 32),
    (0x7fff_ffff, 32),
    (0x0a01_0200, 24),
    (0x0a01_0203, 32),
    (0x0a01_02ff, 32),
];

/// Makes up what a machine with so many routes has: a host's first, where they are few.
pub fn table(count: usize, random: &mut Random) -> Vec<Prefix> {
    if count > 1000 {
        return internet(count, random);
    }
    let mut all = vec![Prefix::DEFAULT];
    all.extend(HOST.iter().map(|(address, length)| cut(*address, *length)));
    all.extend(internet(count, random));
    all.truncate(count);
    all
}

/// Reads prefixes, one a line.
pub fn parse(text: &str) -> Option<Vec<Prefix>> {
    text.lines()
        .map(|line| {
            let (address, length) = line.trim().split_once('/')?;
            let address: std::net::Ipv4Addr = address.parse().ok()?;
            Prefix::new(address.into(), length.parse().ok()?)
        })
        .collect()
}
