//! `GET /api/v1/deliveries`

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::{DeliveryState, EventType, Timestamp};
use parseflow_store::DeliveryFilter;

use super::DeliveryBody;
use super::list::DeliveryPage;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::parts::Api;
use crate::query::{List, parameter};

/// List the account's deliveries
///
/// Over all webhooks, those of the newest events first, as far back as retention goes. Where few
/// deliveries pass the filters a page may be shorter than `limit`, even empty, and still be followed
/// by another one: `nextCursor` tells.
#[utoipa::path(get, path = "/api/v1/deliveries", tag = "deliveries",
    operation_id = "listAccountDeliveries",
    params(
        ("status" = Option<String>, Query,
            description = "One or more states, separated by commas", example = "retrying,exhausted"),
        ("eventType" = Option<String>, Query, description = "One event type",
            example = "extraction.completed"),
        ("endpointId" = Option<String>, Query, description = "`wh_…`"),
        ("since" = Option<String>, Query, description = "Events at or after this time (RFC 3339)"),
        ("until" = Option<String>, Query, description = "Events before this time (RFC 3339)"),
        ("limit" = Option<u32>, Query, description = "1 to 100", minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, description = "A `nextCursor` of this list"),
    ),
    responses((status = 200, body = DeliveryPage)))]
pub(crate) async fn search(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<DeliveryPage>, ApiError> {
    let filter = filter_of(&uri)?;
    let list = List { name: "account deliveries", account: caller.id() };
    let page = api.store().account_deliveries(caller.id(), &filter, &list.page(&uri)?).await?;
    Ok(Json(DeliveryPage {
        next_cursor: list.next(&page),
        deliveries: page
            .rows
            .iter()
            .map(|found| DeliveryBody::of(&found.row, &found.endpoint))
            .collect(),
    }))
}

/// The filters of the query. An endpoint that does not exist has no deliveries.
fn filter_of(uri: &Uri) -> Result<DeliveryFilter, ApiError> {
    let wrong = |name: &str, message: String| ApiError::input(format!("?{name}"), message);
    let time = |name: &str| match parameter(uri, name)? {
        None => Ok(None),
        Some(text) => text.parse::<Timestamp>().map(Some).map_err(|_| {
            wrong(name, "must be a time like 2026-04-14T10:00:00Z (RFC 3339)".to_owned())
        }),
    };
    let event_type = match parameter(uri, "eventType")? {
        None => None,
        Some(text) => Some(text.parse::<EventType>().map_err(|error| {
            wrong("eventType", format!("is not known; known are {}", error.known))
        })?),
    };
    let endpoint = match parameter(uri, "endpointId")? {
        None => None,
        Some(text) => Some(
            text.parse()
                .map_err(|_| wrong("endpointId", "must be the id of a webhook, wh_…".to_owned()))?,
        ),
    };
    let states = match parameter(uri, "status")? {
        None => Vec::new(),
        Some(text) => states_of(&text).ok_or_else(|| {
            let known = DeliveryState::ALL.map(DeliveryState::as_str).join(", ");
            wrong("status", format!("must be one or more of {known}, separated by commas"))
        })?,
    };
    Ok(DeliveryFilter {
        states,
        event_type,
        endpoint,
        since: time("since")?,
        until: time("until")?,
    })
}

/// The states of a list with commas; `None` for an empty one or one with other names.
fn states_of(text: &str) -> Option<Vec<DeliveryState>> {
    let named = |name: &str| DeliveryState::ALL.into_iter().find(|state| state.as_str() == name);
    let mut states = text.split(',').map(named).collect::<Option<Vec<_>>>()?;
    states.dedup();
    Some(states)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_listed_with_commas() {
        use DeliveryState::{Exhausted, Retrying};
        assert_eq!(states_of("retrying"), Some(vec![Retrying]));
        assert_eq!(states_of("retrying,exhausted"), Some(vec![Retrying, Exhausted]));
        for wrong in ["", "x", "retrying,", "retrying, exhausted", "Retrying"] {
            assert_eq!(states_of(wrong), None, "{wrong:?}");
        }
    }
}
