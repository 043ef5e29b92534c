//! Each mistake is made as a receiver makes it, and must be told by its name.

use super::*;

const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";
const BODY: &str =
    "{\"event\":\"extraction.completed\",\"data\":{\"name\":\"Müller\",\"total\":12.5}}";

fn check(secret: &str, body: &[u8], signature: &str, expected: &Verdict) {
    assert_eq!(&examine(secret, body, signature), expected, "{signature} over {body:?}");
}

#[test]
fn a_genuine_signature_is_genuine() {
    check(SECRET, BODY.as_bytes(), &body_signature(SECRET, BODY.as_bytes()), &Verdict::Genuine);
}

#[test]
fn mistakes_with_the_header_are_told() {
    let right = body_signature(SECRET, BODY.as_bytes());
    for (signature, mistake) in [
        (format!("sha256={right}"), Mistake::Decorated),
        (format!("{right},{right}"), Mistake::Decorated),
        (format!(" {right}\n"), Mistake::Decorated),
        (right.to_uppercase(), Mistake::UpperCase),
        (standard_signature(SECRET, "dlv_1", 1, BODY.as_bytes()), Mistake::StandardGiven),
    ] {
        check(SECRET, BODY.as_bytes(), &signature, &Verdict::Explained(mistake));
    }
}

#[test]
fn mistakes_with_the_key_are_told() {
    let bare = &SECRET[6..];
    let padded = format!("{SECRET}\n");
    let by = |key: &str| body_signature(key, BODY.as_bytes());
    for (secret, signature, mistake) in [
        (padded.as_str(), by(SECRET), Mistake::SecretPadded),
        (SECRET, by(&padded), Mistake::SecretPadded),
        (SECRET, by(bare), Mistake::SecretWithoutPrefix),
        (bare, by(SECRET), Mistake::SecretWithoutPrefix),
        (
            SECRET,
            hex_signature(&STANDARD.decode(bare).unwrap(), BODY.as_bytes()),
            Mistake::SecretDecoded,
        ),
    ] {
        check(secret, BODY.as_bytes(), &signature, &Verdict::Explained(mistake));
    }
}

#[test]
fn mistakes_with_the_bytes_are_told() {
    let sent = body_signature(SECRET, BODY.as_bytes());
    let python = "{\"event\": \"extraction.completed\", \"data\": {\"name\": \"M\\u00fcller\", \"total\": 12.5}}";
    let pretty =
        serde_json::to_string_pretty(&serde_json::from_str::<Value>(BODY).unwrap()).unwrap();
    for (received, mistake) in [
        (format!("{BODY}\n"), Mistake::TrailingNewline),
        (format!("\u{feff}{BODY}"), Mistake::ByteOrderMark),
        (python.to_owned(), Mistake::Reserialised),
        (pretty, Mistake::Reserialised),
    ] {
        check(SECRET, received.as_bytes(), &sent, &Verdict::Explained(mistake));
    }
    // The other way round: the bytes are those that were sent, the signature is the receiver's own.
    check(
        SECRET,
        BODY.as_bytes(),
        &body_signature(SECRET, python.as_bytes()),
        &Verdict::Explained(Mistake::Reserialised),
    );
    let two_lines = "{\n\"a\":1}";
    let signed = body_signature(SECRET, two_lines.as_bytes());
    let changed = two_lines.replace('\n', "\r\n");
    check(SECRET, changed.as_bytes(), &signed, &Verdict::Explained(Mistake::LineEnds));
}

#[test]
fn what_no_mistake_explains_is_not_explained() {
    let other = body_signature("whsec_BbCdEfGhIjKlMnOpQrStUvWxYz123456", BODY.as_bytes());
    check(SECRET, BODY.as_bytes(), &other, &Verdict::Unexplained);
    check(SECRET, b"\xff\xfe", &other, &Verdict::Unexplained);
    check("", b"", "", &Verdict::Unexplained);
}

#[test]
fn standard_headers_are_judged_by_signature_body_and_clock() {
    let now = Timestamp::from_secs(1_776_161_100);
    let sign = |body: &str, at| standard_signature(SECRET, "dlv_1", at, body.as_bytes());
    let verdict = |signature: &str, at| {
        let headers = StandardHeaders { id: "dlv_1", timestamp_secs: at, signature };
        examine_standard(SECRET, BODY.as_bytes(), &headers, now)
    };
    let fresh = 1_776_161_000;
    let old = fresh - 1_000;
    let both = format!("v1,AAAA {}", sign(BODY, fresh));
    assert_eq!(verdict(&sign(BODY, fresh), fresh), StandardVerdict::Genuine);
    assert_eq!(verdict(&both, fresh), StandardVerdict::Genuine);
    assert_eq!(verdict(&sign(BODY, old), old), StandardVerdict::Skewed(1_100));
    let ahead = fresh + 2_000;
    assert_eq!(verdict(&sign(BODY, ahead), ahead), StandardVerdict::Skewed(-1_900));
    let again =
        serde_json::to_string_pretty(&serde_json::from_str::<Value>(BODY).unwrap()).unwrap();
    assert_eq!(verdict(&sign(&again, fresh), fresh), StandardVerdict::Reserialised);
    assert_eq!(verdict(&sign("{}", fresh), fresh), StandardVerdict::Wrong);
}
