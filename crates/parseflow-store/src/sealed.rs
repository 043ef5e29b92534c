//! What both databases do alike on a walk over encrypted values.

use parseflow_model::{EndpointNo, WebhookId};

use crate::port::{SealedCursor, SealedPlace, SealedValue};

/// Of an endpoint's secret, next secret and headers, those that do not begin with `prefix`.
pub(crate) fn of_endpoint(
    id: &WebhookId,
    parts: [Option<Vec<u8>>; 3],
    prefix: &[u8],
) -> Vec<SealedValue> {
    let [secret, next_secret, headers] = parts;
    let parts = [
        (SealedPlace::Secret(id.clone()), secret),
        (SealedPlace::NextSecret(id.clone()), next_secret),
        (SealedPlace::Headers(id.clone()), headers),
    ];
    let value = |(place, bytes): (SealedPlace, Option<Vec<u8>>)| {
        let bytes = bytes.filter(|bytes| !bytes.starts_with(prefix))?;
        Some(SealedValue { place, bytes })
    };
    parts.into_iter().filter_map(value).collect()
}

/// Where to go on after endpoints: with the answers, when these were the last.
pub(crate) fn after_endpoints(more: bool, last: EndpointNo) -> SealedCursor {
    match more {
        true => SealedCursor::Endpoints(last),
        false => SealedCursor::Answers(String::new(), String::new()),
    }
}

/// Where to go on after answers.
pub(crate) fn after_answers(rows_max: usize, found: &[SealedValue]) -> Option<SealedCursor> {
    match &found.last()?.place {
        SealedPlace::Answer { account, key } if found.len() == rows_max => {
            Some(SealedCursor::Answers(account.to_string(), key.clone()))
        }
        _ => None,
    }
}
