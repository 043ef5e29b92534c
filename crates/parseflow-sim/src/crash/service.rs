//! The real binary: started, asked, killed.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// What every start of the service has in common.
pub(super) struct Setup {
    /// The program.
    pub(super) binary: PathBuf,
    /// Everything of this trial is below this folder.
    pub(super) folder: PathBuf,
    /// PostgreSQL instead of the embedded database.
    pub(super) database_url: Option<String>,
    /// The library that loses what was not flushed, where that is tried.
    pub(super) power: Option<PathBuf>,
    /// Whether that library also forgets what was flushed.
    pub(super) is_deaf: bool,
    /// Seconds between two attempts.
    pub(super) retry_secs: u32,
}

impl Setup {
    /// Where the service keeps everything.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What a loss of power leaves of it.
    pub(super) fn survived(&self) -> PathBuf {
        self.folder.join("survived")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PARSEFLOW_") {
                command.env_remove(name);
            }
        }
        command.stdin(Stdio::null());
        command
    }

    fn database(&self, command: &mut Command) {
        command.arg("--data-dir").arg(self.data());
        if let Some(url) = &self.database_url {
            command.args(["--database-url", url]);
        }
    }

    /// The key that a service on PostgreSQL must be given, written once.
    fn master_key(&self) -> Result<PathBuf, String> {
        let path = self.folder.join("master.key");
        if !path.exists() {
            std::fs::write(&path, "5a".repeat(32)).map_err(|error| error.to_string())?;
        }
        Ok(path)
    }

    /// Starts the service and waits until it says where it listens.
    pub(super) fn start(&self, leak_permille: u64) -> Result<Service, String> {
        let log = File::options().create(true).append(true).open(self.folder.join("stderr.log"));
        let mut command = self.command();
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--allow-target", "127.0.0.0/8"])
            .args(["--allow-http-targets", "--retry-schedule"])
            .arg(vec![format!("{}s", self.retry_secs); 20].join(","))
            .stdout(Stdio::piped())
            .stderr(log.map_err(|error| error.to_string())?);
        self.database(&mut command);
        if self.database_url.is_some() {
            command.arg("--master-key-file").arg(self.master_key()?);
        }
        if let Some(library) = &self.power {
            command
                .env("LD_PRELOAD", library)
                .env("POWER_FROM", self.data())
                .env("POWER_TO", self.survived())
                .env("POWER_LEAK", leak_permille.to_string());
            if self.is_deaf {
                command.env("POWER_DEAF", "1");
            }
        }
        let mut child = command.spawn().map_err(|error| error.to_string())?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let mut lines = BufReader::new(stdout);
        let mut line = String::new();
        lines.read_line(&mut line).map_err(|error| error.to_string())?;
        // The pipe stays open: whatever else the service says goes nowhere.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        let address = line.trim().strip_prefix("listening on http://").map(ToOwned::to_owned);
        let service = Service { child, address: address.unwrap_or_default() };
        if service.address.is_empty() {
            let log = std::fs::read_to_string(self.folder.join("stderr.log")).unwrap_or_default();
            return Err(format!("the service does not start again: {line:?}\n{log}"));
        }
        Ok(service)
    }

    /// An account without a limit on requests; its key.
    pub(super) fn create_account(&self) -> Result<String, String> {
        let mut command = self.command();
        let email = format!("crash-{}@example.com", std::process::id());
        command.args(["account", "create", "--email", &email, "--plan", "enterprise", "--json"]);
        command.args(["--requests-per-minute", "unlimited"]);
        self.database(&mut command);
        let output = command.output().map_err(|error| error.to_string())?;
        let created: serde_json::Value = serde_json::from_slice(&output.stdout)
            .map_err(|_| String::from_utf8_lossy(&output.stderr).into_owned())?;
        created["apiKey"].as_str().map(ToOwned::to_owned).ok_or("no key was printed".into())
    }

    /// Puts what a loss of power left in the place of the data.
    pub(super) fn lose_power(&self) -> Result<(), String> {
        let (data, survived) = (self.data(), self.survived());
        std::fs::remove_dir_all(&data)
            .and_then(|()| std::fs::rename(&survived, &data))
            .and_then(|()| copy_folder(&data, &survived))
            .map_err(|error| format!("what survived cannot be put in place: {error}"))
    }
}

/// Copies a folder with everything in it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// A running service; killed when dropped.
pub(super) struct Service {
    child: Child,
    /// `127.0.0.1:PORT`
    pub(super) address: String,
}

impl Service {
    /// Ends it as `kill -9` does.
    pub(super) fn kill(mut self) -> Result<(), String> {
        self.child.kill().and_then(|()| self.child.wait()).map(|_| ()).map_err(|e| e.to_string())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
