//! Signatures of requests: AWS Signature Version 4, as every S3-compatible store takes it.
//!
//! Source: "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)" of the
//! Amazon S3 API reference; its examples are the tests.

use parseflow_model::Timestamp;
use ring::{digest, hmac};

use super::Credentials;

/// One request, as it is signed.
pub(super) struct Unsigned<'a> {
    pub(super) method: &'a str,
    /// With its port, unless that is the scheme's own.
    pub(super) host: &'a str,
    /// Percent-encoded, beginning with a slash.
    pub(super) path: &'a str,
    /// Names and values, not encoded.
    pub(super) query: &'a [(&'a str, &'a str)],
    /// Headers beyond host, date, digest and token; names in lower case.
    pub(super) headers: &'a [(&'a str, &'a str)],
    pub(super) body: &'a [u8],
}

/// Percent-encodes everything but `A-Z a-z 0-9 - . _ ~`, and slashes if `path`.
pub(super) fn encode(text: &str, path: bool) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b) || (path && b == b'/');
    text.bytes()
        .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// The query as it is signed and sent: encoded, sorted.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let mut encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name, false), encode(value, false)))
        .collect();
    encoded.sort();
    encoded.join("&")
}

/// The headers to add to the request, `authorization` last.
pub(super) fn sign(
    request: &Unsigned<'_>,
    credentials: &Credentials,
    region: &str,
    now: Timestamp,
) -> Vec<(&'static str, String)> {
    let time = compact(now);
    let date = &time[..8];
    let body = hex(digest::digest(&digest::SHA256, request.body).as_ref());
    let mut added = vec![("x-amz-content-sha256", body.clone()), ("x-amz-date", time.clone())];
    added.extend(credentials.token.clone().map(|token| ("x-amz-security-token", token)));
    let mut headers: Vec<(&str, &str)> =
        added.iter().map(|(name, value)| (*name, value.as_str())).collect();
    headers.push(("host", request.host));
    headers.extend(request.headers);
    headers.sort_unstable();
    let names = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let canonical = format!(
        "{}\n{}\n{}\n{lines}\n{names}\n{body}",
        request.method,
        request.path,
        query(request.query)
    );
    let scope = format!("{date}/{region}/s3/aws4_request");
    let digest = hex(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
    let text = format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{digest}");
    let first = format!("AWS4{}", credentials.secret);
    let key = [date, region, "s3", "aws4_request"]
        .iter()
        .fold(first.into_bytes(), |key, part| hmac_of(&key, part.as_bytes()));
    let signature = hex(&hmac_of(&key, text.as_bytes()));
    let id = &credentials.id;
    added.push((
        "authorization",
        format!(
            "AWS4-HMAC-SHA256 Credential={id}/{scope},SignedHeaders={names},Signature={signature}"
        ),
    ));
    added
}

fn hmac_of(key: &[u8], text: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `20130524T000000Z`.
fn compact(at: Timestamp) -> String {
    let text = Timestamp::from_secs(at.secs()).to_string();
    let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    let (date, time) = digits.split_at(8);
    format!("{date}T{time}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(request: Unsigned<'_>, signature: &str) {
        let credentials = Credentials {
            id: "AKIAIOSFODNN7EXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
            token: None,
        };
        let now: Timestamp = "2013-05-24T00:00:00Z".parse().unwrap();
        let signed = sign(&request, &credentials, "us-east-1", now);
        let (name, value) = signed.last().unwrap();
        assert_eq!(*name, "authorization");
        assert!(value.ends_with(&format!("Signature={signature}")), "{value}");
    }

    #[test]
    fn the_published_examples_come_out() {
        let get = Unsigned {
            method: "GET",
            host: "examplebucket.s3.amazonaws.com",
            path: "/test.txt",
            query: &[],
            headers: &[("range", "bytes=0-9")],
            body: b"",
        };
        check(get, "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        let put = Unsigned {
            method: "PUT",
            host: "examplebucket.s3.amazonaws.com",
            path: "/test%24file.text",
            query: &[],
            headers: &[
                ("date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            body: b"Welcome to Amazon S3.",
        };
        check(put, "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
        let list = Unsigned {
            method: "GET",
            host: "examplebucket.s3.amazonaws.com",
            path: "/",
            query: &[("prefix", "J"), ("max-keys", "2")],
            headers: &[],
            body: b"",
        };
        check(list, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    #[test]
    fn what_is_not_plain_is_encoded() {
        assert_eq!(encode("a b/ü$~", true), "a%20b/%C3%BC%24~");
        assert_eq!(encode("a/b", false), "a%2Fb");
    }
}
