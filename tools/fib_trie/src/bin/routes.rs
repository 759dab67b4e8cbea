// SPDX-License-Identifier: GPL-2.0

//! Writes prefixes as a machine with so many routes has them, one a line: `routes SIZE`.

use fib_trie::routes::{
    table,
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
    let size = env::args().nth(1).and_then(|size| size.parse().ok());
    let size = size.expect("usage: routes SIZE");
    let mut out = BufWriter::new(io::stdout().lock());

    for prefix in table(size, &mut Random::new(size as u64)) {
        let address = Ipv4Addr::from(prefix.address());
        writeln!(out, "{address}/{}", prefix.length())?;
    }
    out.flush()
}
