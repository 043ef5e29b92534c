//! `GET /api/v1/usage`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::names::PlanName;
use crate::parts::Api;

/// Usage of the present month (UTC).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Usage, example = json!({
    "plan": "pro", "period": "2026-04", "periodStart": "2026-04-01T00:00:00Z",
    "periodEnd": "2026-05-01T00:00:00Z", "used": 4000, "quota": 5000, "remaining": 1000,
    "percentUsed": 80, "requestsPerMinute": 300, "fileSizeMax": 25000000
}))]
pub(crate) struct UsageBody {
    /// `free`, `pro` or `enterprise`.
    #[schema(value_type = PlanName)]
    plan: &'static str,
    /// The calendar month.
    period: String,
    #[schema(format = DateTime)]
    period_start: String,
    /// The first instant after the period.
    #[schema(format = DateTime)]
    period_end: String,
    /// Documents counted.
    used: u64,
    /// Documents per month; null without a limit.
    quota: Option<u64>,
    /// Documents left; null without a limit.
    remaining: Option<u64>,
    /// Rounded down; null without a limit.
    percent_used: Option<u64>,
    /// Requests a minute for each key; null without a limit.
    requests_per_minute: Option<u64>,
    /// Largest document in bytes.
    file_size_max: u64,
}

/// Get usage
///
/// Plan, period, documents used and left.
#[utoipa::path(get, path = "/api/v1/usage", tag = "account", operation_id = "getUsage",
    responses((status = 200, body = UsageBody)))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<UsageBody>, ApiError> {
    let usage = api.store().usage(caller.id(), api.now().month()).await?;
    let limit = caller.limits.documents_per_month;
    Ok(Json(UsageBody {
        plan: caller.account.plan.as_str(),
        period: usage.period.to_string(),
        period_start: usage.period.start().to_string(),
        period_end: usage.period.end().to_string(),
        used: usage.used,
        quota: limit.count(),
        remaining: limit.count().map(|limit| limit.saturating_sub(usage.used)),
        percent_used: limit.percent_used(usage.used),
        requests_per_minute: caller.limits.requests_per_minute.count(),
        file_size_max: caller.limits.file_bytes_max,
    }))
}
