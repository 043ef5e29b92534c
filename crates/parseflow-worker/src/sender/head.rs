//! The head of an answer: what it says of itself and of the body that follows. Read by `httparse`, framed
//! as RFC 9112, section 6.3, has it.

use std::mem::MaybeUninit;

use httparse::{Header, ParserConfig, Status};
use parseflow_model::{RESPONSE_HEADER_BYTES_MAX, RESPONSE_HEADERS_MAX};
use parseflow_webhooks::custom_headers::MASK;

use super::wire::WireError;

/// Most headers of an answer.
const HEADERS_MAX: usize = 100;

/// Where a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Framing {
    /// After so many bytes.
    Length(u64),
    /// With the last chunk.
    Chunked,
    /// With the connection.
    UntilEnd,
}

/// What an attempt wants to know of an answer's head.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) framing: Framing,
    /// The receiver takes another request after this answer.
    pub(super) keeps_alive: bool,
    /// As many as the log keeps; none of a success.
    pub(super) headers: Vec<(String, String)>,
    /// The value of `Retry-After`, unless this is a success.
    pub(super) retry_after: Option<String>,
}

impl Head {
    /// The head at the beginning of `bytes` and its length; `None` when there is more to come.
    ///
    /// # Errors
    /// When that is not the head of an HTTP/1 answer.
    pub(super) fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, WireError> {
        let mut headers = [const { MaybeUninit::uninit() }; HEADERS_MAX];
        let mut response = httparse::Response::new(&mut []);
        let parsed = ParserConfig::default().parse_response_with_uninit_headers(
            &mut response,
            bytes,
            &mut headers,
        );
        let length = match parsed {
            Ok(Status::Complete(length)) => length,
            Ok(Status::Partial) => return Ok(None),
            Err(_) => return Err(WireError::NotHttp),
        };
        let status = response.code.filter(|code| *code >= 100).ok_or(WireError::NotHttp)?;
        let is_old = response.version == Some(0);
        let head = Self::of(status, is_old, response.headers)?;
        Ok(Some((head, length)))
    }

    fn of(status: u16, is_old: bool, headers: &[Header<'_>]) -> Result<Self, WireError> {
        let (mut length, mut encodings) = (None, None);
        let (mut says_close, mut says_keep) = (false, false);
        for Header { name, value } in headers {
            if name.eq_ignore_ascii_case("content-length") {
                let given = decimal(value).ok_or(WireError::NotHttp)?;
                if length.is_some_and(|other| other != given) {
                    return Err(WireError::NotHttp);
                }
                length = Some(given);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                encodings = Some(*value);
            } else if name.eq_ignore_ascii_case("connection") {
                says_close |= names(value, b"close");
                says_keep |= names(value, b"keep-alive");
            }
        }
        let framing = match (encodings, length) {
            _ if is_bodyless(status) => Framing::Length(0),
            (Some(encodings), _) if ends_with(encodings, b"chunked") => Framing::Chunked,
            (Some(_), _) | (None, None) => Framing::UntilEnd,
            (None, Some(length)) => Framing::Length(length),
        };
        // Two statements about the length: whoever reads them otherwise sees another end.
        let is_clear = !(encodings.is_some() && (length.is_some() || is_old));
        let logged = if is_success(status) { &[] } else { headers };
        Ok(Self {
            status,
            framing,
            keeps_alive: is_clear
                && !says_close
                && (!is_old || says_keep)
                && framing != Framing::UntilEnd
                && status != 101,
            headers: kept(logged),
            retry_after: logged
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case("retry-after"))
                .and_then(|header| std::str::from_utf8(header.value).ok())
                .map(str::to_owned),
        })
    }

    /// Whether the receiver accepted.
    pub(super) fn is_success(&self) -> bool {
        is_success(self.status)
    }

    /// Whether the answer proper is still to come.
    pub(super) fn is_interim(&self) -> bool {
        (100..200).contains(&self.status) && self.status != 101
    }
}

fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Answers that have no body whatever their head says of its length.
fn is_bodyless(status: u16) -> bool {
    status < 200 || status == 204 || status == 304
}

/// A number that consists of digits only.
fn decimal(value: &[u8]) -> Option<u64> {
    let digits = value.trim_ascii();
    let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    is_number.then(|| std::str::from_utf8(digits).ok()?.parse().ok()).flatten()
}

/// Whether a list of words names this one.
fn names(list: &[u8], word: &[u8]) -> bool {
    list.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(word))
}

