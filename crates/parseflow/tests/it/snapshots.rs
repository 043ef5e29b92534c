//! The help of every command, and what commands print and how they end, held against files in
//! `tests/snapshots`. Where a difference is meant, `PARSEFLOW_UPDATE_SNAPSHOTS=1` writes them anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Output;

use crate::client::Desk;
use crate::process::{root, run_well};

fn snapshot_path(name: &str) -> PathBuf {
    root().join("crates/parseflow/tests/snapshots").join(name)
}

#[track_caller]
fn is_as_before(name: &str, now: &str) {
    let path = snapshot_path(name);
    if std::env::var_os("PARSEFLOW_UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let lines = now.lines().zip(before.lines());
    let differing = lines.enumerate().find(|(_, (now, before))| now != before);
    assert!(
        now == before,
        "{} differs, first in {differing:?}; if that is meant, run the test with \
         PARSEFLOW_UPDATE_SNAPSHOTS=1",
        path.display()
    );
}

/// The commands that a command's help lists.
fn commands_in(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let lines = lines.take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(ToOwned::to_owned).collect()
}

fn add_help(command: &[&str], all: &mut String) {
    let help = run_well(&[command, &["--help"]].concat());
    writeln!(all, "$ parseflow {}\n\n{help}\n", [command, &["--help"]].concat().join(" ")).unwrap();
    for name in commands_in(&help) {
        add_help(&[command, &[&name]].concat(), all);
    }
}

#[test]
fn the_help_of_every_command_is_as_before() {
    let mut all = String::new();
    add_help(&[], &mut all);
    assert!(all.matches("\n$ parseflow ").count() >= 35, "{all}");
    is_as_before("help.txt", &all);
}

/// What differs from one run to the next, replaced by something as long: ids, times, addresses.
fn steady(text: &str, desk: &Desk) -> String {
    let text = text.replace(&desk.server.url, "http://SERVICE");
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_:-".contains(c);
    let mut steady = String::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        steady += &steady_word(word);
        rest = after;
    }
    steady
}

fn steady_word(word: &str) -> String {
    let is_time =
        word.contains('-') && word.chars().all(|c| c.is_ascii_digit() || "-:TZ".contains(c));
    let prefixes = ["acc_", "batch_", "dlv_", "evt_", "ext_", "rcv_", "req_", "whsec_", "wh_"];
    if let Some(prefix) = prefixes.iter().find(|prefix| word.starts_with(**prefix)) {
        format!("{prefix}{}", "x".repeat(word.len() - prefix.len()))
    } else if is_time {
        word.replace(|c: char| c.is_ascii_digit(), "0")
    } else {
        word.to_owned()
    }
}

fn shown(arguments: &[&str], output: &Output, desk: &Desk) -> String {
    let text = |bytes: &[u8]| steady(&String::from_utf8_lossy(bytes), desk);
    let command = steady(&arguments.join(" "), desk);
    let (code, said) = (output.status.code().unwrap(), text(&output.stdout));
    format!("$ parseflow {command}\n{said}{}exit code {code}\n\n", text(&output.stderr))
}

/// The codes of the page's table.
fn documented_codes() -> BTreeSet<i32> {
    let page = std::fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let (_, table) = page.split_once("\n| code | meaning |\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|')).skip(1);
    rows.map(|row| row.split('|').nth(1).unwrap().trim().parse().unwrap()).collect()
}

#[test]
fn what_commands_print_and_how_they_end_is_as_before() {
    let desk = Desk::open("pro");
    let made = desk.json(&["endpoints", "create", "http://127.0.0.1:9/hook", "--event", "batch.*"]);
    let id = made["id"].as_str().unwrap();
    let unknown = "wh_a1b2c3d4e5f6g7h8";
    let wrong_signature = "0".repeat(64);
    let commands: &[&[&str]] = &[
        &["usage"],
        &["usage", "--json"],
        &["endpoints", "list"],
        &["endpoints", "show", id],
        &["endpoints", "update", id, "--description", "accounting"],
        &["deliveries", "list", "--endpoint", id],
        &["recover", "--since", "2h", "--dry-run"],
        &["recover", "--since", "2h", "--dry-run", "--json"],
        &["recover", "--since", "2h"],
        &["recover", "--since", "yesterday"],
        &["trigger", "extraction.completed"],
        &["trigger", "no.such.event"],
        &["listen", "--forward-to", "localhost:3000"],
        &["endpoints", "show", unknown],
        &["deliveries", "list", "--endpoint", unknown],
        &["endpoints", "create", "ftp://example.com", "--event", "*"],
        &["endpoints", "create", "https://example.com"],
        &["usage", "--url", "nowhere"],
        &["usage", "--api-key", "dm_live_wrong"],
        &["usage", "--profile", "nobody"],
        &["extract", "nowhere.pdf"],
        &["verify", "--secret", "whsec_s", "--signature", &wrong_signature, "--body", "LICENSE"],
        &["endpoints", "delete", id],
        &["no-such-command"],
    ];
    let (mut all, mut codes) = (String::new(), BTreeSet::new());
    for arguments in commands {
        let key = if arguments.contains(&"--profile") { None } else { Some(desk.key.as_str()) };
        let output = desk.run_with(arguments, "", key);
        codes.insert(output.status.code().unwrap());
        all += &shown(arguments, &output, &desk);
    }
    // The secret's last characters.
    let hint = made["secret"].as_str().unwrap().split_at(34).1;
    let all = all.replace(&format!("secretHint           {hint}"), "secretHint           xxxx");
    is_as_before("commands.txt", &all);
    assert_eq!(codes, documented_codes(), "each exit code of docs/cli.md is shown, and no other");
}
