//! How this program starts itself again to read documents.

use std::ffi::OsString;
use std::num::NonZero;
use std::path::PathBuf;
use std::thread;

use parseflow_reader::frame::Hello;
use parseflow_reader::{Canary, CanaryFate, PoolSettings};

use crate::settings::Settings;

/// This very program, even when the file it was started from has been replaced since.
fn this_program() -> std::io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        return Ok(PathBuf::from("/proc/self/exe"));
    }
    std::env::current_exe()
}

fn arguments(settings: &Settings) -> Vec<OsString> {
    let memory = settings.extract_memory_mib.to_string();
    let mut arguments: Vec<_> =
        ["worker", "--memory", &memory].into_iter().map(OsString::from).collect();
    if let Some(library) = &settings.onnx_runtime {
        // They run in the root of the file system.
        let library = std::path::absolute(library).unwrap_or_else(|_| library.clone());
        arguments.extend(["--onnx-runtime".into(), library.into()]);
    }
    arguments
}

/// Documents read at the same time: as set, or as many as there are processors.
pub(crate) fn workers(settings: &Settings) -> usize {
    let processors = || thread::available_parallelism().map_or(2, NonZero::get);
    settings.extract_workers.unwrap_or_else(processors)
}

/// The pool of processes that read documents.
pub(crate) fn pool_settings(settings: &Settings) -> std::io::Result<PoolSettings> {
    Ok(PoolSettings {
        idle_max: workers(settings),
        step_timeout: settings.extract_timeout,
        total_timeout: settings.extract_timeout.saturating_mul(10),
        ..PoolSettings::new(this_program()?, arguments(settings))
    })
}

/// Says once at the start what the kernel lacks.
pub(crate) fn warn_about_kernel(hello: Hello) {
    if !hello.seccomp {
        tracing::warn!(
            "this system does not filter system calls (seccomp): documents are read in processes of \
             their own with limits, but a hostile one that takes over its process could use the system"
        );
    }
    if !hello.landlock {
        tracing::warn!(
            "this system has no Landlock: processes that read documents are not kept from files by it"
        );
    }
}

/// Whether a worker that does what it must not dies of it, for each way to do so.
///
/// # Errors
/// What survived, or why none could be started.
pub(crate) async fn proven(settings: &Settings) -> Result<String, String> {
    let program = this_program().map_err(|error| error.to_string())?;
    for canary in Canary::DEADLY {
        match canary.test(&program, &arguments(settings)).await {
            Ok(CanaryFate::Died) => {}
            Ok(CanaryFate::Survived) => {
                let what = canary.as_str();
                return Err(format!(
                    "a process that reads documents may {what}; this system lacks seccomp"
                ));
            }
            Err(error) => return Err(format!("no process for documents can be started: {error}")),
        }
    }
    Ok("processes that read documents cannot open files, connect, start programs or take more \
        memory than their limit"
        .to_owned())
}
