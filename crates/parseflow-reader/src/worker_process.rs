//! One worker as its parent sees it.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use parseflow_extract::ExtractOptions;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::frame::{self, Answer, Frame, Hello, Kind};

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
        // ONNX Runtime would keep a file for its maker, and a thread that sends it.
        .env("ORT_DISABLE_TELEMETRY", "1")
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

/// A worker that got less than this share of a processor while it was waited for does not compute: it hangs.
const COMPUTING_SHARE: u32 = 100;
/// Its processor time is asked for again after this share of what it may use at the earliest: the system counts in ticks.
const ASKING_SHARE: u32 = 20;

/// How much time a document may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeLimits {
    /// Processor time of the worker without any page being done. A machine that has too much to do is no fault of the
    /// document; a worker that does not compute at all has this time by the clock.
    pub(crate) step: Duration,
    /// In all, by the clock.
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
        if first.kind == Kind::Refusal {
            return Err(io::Error::other(String::from_utf8_lossy(&first.content)));
        }
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
            let frame = self.next_frame(step).await?;
            match frame.kind {
                Kind::Progress => {}
                Kind::Answer => {
                    let answer = serde_json::from_slice(&frame.content);
                    return answer.map_err(|error| Broken::Crashed(error.into()));
                }
                Kind::Hello | Kind::Options | Kind::Document | Kind::Refusal => {
                    let error = io::Error::new(io::ErrorKind::InvalidData, "an unexpected frame");
                    return Err(Broken::Crashed(error));
                }
            }
        }
    }

    /// What the worker says next, unless it computes longer than `step` before that, or sleeps.
    async fn next_frame(&mut self, step: Duration) -> Result<Frame, Broken> {
        let process = self.child.id();
        let receiving = frame::receive(&mut self.from);
        let mut receiving = std::pin::pin!(receiving);
        let begun = process.and_then(processor_time);
        let (mut used, mut wait) = (Duration::ZERO, step);
        loop {
            if let Ok(received) = timeout(wait, receiving.as_mut()).await {
                return received.map_err(Broken::Crashed);
            }
            let (Some(begun), Some(now)) = (begun, process.and_then(processor_time)) else {
                return Err(Broken::TimedOut(step));
            };
            let gained = now.saturating_sub(begun).saturating_sub(used);
            used += gained;
            wait = further(step, used, wait, gained).ok_or(Broken::TimedOut(step))?;
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

/// What all threads of a process have used of processors, of the system's time too; `None` where the system does not tell.
fn processor_time(process: u32) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program stands in brackets and may contain anything; the numbers follow the last one.
    let mut numbers = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace().skip(11);
    let (user, system): (u64, u64) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    let ticks = user.checked_add(system)?;
    Some(Duration::from_secs(ticks) / u32::try_from(rustix::param::clock_ticks_per_second()).ok()?)
}

/// How much longer to wait for a worker that may use `step` and has used `used` of it, `gained` of that while it was waited for
/// during `waited`; `None` when it is given up.
fn further(step: Duration, used: Duration, waited: Duration, gained: Duration) -> Option<Duration> {
    let computes = gained > waited / COMPUTING_SHARE;
    // It has one thread that computes: it cannot use up the rest sooner.
    (used < step && computes).then(|| (step - used).max(step / ASKING_SHARE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_is_given_up_for_what_it_computes_not_for_what_others_do() {
        let secs = Duration::from_secs_f32;
        let minute = secs(60.0);
        let check = |used: f32, waited: f32, gained: f32, expected: Option<f32>| {
            assert_eq!(further(minute, secs(used), secs(waited), secs(gained)), expected.map(secs));
        };
        // A whole processor for itself, and an endless loop.
        check(60.0, 60.0, 60.0, None);
        // A tenth of a processor: there are 54 seconds left.
        check(6.0, 60.0, 6.0, Some(54.0));
        // Nearly all is used.
        check(59.0, 5.0, 2.0, Some(3.0));
        // Asleep, from the beginning and after it has computed.
        check(0.0, 60.0, 0.0, None);
        check(30.0, 30.0, 0.2, None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn processor_time_is_told_of_processes_that_live() {
        let own = processor_time(std::process::id()).unwrap();
        assert!(own < Duration::from_secs(3_600), "{own:?}");
        assert_eq!(processor_time(u32::MAX), None);
    }
}
