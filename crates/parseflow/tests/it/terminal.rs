//! The command line on a terminal, as a person sees it: the screen is tmux's.

use std::net::TcpListener;
use std::process::Command;

use crate::process::{eventually, root};

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
    let program = env!("CARGO_BIN_EXE_parseflow");
    let terminal = Terminal::run(&format!("{program} extract samples/receipt.pdf --url {url}"));
    eventually("the bar is drawn", || terminal.shows("receipt.pdf [") && terminal.shows("] "));
    eventually("it counts bytes", || terminal.shows(" of 1."));
}

#[test]
fn a_dumb_terminal_has_no_bar_and_no_colour() {
    let program = env!("CARGO_BIN_EXE_parseflow");
    let command =
        format!("TERM=dumb {program} extract samples/receipt.pdf --url http://127.0.0.1:1");
    let terminal = Terminal::run(&command);
    eventually("it ends", || terminal.shows("exit code 1"));
    assert!(!terminal.shows("receipt.pdf ["), "{}", terminal.tmux(&["capture-pane", "-p"]));
    // With `-e` what is coloured carries its codes.
    let coloured = terminal.tmux(&["capture-pane", "-p", "-e"]);
    assert!(!coloured.contains('\u{1b}'), "{coloured:?}");
}
