//! What happens, as it happens.

pub(crate) mod stream;
