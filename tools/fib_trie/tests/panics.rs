// SPDX-License-Identifier: GPL-2.0

//! No panic can be reached: compiled as in the kernel, the object refers to none.

use std::{
    env,
    fs,
    path::Path,
    process::Command, //
};

#[test]
fn no_panic_can_be_reached() {
    let object = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bare.o");
    let rustc = env::var("RUSTC").unwrap_or("rustc".into());
    let done = Command::new(rustc)
        .args(["--edition=2021", "--crate-type=lib", "--emit=obj"])
        .args([
            "-Copt-level=2",
            "-Ccodegen-units=1",
            "-Cpanic=abort",
            "-Coverflow-checks=on",
        ])
        .args(["-Cdebuginfo=0", "-o"])
        .arg(&object)
        .arg("bare/lib.rs")
        .status()
        .unwrap();
    assert!(done.success());

    // Symbols are as in the source but for what is between their parts.
    let object = fs::read(object).unwrap();
    let names = |name: &[u8]| object.windows(name.len()).any(|bytes| bytes == name);
    assert!(names(b"longest") && names(b"insert"));
    // Those of core and alloc, such as slice_index_fail and unwrap_failed.
    for panic in ["panic", "_fail", "alloc_error"] {
        assert!(!names(panic.as_bytes()), "the object refers to a {panic}");
    }
}
