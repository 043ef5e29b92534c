//! Operating a running installation from beside it.

use serde_json::Value;

use crate::process::{Server, account, eventually, get, run, run_well};

#[test]
fn accounts_and_keys_made_beside_a_running_server_count_within_a_second() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let server = Server::start(folder.path(), &[]);
    let quota = ["--plan", "pro", "--quota", "7", "--requests-per-minute", "unlimited"];
    let first = account(folder.path(), "Owner@Example.com", &quota);
    let usage = |key: &str| {
        let (status, body) = get(server.address(), "/api/v1/usage", key);
        (status, serde_json::from_str::<Value>(&body).unwrap_or_default())
    };
    let (status, body) = usage(&first);
    assert_eq!((status, &body["quota"]), (200, &Value::from(7)));
    let whose = ["--email", "owner@example.com", "--data-dir", data];
    let set = ["account", "set-plan", "--plan", "enterprise", "--quota", "unlimited", "--json"];
    let changed = run_well(&[&set[..], &whose].concat());
    let changed: Value = serde_json::from_str(&changed).unwrap();
    assert_eq!(changed["documentsPerMonth"], "unlimited");
    eventually("the plan is in force", || usage(&first).1["plan"] == "enterprise");

    let create = ["key", "create", "--json", "--name", "second", "--scope", "events:write"];
    let created = run_well(&[&create[..], &whose].concat());
    let created: Value = serde_json::from_str(&created).unwrap();
    let (id, second) = (created["keyId"].as_str().unwrap(), created["apiKey"].as_str().unwrap());
    assert_eq!(usage(second).0, 200);
    let listed = run_well(&[&["key", "list"][..], &whose].concat());
    assert_eq!(listed.lines().count(), 2);
    assert!(!listed.contains(second) && listed.contains(&second[52..]), "{listed}");
    run_well(&[&["key", "revoke", "--key", id][..], &whose].concat());
    eventually("the key is revoked", || usage(second).0 == 401);
    assert_eq!(usage(&first).0, 200);
}

#[test]
fn commands_need_no_master_key_once_there_is_a_database() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key_file = elsewhere.path().join("key");
    let arguments = ["--master-key-file", key_file.to_str().unwrap()];
    let server = Server::start(folder.path(), &arguments);
    let key = account(folder.path(), "owner@example.com", &["--plan", "pro"]);
    assert_eq!(get(server.address(), "/api/v1/usage", &key).0, 200);
    assert!(key_file.exists());
    assert!(!folder.path().join("master.key").exists());
}

#[test]
fn an_account_is_created_once_and_looked_up_by_id_or_address() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    account(folder.path(), "owner@example.com", &["--plan", "free"]);
    let create =
        |email| run(&["account", "create", "--email", email, "--plan", "free", "--data-dir", data]);
    let again = create("OWNER@example.com");
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("exists already"));
    assert_eq!(create("nobody").status.code(), Some(2));
    let show = ["account", "show", "--json", "--data-dir", data];
    let shown = run_well(&[&show[..], &["--email", "owner@example.com"]].concat());
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let id = shown["accountId"].as_str().unwrap();
    assert_eq!(run_well(&[&show[..], &["--account", id]].concat()).trim(), shown.to_string());
    let unknown = run(&[&show[..], &["--email", "else@example.com"]].concat());
    assert_eq!(unknown.status.code(), Some(3));
}

#[test]
fn doctor_finds_a_sound_installation_sound_and_names_what_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let doctor = ["doctor", "--json", "--data-dir", data];
    let verdicts = |expected: i32| {
        let output = run(&doctor);
        assert_eq!(output.status.code(), Some(expected), "{output:?}");
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let failed = report["checks"].as_array().unwrap().iter().filter(|c| c["ok"] == false);
        failed.map(|check| check["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let server = Server::start(folder.path(), &[]);
    assert!(verdicts(0).is_empty());
    drop(server);
    assert!(verdicts(0).is_empty());
    std::fs::write(folder.path().join("master.key"), "damaged").unwrap();
    assert_eq!(verdicts(1), ["master key"]);
    assert!(folder.path().join("parseflow.db").exists());
}

#[test]
fn a_backup_taken_beside_a_running_server_serves_again() {
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = account(folder.path(), "owner@example.com", &["--plan", "pro"]);
    let server = Server::start(folder.path(), &[]);
    let file = copy.path().join("parseflow.db");
    let (data, file) = (folder.path().to_str().unwrap(), file.to_str().unwrap());
    run_well(&["backup", "--to", file, "--data-dir", data]);
    assert_eq!(run(&["backup", "--to", file, "--data-dir", data]).status.code(), Some(2));
    assert_eq!(get(server.address(), "/api/v1/usage", &key).0, 200);
    drop(server);
    std::fs::copy(folder.path().join("master.key"), copy.path().join("master.key")).unwrap();
    let restored = Server::start(copy.path(), &[]);
    assert_eq!(get(restored.address(), "/api/v1/usage", &key).0, 200);
}

#[test]
fn the_printed_description_is_the_served_one() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let (status, served) = get(server.address(), "/openapi.json", "");
    assert_eq!(status, 200);
    let parse = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    assert_eq!(parse(&run_well(&["openapi"])), parse(&served));
}

#[test]
fn the_master_key_is_changed_under_load() {
    let folder = tempfile::tempdir().unwrap();
    crate::key_change::loses_nothing(folder.path(), &[]);
}
