//! The routes, one folder for each resource, one file for each verb.

pub(crate) mod accounts;
pub(crate) mod activity;
pub(crate) mod batch;
pub(crate) mod deliveries;
pub(crate) mod demo;
pub(crate) mod documents;
pub(crate) mod event_types;
pub(crate) mod events;
pub(crate) mod extract;
pub(crate) mod health;
pub(crate) mod keys;
pub(crate) mod listen;
pub(crate) mod metrics;
pub(crate) mod openapi;
pub(crate) mod overview;
pub(crate) mod recoveries;
pub(crate) mod session;
pub(crate) mod usage;
pub(crate) mod webhooks;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::parts::Api;

/// Routes that every process serves, whatever its role.
pub(crate) fn operating() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(health::live::api_health))
        .routes(routes!(health::live::healthz))
        .routes(routes!(health::ready::readyz))
        .routes(routes!(metrics::show::show))
}

/// Routes that everybody may call.
pub(crate) fn open() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(accounts::register::register))
        .routes(routes!(session::begin::begin, session::show::show, session::end::end))
        .routes(routes!(demo::create::create))
        .merge(operating())
        .routes(routes!(openapi::show::show))
        .routes(routes!(openapi::index::index))
        .routes(routes!(openapi::errors::errors))
        .routes(routes!(openapi::errors::error))
        .routes(routes!(event_types::schema::show))
}

/// Routes that need an API key.
pub(crate) fn authenticated() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(extract::create::create))
        .routes(routes!(documents::list::list))
        .routes(routes!(documents::show::show))
        .routes(routes!(documents::file::file))
        .routes(routes!(batch::create::create, batch::list::list))
        .routes(routes!(batch::show::show))
        .routes(routes!(batch::cancel::cancel))
        .routes(routes!(usage::show::show))
        .routes(routes!(keys::create::create, keys::list::list))
        .routes(routes!(keys::revoke::revoke))
        .routes(routes!(events::publish::publish))
        .routes(routes!(event_types::list::list))
        .routes(routes!(
            webhooks::register::register,
            webhooks::list::list,
            webhooks::delete::delete_by_query
        ))
        .routes(routes!(
            webhooks::show::show,
            webhooks::update::update,
            webhooks::delete::delete_by_path
        ))
        .routes(routes!(webhooks::test::test))
        .routes(routes!(listen::stream::listen))
        .routes(routes!(listen::report::report))
        .routes(routes!(webhooks::rotate::rotate))
        .routes(routes!(webhooks::activate::activate))
        .routes(routes!(overview::show::show))
        .routes(routes!(activity::stream::stream))
        .routes(routes!(deliveries::search::search))
        .routes(routes!(deliveries::list::list))
        .routes(routes!(deliveries::show::show))
        .routes(routes!(deliveries::retry::retry))
        .routes(routes!(recoveries::begin::begin))
        .routes(routes!(recoveries::list::list))
        .routes(routes!(recoveries::show::show, recoveries::cancel::cancel))
}

/// Something was removed.
#[derive(Serialize, ToSchema)]
pub(crate) struct Removed {
    /// Always true.
    success: bool,
    /// What was removed.
    id: String,
}

impl Removed {
    pub(crate) fn new(id: impl ToString) -> Self {
        Self { success: true, id: id.to_string() }
    }
}
