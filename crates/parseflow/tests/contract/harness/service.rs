//! The real binary on a data folder of its own.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{Account, Client, eventually};

/// A running `parseflow serve`; ended when dropped.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub(crate) base: String,
    folder: TempDir,
}

/// Retries within two seconds, each gap longer than the one before.
pub(crate) const SHORT_SCHEDULE: &str = "200ms,300ms,400ms,500ms,600ms";

impl Service {
    /// A service whose retries come quickly.
    pub(crate) fn start() -> Self {
        Self::with(&["--retry-schedule", SHORT_SCHEDULE])
    }

    /// A service with these flags beside those that every test needs.
    pub(crate) fn with(flags: &[&str]) -> Self {
        Self::in_folder(tempfile::tempdir().expect("a folder can be made"), flags)
    }

    /// A service that allows no private targets and no plain HTTP, as by default.
    pub(crate) fn strict() -> Self {
        Self::strict_with(&[])
    }

    /// The same, with these flags.
    pub(crate) fn strict_with(flags: &[&str]) -> Self {
        Self::run(tempfile::tempdir().expect("a folder can be made"), flags)
    }

    fn in_folder(folder: TempDir, flags: &[&str]) -> Self {
        let mut all = vec!["--allow-target", "127.0.0.0/8", "--allow-http-targets"];
        all.extend_from_slice(flags);
        Self::run(folder, &all)
    }

    fn run(folder: TempDir, flags: &[&str]) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(folder.path().join("stderr.log"))
            .expect("the log can be opened");
        let mut child = program()
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path().join("data"))
            .args(flags)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary starts");
        let mut lines = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        let mut line = String::new();
        lines.read_line(&mut line).expect("stdout is text");
        // The pipe stays open: whatever else the service says goes nowhere.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let base = line.trim().strip_prefix("listening on ").map(ToOwned::to_owned);
        let mut service = Self { child, base: base.unwrap_or_default(), folder };
        assert!(service.base.starts_with("http://"), "said {line:?} instead of its address");
        service.wait_until_ready();
        service
    }

    fn wait_until_ready(&mut self) {
        let client = self.anonymous();
        eventually("/readyz answers 200", || {
            if let Some(status) = self.child.try_wait().expect("the child can be asked") {
                panic!("the service ended at its start: {status}");
            }
            (client.get("/readyz").status == 200).then_some(())
        });
    }

    /// Ends the service as a power cut would, and starts it again on the same data.
    pub(crate) fn crash_and_restart(self, flags: &[&str]) -> Self {
        Self::in_folder(self.crash(), flags)
    }

    /// The same, but the new service allows no private targets and no plain HTTP.
    pub(crate) fn crash_and_restart_strict(self, flags: &[&str]) -> Self {
        Self::run(self.crash(), flags)
    }

    fn crash(mut self) -> TempDir {
        self.child.kill().expect("the child can be killed");
        self.child.wait().expect("the child ends");
        std::mem::replace(&mut self.folder, tempfile::tempdir().expect("a folder can be made"))
    }

    /// A caller without a key.
    pub(crate) fn anonymous(&self) -> Client {
        Client::anonymous(&self.base)
    }

    /// A new account on this plan.
    pub(crate) fn account(&self, plan: &str) -> Account {
        self.account_with(plan, &[])
    }

    /// A new account on this plan, with more flags of `account create`.
    pub(crate) fn account_with(&self, plan: &str, flags: &[&str]) -> Account {
        let email = format!("{plan}-{}@example.com", unique());
        let mut arguments = vec!["account", "create", "--email", &email, "--plan", plan, "--json"];
        arguments.extend_from_slice(flags);
        let output = self.command(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let created: Value = serde_json::from_slice(&output.stdout).expect("--json prints JSON");
        let text = |name: &str| created[name].as_str().expect("a text").to_owned();
        Account {
            id: text("accountId"),
            email,
            client: Client::with_key(&self.base, &text("apiKey")),
        }
    }

    /// Moves an account to another plan, as the operator does.
    pub(crate) fn set_plan(&self, account: &Account, plan: &str) {
        let arguments = ["account", "set-plan", "--email", &account.email, "--plan", plan];
        let output = self.command(&arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Runs another command of the binary on the same data.
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        program()
            .args(arguments)
            .arg("--data-dir")
            .arg(self.data())
            .stdin(Stdio::null())
            .output()
            .expect("the binary starts")
    }

    /// What a command that needs no data prints.
    pub(crate) fn program_output(&self, arguments: &[&str]) -> Vec<u8> {
        let output = program().args(arguments).output().expect("the binary starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// Where the service keeps everything.
    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// What the service has written to its log so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("stderr.log")).unwrap_or_default()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(4_000);
            let tail = log.get(from..).unwrap_or(&log);
            let _ = writeln!(std::io::stderr(), "--- the service's log ends:\n{tail}");
        }
    }
}

/// The binary under test, without settings from the environment of whoever runs the tests.
pub(crate) fn program() -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_parseflow")));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PARSEFLOW_") {
            command.env_remove(name);
        }
    }
    command
}

/// A number that no other call in this process gave.
fn unique() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
