//! Figures for monitoring.

pub(crate) mod show;
