//! What the documentation shows is run: blocks marked `sh`, in order, against a real server.
//!
//! Of one document, in a folder of its own that holds `samples`:
//! - blocks marked with `file=NAME` are written to that file first;
//! - `sh` blocks run in one shell, and every command must succeed; `sh background` blocks run beside
//!   it, and the shell goes on once something listens on port 9000 (9001 with `background=9001`);
//! - `sh no-run` blocks do not run;
//! - `127.0.0.1:8080` stands for the server, the ports 9000 and 9001 for receivers. `PARSEFLOW_API_KEY` is
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

/// Every page of the documentation but the decisions, and the introduction.
fn documents() -> Vec<PathBuf> {
    let mut documents = vec![root().join("README.md")];
    for folder in ["docs", "docs/errors"] {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        documents.extend(paths.filter(|path| path.extension().is_some_and(|e| e == "md")));
    }
    documents.sort();
    documents
}

fn runs(block: &Block) -> bool {
    block.language == "sh" && !block.has("no-run")
}

/// Ends the background commands with the shell.
const PROLOGUE: &str = "set -eu
background=
trap '[ -z \"$background\" ] || kill $background' EXIT
";

/// The port that a background command listens on: 9000, or that of `background=PORT`.
fn background(block: &Block) -> Option<&str> {
    let mark = block.marks.iter().find(|mark| mark.starts_with("background"))?;
    Some(mark.strip_prefix("background=").unwrap_or("9000"))
}

fn script(blocks: &[Block]) -> String {
    let mut script = String::from(PROLOGUE);
    for block in blocks.iter().filter(|block| runs(block)) {
        if let Some(port) = background(block) {
            // A terminal of its own; its last command becomes the job that ends with the shell.
            let text = block.text.trim_end();
            let (first, last) = text.rsplit_once('\n').unwrap_or(("", text));
            let job = format!("(\n{first}\nexec {last}\n) &\n");
            script += &format!("{job}background=\"$background $!\"\n");
            script +=
                &format!("until curl -s -o answer.txt http://127.0.0.1:{port}/; do :; done\n");
        } else {
            script += &block.text;
        }
    }
    script
}

fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

