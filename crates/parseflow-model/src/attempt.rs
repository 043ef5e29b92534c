//! One HTTP request made for a delivery, and what a delivery has come to.

use crate::{DeliveryId, Timestamp};

/// Headers kept of an answer.
pub const RESPONSE_HEADERS_MAX: usize = 32;
/// Bytes kept of an answer's headers, names and values together.
pub const RESPONSE_HEADER_BYTES_MAX: usize = 4_096;

/// Why an attempt failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FailureKind {
    /// An answer other than 2xx.
    Status,
    /// The deadline passed.
    Timeout,
    /// The name could not be resolved.
    Dns,
    /// No connection, or it broke.
    Connection,
    /// The TLS handshake failed.
    Tls,
    /// The target's address is not allowed.
    Blocked,
    /// The answer was not HTTP.
    Protocol,
}

impl FailureKind {
    /// All kinds.
    pub const ALL: [FailureKind; 7] = [
        FailureKind::Status,
        FailureKind::Timeout,
        FailureKind::Dns,
        FailureKind::Connection,
        FailureKind::Tls,
        FailureKind::Blocked,
        FailureKind::Protocol,
    ];

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            FailureKind::Status => "status",
            FailureKind::Timeout => "timeout",
            FailureKind::Dns => "dns",
            FailureKind::Connection => "connection",
            FailureKind::Tls => "tls",
            FailureKind::Blocked => "blocked_target",
            FailureKind::Protocol => "protocol",
        }
    }
}

/// How long the parts of a request took.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct AttemptTiming {
    /// Until there was a connection, TLS included; next to nothing where one was kept open.
    pub connect_ms: Option<u32>,
    /// Until the status and the headers of the answer were there.
    pub first_byte_ms: Option<u32>,
    /// The parts were measured: what is `None` did not come about.
    pub is_measured: bool,
}

/// What came of one request.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AttemptOutcome {
    /// `None` for success: a 2xx.
    pub failure: Option<FailureKind>,
    /// The HTTP status, if an answer came.
    pub status: Option<u16>,
    /// One sentence on the failure, without secrets and without what a blocked target answered.
    pub error: Option<String>,
    /// The first part of the answer's body.
    pub response_body: Vec<u8>,
    /// The answer's headers after a failure, names in lower case: at most
    /// [`RESPONSE_HEADERS_MAX`], [`RESPONSE_HEADER_BYTES_MAX`] together. None after a success.
    pub response_headers: Vec<(String, String)>,
    /// How long its parts took.
    pub timing: AttemptTiming,
    /// `Retry-After` in seconds from the end of the attempt, if the answer carried one.
    pub retry_after_secs: Option<u64>,
}

impl AttemptOutcome {
    /// Whether the receiver accepted: any 2xx.
    pub fn is_success(&self) -> bool {
        self.failure.is_none()
    }
}

/// What caused an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trigger {
    /// The event, or the retry schedule.
    Schedule,
    /// A person asked for it.
    Manual,
}

impl Trigger {
    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Trigger::Schedule => "schedule",
            Trigger::Manual => "manual",
        }
    }
}

/// One HTTP request made for a delivery, as logged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// The delivery it was made for.
    pub delivery: DeliveryId,
    /// Counted from 1 over the life of the delivery.
    pub number: u32,
    /// What caused it.
    pub trigger: Trigger,
    /// When it began.
    pub started_at: Timestamp,
    /// How long it took.
    pub duration_ms: u32,
    /// Where it was sent.
    pub url: String,
    /// What came of it.
    pub outcome: AttemptOutcome,
}

/// What a delivery has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeliveryState {
    /// Not attempted yet.
    Pending,
    /// Failed at least once; another attempt is due.
    Retrying,
    /// Accepted by the receiver.
    Succeeded,
    /// Every scheduled attempt failed. Can be sent again by hand.
    Exhausted,
    /// Its endpoint was disabled or deleted while it waited. Can be sent again.
    Cancelled,
    /// Its endpoint was disabled when the event happened. Can be sent again.
    Skipped,
}

impl DeliveryState {
    /// All states.
    pub const ALL: [DeliveryState; 6] = [
        DeliveryState::Pending,
        DeliveryState::Retrying,
        DeliveryState::Succeeded,
        DeliveryState::Exhausted,
        DeliveryState::Cancelled,
        DeliveryState::Skipped,
    ];

    /// The states of deliveries that ended without success, in the order of their bits.
    pub const PARKED: [DeliveryState; 3] =
        [DeliveryState::Exhausted, DeliveryState::Cancelled, DeliveryState::Skipped];

    /// A set of states that ended without success is a bit mask of these; stable, stored. 0 for
    /// other states.
    pub const fn parked_bit(self) -> u8 {
        match self {
            DeliveryState::Exhausted => 1,
            DeliveryState::Cancelled => 2,
            DeliveryState::Skipped => 4,
            DeliveryState::Pending | DeliveryState::Retrying | DeliveryState::Succeeded => 0,
        }
    }

    /// The public name.
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Pending => "pending",
            DeliveryState::Retrying => "retrying",
            DeliveryState::Succeeded => "succeeded",
            DeliveryState::Exhausted => "exhausted",
            DeliveryState::Cancelled => "cancelled",
            DeliveryState::Skipped => "skipped",
        }
    }
}
