//! The documentation's commands, run by a real shell with a real curl.

use std::process::{Command, Stdio};

use super::{Account, Answer};

/// Runs a command of the page, with its host, key and endpoint id replaced and nothing else, and
/// returns what curl got.
#[track_caller]
pub(crate) fn curl(page_command: &str, account: &Account, webhook_id: &str) -> Answer {
    let command = page_command
        .replace("https://parseflow.dev", &account.client.base)
        .replace("dm_live_your_api_key", account.key())
        .replace("wh_a1b2c3d4e5f6g7h8", webhook_id);
    assert!(command.starts_with("curl "), "not a command of the page: {command}");
    // `-i` shows status and headers beside the body; `-sS` hides the progress bar.
    let command = command.replacen("curl ", "curl -sS -i ", 1);
    let output = Command::new("sh")
        .args(["-c", &command])
        .stdin(Stdio::null())
        .output()
        .expect("a shell starts");
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    Answer::parse(&output.stdout).expect("curl prints an answer")
}
