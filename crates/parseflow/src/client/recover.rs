//! `parseflow recover`: after an outage, what ended without success is sent again.

use std::time::Duration;

use parseflow_model::{Timestamp, WallClock};
use parseflow_webhooks::retry::parse_duration;
use parseflow_worker::Clock;
use serde_json::{Value, json};

use super::api::encoded;
use super::args::RecoverArgs;
use super::table::{cell, print};
use super::{Api, ClientError, endpoints, progress};
use crate::clock::SystemClock;
use crate::screen::{Screen, complain};

/// Between two looks at a recovery.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// Counts, or sends again, for one endpoint or for all of the account.
pub(super) async fn run(args: &RecoverArgs, screen: Screen) -> Result<(), ClientError> {
    let now = SystemClock.now();
    let mut wish = json!({"since": time(&args.since, now, "--since")?.to_string()});
    if let Some(until) = &args.until {
        wish["until"] = time(until, now, "--until")?.to_string().into();
    }
    if !args.status.is_empty() {
        wish["statuses"] = json!(args.status);
    }
    if !args.event_type.is_empty() {
        wish["eventTypes"] = json!(args.event_type);
    }
    let api = args.on.connect.api()?;
    let counted = counted(&api, args, &wish).await?;
    if args.dry_run {
        tell_counts(&counted, args.on.json, screen);
        return Ok(());
    }
    let wanted: Vec<_> = counted.iter().filter(|one| one.count > 0).collect();
    let (mut recoveries, mut failed) = (Vec::new(), 0);
    for one in &wanted {
        match recovered(&api, one, &wish, args.no_wait).await {
            Ok(recovery) => {
                failed += usize::from(recovery["status"] == "cancelled");
                recoveries.push(recovery);
            }
            // The others are recovered all the same.
            Err(error @ ClientError::Refused { .. }) => {
                complain(&format!("{}: {error}", one.id));
                failed += 1;
            }
            Err(error) => return Err(error),
        }
    }
    tell_recoveries(recoveries, args.on.json, screen);
    match failed {
        0 => Ok(()),
        failed => Err(ClientError::Recoveries { failed, all: wanted.len() }),
    }
}

/// A time as given: `2h` before now, or RFC 3339.
fn time(text: &str, now: Timestamp, what: &'static str) -> Result<Timestamp, ClientError> {
    let ago = parse_duration(text).ok().map(|ago| now - ago);
    ago.or_else(|| text.parse().ok()).ok_or_else(|| ClientError::Argument {
        what,
        text: text.to_owned(),
        expected: "a time before now such as 30m, 2h or 3d, or 2026-04-14T10:00:00Z",
    })
}

/// An endpoint and how many of its deliveries are meant.
struct Counted {
    id: String,
    url: String,
    count: u64,
}

async fn counted(api: &Api, args: &RecoverArgs, wish: &Value) -> Result<Vec<Counted>, ClientError> {
    let endpoints = match &args.endpoint {
        Some(id) => vec![api.get(&format!("{}/{}", endpoints::ROUTE, encoded(id))).await?],
        None => endpoints::all(api).await?,
    };
    let mut dry = wish.clone();
    dry["dryRun"] = true.into();
    let mut counted = Vec::new();
    for endpoint in endpoints {
        let id = cell(&endpoint["id"]);
        let answer = api.post(&route(&id), &dry).await?;
        let count = answer["count"].as_u64().unwrap_or_default();
        counted.push(Counted { id, url: cell(&endpoint["url"]), count });
    }
    Ok(counted)
}

fn route(endpoint: &str) -> String {
    format!("{}/{}/recover", endpoints::ROUTE, encoded(endpoint))
}

/// Begins a recovery and, unless told not to, watches it to its end.
async fn recovered(
    api: &Api,
    one: &Counted,
    wish: &Value,
    no_wait: bool,
) -> Result<Value, ClientError> {
    let mut recovery = api.post(&route(&one.id), wish).await?;
    let id = cell(&recovery["id"]);
    let path = format!("{}/{}/recoveries/{id}", endpoints::ROUTE, encoded(&one.id));
    let number = |recovery: &Value, name: &str| recovery[name].as_u64().unwrap_or_default();
    let bar = progress::of_deliveries(&one.id, number(&recovery, "total"));
    while !no_wait && recovery["status"] == "running" {
        SystemClock.sleep_until(SystemClock.now() + LOOK_AGAIN).await;
        recovery = api.get(&path).await?;
        bar.set_position(number(&recovery, "done"));
    }
    bar.finish_and_clear();
    Ok(recovery)
}

fn tell_counts(counted: &[Counted], json: bool, screen: Screen) {
    let total: u64 = counted.iter().map(|one| one.count).sum();
    if json {
        let each: Vec<_> =
            counted.iter().map(|one| json!({"endpointId": one.id, "count": one.count})).collect();
        screen.line(json!({"count": total, "endpoints": each}).to_string());
        return;
    }
    let rows: Vec<_> = counted
        .iter()
        .map(|one| vec![one.id.clone(), one.count.to_string(), one.url.clone()])
        .collect();
    print(screen, &["ENDPOINT", "DELIVERIES", "URL"], &rows);
    screen.line(format!("{total} deliveries would be sent again"));
}

fn tell_recoveries(recoveries: Vec<Value>, json: bool, screen: Screen) {
    if json {
        screen.line(json!({ "recoveries": recoveries }).to_string());
        return;
    }
    let number = |one: &Value, name: &str| one[name].as_u64().unwrap_or_default();
    let done: u64 = recoveries.iter().map(|one| number(one, "done")).sum();
    let total: u64 = recoveries.iter().map(|one| number(one, "total")).sum();
    let rows: Vec<_> = recoveries
        .iter()
        .map(|one| ["webhookId", "id", "status", "done", "total"].map(|n| cell(&one[n])).to_vec())
        .collect();
    print(screen, &["ENDPOINT", "RECOVERY", "STATUS", "QUEUED", "OF"], &rows);
    screen.line(format!("{done} of {total} deliveries are queued to be sent again"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_so_long_ago_or_rfc_3339() {
        let now: Timestamp = "2026-04-14T10:00:00Z".parse().unwrap();
        let read = |text| time(text, now, "--since").map(|time| time.to_string());
        assert_eq!(read("2h").unwrap(), "2026-04-14T08:00:00Z");
        assert_eq!(read("3d").unwrap(), "2026-04-11T10:00:00Z");
        assert_eq!(read("2026-04-01T00:00:00Z").unwrap(), "2026-04-01T00:00:00Z");
        for wrong in ["", "2", "yesterday", "-2h", "2h30m"] {
            assert_eq!(read(wrong).unwrap_err().exit_code(), 2, "{wrong}");
        }
    }
}