/// Whether the last word of a list is this one.
fn ends_with(list: &[u8], word: &[u8]) -> bool {
    let last = list.rsplit(|byte| *byte == b',').next();
    last.is_some_and(|part| part.trim_ascii().eq_ignore_ascii_case(word))
}

/// As many headers as the log keeps. Cookies are the receiver's own affair.
fn kept(headers: &[Header<'_>]) -> Vec<(String, String)> {
    let mut room = RESPONSE_HEADER_BYTES_MAX;
    let mut kept = Vec::new();
    for header in headers.iter().take(RESPONSE_HEADERS_MAX) {
        let name = header.name.to_ascii_lowercase();
        let value = match name.as_str() {
            "set-cookie" => MASK.into(),
            _ => String::from_utf8_lossy(header.value),
        };
        let Some(left) = room.checked_sub(name.len() + value.len()) else { continue };
        room = left;
        kept.push((name, value.into_owned()));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Head {
        let (head, length) = Head::parse(text.as_bytes()).unwrap().expect("it is whole");
        assert_eq!(length, text.len());
        head
    }

    #[track_caller]
    fn framed(text: &str, framing: Framing, keeps_alive: bool) {
        let head = head(&text.replace('\n', "\r\n"));
        assert_eq!((head.framing, head.keeps_alive), (framing, keeps_alive), "{text}");
    }

    #[test]
    fn the_end_of_a_body_is_where_the_standard_has_it() {
        framed("HTTP/1.1 200 OK\nContent-Length: 12\n\n", Framing::Length(12), true);
        framed(
            "HTTP/1.1 200 OK\ncontent-length: 7\nContent-length: 7\n\n",
            Framing::Length(7),
            true,
        );
        framed("HTTP/1.1 200 OK\nTransfer-Encoding: gzip, Chunked\n\n", Framing::Chunked, true);
        framed("HTTP/1.1 200 OK\ntransfer-encoding: gzip\n\n", Framing::UntilEnd, false);
        framed("HTTP/1.1 200 OK\n\n", Framing::UntilEnd, false);
        framed("HTTP/1.1 204 No Content\n\n", Framing::Length(0), true);
        framed("HTTP/1.1 204 No Content\ncontent-length: 9\n\n", Framing::Length(0), true);
        framed("HTTP/1.1 304 Not Modified\ncontent-length: 9\n\n", Framing::Length(0), true);
        framed("HTTP/1.1 101 Switching Protocols\n\n", Framing::Length(0), false);
    }

    #[test]
    fn a_connection_is_kept_when_both_sides_know_where_the_answer_ends() {
        let length = Framing::Length(1);
        framed("HTTP/1.1 200 OK\ncontent-length: 1\nConnection: Close\n\n", length, false);
        framed("HTTP/1.1 200 OK\ncontent-length: 1\nconnection: te, close\n\n", length, false);
        framed("HTTP/1.0 200 OK\ncontent-length: 1\n\n", length, false);
        framed("HTTP/1.0 200 OK\ncontent-length: 1\nconnection: keep-alive\n\n", length, true);
        let both = "HTTP/1.1 200 OK\ncontent-length: 1\ntransfer-encoding: chunked\n\n";
        framed(both, Framing::Chunked, false);
        let old = "HTTP/1.0 200 OK\ntransfer-encoding: chunked\nconnection: keep-alive\n\n";
        framed(old, Framing::Chunked, false);
    }

    #[test]
    fn what_contradicts_itself_is_no_answer() {
        for text in [
            "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 099 Hm\r\n\r\n",
            "HTTP/2 200 OK\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n",
        ] {
            assert!(matches!(Head::parse(text.as_bytes()), Err(WireError::NotHttp)), "{text}");
        }
        let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(101));
        assert!(Head::parse(many.as_bytes()).is_err());
        let whole = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n";
        for end in 0..whole.len() {
            assert_eq!(Head::parse(&whole.as_bytes()[..end]).unwrap(), None, "{end}");
        }
    }

    #[test]
    fn headers_of_a_failure_are_kept_and_cookies_are_not() {
        let head = head("HTTP/1.1 503 No\r\nRetry-After: 7\r\nSet-Cookie: a=b\r\nX-A: 1\r\n\r\n");
        assert_eq!(head.retry_after.as_deref(), Some("7"));
        let names: Vec<_> = head.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["retry-after", "set-cookie", "x-a"]);
        assert_eq!(head.headers[1].1, MASK);
        let success = self::head("HTTP/1.1 200 OK\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n");
        assert_eq!((success.retry_after, success.headers.len()), (None, 0));
    }
}
