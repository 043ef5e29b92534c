//! One worker as its parent sees it.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use parseflow_extract::ExtractOptions;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::frame::{self, Answer, Hello, Kind};

/// A worker says hello within this time, or something is wrong with it.
const HELLO_WITHIN: Duration = Duration::from_secs(20);

/// How to start a worker: nothing of this process's environment, files or terminal reaches it.
pub(crate) fn command(program: &Path, args: &[OsString]) -> Command {
    let mut command = Command::new(program);
    command
        .args(args)
        .env_clear()
        // One thread for the models: documents, not their pages, are read side by side.
        .env("RTEN_NUM_THREADS", "1")
        // Address space is limited, so the allocator reserves 32 MiB at a time instead of 1 GiB.
        .env("MIMALLOC_ARENA_RESERVE", "32MiB")
        // With heaps of their own for threads, the allocator of the GNU library opens a file before it gives memory back, and
        // the kernel would end the worker for that.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        // What it would say may be content of a document.
        .stderr(Stdio::null())
        // A signal from the terminal is for the service, which lets its workers finish.
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// How much time a document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeLimits {
    /// Without any page being done.
    pub(crate) step: Duration,
    /// In all.
    pub(crate) total: Duration,
}

/// Why there is no answer. The worker is of no use any more.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It ended, or said what makes no sense.
    Crashed(io::Error),
    /// It went past this limit.
    TimedOut(Duration),
}

/// A worker that waits for documents; ended when dropped.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    to: ChildStdin,
    from: ChildStdout,
    /// How it is confined.
    pub(crate) hello: Hello,
    /// Documents it has read.
    pub(crate) documents: u32,
}

impl WorkerProcess {
    /// Starts one and waits until it is confined.
    pub(crate) async fn start(program: &Path, args: &[OsString]) -> io::Result<Self> {
        let mut child = command(program, args).spawn()?;
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the worker has no pipes");
        let to = child.stdin.take().ok_or_else(gone)?;
        let mut from = child.stdout.take().ok_or_else(gone)?;
        let first = timeout(HELLO_WITHIN, frame::receive(&mut from)).await;
        let first = first.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        if first.kind != Kind::Hello {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the worker does not say hello",
            ));
        }
        let hello = serde_json::from_slice(&first.content)?;
        Ok(Self { child, to, from, hello, documents: 0 })
    }

    /// Has one document read.
    pub(crate) async fn read(
        &mut self,
        bytes: &[u8],
        options: &ExtractOptions,
        limits: TimeLimits,
    ) -> Result<Answer, Broken> {
        self.documents += 1;
        match timeout(limits.total, self.exchange(bytes, options, limits.step)).await {
            Ok(answer) => answer,
            Err(_) => Err(Broken::TimedOut(limits.total)),
        }
    }

    async fn exchange(
        &mut self,
        bytes: &[u8],
        options: &ExtractOptions,
        step: Duration,
    ) -> Result<Answer, Broken> {
        let options = frame::options_json(options).map_err(Broken::Crashed)?;
        let sending = async {
            frame::send(&mut self.to, Kind::Options, &options).await?;
            frame::send(&mut self.to, Kind::Document, bytes).await
        };
        let sent = timeout(step, sending).await.map_err(|_| Broken::TimedOut(step))?;
        sent.map_err(Broken::Crashed)?;
        loop {
            let received = timeout(step, frame::receive(&mut self.from)).await;
            let frame = received.map_err(|_| Broken::TimedOut(step))?.map_err(Broken::Crashed)?;
            match frame.kind {
                Kind::Progress => {}
                Kind::Answer => {
                    let answer = serde_json::from_slice(&frame.content);
                    return answer.map_err(|error| Broken::Crashed(error.into()));
                }
                Kind::Hello | Kind::Options | Kind::Document => {
                    let error = io::Error::new(io::ErrorKind::InvalidData, "an unexpected frame");
                    return Err(Broken::Crashed(error));
                }
            }
        }
    }

    /// The process's number, as long as it lives.
    pub(crate) fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Memory that is in use, in bytes; `None` where the system does not tell.
    pub(crate) fn resident_bytes(&self) -> Option<u64> {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id()?)).ok()?;
        let pages: u64 = statm.split(' ').nth(1)?.parse().ok()?;
        Some(pages * rustix::param::page_size() as u64)
    }
}
