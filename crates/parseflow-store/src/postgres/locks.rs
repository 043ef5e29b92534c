//! Locks between processes that are in no row: PostgreSQL's advisory locks, which cost neither a
//! write nor a dead row.
//!
//! | lock | shared by | alone by |
//! |---|---|---|
//! | seat | what a process hands over, claims and settles | whoever adopts the process |
//! | account | events being written | changes of the account's endpoints and plan |
//! | endpoint | attempts being settled | cancelling what waits for the endpoint |
//!
//! They are taken in this order. Who holds one alone sees, in its next statement, everything that
//! the others had committed, and nothing is under way.

use parseflow_model::{AccountId, EndpointNo};

/// The seats of living processes are changed by one process at a time.
pub(super) const REGISTRY: i32 = 4 << 24;
/// Retention runs in one process at a time.
pub(super) const SWEEP: i32 = 5 << 24;
/// Partitions are created by one process at a time.
pub(super) const PARTITIONS: i32 = 6 << 24;

const SEAT: i32 = 1 << 24;
const ACCOUNT: i32 = 2 << 24;
const ENDPOINT: i32 = 3 << 24;
/// Accounts and endpoints share this many locks: a transaction of many holds no more of each.
const BUCKETS: u32 = 256;

/// Makes the keys of locks: those of one installation do not meet those of another in the same
/// database.
#[derive(Debug, Clone, Copy)]
pub(super) struct Locks {
    /// The number of the installation's table of processes.
    pub(super) class: i32,
}

impl Locks {
    /// A statement that takes a lock alone until the transaction ends.
    pub(super) fn take_text(self, lock: i32) -> String {
        format!("SELECT pg_advisory_xact_lock({}, {lock})", self.class)
    }
}

/// The lock of a process's seat.
pub(super) fn seat(id: i16) -> i32 {
    SEAT | i32::from(id)
}

/// The lock of an account.
pub(super) fn account(id: &AccountId) -> i32 {
    let hash = id
        .as_str()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    ACCOUNT | (hash % BUCKETS) as i32
}

/// The lock of an endpoint.
pub(super) fn endpoint(no: EndpointNo) -> i32 {
    ENDPOINT | (no.0 % BUCKETS) as i32
}

/// Each lock once, in the order in which everybody takes them.
pub(super) fn in_order(locks: impl Iterator<Item = i32>) -> Vec<i32> {
    let mut locks: Vec<i32> = locks.collect();
    locks.sort_unstable();
    locks.dedup();
    locks
}
