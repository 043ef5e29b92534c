//! What an account has used.

pub(crate) mod show;
