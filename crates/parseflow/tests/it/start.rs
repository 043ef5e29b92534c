//! What stops a start, and how it is told.

use std::net::TcpListener;
use std::path::Path;

use crate::process::{Server, Signal, parseflow};

/// Exit code and standard error of a start that must fail.
fn refused(data: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String) {
    let output = parseflow()
        .args(["serve", "--data-dir"])
        .arg(data)
        .args(arguments)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(output.stdout.is_empty(), "it must not say that it listens");
    let stderr = String::from_utf8(output.stderr).unwrap();
    (output.status.code().expect("it ends by itself"), stderr)
}

#[test]
fn settings_that_cannot_be_used_are_told_in_one_line_with_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let check = |arguments: &[&str], environment: &[(&str, &str)], expected: &str| {
        let (code, stderr) = refused(&folder.path().join("data"), arguments, environment);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
        assert!(!folder.path().join("data").exists(), "nothing is created: {arguments:?}");
    };
    check(&["--allow-target", "10.0.0.0/99"], &[], "--allow-target: \"10.0.0.0/99\"");
    check(&["--retry-schedule", "30s,soon"], &[], "--retry-schedule: \"30s,soon\"");
    check(&[], &[("PARSEFLOW_DELIVERY_TIMEOUT", "1h")], "PARSEFLOW_DELIVERY_TIMEOUT: \"1h\"");
    check(&["--database-url", "mysql://db/parseflow"], &[], "postgres://user@host/database");
    check(&["--object-store", "s3://B"], &[], "a URL such as s3://bucket/prefix");
    check(&["--listen", "everywhere"], &[], "127.0.0.1:8080");
    check(&["--config", "/nonexistent.toml"], &[], "/nonexistent.toml cannot be read");
}

#[test]
fn a_mistake_in_the_settings_file_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("parseflow.toml");
    let check = |text: &str, expected: &str| {
        std::fs::write(&file, text).unwrap();
        let file = file.to_str().unwrap();
        let (code, stderr) = refused(&folder.path().join("data"), &["--config", file], &[]);
        assert_eq!(code, 2, "{stderr}");
        assert!(stderr.contains(expected) && stderr.contains(file), "{stderr}");
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    };
    check("retention = \"1 month\"", "retention in");
    check("retension = \"30d\"", "\"retension\", which is no setting");
    check("listen = ", "is not TOML");
    check("[plans.gold]\n", "plans.gold");
}

#[test]
fn what_is_in_the_way_is_told_in_one_line_with_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let check = |data: &Path, arguments: &[&str], expected: &str| {
        let (code, stderr) = refused(data, arguments, &[]);
        assert_eq!(code, 1, "{stderr}");
        assert!(stderr.contains(expected), "{stderr}");
        assert_eq!(stderr.trim_end().lines().count(), 1, "{stderr}");
    };
    check(&folder.path().join("port"), &["--listen", &address], "is already in use; choose");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    check(&file, &[], "cannot be");
    let free = ["--listen", "127.0.0.1:0"];
    let damaged = folder.path().join("damaged");
    std::fs::create_dir(&damaged).unwrap();
    std::fs::write(damaged.join("master.key"), "short").unwrap();
    check(&damaged, &free, "is damaged");
    let foreign = folder.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("parseflow.db"), "this is no database".repeat(100)).unwrap();
    std::fs::write(foreign.join("master.key"), "0".repeat(64)).unwrap();
    check(&foreign, &free, "cannot be opened");
    std::fs::remove_file(foreign.join("master.key")).unwrap();
    check(&foreign, &free, "is missing");
}

#[test]
fn a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    let (code, stderr) = refused(folder.path(), &["--listen", "127.0.0.1:0"], &[]);
    assert_eq!(code, 1);
    assert!(stderr.contains("in use by another running server"), "{stderr}");
    let (status, _) = crate::process::get(server.address(), "/healthz", "");
    assert_eq!(status, 200);
}

#[test]
fn a_folder_can_be_served_again_after_its_server_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), &[]);
    server.signal(Signal::KILL);
    assert_eq!(server.wait().code(), None);
    let again = Server::start(folder.path(), &[]);
    assert_eq!(crate::process::get(again.address(), "/readyz", "").0, 200);
}
