// SPDX-License-Identifier: GPL-2.0

//! The FIB's data structure on the host.
//!
//! `trie` is the kernel's, unchanged. What it stands on in the kernel is played by [`host`].
//!
//! - `cargo test`: against a sorted list; every allocation fails once; no panic can be reached.
//!   With `--features small`, leaves are full with four entries, so more happens.
//! - `cargo test --features loom --test readers`: readers beside a writer, in every order.
//! - `KERNEL_SRC=... cargo run --features bench --bin bench [ROUTES]`, with `--release` and
//!   `RUSTFLAGS="-Cno-vectorize-loops -Cno-vectorize-slp"`, as a kernel has no vectors: C's trie and
//!   ours.
//! - `scripts/soak fuzz-trie`: a fuzzer. `scripts/soak valgrind`: the tests of memory under that.

#[path = "../../../net/ipv4/fib_rust/trie/mod.rs"]
pub mod trie;

pub mod host;
pub mod model;
pub mod routes;
