//! What an endpoint wants to hear of.

use parseflow_model::EventType;

/// Entries that a subscription may be given.
pub const ENTRIES_MAX: usize = 32;

/// The six types and the patterns, as told to who mistypes one.
const KNOWN: &str = "extraction.completed, extraction.failed, batch.completed, batch.failed, \
                     quota.warning, quota.exceeded, or the patterns extraction.*, batch.*, \
                     quota.*, *";

/// A checked subscription.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subscription {
    /// The entries as given, duplicates collapsed, in the order of their first appearance.
    pub events: Vec<String>,
    /// Every type they cover: a mask of [`EventType::bit`].
    pub mask: u8,
}

/// Why a list of events is no subscription.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum SubscriptionError {
    /// The list is empty.
    #[error("name at least one event; known: {KNOWN}")]
    Empty,
    /// The list has more than [`ENTRIES_MAX`] entries.
    #[error("at most {ENTRIES_MAX} entries are allowed")]
    TooMany,
    /// An entry that is neither an event type nor a pattern.
    #[error("entry {index} is not a known event; known: {KNOWN}")]
    Unknown {
        /// Its place in the list, counted from 0.
        index: usize,
    },
}

impl SubscriptionError {
    /// The stable machine-readable code.
    pub fn code(self) -> &'static str {
        match self {
            SubscriptionError::Empty => "events_empty",
            SubscriptionError::TooMany => "events_too_many",
            SubscriptionError::Unknown { .. } => "event_unknown",
        }
    }
}

/// Reads a list of event types and patterns. Names are compared exactly.
///
/// `*` covers all types, `extraction.*`, `batch.*` and `quota.*` those of their family, including
/// types that later versions add: they are kept as given, not expanded.
///
/// # Errors
/// See [`SubscriptionError`].
pub fn parse(events: &[String]) -> Result<Subscription, SubscriptionError> {
    if events.is_empty() {
        return Err(SubscriptionError::Empty);
    }
    if events.len() > ENTRIES_MAX {
        return Err(SubscriptionError::TooMany);
    }
    let mut subscription = Subscription { events: Vec::new(), mask: 0 };
    for (index, entry) in events.iter().enumerate() {
        subscription.mask |= covered(entry).ok_or(SubscriptionError::Unknown { index })?;
        if !subscription.events.contains(entry) {
            subscription.events.push(entry.clone());
        }
    }
    Ok(subscription)
}

/// The types that one entry covers, or `None` if it covers none.
fn covered(entry: &str) -> Option<u8> {
    let matches = |kind: &EventType| match entry.strip_suffix(".*") {
        Some(family) => kind.as_str().split_once('.').is_some_and(|(head, _)| head == family),
        None => entry == "*" || entry == kind.as_str(),
    };
    let mask = EventType::ALL.iter().filter(|kind| matches(kind)).fold(0, |m, kind| m | kind.bit());
    (mask != 0).then_some(mask)
}

#[cfg(test)]
mod tests {
    use super::*;
    use EventType::*;

    fn parsed(events: &[&str]) -> Result<Subscription, SubscriptionError> {
        parse(&events.iter().map(|&event| event.to_owned()).collect::<Vec<_>>())
    }

    #[track_caller]
    fn check(events: &[&str], kept: &[&str], covers: &[EventType]) {
        let subscription = parsed(events).unwrap();
        assert_eq!(subscription.events, kept);
        let wanted = covers.iter().fold(0, |mask, kind| mask | kind.bit());
        assert_eq!(subscription.mask, wanted, "{events:?}");
    }

    #[test]
    fn a_subscription_covers_what_it_names() {
        for kind in EventType::ALL {
            check(&[kind.as_str()], &[kind.as_str()], &[kind]);
        }
        check(&["*"], &["*"], &EventType::ALL);
        check(&["extraction.*"], &["extraction.*"], &[ExtractionCompleted, ExtractionFailed]);
        check(&["batch.*"], &["batch.*"], &[BatchCompleted, BatchFailed]);
        check(&["quota.*"], &["quota.*"], &[QuotaWarning, QuotaExceeded]);
    }

    #[test]
    fn duplicates_collapse_to_the_first() {
        check(
            &["batch.failed", "extraction.failed", "batch.failed"],
            &["batch.failed", "extraction.failed"],
            &[BatchFailed, ExtractionFailed],
        );
        check(
            &["quota.*", "quota.warning", "quota.*"],
            &["quota.*", "quota.warning"],
            &[QuotaWarning, QuotaExceeded],
        );
    }

    #[test]
    fn an_unknown_entry_is_refused_by_its_place_with_the_known_ones() {
        let wrong = [
            "",
            " ",
            "extraction",
            "extraction.",
            "extraction.done",
            "Extraction.completed",
            "extraction.completed ",
            "extraction.**",
            "*.completed",
            "**",
            ".*",
            "webhook.*",
            "extraction.completed.*",
            "extraction.completed\0",
        ];
        for entry in wrong {
            let error = parsed(&["quota.warning", entry]).unwrap_err();
            assert_eq!(error, SubscriptionError::Unknown { index: 1 }, "{entry:?}");
            assert_eq!(error.code(), "event_unknown");
            let text = error.to_string();
            assert!(text.contains("entry 1"));
            assert!(EventType::ALL.iter().all(|kind| text.contains(kind.as_str())), "{text}");
        }
    }

    #[test]
    fn an_empty_list_and_an_endless_one_are_refused() {
        assert_eq!(parsed(&[]), Err(SubscriptionError::Empty));
        assert_eq!(parsed(&["*"; 33]), Err(SubscriptionError::TooMany));
        assert!(parsed(&["*"; 32]).is_ok());
    }
}
