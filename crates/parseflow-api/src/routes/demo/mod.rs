//! Trying the service without an account.

pub(crate) mod create;
