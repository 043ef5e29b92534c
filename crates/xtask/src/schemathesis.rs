//! `cargo xtask schemathesis`: requests generated from `/openapi.json` are sent to the real binary;
//! no answer may be a 5xx or differ from what the description says of it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::bench::target_folder;
use crate::prepare::fingerprint;
use crate::shell::{self, Failure, cargo, output, root, say, succeeds};

/// What every answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance";

/// Sends up to `examples` generated requests to each operation. The same requests in every run.
pub(crate) fn run(examples: &str) -> Result<(), Failure> {
    let program = prepare(&root().join("e2e/schemathesis"))?;
    shell::run(cargo().args(["build", "--quiet", "-p", "parseflow"]))?;
    let binary = target_folder()?.join("debug/parseflow");
    let data = target_folder()?.join("schemathesis");
    if data.exists() {
        std::fs::remove_dir_all(&data).map_err(|error| Failure(error.to_string()))?;
    }
    let service = Service::start(&binary, &data)?;
    let key = publishing_key(&binary, &data, &service.base)?;
    let mut command = Command::new(program);
    command
        .args(["run", &format!("{}/openapi.json", service.base)])
        .args(["--header", &format!("X-API-Key: {key}")])
        .args(["--max-examples", examples, "--seed", "1", "--checks", CHECKS])
        // It would take away the key that everything else needs.
        .args(["--exclude-operation-id", "revokeKey"])
        // Their answers do not end.
        .args(["--exclude-operation-id", "streamActivity"])
        .args(["--exclude-operation-id", "listen"])
        .args(["--phases", "examples,coverage,fuzzing", "--no-color"])
        .current_dir(&data);
    shell::run(&mut command)
}

/// Schemathesis in a venv of its own, left alone while its version is the same; its program.
fn prepare(folder: &Path) -> Result<PathBuf, Failure> {
    let venv = folder.join(".venv");
    let (program, stamp) = (venv.join("bin/schemathesis"), venv.join(".prepared"));
    let python = output(Command::new("python3").arg("--version"))?;
    let wanted = fingerprint(&[&shell::read(&folder.join("requirements.txt"))?, &python]);
    let prepared = std::fs::read_to_string(&stamp).is_ok_and(|found| found == wanted);
    if prepared && succeeds(Command::new(&program).arg("--version")) {
        return Ok(program);
    }
    say("installing schemathesis");
    shell::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv))?;
    shell::run(
        Command::new(venv.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(folder.join("requirements.txt")),
    )?;
    shell::write(&stamp, &wanted)?;
    Ok(program)
}

/// A running service; ended when dropped.
struct Service {
    child: Child,
    base: String,
}

impl Service {
    fn start(binary: &Path, data: &Path) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure(format!("the service: {error}"));
        let mut child = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--open-registration", "--data-dir"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            let mut lines = BufReader::new(stdout);
            lines.read_line(&mut line).map_err(failed)?;
            // The pipe stays open: whatever else the service says goes nowhere.
            std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        }
        let base = line.trim().strip_prefix("listening on ").unwrap_or_default().to_owned();
        let service = Self { child, base };
        if service.base.is_empty() {
            return Err(Failure(format!("the service said {line:?} instead of its address")));
        }
        Ok(service)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A key without a limit on requests that may publish.
fn publishing_key(binary: &Path, data: &Path, base: &str) -> Result<String, Failure> {
    let created = output(
        Command::new(binary)
            .args(["account", "create", "--email", "generated@example.com", "--json"])
            .args(["--plan", "enterprise", "--quota", "unlimited"])
            .args(["--requests-per-minute", "unlimited", "--data-dir"])
            .arg(data),
    )?;
    let first = member(&created, "apiKey")?;
    let answer = output(
        Command::new("curl")
            .args(["--silent", "--show-error", "--fail", "--noproxy", "*"])
            .args(["--header", &format!("X-API-Key: {first}")])
            .args(["--header", "Content-Type: application/json"])
            .args(["--data", r#"{"name":"generated","scopes":["events:write"]}"#])
            .arg(format!("{base}/api/v1/keys")),
    )?;
    member(&answer, "key")
}

fn member(json: &str, name: &str) -> Result<String, Failure> {
    let value: serde_json::Value =
        serde_json::from_str(json).map_err(|error| Failure(format!("no JSON: {error}")))?;
    let text = value[name].as_str().map(ToOwned::to_owned);
    text.ok_or_else(|| Failure(format!("no {name} in {json}")))
}
