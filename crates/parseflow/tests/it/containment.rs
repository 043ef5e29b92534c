//! Documents are read in processes that can do nothing else, and that may die of them.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use parseflow_extract::ExtractOptions;
use parseflow_reader::{Canary, CanaryFate, DocumentReader, PoolSettings, ProcessPool};
use rustix::process::{Pid, Signal, kill_process};

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/invoice-english.pdf");

fn settings() -> PoolSettings {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_parseflow"));
    PoolSettings { idle_max: 1, ..PoolSettings::new(program, vec!["worker".into()]) }
}

/// A worker that is not ours: a shell script in its place.
fn impostor(script: &str) -> PoolSettings {
    let args = vec!["-c".into(), script.into()];
    PoolSettings { idle_max: 1, ..PoolSettings::new(PathBuf::from("/bin/sh"), args) }
}

const HELLO: &str = r#"printf 'h\040\000\000\000{"landlock":true,"seccomp":true}'; "#;

async fn number_of(pool: &ProcessPool) -> Result<String, String> {
    let read = pool.read(std::fs::read(SAMPLE).unwrap(), ExtractOptions::default()).await;
    match read {
        Ok(extraction) => Ok(extraction.data["invoiceNumber"].as_str().unwrap().to_owned()),
        Err(failure) => Err(failure.code),
    }
}

fn kill(process: u32) {
    let pid = Pid::from_raw(process.try_into().unwrap()).unwrap();
    kill_process(pid, Signal::KILL).unwrap();
}

fn sung(canary: &str) -> std::process::ExitStatus {
    Command::new(env!("CARGO_BIN_EXE_parseflow"))
        .args(["worker", "--canary", canary])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap()
}

#[test]
fn a_worker_that_opens_a_file_connects_or_starts_a_program_is_ended_by_the_kernel() {
    for canary in ["open-file", "connect", "start-program"] {
        assert_eq!(sung(canary).signal(), Some(Signal::SYS.as_raw()), "{canary}");
    }
}

#[tokio::test]
async fn a_worker_may_give_memory_back() {
    let settings = settings();
    let fate = Canary::GiveBackMemory.test(&settings.program, &settings.args).await.unwrap();
    assert_eq!(fate, CanaryFate::Survived);
}

#[test]
fn a_worker_that_takes_all_memory_ends_at_its_limit() {
    let status = sung("take-memory");
    assert!(status.signal().is_some(), "{status}");
}

#[test]
fn a_worker_whose_service_is_gone_ends() {
    let mut worker = Command::new(env!("CARGO_BIN_EXE_parseflow"))
        .arg("worker")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    drop(worker.stdin.take());
    assert!(worker.wait().unwrap().success());
}

#[tokio::test]
async fn a_worker_holds_no_secret_and_no_file() {
    let pool = ProcessPool::start(settings()).await.unwrap();
    assert!(pool.containment().seccomp);
    let process = pool.idle_processes()[0];
    let environment = std::fs::read(format!("/proc/{process}/environ")).unwrap();
    // How much memory is reserved at a time, how many heaps there are, how many threads the models may use, that a library
    // sends nothing, and nothing else.
    let mut environment: Vec<&[u8]> = environment.split(|byte| *byte == 0).collect();
    environment.sort_unstable();
    let expected = [
        &b""[..],
        b"MALLOC_ARENA_MAX=1",
        b"MIMALLOC_ARENA_RESERVE=32MiB",
        b"ORT_DISABLE_TELEMETRY=1",
        b"RTEN_NUM_THREADS=1",
    ];
    assert_eq!(environment, expected);
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let mut open: Vec<_> = open.map(|file| file.unwrap().file_name()).collect();
    open.sort();
    assert_eq!(open, ["0", "1", "2"]);
}

#[tokio::test]
async fn a_killed_worker_costs_a_second_try_and_no_failure() {
    let pool = ProcessPool::start(settings()).await.unwrap();
    assert_eq!(number_of(&pool).await.as_deref(), Ok("INV-2026-0142"));
    kill(pool.idle_processes()[0]);
    assert_eq!(number_of(&pool).await.as_deref(), Ok("INV-2026-0142"));
}

#[tokio::test]
async fn a_worker_is_renewed_after_its_share_of_documents() {
    let pool = ProcessPool::start(PoolSettings { documents_max: 2, ..settings() }).await.unwrap();
    let first = pool.idle_processes();
    assert!(number_of(&pool).await.is_ok());
    assert_eq!(pool.idle_processes(), first);
    assert!(number_of(&pool).await.is_ok());
    assert_ne!(pool.idle_processes(), first);
    assert!(number_of(&pool).await.is_ok());
}

#[tokio::test]
async fn a_document_that_hangs_its_worker_is_given_up_with_a_code() {
    let step_timeout = Duration::from_millis(200);
    let hung = impostor(&format!("{HELLO} exec sleep 1000"));
    let pool = ProcessPool::start(PoolSettings { step_timeout, ..hung }).await.unwrap();
    let process = pool.idle_processes()[0];
    assert_eq!(number_of(&pool).await, Err("timeout".to_owned()));
    // Its number is free or another's; the one that hung is gone.
    assert!(!pool.idle_processes().contains(&process));
}

#[tokio::test]
async fn a_document_that_is_computed_on_for_ever_is_given_up_with_a_code() {
    let step_timeout = Duration::from_millis(200);
    let hung = impostor(&format!("{HELLO} while :; do :; done"));
    let pool = ProcessPool::start(PoolSettings { step_timeout, ..hung }).await.unwrap();
    assert_eq!(number_of(&pool).await, Err("timeout".to_owned()));
}

#[tokio::test]
async fn a_worker_that_dies_or_speaks_nonsense_twice_is_a_failure_with_a_code() {
    let cut = r"head -c 5 >/dev/null; exit 1";
    let nonsense = r"cat >/dev/null & printf 'zzzzzzzzzzzzzzz'; wait";
    let endless = r"cat >/dev/null & printf 'a\377\377\377\377'; cat /dev/zero";
    for script in [cut, nonsense, endless] {
        let pool = ProcessPool::start(impostor(&format!("{HELLO} {script}"))).await.unwrap();
        assert_eq!(number_of(&pool).await, Err("engine_crashed".to_owned()), "{script}");
    }
}
