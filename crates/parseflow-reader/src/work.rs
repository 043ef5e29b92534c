//! The worker: confined, it reads documents from its standard input until that ends.

use std::io::{self, Stdin, Stdout};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;

use parseflow_extract::{ExtractOptions, Tools, extract_with};
use parseflow_model::DocumentFailure;

use crate::canary::Canary;
use crate::confine;
use crate::frame::{self, Answer, FRAME_BYTES_MAX, Hello, Kind};

/// What a worker may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Address space in bytes.
    pub memory_bytes_max: u64,
    /// The library of ONNX Runtime, which is to run the models of pictures.
    pub onnx_runtime: Option<PathBuf>,
}

/// Why a worker ended before its input did.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// A limit could not be set.
    #[error("a limit cannot be set: {0}")]
    Limits(#[from] rustix::io::Errno),
    /// No thread could be started.
    #[error("no thread can be started: {0}")]
    Thread(#[source] io::Error),
    /// The models of pictures cannot be run by the library that was named.
    #[error(transparent)]
    Pictures(parseflow_extract::OcrError),
    /// The parent is gone, or does not speak the same language.
    #[error("the pipes to the service broke: {0}")]
    Pipe(#[from] io::Error),
}

/// Gives up everything but computing, then reads documents until standard input ends.
///
/// Everything that needs the system is done first: threads are started, and only then the filter of
/// system calls closes over all of them. With a `canary`, tries what is forbidden instead.
///
/// # Errors
/// See [`WorkError`].
pub fn work(limits: &WorkerLimits, canary: Option<Canary>) -> Result<(), WorkError> {
    // Nobody hears it, and what a panic says may be content of the document.
    std::panic::set_hook(Box::new(|_| {}));
    confine::close_inherited();
    confine::die_with_parent();
    confine::limit_resources(limits.memory_bytes_max)?;
    // A library has to be opened while files can be.
    if limits.onnx_runtime.is_some() {
        prepare(limits)?;
    }
    // Before any thread of ours starts: threads inherit it.
    let landlock = confine::forbid_files_and_network();
    // Otherwise the models of pictures have threads of their own.
    if limits.onnx_runtime.is_none() {
        prepare(limits)?;
    }
    let (started, has_started) = mpsc::channel::<()>();
    let (confined, begin) = mpsc::channel::<Hello>();
    let reading = thread::Builder::new()
        .name("document".to_owned())
        .stack_size(parseflow_extract::STACK_BYTES)
        .spawn(move || {
            // Whoever started the thread waits for exactly this.
            let _ = started.send(());
            match begin.recv() {
                Ok(hello) => read_documents(hello, canary),
                Err(_) => Ok(()),
            }
        })
        .map_err(WorkError::Thread)?;
    // A thread that is still on its way uses calls that the filter forbids, for its name for one.
    let _ = has_started.recv();
    confine::forbid_processes()?;
    let seccomp = confine::forbid_system_calls();
    // The thread waits for exactly this.
    let _ = confined.send(Hello { landlock, seccomp });
    reading.join().unwrap_or(Ok(()))
}

/// Makes ready to read pictures, or says why that is not possible.
fn prepare(limits: &WorkerLimits) -> Result<(), WorkError> {
    let library = limits.onnx_runtime.as_deref();
    parseflow_extract::prepare(library).map_err(|error| {
        let name = library.map(Path::display);
        let name = name.map_or_else(String::new, |name| format!("ONNX Runtime {name}: "));
        let refusal = format!("{name}{error}");
        // Whoever does not hear it sees the end of the pipe.
        let _ = frame::write(io::stdout().lock(), Kind::Refusal, refusal.as_bytes());
        WorkError::Pictures(error)
    })
}

fn read_documents(hello: Hello, canary: Option<Canary>) -> Result<(), WorkError> {
    if let Some(canary) = canary {
        canary.sing();
        return Ok(());
    }
    let (stdin, stdout) = (io::stdin(), io::stdout());
    let hello = serde_json::to_vec(&hello).map_err(io::Error::from)?;
    frame::write(stdout.lock(), Kind::Hello, &hello)?;
    while let Some((bytes, options)) = next_document(&stdin)? {
        let answer = serde_json::to_vec(&read_one(&bytes, &options, &stdout));
        frame::write(stdout.lock(), Kind::Answer, &answer.map_err(io::Error::from)?)?;
    }
    Ok(())
}

fn next_document(stdin: &Stdin) -> Result<Option<(Vec<u8>, ExtractOptions)>, WorkError> {
    let unexpected = || io::Error::new(io::ErrorKind::InvalidData, "an unexpected frame");
    let Some(options) = frame::read(stdin.lock(), FRAME_BYTES_MAX)? else { return Ok(None) };
    let document = frame::read(stdin.lock(), FRAME_BYTES_MAX)?.ok_or_else(unexpected)?;
    if options.kind != Kind::Options || document.kind != Kind::Document {
        return Err(unexpected().into());
    }
    let options = serde_json::from_slice(&options.content).map_err(io::Error::from)?;
    Ok(Some((document.content, options)))
}

fn read_one(bytes: &[u8], options: &ExtractOptions, stdout: &Stdout) -> Answer {
    let page_done = || {
        // A parent that is gone ends the worker by itself.
        let _ = frame::write(stdout.lock(), Kind::Progress, &[]);
    };
    let tools = Tools { page_done: Some(&page_done) };
    match extract_with(bytes, options, &tools) {
        Ok(extraction) => Answer::Read(Box::new(extraction)),
        Err(error) => Answer::Failed(DocumentFailure {
            code: error.code().to_owned(),
            message: error.to_string(),
        }),
    }
}
