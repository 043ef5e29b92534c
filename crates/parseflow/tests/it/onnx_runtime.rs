//! Pictures read by ONNX Runtime, a library that the operator names, in a process that is as confined as any.

use std::path::PathBuf;

use parseflow_extract::ExtractOptions;
use parseflow_model::Extraction;
use parseflow_reader::{DocumentReader, PoolSettings, ProcessPool};

use crate::process::{parseflow, root};

const INSTALLS: &str = "`cargo xtask test` installs ONNX Runtime";

/// The library in the package from PyPI.
fn library() -> PathBuf {
    let python = std::fs::read_dir(root().join("e2e/onnx-runtime/.venv/lib")).expect(INSTALLS);
    let folders = python.flatten().map(|python| {
        std::fs::read_dir(python.path().join("site-packages/onnxruntime/capi")).expect(INSTALLS)
    });
    let found = folders.flatten().flatten().map(|entry| entry.path()).find(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("libonnxruntime.so") || name.starts_with("libonnxruntime.1")
    });
    found.expect(INSTALLS)
}

async fn scan_read_with(args: &[&str]) -> Extraction {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_parseflow"));
    let args = ["worker"].iter().chain(args).map(Into::into).collect();
    let settings = PoolSettings { idle_max: 1, ..PoolSettings::new(program, args) };
    let pool = ProcessPool::start(settings).await.unwrap();
    assert!(pool.containment().seccomp);
    let scan = std::fs::read(root().join("samples/invoice-scan.jpg")).unwrap();
    let read = pool.read(scan, ExtractOptions::default()).await.unwrap();
    // The process that has read it lives: one that did what it must not would not.
    assert_eq!(pool.idle_processes().len(), 1);
    read
}

#[tokio::test]
async fn a_scan_reads_the_same_whoever_runs_the_models() {
    let library = library();
    let ours = scan_read_with(&[]).await;
    let theirs = scan_read_with(&["--onnx-runtime", library.to_str().unwrap()]).await;
    assert_eq!(theirs.data, ours.data);
    assert!(theirs.data["invoiceNumber"].is_string(), "{:?}", theirs.data);
    let texts = |read: &Extraction| {
        read.fields.iter().map(|field| field.raw_text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&theirs), texts(&ours));
}

#[test]
fn what_is_no_such_library_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("libonnxruntime.so");
    for content in [None, Some("no library")] {
        if let Some(content) = content {
            std::fs::write(&wrong, content).unwrap();
        }
        let data = folder.path().join("data");
        let mut serve = parseflow();
        serve.args(["serve", "--listen", "127.0.0.1:0", "--data-dir"]).arg(data);
        let output = serve.arg("--onnx-runtime").arg(&wrong).output().unwrap();
        assert!(!output.status.success());
        let told = String::from_utf8_lossy(&output.stderr);
        let expected = format!("ONNX Runtime {}: ", wrong.display());
        assert!(told.contains(&expected), "{told}");
    }
}
