//! What most likely is wrong with a receiver, told from how it failed.
//!
//! A receiver that refuses a genuine webhook nearly always makes one of a few mistakes, and its answer
//! gives the mistake away: the words of a framework's error, a status, a header. Each hint names one
//! and says what to change. They are guesses by design: none of them decides anything.

use parseflow_model::{AttemptOutcome, FailureKind, Timestamp};

/// How far a receiver's clock may be off: what Standard Webhooks libraries accept.
const SKEW_SECS_MAX: u64 = 300;
/// Characters of a `Location` that are repeated to the owner.
const LOCATION_CHARS_MAX: usize = 300;
/// The error of an attempt for a listener that this process does not know.
pub const NO_LISTENER: &str = "nobody listens at the process that made this attempt";

/// A mistake that receivers make.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Hint {
    /// The signature did not verify there.
    #[error(
        "the receiver did not accept the signature: verify the raw bytes of the body, before any JSON parser touches them, with the whole secret as text (whsec_ included); `parseflow verify` finds the difference"
    )]
    SignatureRefused,
    /// Nothing has read the body when the signature is computed.
    #[error(
        "the receiver computed the signature over nothing: no body parser ran before it (Express: express.raw({{ type: 'application/json' }}) or express.json() on this route)"
    )]
    BodyNotRead,
    /// The body is larger than the receiver's parser takes.
    #[error(
        "the body of {body_bytes} bytes is larger than the receiver takes (express.json() stops at 102,400): raise its limit, or lower maxBodyBytes so that larger events come without their bulk"
    )]
    BodyTooLarge {
        /// Bytes sent.
        body_bytes: usize,
    },
    /// Nothing is at this path, or not for POST.
    #[error("nothing takes a POST at this path: compare the URL with the receiver's route")]
    WrongPath,
    /// A page for people answered.
    #[error(
        "an HTML page answered: the URL leads to a website, a login page or a proxy's error page instead of the receiver"
    )]
    HtmlAnswer,
    /// Redirects are not followed.
    #[error("redirects are never followed: register the address it leads to{}", to(.location))]
    RedirectNotFollowed {
        /// Where it leads, if it says so.
        location: Option<String>,
    },
    /// The receiver, or something before it, asks for credentials.
    #[error(
        "the receiver or something before it asks for credentials: exempt this route (the signature is the proof), or add them as headers of your own"
    )]
    AuthenticationAsked,
    /// The framework's protection of forms is in the way.
    #[error("the framework's CSRF protection refused the request: exempt this route from it")]
    CsrfProtection,
    /// It does not take JSON here.
    #[error("the receiver does not take application/json on this route")]
    JsonNotTaken,
    /// It is asked too often.
    #[error("the receiver is asked more often than it allows: set rateLimitPerSecond")]
    TooFast,
    /// What stands before the receiver does not reach it.
    #[error("a proxy answered for a receiver that it cannot reach, or that took too long")]
    BehindProxyDown,
    /// Its code failed.
    #[error("the receiver's own code failed: its log says why")]
    ReceiverFailed,
    /// It says that it is gone.
    #[error("the receiver says that it is gone for good: delete the webhook, or set disableOnGone")]
    Gone,
    /// Its clock is wrong.
    #[error(
        "the receiver's clock is {secs} s {}: libraries that check webhook-timestamp refuse more than 300 s", direction(*.behind)
    )]
    ClockSkew {
        /// Seconds off.
        secs: u64,
        /// It is late.
        behind: bool,
    },
    /// It works before it answers.
    #[error(
        "no complete answer came in time: answer 2xx first and work afterwards, from a queue of your own"
    )]
    AnswerFirst,
    /// No connection came about in time.
    #[error("no connection came about in time: a firewall drops it, or the host is down")]
    Unreachable,
    /// The name does not resolve.
    #[error("the host's name does not resolve on the public internet")]
    NameUnknown,
    /// Nobody listens, or the connection is cut.
    #[error("nothing listens at this port, or the connection is cut before an answer")]
    NothingListens,
    /// `parseflow listen` is not connected to the process that made the attempt.
    #[error(
        "`parseflow listen` has ended, or another of several processes holds its stream: it reaches what the process does to which it is connected, if that has the roles api and deliver; the attempt is made again"
    )]
    ListenerAway,
    /// The certificate has run out.
    #[error("the receiver's certificate is not valid at this time: renew it")]
    CertificateExpired,
    /// The certificate's issuer is not known.
    #[error(
        "the receiver's certificate does not lead to a public authority: it is self-signed, or the server does not send its intermediate certificates"
    )]
    CertificateUntrusted,
    /// The certificate is for another name.
    #[error("the receiver's certificate is for another name than the URL's host")]
    CertificateName,
    /// The handshake failed otherwise.
    #[error("no TLS came about: is it plain HTTP at this port, or a very old TLS version?")]
    TlsFailed,
    /// The answer was not HTTP.
    #[error("what answered does not speak HTTP/1.1: is it HTTPS at a URL of http?")]
    NotHttp,
    /// The target is not allowed.
    #[error(
        "the URL leads to an address that may not be used, such as a private one: its operator can allow it"
    )]
    TargetBlocked,
}

