//! The help of every command, and what commands print and how they end, held against files in
//! `tests/snapshots`. Where a difference is meant, `PARSEFLOW_UPDATE_SNAPSHOTS=1` writes them anew.

mod operator;
mod remote;
mod steady;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Output;

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

/// What commands print, as it goes into a file.
#[derive(Default)]
struct Transcript {
    text: String,
    /// What a run finds in place of what the file shows: addresses and folders.
    names: Vec<(String, &'static str)>,
}

impl Transcript {
    fn name(&mut self, found: &str, shown: &'static str) {
        self.names.push((found.to_owned(), shown));
    }

    fn steady(&self, text: &str) -> String {
        let renamed = |text: String, (found, shown): &(String, &str)| text.replace(found, shown);
        let text = self.names.iter().fold(text.to_owned(), renamed);
        steady::steady(&text).trim_end().to_owned()
    }

    fn heading(&mut self, words: &str) {
        writeln!(self.text, "## {words}\n").unwrap();
    }

    /// Adds a command with all that it printed.
    fn add(&mut self, arguments: &[&str], output: &Output) {
        self.add_first_lines(arguments, output, usize::MAX);
    }

    /// The same, without what follows the first lines of standard output.
    fn add_first_lines(&mut self, arguments: &[&str], output: &Output, lines_max: usize) {
        writeln!(self.text, "$ parseflow {}", self.steady(&arguments.join(" "))).unwrap();
        let said = self.steady(&String::from_utf8_lossy(&output.stdout));
        let mut lines = said.lines();
        for line in lines.by_ref().take(lines_max) {
            writeln!(self.text, "{line}").unwrap();
        }
        if lines.next().is_some() {
            self.text += "…\n";
        }
        let complaints = self.steady(&String::from_utf8_lossy(&output.stderr));
        for line in complaints.lines() {
            writeln!(self.text, "{line}").unwrap();
        }
        writeln!(self.text, "exit code {}\n", output.status.code().unwrap()).unwrap();
    }
}

/// The codes of the page's table.
fn documented_codes() -> BTreeSet<i32> {
    let page = std::fs::read_to_string(root().join("docs/cli.md")).unwrap();
    let (_, table) = page.split_once("\n| code | meaning |\n").unwrap();
    let rows = table.lines().take_while(|line| line.starts_with('|')).skip(1);
    rows.map(|row| row.split('|').nth(1).unwrap().trim().parse().unwrap()).collect()
}

/// Commands that do not end by themselves, or need a PostgreSQL server: what they do is seen by other
/// tests, here are their failures.
const WORK_ELSEWHERE: [&str; 4] = ["serve", "demo", "listen", "migrate"];
/// Commands without anything that could go wrong but their arguments.
const HARMLESS: [&str; 1] = ["openapi"];

#[test]
fn every_command_is_shown_when_it_works_and_when_it_fails() {
    let help = std::fs::read_to_string(snapshot_path("help.txt")).unwrap();
    let groups = ["account", "key", "endpoints", "deliveries"];
    let mut codes: BTreeMap<String, BTreeSet<i32>> = BTreeMap::new();
    for line in help.lines().filter_map(|line| line.strip_prefix("$ parseflow ")) {
        let command = line.trim_end_matches("--help").trim_end();
        if !command.is_empty() && !groups.contains(&command) {
            codes.insert(command.to_owned(), BTreeSet::new());
        }
    }
    assert!(codes.len() >= 35, "{codes:?}");
    let mut every = BTreeSet::new();
    for file in ["remote.txt", "operator.txt"] {
        let shown = std::fs::read_to_string(snapshot_path(file)).unwrap();
        for run in shown.split("\n$ parseflow ").skip(1) {
            let command = codes.keys().filter(|command| {
                run.strip_prefix(command.as_str()).is_some_and(|rest| rest.starts_with([' ', '\n']))
            });
            let command = command.max_by_key(|command| command.len()).cloned();
            let code = run.lines().find_map(|line| line.strip_prefix("exit code "));
            let code = code.unwrap().parse().unwrap();
            every.insert(code);
            if let Some(codes) = command.and_then(|command| codes.get_mut(&command)) {
                codes.insert(code);
            }
        }
    }
    for (command, codes) in codes {
        let (works, fails) = (codes.contains(&0), codes.iter().any(|code| *code != 0));
        assert!(
            works || WORK_ELSEWHERE.contains(&command.as_str()),
            "{command} is not shown to work"
        );
        assert!(fails || HARMLESS.contains(&command.as_str()), "{command} is not shown to fail");
    }
    assert_eq!(every, documented_codes(), "each exit code of docs/cli.md is shown, and no other");
}
