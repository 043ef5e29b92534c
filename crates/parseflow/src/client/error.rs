//! Why a client command failed, and its exit code.

use std::path::PathBuf;

use http::StatusCode;
use serde_json::Value;

/// Why a client command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error(
        "there is no API key: set PARSEFLOW_API_KEY, give --api-key, or run `parseflow login` once"
    )]
    NoKey,
    #[error("there is no profile {0:?}; `parseflow login --profile {0}` makes it")]
    NoProfile(String),
    #[error("{0:?} is no address of a service: it begins with http:// or https://")]
    Url(String),
    #[error("the file of profiles {} {what}", path.display())]
    Profiles { path: PathBuf, what: String },
    #[error("neither XDG_CONFIG_HOME nor HOME is set: there is no place for profiles")]
    NoHome,
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    #[error("{method} {path}: {what}")]
    Transport { method: String, path: String, what: String },
    #[error("{sentence} ({status}, {code})")]
    Refused { status: StatusCode, code: String, sentence: String },
    #[error("{} cannot be read: {what}", path.display())]
    File { path: PathBuf, what: String },
    #[error("standard input cannot be read: {0}")]
    Stdin(std::io::Error),
    #[error("no file to send in {}", .0.display())]
    NothingToSend(PathBuf),
    #[error("{failed} of {all} documents could not be read")]
    Documents { failed: usize, all: usize },
    #[error("{failed} of {all} endpoints could not be recovered")]
    Recoveries { failed: usize, all: usize },
    #[error("no active endpoint subscribes to {0}; register one, or name one with --endpoint")]
    NobodyListens(String),
    #[error("the service has ended the stream")]
    StreamEnded,
    #[error("the webhook does not verify")]
    NotGenuine,
    #[error("{what} {text:?} is not {expected}")]
    Argument { what: &'static str, text: String, expected: &'static str },
}

impl ClientError {
    /// 2 for a command line that cannot be used, 3 for something that does not exist, 4 for a key
    /// that is missing or refused, 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            ClientError::Url(_)
            | ClientError::NoHome
            | ClientError::NothingToSend(_)
            | ClientError::Argument { .. } => 2,
            ClientError::NoProfile(_) => 3,
            ClientError::NoKey => 4,
            ClientError::Refused { status, .. } => match *status {
                StatusCode::NOT_FOUND => 3,
                StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => 4,
                _ => 1,
            },
            ClientError::Profiles { .. }
            | ClientError::Tls(_)
            | ClientError::Transport { .. }
            | ClientError::File { .. }
            | ClientError::Stdin(_)
            | ClientError::Documents { .. }
            | ClientError::Recoveries { .. }
            | ClientError::NobodyListens(_)
            | ClientError::StreamEnded
            | ClientError::NotGenuine => 1,
        }
    }

    /// What the service answered, from its problem document.
    pub(super) fn refused(status: StatusCode, body: &[u8]) -> Self {
        let problem: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| problem[name].as_str().map(ToOwned::to_owned);
        ClientError::Refused {
            status,
            code: text("code").unwrap_or_else(|| "no code".to_owned()),
            sentence: text("error")
                .or_else(|| text("detail"))
                .unwrap_or_else(|| "the service refused".to_owned()),
        }
    }
}
