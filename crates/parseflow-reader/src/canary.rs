//! Proof that a worker is confined: it is told to do what it must not, and has to die of it; and that it lives through
//! what it may do.

use std::ffi::OsString;
use std::path::Path;
use std::str::FromStr;

/// Something to do in a confined worker: what it cannot do and live, and what it must live through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Canary {
    /// Open a file that everybody may read.
    OpenFile,
    /// Open a connection to this machine.
    Connect,
    /// Start another program.
    StartProgram,
    /// Take memory until there is no more.
    TakeMemory,
    /// Compute for ever.
    Loop,
    /// Take much memory in small pieces and give it back, as every document does. It must live.
    GiveBackMemory,
}

impl Canary {
    /// Those that end by themselves on a system that confines.
    pub const DEADLY: [Canary; 4] =
        [Canary::OpenFile, Canary::Connect, Canary::StartProgram, Canary::TakeMemory];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Canary::OpenFile => "open-file",
            Canary::Connect => "connect",
            Canary::StartProgram => "start-program",
            Canary::TakeMemory => "take-memory",
            Canary::Loop => "loop",
            Canary::GiveBackMemory => "give-back-memory",
        }
    }

    /// Does it. Returns if nothing prevents it.
    pub(crate) fn sing(self) {
        match self {
            Canary::OpenFile => drop(std::fs::File::open("/proc/self/status")),
            Canary::Connect => drop(std::net::TcpStream::connect(("127.0.0.1", 9))),
            Canary::StartProgram => drop(std::process::Command::new("/bin/true").spawn()),
            Canary::TakeMemory => {
                let mut taken = Vec::new();
                loop {
                    taken.push(std::hint::black_box(vec![1u8; 16 * 1024 * 1024]));
                }
            }
            Canary::Loop => loop {
                std::hint::black_box(());
            },
            Canary::GiveBackMemory => {
                let piece = |_| std::hint::black_box(vec![1u8; 100_000]);
                drop((0..256).map(piece).collect::<Vec<_>>());
            }
        }
    }
}

impl FromStr for Canary {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = Canary::DEADLY.into_iter().chain([Canary::Loop, Canary::GiveBackMemory]);
        all.into_iter()
            .find(|canary| canary.as_str() == text)
            .ok_or("open-file, connect, start-program, take-memory, loop or give-back-memory")
    }
}

/// What became of a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CanaryFate {
    /// The system ended it, as it must.
    Died,
    /// It did what it must not be able to do.
    Survived,
}

impl Canary {
    /// Starts a worker that sings, and waits for its end.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn test(self, program: &Path, args: &[OsString]) -> std::io::Result<CanaryFate> {
        let mut command = crate::worker_process::command(program, args);
        command.arg("--canary").arg(self.as_str());
        let status = command.stdout(std::process::Stdio::null()).status().await?;
        // Whoever comes back reports success; being ended by a signal is no exit code at all.
        Ok(if status.code().is_none() { CanaryFate::Died } else { CanaryFate::Survived })
    }
}