fn to(location: &Option<String>) -> String {
    location.as_ref().map(|location| format!(", {location}")).unwrap_or_default()
}

fn direction(behind: bool) -> &'static str {
    if behind { "slow" } else { "fast" }
}

impl Hint {
    /// Stable and machine-readable.
    pub fn name(&self) -> &'static str {
        match self {
            Hint::SignatureRefused => "signature_refused",
            Hint::BodyNotRead => "body_not_read",
            Hint::BodyTooLarge { .. } => "body_too_large",
            Hint::WrongPath => "wrong_path",
            Hint::HtmlAnswer => "html_answer",
            Hint::RedirectNotFollowed { .. } => "redirect_not_followed",
            Hint::AuthenticationAsked => "authentication_asked",
            Hint::CsrfProtection => "csrf_protection",
            Hint::JsonNotTaken => "json_not_taken",
            Hint::TooFast => "too_fast",
            Hint::BehindProxyDown => "behind_proxy_down",
            Hint::ReceiverFailed => "receiver_failed",
            Hint::Gone => "gone",
            Hint::ClockSkew { .. } => "clock_skew",
            Hint::AnswerFirst => "answer_first",
            Hint::Unreachable => "unreachable",
            Hint::NameUnknown => "name_unknown",
            Hint::NothingListens => "nothing_listens",
            Hint::ListenerAway => "listener_away",
            Hint::CertificateExpired => "certificate_expired",
            Hint::CertificateUntrusted => "certificate_untrusted",
            Hint::CertificateName => "certificate_name",
            Hint::TlsFailed => "tls_failed",
            Hint::NotHttp => "not_http",
            Hint::TargetBlocked => "target_blocked",
        }
    }
}

/// What an attempt's outcome gives away; the likeliest first. Empty for a success.
///
/// `body_bytes` is the length of the body sent, `ended_at` when the answer came, by our clock.
pub fn hints(outcome: &AttemptOutcome, body_bytes: usize, ended_at: Timestamp) -> Vec<Hint> {
    let Some(failure) = outcome.failure else { return Vec::new() };
    let error = outcome.error.as_deref().unwrap_or_default();
    match failure {
        FailureKind::Status => of_answer(outcome, body_bytes, ended_at),
        FailureKind::Timeout => match outcome.timing.connect_ms {
            Some(_) => vec![Hint::AnswerFirst],
            None if outcome.timing.is_measured => vec![Hint::Unreachable],
            None => vec![Hint::AnswerFirst, Hint::Unreachable],
        },
        FailureKind::Dns => vec![Hint::NameUnknown],
        FailureKind::Connection if error == NO_LISTENER => vec![Hint::ListenerAway],
        FailureKind::Connection => vec![Hint::NothingListens],
        FailureKind::Tls => vec![of_handshake(error)],
        FailureKind::Protocol => vec![Hint::NotHttp],
        FailureKind::Blocked => vec![Hint::TargetBlocked],
    }
}

