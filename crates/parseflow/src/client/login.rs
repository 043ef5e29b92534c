//! `parseflow login` and `parseflow logout`.

use std::io::{BufRead, IsTerminal, Write};

use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::args::{LoginArgs, LogoutArgs};
use super::profile::{Profile, checked_url, file, read, write};
use super::{Api, ClientError};
use crate::screen::Screen;

/// Keeps a service and a key under a name, once the service has accepted the key.
pub(super) async fn login(args: &LoginArgs, screen: Screen) -> Result<(), ClientError> {
    let url = checked_url(&args.url)?;
    let path = file().ok_or(ClientError::NoHome)?;
    let mut profiles = read(&path)?;
    let api_key = read_key()?;
    let usage = Api::new(&url, &api_key)?.get("/api/v1/usage").await?;
    profiles.insert(args.profile.clone(), Profile { url: url.clone(), api_key });
    write(&path, &profiles)?;
    let plan = usage["plan"].as_str().unwrap_or("unknown");
    screen.line(format!("profile {} uses {url} (plan {plan})", args.profile));
    Ok(())
}

/// Forgets a profile.
pub(super) fn logout(args: &LogoutArgs, screen: Screen) -> Result<(), ClientError> {
    let path = file().ok_or(ClientError::NoHome)?;
    let mut profiles = read(&path)?;
    if profiles.remove(&args.profile).is_none() {
        return Err(ClientError::NoProfile(args.profile.clone()));
    }
    write(&path, &profiles)?;
    screen.line(format!("profile {} is forgotten", args.profile));
    Ok(())
}

/// The key from standard input; on a terminal it is asked for and not shown.
fn read_key() -> Result<String, ClientError> {
    let stdin = std::io::stdin();
    let shown = if stdin.is_terminal() {
        let mut err = std::io::stderr();
        let _ = write!(err, "API key: ").and_then(|()| err.flush());
        hide(&stdin)
    } else {
        None
    };
    let mut line = String::new();
    let outcome = stdin.lock().read_line(&mut line);
    if let Some(modes) = shown {
        // The terminal echoes again, whatever was read.
        let _ = tcsetattr(&stdin, OptionalActions::Now, &modes);
        let _ = writeln!(std::io::stderr());
    }
    outcome.map_err(ClientError::Stdin)?;
    match line.trim() {
        "" => Err(ClientError::NoKey),
        key => Ok(key.to_owned()),
    }
}

/// Stops the terminal from echoing; what it did before.
fn hide(terminal: &std::io::Stdin) -> Option<rustix::termios::Termios> {
    let before = tcgetattr(terminal).ok()?;
    let mut silent = before.clone();
    silent.local_modes.remove(LocalModes::ECHO);
    tcsetattr(terminal, OptionalActions::Now, &silent).ok()?;
    Some(before)
}
