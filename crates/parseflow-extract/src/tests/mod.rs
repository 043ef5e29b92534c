//! The specification of the crate.
