//! The headers of one attempt.

use std::borrow::Cow;

use parseflow_model::{DeliveryId, EventType, Timestamp};

use crate::signature::Signer;

/// What the headers are made of.
#[derive(Clone, Copy)]
pub struct AttemptRequest<'a> {
    /// The event's type.
    pub event_type: EventType,
    /// The delivery: the same id on every attempt, so that the receiver can discard repeats.
    pub delivery: DeliveryId,
    /// Counted from 1 over the life of the delivery.
    pub attempt_number: u32,
    /// The exact bytes that will be sent.
    pub body: &'a [u8],
    /// The endpoint's secret.
    pub signer: &'a Signer,
    /// The secret that a rotation has made pending, until it takes over.
    pub next_signer: Option<&'a Signer>,
    /// When the attempt begins; signed by `webhook-signature`, fresh on each attempt.
    pub now: Timestamp,
}

/// The headers to send, names in lower case; the HTTP client adds `host` and `content-length`.
///
/// `x-parseflow-signature` is exactly one value of 64 lowercase hex digits: the receivers of the
/// product documentation throw on a prefix or a list. `webhook-*` are those of Standard Webhooks 1.0.
/// During a rotation that header stays on the old secret; `x-parseflow-signature-next` carries the
/// new one, and `webhook-signature`, which may be a list, both.
/// Source: "Headers", product documentation.
pub fn headers(request: &AttemptRequest<'_>) -> Vec<(&'static str, Cow<'static, str>)> {
    let delivery = request.delivery.to_string();
    let timestamp = request.now.secs().to_string();
    let standard = |signer: &Signer| signer.standard(&delivery, &timestamp, request.body);
    let mut signatures = standard(request.signer);
    if let Some(next) = request.next_signer {
        signatures = format!("{signatures} {}", standard(next));
    }
    let mut headers = vec![
        ("content-type", "application/json".into()),
        ("user-agent", concat!("ParseFlow-Webhooks/", env!("CARGO_PKG_VERSION")).into()),
        ("x-parseflow-signature", request.signer.body(request.body).into()),
        ("x-parseflow-event", request.event_type.as_str().into()),
        ("x-parseflow-delivery", delivery.clone().into()),
        ("x-parseflow-attempt", request.attempt_number.to_string().into()),
        ("webhook-id", delivery.into()),
        ("webhook-timestamp", timestamp.into()),
        ("webhook-signature", signatures.into()),
    ];
    if let Some(next) = request.next_signer {
        headers.push(("x-parseflow-signature-next", next.body(request.body).into()));
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signature::{body_signature, standard_signature};
    use parseflow_model::{EndpointNo, EventId};

    const SECRET: &str = "whsec_AbCdEfGhIjKlMnOpQrStUvWxYz123456";

    const NEXT: &str = "whsec_BbCdEfGhIjKlMnOpQrStUvWxYz123456";

    fn attempt(number: u32, now_secs: i64) -> Vec<(&'static str, Cow<'static, str>)> {
        attempt_with(number, now_secs, None)
    }

    fn attempt_with(
        number: u32,
        now_secs: i64,
        next_secret: Option<&str>,
    ) -> Vec<(&'static str, Cow<'static, str>)> {
        let now = Timestamp::from_secs(1_776_161_100);
        headers(&AttemptRequest {
            event_type: EventType::QuotaWarning,
            delivery: DeliveryId { event: EventId::first_at(now), endpoint: EndpointNo(7) },
            attempt_number: number,
            body: b"{}",
            signer: &Signer::new(SECRET),
            next_signer: next_secret.map(Signer::new).as_ref(),
            now: Timestamp::from_secs(now_secs),
        })
    }

    fn value<'a>(headers: &'a [(&'static str, Cow<'static, str>)], name: &str) -> &'a str {
        let mut found = headers.iter().filter(|(header, _)| *header == name);
        let value = found.next().unwrap_or_else(|| panic!("no {name}"));
        assert!(found.next().is_none(), "{name} twice");
        &value.1
    }

    #[test]
    fn every_documented_header_is_sent_once() {
        let headers = attempt(3, 1_776_161_100);
        assert_eq!(value(&headers, "content-type"), "application/json");
        assert_eq!(value(&headers, "x-parseflow-event"), "quota.warning");
        assert_eq!(value(&headers, "x-parseflow-attempt"), "3");
        assert_eq!(value(&headers, "x-parseflow-signature"), body_signature(SECRET, b"{}"));
        assert!(value(&headers, "user-agent").starts_with("ParseFlow-Webhooks/"));
        assert_eq!(value(&headers, "webhook-timestamp"), "1776161100");
        let delivery = value(&headers, "x-parseflow-delivery");
        assert_eq!(delivery, value(&headers, "webhook-id"));
        assert!(delivery.parse::<DeliveryId>().is_ok());
        let standard = standard_signature(SECRET, delivery, 1_776_161_100, b"{}");
        assert_eq!(value(&headers, "webhook-signature"), standard);
        assert_eq!(headers.len(), 9);
    }

    #[test]
    fn a_retry_keeps_the_delivery_and_the_signature_of_the_body_but_not_the_timestamp() {
        let (first, second) = (attempt(1, 1_776_161_100), attempt(2, 1_776_161_130));
        for same in ["x-parseflow-delivery", "webhook-id", "x-parseflow-signature"] {
            assert_eq!(value(&first, same), value(&second, same));
        }
        for fresh in ["webhook-timestamp", "webhook-signature", "x-parseflow-attempt"] {
            assert_ne!(value(&first, fresh), value(&second, fresh));
        }
    }

    #[test]
    fn during_a_rotation_the_documented_header_stays_and_the_next_secret_signs_beside_it() {
        let (plain, both) = (attempt(1, 1_776_161_100), attempt_with(1, 1_776_161_100, Some(NEXT)));
        assert_eq!(value(&both, "x-parseflow-signature"), value(&plain, "x-parseflow-signature"));
        assert_eq!(value(&both, "x-parseflow-signature-next"), body_signature(NEXT, b"{}"));
        let id = value(&both, "webhook-id");
        let new = standard_signature(NEXT, id, 1_776_161_100, b"{}");
        let old = value(&plain, "webhook-signature");
        assert_eq!(value(&both, "webhook-signature"), format!("{old} {new}"));
        assert_eq!(both.len(), 10);
    }

    #[test]
    fn names_are_lower_case_and_values_are_printable_ascii() {
        for (name, value) in attempt(1, 0) {
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
            assert!(value.bytes().all(|b| b.is_ascii_graphic() || b == b' '), "{name}: {value}");
        }
    }
}
