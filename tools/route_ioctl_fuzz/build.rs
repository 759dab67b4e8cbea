// SPDX-License-Identifier: GPL-2.0

//! What the kernel's configuration is to the code under test.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(CONFIG_COMPAT)");
    println!("cargo::rustc-cfg=CONFIG_COMPAT");
}