/// Runs what a document shows.
fn run_document(name: &str) {
    let path = root().join(name);
    let blocks = blocks(&std::fs::read_to_string(&path).unwrap());
    assert!(blocks.iter().any(runs), "{name} has no commands");
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
    let (first, second) = (free_port(), free_port());
    let substitute = |text: &str| {
        // In two steps: a free port may hold the other's digits.
        let text = text.replace("9000", "{first}").replace("9001", "{second}");
        let text = text.replace("127.0.0.1:8080", server.address());
        text.replace("{first}", &first).replace("{second}", &second)
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
    assert!(output.status.success(), "{name}:\n{stdout}\n{stderr}");
}

/// One test for each document with commands.
macro_rules! run {
    ($($test:ident: $name:literal,)*) => {
        /// The documents that are run.
        const RUN: &[&str] = &[$($name),*];

        $(
            #[test]
            fn $test() {
                run_document($name);
            }
        )*
    };
}

run! {
    the_introduction_runs: "README.md",
    api_runs: "docs/api.md",
    batches_run: "docs/batches.md",
    the_command_line_runs: "docs/cli.md",
    configuration_runs: "docs/configuration.md",
    events_run: "docs/events.md",
    getting_started_runs: "docs/getting-started.md",
    migrating_from_document_apis_runs: "docs/migrating-from-document-apis.md",
    migrating_from_svix_runs: "docs/migrating-from-svix.md",
    quotas_run: "docs/quotas.md",
    retries_run: "docs/retries.md",
    rotation_runs: "docs/rotation.md",
    scaling_runs: "docs/scaling.md",
    security_runs: "docs/security.md",
    self_hosting_runs: "docs/self-hosting.md",
    verification_runs: "docs/verification.md",
    webhooks_run: "docs/webhooks.md",
}

#[test]
fn every_document_with_commands_is_run() {
    for path in documents() {
        let blocks = blocks(&std::fs::read_to_string(&path).unwrap());
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let is_run = RUN.contains(&name);
        assert_eq!(blocks.iter().any(runs), is_run, "{name}: see `run!` in tests/it/docs.rs");
    }
}

#[test]
fn every_page_is_in_the_summary_of_the_site() {
    let summary = std::fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    for path in documents() {
        let Ok(page) = path.strip_prefix(root().join("docs")) else { continue };
        let (page, is_summary) = (page.display().to_string(), page == Path::new("SUMMARY.md"));
        assert!(is_summary || summary.contains(&format!("]({page})")), "{page}");
    }
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

/// How to parse a program in a language, and the name of its file.
fn parser(language: &str) -> Option<(&'static str, &'static [&'static str])> {
    match language {
        "js" => Some(("shown.mjs", &["node", "--check"])),
        "python" => Some(("shown.py", &["python3", "-m", "py_compile"])),
        "go" => Some(("shown.go", &["gofmt", "-e"])),
        "php" => Some(("shown.php", &["php", "-l"])),
        "ruby" => Some(("shown.rb", &["ruby", "-c"])),
        _ => None,
    }
}

/// What is only shown, such as the code for another service that somebody comes from, is at least a
/// program of its language. What has a file is run.
#[test]
fn every_sample_that_is_not_run_can_be_parsed() {
    let folder = tempfile::tempdir().unwrap();
    let mut parsed = 0;
    for path in documents() {
        let blocks = blocks(&std::fs::read_to_string(&path).unwrap());
        let is_shown = |block: &&Block| !block.marks.iter().any(|mark| mark.starts_with("file="));
        for block in blocks.iter().filter(is_shown) {
            let Some((name, command)) = parser(&block.language) else { continue };
            let file = folder.path().join(name);
            std::fs::write(&file, &block.text).unwrap();
            let mut parse = Command::new(command[0]);
            let output = parse.args(&command[1..]).arg(&file).output().unwrap();
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{}: {why}\n{}", path.display(), block.text);
            parsed += 1;
        }
    }
    assert!(parsed >= 3, "only {parsed}: the pages on moving here show code of elsewhere");
}

/// The receiver that the dashboard shows in Rust is compiled here.
mod dashboard_sample {
    #![expect(clippy::print_stdout, dead_code, reason = "a program of its own")]
    include!("receiver_sample.rs");

    use http::{HeaderName, HeaderValue};
    use parseflow_webhooks::signature::body_signature;

    #[tokio::test]
    async fn the_receiver_in_rust_is_the_one_of_the_dashboard_and_verifies() {
        const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
        let shown = super::root().join("dashboard/src/lib/receivers.ts");
        let shown = std::fs::read_to_string(shown).unwrap();
        let (_, rust) = shown.split_once("const RUST: Receiver").unwrap();
        let (_, rust) = rust.split_once("code: (secret) => `").unwrap();
        let (rust, _) = rust.split_once("`,\n").unwrap();
        assert_eq!(rust.replace("${secret}", SECRET), include_str!("receiver_sample.rs"));

        let body = br#"{"event":"quota.warning","data":{}}"#;
        let genuine = body_signature(SECRET, body);
        for (signature, status) in [(genuine.as_str(), 204), ("", 401), ("00", 401), ("zz", 401)] {
            let name = HeaderName::from_static("x-parseflow-signature");
            let value = HeaderValue::from_str(signature).unwrap();
            let headers = HeaderMap::from_iter([(name, value)]);
            let answered = receive(headers, Bytes::from_static(body)).await;
            assert_eq!(answered.as_u16(), status, "{signature:?}");
        }
    }
}

/// The sample in Rust is compiled here, as it stands on the page.
mod rust_sample {
    include!("verify_sample.rs");

    use parseflow_webhooks::signature::body_signature;

    #[test]
    fn the_rust_sample_is_the_one_on_the_page_and_accepts_what_the_service_signs() {
        let page = std::fs::read_to_string(super::root().join("docs/verification.md")).unwrap();
        let blocks = super::blocks(&page);
        let shown = blocks.iter().find(|block| block.has("file=verify.rs")).unwrap();
        assert_eq!(shown.text, include_str!("verify_sample.rs"));

        let (body, secret) =
            (br#"{"event":"quota.warning"}"#, "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456");
        let signature = body_signature(secret, body);
        assert!(is_from_parseflow(body, &signature, secret));
        assert!(!is_from_parseflow(b"{}", &signature, secret));
        for wrong in ["", "0", "zz", &signature[1..], &signature[2..]] {
            assert!(!is_from_parseflow(body, wrong, secret), "{wrong}");
        }
    }
}