/// From the words of the TLS library.
fn of_handshake(error: &str) -> Hint {
    let says = |word: &str| error.contains(word);
    if says("Expired") || says("NotValidYet") || says("expired") {
        Hint::CertificateExpired
    } else if says("UnknownIssuer") || says("SelfSigned") || says("CaUsedAsEndEntity") {
        Hint::CertificateUntrusted
    } else if says("NotValidForName") || says("not valid for name") {
        Hint::CertificateName
    } else {
        Hint::TlsFailed
    }
}

fn of_answer(outcome: &AttemptOutcome, body_bytes: usize, ended_at: Timestamp) -> Vec<Hint> {
    let status = outcome.status.unwrap_or_default();
    let text = String::from_utf8_lossy(&outcome.response_body).to_lowercase();
    let mut hints = Vec::new();
    if body_was_not_read(&text) {
        hints.push(Hint::BodyNotRead);
    } else if matches!(status, 400..=499) && text.contains("signature") {
        hints.push(Hint::SignatureRefused);
    }
    if status == 413 || text.contains("entity too large") {
        hints.push(Hint::BodyTooLarge { body_bytes });
    }
    if hints.is_empty() {
        hints.extend(of_status(outcome, status, &text));
    }
    if is_html(outcome, &text) && !hints.contains(&Hint::CsrfProtection) {
        hints.push(Hint::HtmlAnswer);
    }
    hints.extend(clock_skew(outcome, ended_at));
    hints
}

/// The words of Node and Python when a signature is computed over a body that nobody has parsed.
fn body_was_not_read(text: &str) -> bool {
    let node = text.contains("received undefined") && text.contains("argument must be");
    let property = text.contains("cannot read properties of undefined");
    node || property
}

fn of_status(outcome: &AttemptOutcome, status: u16, text: &str) -> Option<Hint> {
    let csrf = text.contains("csrf") || text.contains("page expired");
    Some(match status {
        300..=399 => Hint::RedirectNotFollowed { location: header(outcome, "location").map(cut) },
        400 | 403 | 419 | 422 if csrf => Hint::CsrfProtection,
        401 | 403 | 407 => Hint::AuthenticationAsked,
        404 | 405 => Hint::WrongPath,
        410 => Hint::Gone,
        406 | 415 => Hint::JsonNotTaken,
        429 => Hint::TooFast,
        502..=504 | 521..=524 => Hint::BehindProxyDown,
        500 => Hint::ReceiverFailed,
        _ => return None,
    })
}

fn header<'a>(outcome: &'a AttemptOutcome, name: &str) -> Option<&'a str> {
    let found = outcome.response_headers.iter().find(|(header, _)| header == name);
    found.map(|(_, value)| value.as_str())
}

fn cut(text: &str) -> String {
    text.chars().take(LOCATION_CHARS_MAX).collect()
}

fn is_html(outcome: &AttemptOutcome, text: &str) -> bool {
    let typed = header(outcome, "content-type").is_some_and(|value| value.contains("text/html"));
    let start = text.trim_start();
    typed || start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// From the receiver's `Date`.
fn clock_skew(outcome: &AttemptOutcome, ended_at: Timestamp) -> Option<Hint> {
    let date = httpdate::parse_http_date(header(outcome, "date")?).ok()?;
    let since_epoch = date.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    let there = Timestamp::default() + since_epoch;
    let (late, early) = (ended_at.since(there).as_secs(), there.since(ended_at).as_secs());
    let secs = late.max(early);
    (secs > SKEW_SECS_MAX).then_some(Hint::ClockSkew { secs, behind: late > 0 })
}

#[cfg(test)]
mod tests;
