// SPDX-License-Identifier: GPL-2.0

//! The program starts in src/start.rs.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-link-arg-bins=-Wl,--entry=route_start");
    // Fewer segments, fewer mappings and page faults.
    println!("cargo:rustc-link-arg-bins=-Wl,-z,noseparate-code");
}
