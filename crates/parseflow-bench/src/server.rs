//! The server: the real binary, as an operator runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::database::{Database, Opened, cpu_secs_of};
use crate::error::BenchError;
use crate::load::now;

/// An installation that is not running, with Enterprise accounts without limits.
pub(crate) struct Installation {
    binary: PathBuf,
    pub(crate) database: Opened,
    /// Of each account, with the scope `events:write`.
    pub(crate) keys: Vec<String>,
    data: TempDir,
}

impl Installation {
    pub(crate) async fn create(
        binary: &Path,
        database: &Database,
        accounts: usize,
    ) -> Result<Self, BenchError> {
        let io = |source| BenchError::Io { what: "the data folder", source };
        let data = tempfile::tempdir().map_err(io)?;
        std::fs::write(data.path().join("master.key"), "5a".repeat(32)).map_err(io)?;
        let database = Opened::open(database).await?;
        let mut keys = Vec::new();
        for number in 0..accounts {
            keys.push(create_account(binary, &database, data.path(), number)?);
        }
        Ok(Self { binary: binary.to_owned(), database, keys, data })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.data.path()
    }

    /// Writes to the database while no server runs.
    pub(crate) async fn fill(&self, sql: &str) -> Result<(), BenchError> {
        self.database.fill(self.data.path(), sql).await
    }

    /// Has the database write down what it was filled with, as it has long done with a real history.
    pub(crate) async fn settle_down(&self) -> Result<(), BenchError> {
        self.database.settle_down(self.data.path()).await
    }

    /// Starts a server on it.
    pub(crate) fn start(&self, arguments: &[&str]) -> Result<Process, BenchError> {
        let io = |source| BenchError::Io { what: "the server's log", source };
        let path = self.data.path().join("log");
        let log = std::fs::File::create(&path).map_err(io)?;
        let started = now();
        let mut child = Command::new(&self.binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--allow-http-targets"])
            .args(["--allow-target", "127.0.0.0/8", "--master-key-file"])
            .arg(self.data.path().join("master.key"))
            .args(self.database.arguments(self.data.path()))
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|source| BenchError::Io { what: "the server's binary", source })?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(io)?;
        }
        let address = line.trim().strip_prefix("listening on http://");
        let Some(Ok(address)) = address.map(str::parse) else {
            let log = std::fs::read_to_string(path).unwrap_or_default();
            return Err(BenchError::Server(format!("did not start: {line}{log}")));
        };
        Ok(Process { address, ready_after: started.elapsed(), child })
    }

    /// Processor seconds of a server and of the database's own processes.
    pub(crate) async fn cpu_secs(&self, process: &Process) -> Result<f64, BenchError> {
        Ok(cpu_secs_of(process.child.id()) + self.database.cpu_secs().await?)
    }
}

/// A running server; killed when dropped.
pub(crate) struct Process {
    pub(crate) address: SocketAddr,
    /// From its start until it said where it listens.
    pub(crate) ready_after: Duration,
    child: Child,
}

impl Process {
    /// Resident memory now and at its highest, in KiB.
    pub(crate) fn memory_kib(&self) -> Result<(u64, u64), BenchError> {
        let path = PathBuf::from(format!("/proc/{}/status", self.child.id()));
        let status = std::fs::read_to_string(path)
            .map_err(|source| BenchError::Io { what: "the server's memory", source })?;
        let line = |name: &str| status.lines().find_map(|line| line.strip_prefix(name));
        let kib = |name| {
            let text = line(name).unwrap_or_default().trim().trim_end_matches(" kB");
            text.parse().map_err(|_| BenchError::Server(format!("no {name} in its status")))
        };
        Ok((kib("VmRSS:")?, kib("VmHWM:")?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; nothing of its data is kept either way.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running server on the embedded database, with one account.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    process: Process,
    _installation: Installation,
}

impl Server {
    pub(crate) async fn start(binary: &Path) -> Result<Self, BenchError> {
        let installation = Installation::create(binary, &Database::Embedded, 1).await?;
        let process = installation.start(&[])?;
        let key = installation.keys.first().cloned().unwrap_or_default();
        Ok(Self { address: process.address, key, process, _installation: installation })
    }

    /// Resident memory now and at its highest, in KiB.
    pub(crate) fn memory_kib(&self) -> Result<(u64, u64), BenchError> {
        self.process.memory_kib()
    }
}

fn create_account(
    binary: &Path,
    database: &Opened,
    data: &Path,
    number: usize,
) -> Result<String, BenchError> {
    let email = format!("bench-{number}@example.com");
    let output = Command::new(binary)
        .args(["account", "create", "--email", &email, "--plan", "enterprise"])
        .args(["--quota", "unlimited", "--requests-per-minute", "unlimited"])
        .args(["--scope", "events:write", "--json"])
        .args(database.arguments(data))
        .output()
        .map_err(|source| BenchError::Io { what: "the server's binary", source })?;
    let created: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    created["apiKey"].as_str().map(ToOwned::to_owned).ok_or_else(|| {
        BenchError::Server(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    })
}
