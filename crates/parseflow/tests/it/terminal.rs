//! The command line on a terminal, as a person sees it: the screen is tmux's.

use std::net::TcpListener;
use std::process::Command;

use crate::process::{Server, account, eventually, root};

const PROGRAM: &str = env!("CARGO_BIN_EXE_parseflow");
const SCANS: usize = 12;

/// A screen of 100 columns on which one command runs; gone when dropped.
struct Terminal {
    /// Of the terminals of this test alone.
    socket: tempfile::TempDir,
}

impl Terminal {
    fn run(command: &str) -> Self {
        let terminal = Self { socket: tempfile::tempdir().unwrap() };
        // The screen stays when the command has ended.
        let kept = format!("{command}; echo \"exit code $?\"; cat");
        terminal.tmux(&["new-session", "-d", "-x", "100", "-y", "24", "sh", "-c", &kept]);
        terminal
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-f", "/dev/null", "-S"])
            .arg(self.socket.path().join("socket"))
            .args(arguments)
            .env("TERM", "xterm-256color")
            .env("PARSEFLOW_API_KEY", format!("dm_live_{}", "0".repeat(48)))
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What is on the screen, with the codes of its colours.
    fn coloured(&self) -> String {
        self.tmux(&["capture-pane", "-p", "-e"])
    }

    fn types(&self, line: &str) {
        self.tmux(&["send-keys", "-l", line]);
        self.tmux(&["send-keys", "Enter"]);
    }

    fn shows(&self, what: &str) -> bool {
        self.tmux(&["capture-pane", "-p"]).contains(what)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

/// A service that takes connections and never answers: what is shown meanwhile stays.
fn silent_service() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    (listener, url)
}

#[test]
fn a_document_that_is_sent_has_a_bar_on_a_terminal() {
    let (_service, url) = silent_service();
    let terminal = Terminal::run(&format!("{PROGRAM} extract samples/receipt.pdf --url {url}"));
    eventually("the bar is drawn", || terminal.shows("receipt.pdf [") && terminal.shows("] "));
    eventually("it counts bytes", || terminal.shows(" of 1."));
}

#[test]
fn a_batch_that_is_sent_and_one_that_is_read_have_bars() {
    let (_service, silent) = silent_service();
    let folder = tempfile::tempdir().unwrap();
    // Pictures, which take their time: the bar is there for seconds.
    for number in 0..SCANS {
        let copy = folder.path().join(format!("{number}.jpg"));
        std::fs::copy(root().join("samples/invoice-scan.jpg"), copy).unwrap();
    }
    let command = format!("{PROGRAM} batch {}", folder.path().display());
    let terminal = Terminal::run(&format!("{command} --url {silent}"));
    eventually("the upload has a bar", || terminal.shows("sending [") && terminal.shows(" of "));

    let data = tempfile::tempdir().unwrap();
    let key = account(data.path(), "owner@example.com", &["--plan", "pro"]);
    let server = Server::start(data.path(), &[]);
    let terminal = Terminal::run(&format!("{command} --url {} --api-key {key}", server.url));
    let count = format!("of {SCANS}");
    eventually("documents are counted", || terminal.shows("reading [") && terminal.shows(&count));
}

#[test]
fn a_key_that_is_typed_is_not_shown_and_works() {
    let (data, config) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let key = account(data.path(), "owner@example.com", &["--plan", "pro"]);
    let server = Server::start(data.path(), &[]);
    let config = config.path().display();
    let login = format!("XDG_CONFIG_HOME={config} {PROGRAM} login --url {}", server.url);
    let terminal = Terminal::run(&login);
    eventually("it asks", || terminal.shows("API key:"));
    terminal.types(&key);
    eventually("it is kept", || terminal.shows("(plan pro)") && terminal.shows("exit code 0"));
    assert!(!terminal.shows(&key[..16]), "{}", terminal.coloured());
    // What is typed afterwards is shown again.
    terminal.types("hello");
    eventually("the terminal echoes", || terminal.shows("hello"));
}

#[test]
fn verdicts_have_colours_on_a_terminal_and_none_with_no_color() {
    let verify = format!("{PROGRAM} verify --secret whsec_0 --signature 00 --body Cargo.toml");
    for (environment, is_coloured) in [("-u NO_COLOR", true), ("NO_COLOR=1", false)] {
        let terminal = Terminal::run(&format!("env {environment} {verify}"));
        eventually("it ends", || terminal.shows("exit code 1"));
        assert!(terminal.shows("no  X-ParseFlow-Signature"), "{}", terminal.coloured());
        let shown = terminal.coloured();
        assert_eq!(shown.contains("\u{1b}[31mno"), is_coloured, "{environment}: {shown:?}");
        assert_eq!(shown.contains('\u{1b}'), is_coloured, "{environment}: {shown:?}");
    }
}

#[test]
fn a_dumb_terminal_has_no_bar_and_no_colour() {
    let command =
        format!("TERM=dumb {PROGRAM} extract samples/receipt.pdf --url http://127.0.0.1:1");
    let terminal = Terminal::run(&command);
    eventually("it ends", || terminal.shows("exit code 1"));
    assert!(!terminal.shows("receipt.pdf ["), "{}", terminal.tmux(&["capture-pane", "-p"]));
    // With `-e` what is coloured carries its codes.
    let coloured = terminal.coloured();
    assert!(!coloured.contains('\u{1b}'), "{coloured:?}");
}
