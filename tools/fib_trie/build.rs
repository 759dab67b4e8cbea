// SPDX-License-Identifier: GPL-2.0

//! For the benchmark, builds C's trie out of a kernel's source, `KERNEL_SRC`.

use std::{
    env,
    fs,
    path::{
        Path,
        PathBuf, //
    },
    process::Command, //
};

/// What is cut out: from the line that begins with one to before the line that begins with the
/// other.
const PARTS: [(&str, &str); 4] = [
    ("#define MAX_STAT_DEPTH", "fib_find_matching_alias("),
    ("static void trie_rebalance(", "int fib_table_insert("),
    (
        "static inline t_key prefix_mismatch(",
        "static void fib_notify_alias_delete(",
    ),
    (
        "static struct key_vector *leaf_walk_rcu(",
        "static void fib_trie_free(",
    ),
];

fn cut(source: &str) -> Option<String> {
    let mut all = String::new();
    for (from, to) in PARTS {
        let start = source.find(&format!("\n{from}"))?;
        let part = &source[start..];
        let end = part.find(&format!("\n{to}"))?;
        // Not the line before, if that is the type of what follows.
        let part = part[..end]
            .strip_suffix("static struct fib_alias *")
            .unwrap_or(&part[..end]);
        all.push_str(part);
    }
    Some(all)
}

fn main() {
    println!("cargo::rerun-if-env-changed=KERNEL_SRC");
    println!("cargo::rerun-if-changed=c");
    if env::var_os("CARGO_FEATURE_BENCH").is_none() {
        return;
    }
    let kernel = env::var("KERNEL_SRC").expect("set KERNEL_SRC to the source of a kernel");
    let path = Path::new(&kernel).join("net/ipv4/fib_trie.c");
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    let core = cut(&source).unwrap_or_else(|| panic!("{path:?} is not as this benchmark knows it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    fs::write(out.join("fib_trie_core.c"), core).unwrap();

    let object = out.join("table.o");
    let compiler = env::var("CC").unwrap_or("cc".into());
    // As the kernel is built, so far as it matters here.
    let done = Command::new(&compiler)
        .args([
            "-O2",
            "-g",
            "-mgeneral-regs-only",
            "-fno-strict-aliasing",
            "-w",
            "-Ic",
            "-I",
        ])
        .args([out.as_os_str(), "-c".as_ref(), "c/table.c".as_ref()])
        .args(["-o".as_ref(), object.as_os_str()])
        .status()
        .unwrap_or_else(|error| panic!("{compiler}: {error}"));
    assert!(done.success(), "{compiler} did not build C's trie");
    println!("cargo::rustc-link-arg-bins={}", object.display());
}
