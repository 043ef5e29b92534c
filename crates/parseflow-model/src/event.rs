//! What happened, and the facts that events are made of.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use crate::{
    AccountId, Batch, BatchSummaryRow, Document, EventId, Limit, Month, Plan, Timestamp,
    UnknownName,
};

/// The six kinds of events. Source: "Events", product documentation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EventType {
    /// A single document extraction finished successfully.
    ExtractionCompleted,
    /// A document extraction failed.
    ExtractionFailed,
    /// All documents in a batch have been processed.
    BatchCompleted,
    /// A batch processing job failed.
    BatchFailed,
    /// Usage reached 80 % of the monthly quota.
    QuotaWarning,
    /// The monthly quota is exceeded.
    QuotaExceeded,
}

impl EventType {
    /// All types, in the order of the documentation.
    pub const ALL: [EventType; 6] = [
        EventType::ExtractionCompleted,
        EventType::ExtractionFailed,
        EventType::BatchCompleted,
        EventType::BatchFailed,
        EventType::QuotaWarning,
        EventType::QuotaExceeded,
    ];

    /// The public name, for example `extraction.completed`.
    pub fn as_str(self) -> &'static str {
        match self {
            EventType::ExtractionCompleted => "extraction.completed",
            EventType::ExtractionFailed => "extraction.failed",
            EventType::BatchCompleted => "batch.completed",
            EventType::BatchFailed => "batch.failed",
            EventType::QuotaWarning => "quota.warning",
            EventType::QuotaExceeded => "quota.exceeded",
        }
    }

    /// A set of types is a bit mask of these; stable, stored.
    pub const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventType {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        EventType::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownName {
            known: "extraction.completed, extraction.failed, batch.completed, batch.failed, \
                    quota.warning, quota.exceeded",
        })
    }
}

/// Something that happened, as stored: never changed afterwards.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// `evt_…`, increasing in commit order.
    pub id: EventId,
    /// Whose event it is.
    pub account: AccountId,
    /// Its type.
    pub event_type: EventType,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// The exact bytes that are signed and sent on every attempt.
    pub body: Arc<[u8]>,
    /// The smaller form for endpoints whose body limit is below the length of `body`; `None` when
    /// `body` is within every limit.
    pub thin_body: Option<Arc<[u8]>>,
}

/// Usage when a quota mark was crossed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QuotaFact {
    /// The account's plan.
    pub plan: Plan,
    /// Documents counted, after the change.
    pub used: u64,
    /// Documents per month.
    pub limit: Limit,
    /// The month.
    pub period: Month,
}

/// The `data` of a published event as it will be signed and sent: one JSON object, written once, when
/// it is checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CanonicalData(Box<[u8]>);

impl CanonicalData {
    /// Takes the bytes that the canonical writer made of an object.
    pub fn from_canonical(object: Vec<u8>) -> Self {
        Self(object.into())
    }

    /// The bytes, from `{` to `}`.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Default for CanonicalData {
    /// An object without members.
    fn default() -> Self {
        Self::from_canonical(b"{}".to_vec())
    }
}

/// What an event says, before it becomes bytes.
#[derive(Clone, PartialEq, Debug)]
pub enum Fact {
    /// A document reached an end state: completed or failed.
    DocumentFinished(Box<Document>),
    /// Every document of a batch reached an end state.
    BatchCompleted(Box<Batch>, Vec<BatchSummaryRow>),
    /// A batch job could not go on.
    BatchFailed(Box<Batch>),
    /// Usage reached 80 %.
    QuotaWarning(QuotaFact),
    /// A request would have taken usage above the limit.
    QuotaExceeded(QuotaFact),
    /// Published by the account itself, `data` as given; `test` adds `"test": true`.
    Published {
        /// The type named by the caller.
        event_type: EventType,
        /// The payload's `data`.
        data: CanonicalData,
        /// Published with a test key.
        test: bool,
    },
}

impl Fact {
    /// The type of the event that announces this fact.
    pub fn event_type(&self) -> EventType {
        match self {
            Fact::DocumentFinished(document) if document.extraction.is_some() => {
                EventType::ExtractionCompleted
            }
            Fact::DocumentFinished(_) => EventType::ExtractionFailed,
            Fact::BatchCompleted(..) => EventType::BatchCompleted,
            Fact::BatchFailed(_) => EventType::BatchFailed,
            Fact::QuotaWarning(_) => EventType::QuotaWarning,
            Fact::QuotaExceeded(_) => EventType::QuotaExceeded,
            Fact::Published { event_type, .. } => *event_type,
        }
    }
}
