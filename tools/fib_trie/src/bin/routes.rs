// SPDX-License-Identifier: GPL-2.0

//! Prints prefixes as a router has them, one a line: `routes COUNT`.

use fib_trie::routes::{
    internet,
    Random, //
};
use std::{
    env,
    io::{
        self,
        BufWriter,
        Write, //
    },
    net::Ipv4Addr, //
};

fn main() -> io::Result<()> {
    let count = env::args().nth(1).and_then(|count| count.parse().ok());
    let count = count.expect("routes COUNT");
    let mut out = BufWriter::new(io::stdout().lock());

    for prefix in internet(count, &mut Random::new(1)) {
        writeln!(
            out,
            "{}/{}",
            Ipv4Addr::from(prefix.address()),
            prefix.length()
        )?;
    }
    out.flush()
}
