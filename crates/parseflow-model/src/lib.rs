//! The nouns of ParseFlow, in the order of its story:
//! document in → extraction → event → delivery → attempt.
//!
//! A [`Document`] belongs to an [`Account`] and perhaps to a [`Batch`]. Reading it yields an
//! [`Extraction`] or a coded failure. Either is announced by an [`Event`], which is sent to every
//! [`Endpoint`] that subscribes to its type. One event for one endpoint is a *delivery*, named by
//! its [`DeliveryId`]; one HTTP request made for it is an [`Attempt`].
//!
//! Nothing here performs I/O, reads a clock or rolls dice: time is a [`Timestamp`] argument and
//! randomness a [`Dice`] argument.

mod account;
mod attempt;
mod clock;
mod document;
mod endpoint;
mod event;
mod extraction;
mod ids;
mod recovery;
mod time;

pub use account::{Account, ApiKey, KeyMode, Limit, Limits, Plan, Scope, Usage};
pub use attempt::{
    Attempt, AttemptOutcome, AttemptTiming, DeliveryState, FailureKind, RESPONSE_HEADER_BYTES_MAX,
    RESPONSE_HEADERS_MAX, Trigger,
};
pub use clock::{Dice, WallClock};
pub use document::{
    Batch, BatchStatus, BatchSummaryRow, Document, DocumentFailure, DocumentStatus, FileMeta,
    ReadingWishes, RequestedType,
};
pub use endpoint::{
    DisabledReason, Endpoint, EndpointSettings, EndpointStatus, Health, NextSecret, PayloadVersion,
    SecretsInForce, UnknownName,
};
pub use event::{CanonicalData, Event, EventType, Fact, QuotaFact};
pub use extraction::{
    DocumentType, Extraction, ExtractionWarning, Field, FieldSource, PrintedRow, PrintedWord, Table,
};
pub use ids::{
    AccountId, BatchId, DeliveryId, DocumentId, EndpointNo, EventId, IdError, KeyId, RecoveryId,
    WebhookId, random_text,
};
pub use recovery::{Recovery, RecoveryScope, RecoveryStatus};
pub use time::{Month, TimeError, Timestamp};
