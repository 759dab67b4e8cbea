// SPDX-License-Identifier: GPL-2.0

//! The program starts in src/start.rs.

fn main() {
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");

    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=pages.ld");
    println!("cargo:rustc-link-arg-bins=-Wl,--entry=route_start");
    // Fewer segments, fewer mappings and page faults.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,noseparate-code");
    println!("cargo:rustc-link-arg-bins=-Wl,-T,{folder}/pages.ld");
}
