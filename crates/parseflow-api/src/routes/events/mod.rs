//! Events that an account publishes itself.

pub(crate) mod publish;
