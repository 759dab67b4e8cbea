// SPDX-License-Identifier: GPL-2.0

//! The program as a process, as far as that needs no root.

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::Path,
    process::{
        Command,
        Output,
        Stdio, //
    },
};

fn route(arguments: &[&str]) -> Output {
    route_reading(arguments, "")
}

fn route_reading(arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_route"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may have ended without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Exit status and standard error; there must be no standard output.
fn failure(output: Output) -> (Option<i32>, String) {
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn success(output: Output) -> String {
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn mistakes_end_with_the_statuses_of_net_tools() {
    for (line, status) in [
        (&["frob"][..], 3),
        (&["add"], 3),
        (&["add", "-net", "10.1.0.0/8", "lo"], 3),
        (&["add", "10.0.0.0/8", "metric", "x"], 3),
        (&["flush"], 3),
        (&["-C", "add", "10.0.0.0/8", "lo"], 3),
        (&["--json", "add", "10.0.0.0/8", "lo"], 3),
        (&["--keep-going"], 3),
        (&["--batch", "-", "add"], 3),
        (&["--completions", "csh"], 3),
        (&["-A", "ax25"], 1),
        (&["--batch", "/no/such/file"], 1),
        (&["add", "no.such.name.invalid", "lo"], 6),
        (&["get", "no.such.name.invalid"], 6),
        (&["get"], 3),
    ] {
        let (code, text) = failure(route(line));
        assert_eq!(code, Some(status), "{line:?}: {text}");
        assert!(
            text.starts_with("route: ") && text.ends_with('\n'),
            "{text}"
        );
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}

#[test]
fn a_file_stops_at_the_first_mistake_and_says_where() {
    let (code, text) = failure(route_reading(&["--batch", "-"], "# nothing\n\nadd\ndel\n"));
    assert_eq!(code, Some(3));
    assert_eq!(
        text,
        "route: standard input:3: a target has to follow: an address, a name, or default\n\
         route: stopped there; done before: 0 added, 0 deleted\n"
    );
}

#[test]
fn a_file_goes_on_if_it_shall() {
    let (code, text) = failure(route_reading(
        &["--batch", "-", "--keep-going"],
        "add\nadd x y z\n\nfrob",
    ));
    assert_eq!(code, Some(3));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("route: standard input:1: "));
    assert!(lines[2].starts_with("route: standard input:4: frob: "));
    assert_eq!(lines[3], "route: 4 lines: 0 added, 0 deleted, 3 failed");
}

#[test]
fn an_empty_file_is_no_mistake() {
    let text = success(route_reading(&["--batch", "-"], ""));
    assert_eq!(text, "0 lines: 0 added, 0 deleted, 0 failed\n");
}

#[test]
fn a_line_without_an_end_is_refused() {
    let (code, text) = failure(route(&["--batch", "/dev/zero"]));
    assert_eq!(code, Some(3));
    assert!(text.contains("less than 4096 bytes"), "{text}");
}

#[test]
fn a_comment_may_have_any_length() {
    for length in [4090, 4095, 4096, 4097, 60_000] {
        let comment = format!("{:#<length$}", "add # ");
        let (code, text) = failure(route_reading(
            &["--batch", "-", "--keep-going"],
            &format!("#{comment}\n \t#{comment}\nfrob\n{comment}\n#{comment}"),
        ));
        assert_eq!(code, Some(3));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(
            lines[0].starts_with("route: standard input:3: frob: "),
            "{text}"
        );
        assert!(
            lines[1].starts_with("route: standard input:4: a target has to"),
            "{text}"
        );
        assert_eq!(lines[2], "route: 5 lines: 0 added, 0 deleted, 2 failed");
    }
}

#[test]
fn a_long_line_is_one_line_that_fails() {
    let long = format!("add {:x<9000}", "x#");
    let (code, text) = failure(route_reading(
        &["--batch", "-", "--keep-going"],
        &format!("{long}\nfrob\n{long}"),
    ));
    assert_eq!(code, Some(3));
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(
        lines[0].starts_with("route: standard input:1: a line has less than"),
        "{text}"
    );
    assert!(
        lines[1].starts_with("route: standard input:2: frob"),
        "{text}"
    );
    assert_eq!(lines[3], "route: 3 lines: 0 added, 0 deleted, 3 failed");
}

#[test]
fn help_and_version() {
    assert_eq!(success(route(&["-h"])), route::help::help());
    assert_eq!(success(route(&["--help", "add"])), route::help::help());
    assert!(success(route(&["-V"])).starts_with("route "));
}

#[test]
fn the_cache_is_empty() {
    assert_eq!(
        success(route(&["-C"])),
        "Kernel IP routing cache\n\
         Source          Destination     Gateway         Flags Metric Ref    Use Iface\n"
    );
}

#[test]
fn tables_are_shown() {
    assert!(success(route(&["-n"])).starts_with("Kernel IP routing table\nDestination "));
    let json = success(route(&["--json"]));
    assert!(
        serde_json::from_str::<serde_json::Value>(&json)
            .unwrap()
            .is_array(),
        "{json}"
    );
}

#[test]
fn completions_are_scripts() {
    let script = success(route(&["--completions", "bash"]));
    let mut child = Command::new("bash")
        .args(["-c", &format!("{script}\nCOMP_WORDS=(route add x met) COMP_CWORD=3\n_route\necho ${{COMPREPLY[@]}}")])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.wait().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "metric\n");
}

/// By a link and not by arg0: an emulator for another machine's programs passes on the file's name.
#[test]
fn completions_are_for_the_name_that_it_is_called_by() {
    for (name, mine) in [("route-rs", "route-rs"), ("a;b", "route")] {
        let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_file(&program);
        symlink(env!("CARGO_BIN_EXE_route"), &program).unwrap();
        for (shell, line) in [
            ("bash", format!("complete -F _{mine} {mine}")),
            ("zsh", format!("#compdef {mine}")),
            ("fish", format!("complete -c {mine} -f")),
        ] {
            let output = Command::new(&program)
                .args(["--completions", shell])
                .output()
                .unwrap();
            let script = success(output);
            assert!(script.lines().any(|found| found == line), "{script}");
        }
    }
}
