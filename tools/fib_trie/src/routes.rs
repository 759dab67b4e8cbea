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

/// How many of 100,000 prefixes of the Internet's table have each length, from 8 on.
const LENGTHS: [u32; 17] = [
    2, 2, 4, 11, 33, 64, 133, 233, 1496, 913, 1530, 2758, 4725, 5627, 12044, 10701, 59724,
];

/// Makes up prefixes with the lengths of the Internet's table, and nested as they are there: half
/// of them are more specific than another, most lie in blocks that hold many, and some addresses
/// are in none.
pub fn internet(count: usize, random: &mut Random) -> Vec<Prefix> {
    let total: u32 = LENGTHS.iter().sum();
    // Blocks that were handed out; a few hold very many prefixes.
    let blocks: Vec<u32> = (0..count.max(1).div_ceil(24))
        .map(|_| cut(random.number() % 0xe000_0000, 16).address())
        .collect();
    let (mut seen, mut all) = (HashSet::new(), Vec::with_capacity(count));

    while all.len() < count {
        let mut left = random.number() % total;
        let length = LENGTHS
            .iter()
            .position(|share| {
                let found = left < *share;
                left = left.wrapping_sub(*share);
                found
            })
            .unwrap();
        let length = 8 + length as u8;
        // The smaller of two numbers: some are taken much more often than others.
        let block = random.below(blocks.len()).min(random.below(blocks.len()));
        let address = if length < 16 {
            random.number() % 0xe000_0000
        } else {
            blocks[block] | (random.number() & 0xffff)
        };
        let prefix = cut(address, length);
        if seen.insert(prefix) {
            all.push(prefix);
        }
    }
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
