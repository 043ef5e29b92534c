//! What can go wrong inside a transaction, and whether it is worth another try.

use tokio_postgres::error::SqlState;

use crate::port::StoreError;

/// Why a transaction was not committed.
#[derive(Debug)]
pub(super) enum Fail {
    /// The database said so, or the connection broke.
    Db(tokio_postgres::Error),
    /// As the port reports it.
    Store(StoreError),
    /// This process has been taken for dead: it must take a new seat.
    SeatLost,
    /// The history has no partition for this day yet.
    NoPartition(i64),
    /// Another transaction has written what this one was about to write.
    Met,
}

impl From<tokio_postgres::Error> for Fail {
    fn from(error: tokio_postgres::Error) -> Self {
        Fail::Db(error)
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Self {
        Fail::Store(error)
    }
}

/// States after which the same transaction may well succeed: it met another one, or its connection
/// was taken from it before it had asked for the commit.
const PASSING: [SqlState; 7] = [
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::UNIQUE_VIOLATION,
    SqlState::ADMIN_SHUTDOWN,
    SqlState::CRASH_SHUTDOWN,
    SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
    // A plan that was prepared before the schema changed.
    SqlState::FEATURE_NOT_SUPPORTED,
];

impl Fail {
    /// Whether nothing was committed and another try may succeed.
    pub(super) fn passes(&self) -> bool {
        match self {
            Fail::Db(error) => match error.code() {
                Some(code) => PASSING.contains(code),
                None => error.is_closed() || is_io(error),
            },
            Fail::SeatLost | Fail::NoPartition(_) | Fail::Met => true,
            Fail::Store(_) => false,
        }
    }

    /// Whether the server answered with it: then nothing was committed.
    pub(super) fn is_of_server(&self) -> bool {
        matches!(self, Fail::Db(error) if error.code().is_some())
    }

    /// Whether a row found no partition: it was dropped by retention, or not created yet.
    pub(super) fn is_without_partition(&self) -> bool {
        matches!(self, Fail::Db(error) if error.code() == Some(&SqlState::CHECK_VIOLATION))
    }

    /// As the port reports it.
    pub(super) fn into_store(self) -> StoreError {
        match self {
            Fail::Db(error) => StoreError::Unavailable(Box::new(error)),
            Fail::Store(error) => error,
            Fail::SeatLost => StoreError::LeaseLost,
            Fail::Met => StoreError::Unavailable("other transactions are in the way".into()),
            Fail::NoPartition(day) => {
                StoreError::Unavailable(format!("no partition for day {day}").into())
            }
        }
    }
}

fn is_io(error: &tokio_postgres::Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.is::<std::io::Error>())
}
