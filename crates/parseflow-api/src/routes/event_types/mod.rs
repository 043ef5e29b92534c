//! What events look like.

pub(crate) mod list;
pub(crate) mod schema;
