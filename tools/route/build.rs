// SPDX-License-Identifier: GPL-2.0

//! The program starts in src/start.rs.

use std::{
    env,
    fs,
    path::PathBuf, //
};

fn main() {
    // Another checkout may share what was built here: this one's path must not be part of it.
    let script = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("pages.ld");
    fs::copy("pages.ld", &script).expect("pages.ld is beside build.rs");

    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=pages.ld");
    println!("cargo:rustc-link-arg-bins=-Wl,--entry=route_start");
    // Fewer segments, fewer mappings and page faults.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,noseparate-code");
    println!("cargo:rustc-link-arg-bins=-Wl,-T,{}", script.display());
}
