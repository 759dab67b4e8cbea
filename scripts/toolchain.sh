# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Finds the tools that build the kernel, checks them, and sets `tools` to what `make` is
# told about them. A rustup toolchain that is first in PATH has no rust-src, so all are
# named by path. To be read after common.sh.

RUSTC=${RUSTC:-/usr/bin/rustc}
rust_bin=$(dirname "$RUSTC")

# Whether version $1 is at least $2.
at_least() {
	[ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}

check_rust() {
	local version source
	command -v "$RUSTC" >/dev/null || die "there is no $RUSTC; unset RUSTC, or point it at a rustc"
	version=$("$RUSTC" --version | cut -d ' ' -f 2) || die "$RUSTC does not run; unset RUSTC"
	at_least "$version" 1.85.0 ||
		die "$RUSTC is $version, the kernel wants 1.85.0 or later; unset RUSTC, or point it at one"
	source=$("$RUSTC" --print sysroot)/lib/rustlib/src/rust/library/core
	[ -e "$source/src/lib.rs" ] ||
		die "$RUSTC has no source of the core library ($source);" \
			"unset RUSTC, or install its rust-src"
}

# Runs cargo. Registries are configured per user; everything that is written stays in the cache.
in_cargo() {
	local home=$CACHE/tools/cargo config
	command -v "$rust_bin/cargo" >/dev/null ||
		die "there is no $rust_bin/cargo; unset RUSTC, or install the cargo that belongs to it"
	mkdir -p "$home"
	for config in config.toml config credentials.toml; do
		[ ! -e "${CARGO_HOME:-$HOME/.cargo}/$config" ] ||
			ln -sf "$(realpath "${CARGO_HOME:-$HOME/.cargo}/$config")" "$home/"
	done
	# Its subcommands are looked for in PATH, where another toolchain may be first.
	PATH=$rust_bin:$PATH CARGO_HOME=$home RUSTC=$RUSTC RUSTDOC=$rust_bin/rustdoc \
		"$rust_bin/cargo" "$@"
}

# Debian 12's bindgen is too old, so it is built once, by Debian's cargo.
find_bindgen() {
	local version=0.72.1 found
	[ -n "${BINDGEN-}" ] || BINDGEN=/usr/bin/bindgen
	found=$("$BINDGEN" --version 2>/dev/null | cut -d ' ' -f 2) || true
	if [ -n "$found" ] && at_least "$found" 0.71.1; then
		return
	fi
	BINDGEN=$CACHE/tools/bin/bindgen
	[ ! -x "$BINDGEN" ] || return 0
	mkdir -p "$CACHE/tools"
	in_cargo install --locked --force \
		--root "$CACHE/tools" bindgen-cli --version "$version" 2>&1 |
		tee "$CACHE/tools/bindgen.log" |
		"$TOP/scripts/progress" bindgen 46 '^ *Compiling ' ||
		die "bindgen $version could not be built; see $CACHE/tools/bindgen.log"
}

check_rust
find_bindgen
export LIBCLANG_PATH=/usr/lib/llvm-19/lib
# shellcheck disable=SC2034
tools=(
	LLVM=-19
	"RUSTC=$RUSTC" "RUSTDOC=$rust_bin/rustdoc" "RUSTFMT=$rust_bin/rustfmt"
	"CLIPPY_DRIVER=$rust_bin/clippy-driver" "BINDGEN=$BINDGEN"
)
