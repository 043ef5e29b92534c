//! What happened lately, in figures.

pub(crate) mod show;
