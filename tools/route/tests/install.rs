// SPDX-License-Identifier: GPL-2.0

//! `make install` and `make uninstall`, with a program that has been built already.

use std::{
    fs,
    path::{
        Path,
        PathBuf, //
    },
    process::Command, //
};

/// A folder that is gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let name = format!("route-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Folder(folder)
    }

    /// All files below a folder in it.
    fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        list(&self.0.join(folder), &mut files);
        let mut names: Vec<_> = files
            .iter()
            .map(|path| path.strip_prefix(&self.0).unwrap().display().to_string())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            list(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Runs `make`, for which this program is the one that it would build, and newer than its sources.
fn make(folder: &Folder, name: &str, words: &[&str]) {
    let built = folder.0.join("built").join(name);
    fs::create_dir_all(built.parent().unwrap()).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_route"), &built).unwrap();
    let output = Command::new("make")
        .arg("-C")
        // Where it is now: cargo does not build this anew for a checkout that was moved.
        .arg(std::env::var_os("CARGO_MANIFEST_DIR").unwrap())
        .arg(format!("built={}", built.display()))
        .arg(format!("DESTDIR={}/root", folder.0.display()))
        .arg("CARGO=false")
        .args(words)
        // A `make` that runs this must not steer that one.
        .env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn what_is_installed_is_uninstalled() {
    for (name, words, installed) in [
        (
            "route",
            &[][..],
            [
                "root/usr/local/sbin/route",
                "root/usr/local/share/bash-completion/completions/route",
                "root/usr/local/share/fish/vendor_completions.d/route.fish",
                "root/usr/local/share/man/man8/route.8",
                "root/usr/local/share/zsh/site-functions/_route",
            ],
        ),
        (
            "route-rs",
            &["NAME=route-rs", "PREFIX=/usr"],
            [
                "root/usr/sbin/route-rs",
                "root/usr/share/bash-completion/completions/route-rs",
                "root/usr/share/fish/vendor_completions.d/route-rs.fish",
                "root/usr/share/man/man8/route-rs.8",
                "root/usr/share/zsh/site-functions/_route-rs",
            ],
        ),
    ] {
        let folder = Folder::new(&format!("install-{name}"));
        make(&folder, name, &[&["install"], words].concat());
        assert_eq!(folder.files("root"), installed);

        let program = folder.0.join(installed[0]);
        let output = Command::new(&program).arg("--version").output().unwrap();
        assert!(output.stdout.starts_with(b"route "), "{output:?}");
        for (at, first) in [
            (1, format!("# bash completion for {name}: ")),
            (2, format!("# fish completion for {name}: ")),
            (3, ".\\\" SPDX".into()),
            (4, format!("#compdef {name}\n")),
        ] {
            let text = fs::read_to_string(folder.0.join(installed[at])).unwrap();
            assert!(text.starts_with(&first), "{text}");
        }
        let manual = fs::read_to_string(folder.0.join(installed[3])).unwrap();
        let spelled = name.replace('-', "\\-");
        for line in [
            "\\- show and change the IP routing table",
            "[\\-neFC46] [\\-A FAMILY] [\\-\\-json]",
            "add default gw 192.0.2.254",
        ] {
            let line = format!("{spelled} {line}");
            assert!(manual.lines().any(|found| found == line), "{line}");
        }

        make(&folder, name, &[&["uninstall"], words].concat());
        assert!(folder.files("root").is_empty());
    }
}
