//! Settings from flags, environment and file; the reference lists them all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::process::{parseflow, root, run, run_well};

fn listen_in_effect(flag: Option<&str>, env: Option<&str>, file: Option<&str>) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let mut command = parseflow();
    command.args(["settings", "--json"]);
    if let Some(flag) = flag {
        command.args(["--listen", flag]);
    }
    if let Some(env) = env {
        command.env("PARSEFLOW_LISTEN", env);
    }
    if let Some(file) = file {
        let path = folder.path().join("parseflow.toml");
        std::fs::write(&path, format!("listen = {file:?}")).unwrap();
        command.env("PARSEFLOW_CONFIG", path);
    }
    let output = command.output().unwrap();
    assert!(output.status.success());
    let settings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&settings["listen"]["values"][0]), text(&settings["listen"]["source"]))
}

#[test]
fn flags_are_stronger_than_the_environment_than_the_file_than_the_default() {
    let (flag, env, file) = (Some("127.0.0.1:1"), Some("127.0.0.1:2"), Some("127.0.0.1:3"));
    let check = |found: (String, String), value: &str, source: &str| {
        assert_eq!((found.0.as_str(), found.1.as_str()), (value, source));
    };
    check(listen_in_effect(flag, env, file), "127.0.0.1:1", "--listen");
    check(listen_in_effect(None, env, file), "127.0.0.1:2", "PARSEFLOW_LISTEN");
    check(listen_in_effect(None, None, file), "127.0.0.1:3", "settings file");
    check(listen_in_effect(None, None, None), "127.0.0.1:8080", "default");
    check(listen_in_effect(None, Some(""), file), "127.0.0.1:3", "settings file");
}

/// The flags of `parseflow serve` with their environment variables, from its help.
fn flags_in_help() -> BTreeSet<(String, String)> {
    let help = run_well(&["serve", "--help"]);
    let mut flags = BTreeSet::new();
    let mut lines = help.lines();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim().strip_prefix("--") else { continue };
        let name: String =
            rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        let text = lines.next().unwrap_or_default();
        let env = text.split("[env: ").nth(1).and_then(|rest| rest.strip_suffix(']'));
        flags.insert((name, env.expect("every setting has a variable").to_owned()));
    }
    assert!(flags.len() > 15, "{flags:?}");
    flags
}

#[test]
fn the_reference_lists_every_setting_and_no_other() {
    let reference = std::fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let mut listed = BTreeSet::new();
    for line in reference.lines().filter(|line| line.starts_with("| `--")) {
        let cells: Vec<&str> = line.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        listed.insert((cells[1].trim_start_matches("--").to_owned(), cells[2].to_owned()));
    }
    assert_eq!(listed, flags_in_help());
}

#[test]
fn the_reference_states_the_defaults_in_effect() {
    let reference = std::fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let settings: Value = serde_json::from_str(&run_well(&["settings", "--json"])).unwrap();
    for (name, setting) in settings.as_object().unwrap() {
        let values = setting["values"].as_array().unwrap();
        let values: Vec<&str> = values.iter().map(|value| value.as_str().unwrap()).collect();
        let start = format!("| `--{name}` |");
        let line = reference.lines().find(|line| line.starts_with(&start)).unwrap();
        let stated = line.split('|').nth(3).unwrap().trim();
        if values.is_empty() {
            assert!(!stated.starts_with('`') || stated.contains(" in the data folder"), "{line}");
        } else {
            assert_eq!(stated, format!("`{}`", values.join(",")), "{name}");
        }
    }
}

#[test]
fn the_settings_file_of_the_reference_is_accepted() {
    let reference = std::fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let (_, rest) = reference.split_once("```toml\n").unwrap();
    let (file, _) = rest.split_once("```").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("parseflow.toml");
    std::fs::write(&path, file).unwrap();
    let shown = run_well(&["settings", "--config", path.to_str().unwrap()]);
    assert!(shown.contains("10.20.0.0/16"), "{shown}");
}

#[test]
fn every_command_explains_itself() {
    for command in ["serve", "demo", "account", "key", "doctor", "backup", "settings", "openapi"] {
        assert!(run_well(&[command, "--help"]).contains("Usage: parseflow"), "{command}");
    }
    assert_eq!(run(&["unknown"]).status.code(), Some(2));
}

/// The lines in which a shell that has read the completions offers something.
#[test]
fn bash_completes_commands_and_options() {
    let offered = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let script = format!(
            "{}\nCOMP_WORDS=({line}); COMP_CWORD={}; COMP_LINE={line:?}; COMP_POINT=${{#COMP_LINE}}\n\
             _parseflow parseflow '{}' '{}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
            run_well(&["completions", "bash"]),
            words.len() - 1,
            words[words.len() - 1],
            words[words.len() - 2],
        );
        let output = std::process::Command::new("bash").arg("-c").arg(script).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(offered("parseflow deliv"), "deliveries\n");
    assert_eq!(offered("parseflow deliveries re"), "retry\n");
    assert_eq!(offered("parseflow recover --dry"), "--dry-run\n");
}

#[test]
fn every_command_has_a_manual_page_and_each_page_leads_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("man1");
    run_well(&["man", "--to", to.to_str().unwrap()]);
    let mut pages = BTreeMap::new();
    for entry in std::fs::read_dir(&to).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        pages.insert(name.strip_suffix(".1").expect("section 1").to_owned(), text);
    }
    assert!(pages.len() > 40, "{:?}", pages.keys());
    for (name, page) in &pages {
        let words: Vec<&str> = name.split('-').collect();
        assert!(page.contains(&format!(".TH {name} 1")), "{name}");
        for reference in page.split("(1)").filter(|before| before.contains("parseflow")) {
            let at = reference.rfind("parseflow\\-");
            let Some(named) = at.map(|at| reference[at..].replace('\\', "")) else { continue };
            if !named.contains(char::is_whitespace) {
                assert!(pages.contains_key(&named), "{name} refers to {named}");
            }
        }
        if words.len() == 2 {
            assert_eq!(run_well(&["man", words[1]]).trim_end(), page.trim_end(), "{name}");
        }
    }
    assert!(pages["parseflow-recover"].contains("\\-\\-dry\\-run"));
}
