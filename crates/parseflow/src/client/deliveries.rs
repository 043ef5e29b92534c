//! `parseflow deliveries`.

use std::collections::BTreeMap;
use std::time::Duration;

use parseflow_model::WallClock;
use parseflow_worker::Clock;
use serde_json::{Value, json};

use super::api::encoded;
use super::args::{DeliveriesCommand, TailArgs};
use super::endpoints::ROUTE;
use super::table::{cell, print};
use super::{Api, ClientError};
use crate::clock::SystemClock;
use crate::screen::Screen;

/// Between two looks at the log.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn run(command: DeliveriesCommand, screen: Screen) -> Result<(), ClientError> {
    match command {
        DeliveriesCommand::List(args) => {
            let api = args.on.connect.api()?;
            let page = api.get(&format!("{}?limit={}", log_of(&args.endpoint), args.limit)).await?;
            if args.on.json {
                screen.line(page.to_string());
            } else {
                let rows: Vec<Vec<String>> = rows(&page).iter().map(line).collect();
                print(screen, &["ID", "STATE", "EVENT", "ATTEMPTS", "STATUS", "NEXT"], &rows);
            }
            Ok(())
        }
        DeliveriesCommand::Show(args) => {
            let path = format!("{}/{}", log_of(&args.endpoint), encoded(&args.id));
            let delivery = args.on.connect.api()?.get(&path).await?;
            if args.on.json {
                screen.line(delivery.to_string());
            } else {
                show(&delivery, screen);
            }
            Ok(())
        }
        DeliveriesCommand::Retry(args) => {
            let path = format!("{}/{}/retry", log_of(&args.endpoint), encoded(&args.id));
            let answer = args.on.connect.api()?.post(&path, &json!({})).await?;
            if args.on.json {
                screen.line(answer.to_string());
            } else {
                screen.line(format!("{} is {}", args.id, cell(&answer["state"])));
            }
            Ok(())
        }
        DeliveriesCommand::Tail(args) => tail(&args, screen).await,
    }
}

fn log_of(endpoint: &str) -> String {
    format!("{ROUTE}/{}/deliveries", encoded(endpoint))
}

fn rows(page: &Value) -> Vec<Value> {
    page["deliveries"].as_array().cloned().unwrap_or_default()
}

fn line(row: &Value) -> Vec<String> {
    ["id", "state", "event", "attemptCount", "lastStatus", "nextAttemptAt"]
        .map(|name| cell(&row[name]))
        .to_vec()
}

fn show(delivery: &Value, screen: Screen) {
    for name in ["id", "event", "state", "createdAt", "attemptCount", "nextAttemptAt"] {
        screen.line(format!("{name:<14} {}", cell(&delivery[name])));
    }
    for attempt in delivery["attempts"].as_array().into_iter().flatten() {
        let part = |name: &str| cell(&attempt[name]);
        screen.line(format!(
            "  attempt {}  {}  {} ms  {}  {}",
            part("number"),
            part("startedAt"),
            part("durationMs"),
            part("status"),
            part("error"),
        ));
    }
}

/// Prints every change of the newest deliveries, until interrupted.
async fn tail(args: &TailArgs, screen: Screen) -> Result<(), ClientError> {
    let api = args.on.connect.api()?;
    let mut seen = BTreeMap::new();
    loop {
        changes(&api, args, &mut seen, screen).await?;
        if args.once {
            return Ok(());
        }
        tokio::select! {
            _ = tokio::signal::ctrl_c() => return Ok(()),
            () = SystemClock.sleep_until(SystemClock.now() + LOOK_AGAIN) => {}
        }
    }
}

async fn changes(
    api: &Api,
    args: &TailArgs,
    seen: &mut BTreeMap<String, Vec<String>>,
    screen: Screen,
) -> Result<(), ClientError> {
    let page = api.get(&format!("{}?limit=100", log_of(&args.endpoint))).await?;
    let mut newest = BTreeMap::new();
    for row in rows(&page).iter().rev() {
        let cells = line(row);
        let id = cells[0].clone();
        if seen.get(&id) != Some(&cells) {
            screen.line(if args.on.json { row.to_string() } else { cells.join("  ") });
        }
        newest.insert(id, cells);
    }
    // What has left the first page can change no more without coming back to it as a new line.
    *seen = newest;
    Ok(())
}
