//! Accounts.

pub(crate) mod register;
