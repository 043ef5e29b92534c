//! Receiving webhooks without an address of one's own.

pub(crate) mod report;
pub(crate) mod stream;
