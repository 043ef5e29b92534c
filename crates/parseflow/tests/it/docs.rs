//! What the documentation shows is run: blocks marked `sh`, in order, against a real server.
//!
//! Of one document, in a folder of its own that holds `samples`:
//! - blocks marked with `file=NAME` are written to that file first;
//! - `sh` blocks run in one shell, and every command must succeed; `sh background` blocks run beside
//!   it, and the shell goes on once something listens on port 9000;
//! - `sh no-run` blocks do not run;
//! - `127.0.0.1:8080` stands for the server, `127.0.0.1:9000` for a receiver. `PARSEFLOW_API_KEY` is
//!   the key of an Enterprise account with the scope `events:write`.
//!
//! Blocks marked `json` must be JSON.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::process::{Server, account, root};

struct Block {
    language: String,
    marks: Vec<String>,
    text: String,
}

impl Block {
    fn has(&self, mark: &str) -> bool {
        self.marks.iter().any(|other| other == mark)
    }
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for line in markdown.lines() {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, open) {
            (Some(info), false) => {
                let mut words = info.split_whitespace().map(ToOwned::to_owned);
                let language = words.next().unwrap_or_default();
                blocks.push(Block { language, marks: words.collect(), text: String::new() });
                open = true;
            }
            (Some(_), true) => open = false,
            (None, true) => {
                let text = &mut blocks.last_mut().unwrap().text;
                text.push_str(line);
                text.push('\n');
            }
            (None, false) => {}
        }
    }
    assert!(!open, "a block is not closed");
    blocks
}

fn documents() -> Vec<PathBuf> {
    let in_docs =
        std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<PathBuf> =
        in_docs.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    documents.push(root().join("README.md"));
    documents.sort();
    documents
}

/// Ends the background commands with the shell.
const PROLOGUE: &str = "set -eu
background=
trap '[ -z \"$background\" ] || kill $background' EXIT
";

fn script(blocks: &[Block]) -> String {
    let mut script = String::from(PROLOGUE);
    for block in blocks.iter().filter(|block| block.language == "sh" && !block.has("no-run")) {
        if block.has("background") {
            // One command, so that it is the job that ends with the shell.
            assert_eq!(block.text.lines().count(), 1, "{}", block.text);
            script += &format!("{} &\nbackground=\"$background $!\"\n", block.text.trim_end());
            script += "until curl -s -o answer.txt http://127.0.0.1:9000/; do :; done\n";
        } else {
            script += &block.text;
        }
    }
    script
}

fn run_document(path: &Path) -> bool {
    let blocks = blocks(&std::fs::read_to_string(path).unwrap());
    let runs = |block: &Block| block.language == "sh" && !block.has("no-run");
    if !blocks.iter().any(runs) {
        return false;
    }
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = account(
        data.path(),
        "docs@example.com",
        &["--plan", "enterprise", "--requests-per-minute", "unlimited", "--scope", "events:write"],
    );
    let server = Server::start(
        data.path(),
        &["--allow-http-targets", "--allow-target", "127.0.0.0/8", "--open-registration"],
    );
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let substitute = |text: &str| {
        let text = text.replace("127.0.0.1:8080", server.address());
        let port = receiver.split(':').nth(1).unwrap();
        text.replace("127.0.0.1:9000", &receiver).replace("9000", port)
    };
    for block in &blocks {
        if let Some(name) = block.marks.iter().find_map(|mark| mark.strip_prefix("file=")) {
            std::fs::write(folder.path().join(name), substitute(&block.text)).unwrap();
        }
    }
    std::os::unix::fs::symlink(root().join("samples"), folder.path().join("samples")).unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_parseflow")).parent().unwrap();
    let path_variable = std::env::var("PATH").unwrap();
    let output = Command::new("timeout")
        .args(["120", "sh", "-c"])
        .arg(substitute(&script(&blocks)))
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path_variable}", binary.display()))
        .env("PARSEFLOW_API_KEY", key)
        .env("PARSEFLOW_DATA_DIR", data.path())
        .env("XDG_CONFIG_HOME", folder.path().join("config"))
        .env("NODE_PATH", root().join("e2e/receivers/express/node_modules"))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "{}:\n{stdout}\n{stderr}", path.display());
    true
}

#[test]
fn every_command_in_the_documentation_runs() {
    let documents = documents();
    let ran = documents.iter().filter(|path| run_document(path)).count();
    assert!(ran >= 3, "only {ran} documents have commands");
}

#[test]
fn every_json_sample_is_json() {
    for path in documents() {
        let blocks = blocks(&std::fs::read_to_string(&path).unwrap());
        for block in blocks.iter().filter(|block| block.language == "json") {
            let parsed = serde_json::from_str::<serde_json::Value>(&block.text);
            assert!(parsed.is_ok(), "{}: {parsed:?}\n{}", path.display(), block.text);
        }
    }
}
