//! Whether the service lives and can work.

pub(crate) mod live;
pub(crate) mod ready;

use serde::Serialize;
use utoipa::ToSchema;

/// The service is well.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// Always `ok`.
    status: &'static str,
}

impl Health {
    pub(crate) const OK: Health = Health { status: "ok" };
}
