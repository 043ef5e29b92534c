//! The server: the real binary, as an operator runs it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::error::BenchError;

/// A running server with one Enterprise account without limits; stopped when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    /// With the scope `events:write`.
    pub(crate) key: String,
    process: Child,
    _data: TempDir,
}

impl Server {
    pub(crate) fn start(binary: &Path) -> Result<Self, BenchError> {
        let io = |source| BenchError::Io { what: "the data folder", source };
        let data = tempfile::tempdir().map_err(io)?;
        let key = create_account(binary, data.path())?;
        let log = std::fs::File::create(data.path().join("log")).map_err(io)?;
        let mut process = Command::new(binary)
            .args(["serve", "--listen", "127.0.0.1:0", "--allow-http-targets"])
            .args(["--allow-target", "127.0.0.0/8", "--data-dir"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .map_err(|source| BenchError::Io { what: "the server's binary", source })?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(io)?;
        }
        let address = line.trim().strip_prefix("listening on http://");
        let Some(Ok(address)) = address.map(str::parse) else {
            let log = std::fs::read_to_string(data.path().join("log")).unwrap_or_default();
            return Err(BenchError::Server(format!("did not start: {line}{log}")));
        };
        Ok(Self { address, key, process, _data: data })
    }

    /// Resident memory now and at its highest, in KiB.
    pub(crate) fn memory_kib(&self) -> Result<(u64, u64), BenchError> {
        let path = PathBuf::from(format!("/proc/{}/status", self.process.id()));
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

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; nothing of its data is kept either way.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn create_account(binary: &Path, data: &Path) -> Result<String, BenchError> {
    let output = Command::new(binary)
        .args(["account", "create", "--email", "bench@example.com", "--plan", "enterprise"])
        .args(["--quota", "unlimited", "--requests-per-minute", "unlimited"])
        .args(["--scope", "events:write", "--json", "--data-dir"])
        .arg(data)
        .output()
        .map_err(|source| BenchError::Io { what: "the server's binary", source })?;
    let created: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    created["apiKey"].as_str().map(ToOwned::to_owned).ok_or_else(|| {
        BenchError::Server(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    })
}
