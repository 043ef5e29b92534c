//! What the service says about itself.

pub(crate) mod errors;
pub(crate) mod index;
pub(crate) mod show;
