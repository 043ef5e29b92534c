//! `GET /api/v1/overview`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use http::Uri;
use parseflow_model::Timestamp;
use parseflow_store::{HourFigures, Overview};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::parts::Api;
use crate::query::parameter;

const HOUR: Duration = Duration::from_secs(3_600);
const WINDOWS: [(&str, u32); 4] = [("1h", 1), ("24h", 24), ("7d", 7 * 24), ("30d", 30 * 24)];

/// Documents by what came of them.
#[derive(Serialize, ToSchema)]
#[schema(as = ExtractionFigures)]
pub(crate) struct ExtractionFigures {
    completed: u64,
    failed: u64,
}

/// Deliveries by what came of them.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryFigures)]
pub(crate) struct DeliveryFigures {
    succeeded: u64,
    /// Given up: every scheduled attempt failed.
    failed: u64,
    /// Waiting for another attempt at this moment, at most 10000 for each webhook.
    waiting: u64,
}

/// Time from an event to its acceptance by the receiver, in milliseconds.
#[derive(Serialize, ToSchema)]
#[schema(as = DeliveryTimes)]
pub(crate) struct DeliveryTimes {
    /// Half of the deliveries took no longer; null if there were none.
    p50: Option<u64>,
    /// 95 of 100 took no longer.
    p95: Option<u64>,
}

/// One hour.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HourFigures)]
pub(crate) struct HourBody {
    /// When it begins.
    #[schema(format = DateTime)]
    start: String,
    extractions_completed: u64,
    extractions_failed: u64,
    deliveries_succeeded: u64,
    deliveries_failed: u64,
}

/// What happened lately.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Overview)]
pub(crate) struct OverviewBody {
    /// The length of the time looked at.
    #[schema(example = "24h")]
    window: &'static str,
    #[schema(format = DateTime)]
    from: String,
    #[schema(format = DateTime)]
    to: String,
    /// False where more happened than is looked at: then the figures lack the oldest part.
    complete: bool,
    extractions: ExtractionFigures,
    deliveries: DeliveryFigures,
    delivery_time_ms: DeliveryTimes,
    /// Every hour of the time, oldest first; the first and the last are cut.
    series: Vec<HourBody>,
}

impl OverviewBody {
    fn new((window, hours): (&'static str, u32), made_at: Timestamp, overview: &Overview) -> Self {
        let from = made_at - HOUR * hours;
        let series = every_hour(from, made_at, &overview.hours);
        let sum = |of: fn(&HourFigures) -> u64| overview.hours.iter().map(of).sum();
        let mut times = overview.delivery_ms.clone();
        times.sort_unstable();
        Self {
            window,
            from: from.to_string(),
            to: made_at.to_string(),
            complete: overview.complete,
            extractions: ExtractionFigures {
                completed: sum(|hour| hour.documents_completed),
                failed: sum(|hour| hour.documents_failed),
            },
            deliveries: DeliveryFigures {
                succeeded: sum(|hour| hour.deliveries_succeeded),
                failed: sum(|hour| hour.deliveries_failed),
                waiting: overview.waiting,
            },
            delivery_time_ms: DeliveryTimes {
                p50: percentile(&times, 50),
                p95: percentile(&times, 95),
            },
            series,
        }
    }
}

/// The figures of each hour from the one of `from` to the one of `to`, also of those without any.
fn every_hour(from: Timestamp, to: Timestamp, found: &[HourFigures]) -> Vec<HourBody> {
    let hour_ms = i64::try_from(HOUR.as_millis()).unwrap_or(i64::MAX);
    let hour_of = |at: Timestamp| at.millis().div_euclid(hour_ms);
    let body = |hour: i64| {
        let start = Timestamp::from_millis(hour * hour_ms);
        let figures = found.iter().find(|figures| figures.start == start);
        let figures = figures.copied().unwrap_or_default();
        HourBody {
            start: start.to_string(),
            extractions_completed: figures.documents_completed,
            extractions_failed: figures.documents_failed,
            deliveries_succeeded: figures.deliveries_succeeded,
            deliveries_failed: figures.deliveries_failed,
        }
    };
    (hour_of(from)..=hour_of(to)).map(body).collect()
}

/// The smallest value that so many of 100 do not exceed (nearest rank).
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

/// Overview
///
/// How many documents were read and how many deliveries arrived, and how fast, by hour. The answer may
/// be ten seconds old.
#[utoipa::path(get, path = "/api/v1/overview", tag = "account", operation_id = "getOverview",
    params(("window" = Option<String>, Query,
        description = "`1h`, `24h` (if left out), `7d` or `30d`", example = "24h")),
    responses(
        (status = 200, body = OverviewBody),
        (status = 400, description = "`invalid_input`"),
    ))]
pub(crate) async fn show(
    State(api): State<Api>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<OverviewBody>, ApiError> {
    let wanted = parameter(&uri, "window")?;
    let wanted = wanted.as_deref().unwrap_or("24h");
    let window = WINDOWS.into_iter().find(|(name, _)| *name == wanted);
    let window =
        window.ok_or_else(|| ApiError::input("?window", "must be one of 1h, 24h, 7d, 30d"))?;
    let length = HOUR * window.1;
    let (made_at, overview) = api.overviews.of(api.store(), caller.id(), length, api.now()).await?;
    Ok(Json(OverviewBody::new(window, made_at, &overview)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        let check = |sorted: &[u64], percent, expected| {
            assert_eq!(percentile(sorted, percent), expected, "{sorted:?}");
        };
        check(&[], 50, None);
        check(&[7], 50, Some(7));
        check(&[7], 95, Some(7));
        check(&[1, 2], 50, Some(1));
        check(&[1, 2, 3], 50, Some(2));
        let hundred: Vec<u64> = (1..=100).collect();
        check(&hundred, 50, Some(50));
        check(&hundred, 95, Some(95));
    }

    #[test]
    fn hours_without_anything_are_in_the_series_too() {
        let at = |minutes: i64| Timestamp::from_secs(1_776_160_800 + minutes * 60);
        let found = HourFigures { start: at(60), deliveries_failed: 2, ..HourFigures::default() };
        let series = every_hour(at(30), at(150), &[found]);
        let starts: Vec<_> = series.iter().map(|hour| &hour.start[11..16]).collect();
        assert_eq!(starts, ["10:00", "11:00", "12:00"]);
        let failed: Vec<_> = series.iter().map(|hour| hour.deliveries_failed).collect();
        assert_eq!(failed, [0, 2, 0]);
    }
}
