//! Deliveries in every situation that matters at scale, on one database: one function each.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::Plan;
use crate::database::Database;
use crate::error::BenchError;
use crate::fill::{Span, history, retries};
use crate::load::{Connection, Rate, Target, closed_loop, fixed_rate, now};
use crate::probe::{Machine, Probe};
use crate::receiver::Receiver;
use crate::report::{Report, percentile_ms};
use crate::scenarios::{bare_loop, event_body, mib, per_second};
use crate::server::{Installation, Process};

/// Endpoints of the scenarios with several.
const ENDPOINTS: usize = 10;
/// Longest wait for the last event of a scenario.
const PATIENCE: Duration = Duration::from_secs(180);

/// The names by which `--only` takes one of them, in the order in which they are played.
pub(crate) const SITUATIONS: [&str; 7] =
    ["sustained", "slow-rate", "fast-rate", "one-hangs", "fan-out", "retries", "history"];

/// Those whose tables are filled first, which takes minutes: they are played once.
const FILLED: [&str; 2] = ["retries", "history"];

/// Plays every scenario, or the one that is wanted: run after run, so that a slow minute touches all.
pub(crate) async fn play(
    plan: &Plan,
    database: &Database,
    report: &mut Report,
) -> Result<(), BenchError> {
    let wanted = |situation| plan.only.as_deref().is_none_or(|only| only == situation);
    for run in 0..plan.runs {
        for situation in SITUATIONS {
            if wanted(situation) && (run == 0 || !FILLED.contains(&situation)) {
                situate(situation, plan, database, report).await?;
            }
        }
    }
    Ok(())
}

async fn situate(
    situation: &str,
    plan: &Plan,
    database: &Database,
    report: &mut Report,
) -> Result<(), BenchError> {
    match situation {
        "sustained" => sustained(plan, database, report).await,
        "slow-rate" => {
            let found = at_rate(plan, database, plan.rate_per_sec).await?;
            found.add_to(report, &SLOW_RATE);
            Ok(())
        }
        "fast-rate" => {
            let found = at_rate(plan, database, plan.high_rate_per_sec).await?;
            found.add_to(report, &FAST_RATE);
            Ok(())
        }
        "one-hangs" => one_hangs(plan, database, report).await,
        "fan-out" => fan_out(plan, database, report).await,
        "retries" => many_retries(plan, database, report).await,
        _ => beside_history(plan, database, report).await,
    }
}

fn target(process: &Process, path: &str, key: &str) -> Target {
    Target { address: process.address, path: path.to_owned(), key: key.to_owned() }
}

fn publish(process: &Process, key: &str) -> Target {
    target(process, "/api/v1/events", key)
}

async fn register(process: &Process, key: &str, url: &str) -> Result<(), BenchError> {
    let body = json!({"url": url, "events": ["extraction.completed"]}).to_string();
    let hooks = target(process, "/api/webhooks/notifications", key);
    let mut connection = Connection::open(&hooks).await?;
    connection.post("application/json", Bytes::from(body)).await.map(drop)
}

fn hook(receiver: &Receiver) -> String {
    format!("http://{}/webhooks", receiver.address)
}

/// Publishes as fast as it is acknowledged and waits for every delivery; deliveries a second.
async fn throughput(
    plan: &Plan,
    process: &Process,
    key: &str,
    receiver: &Receiver,
    fan_out: usize,
) -> Result<f64, BenchError> {
    let (events, body) = (plan.events / fan_out, event_body(receiver.clock_us()));
    receiver.reset();
    let started = now();
    closed_loop(&publish(process, key), plan.connections, events, body).await?;
    receiver.wait_for(events * fan_out, PATIENCE).await?;
    Ok(per_second(events * fan_out, started.elapsed()))
}

fn key(installation: &Installation) -> &str {
    installation.keys.first().map_or("", String::as_str)
}

async fn sustained(
    plan: &Plan,
    database: &Database,
    report: &mut Report,
) -> Result<(), BenchError> {
    bare_loop(plan, report).await?;
    let installation = Installation::create(&plan.server, database, 1).await?;
    let (process, receiver) = (installation.start(&[])?, Receiver::start().await?);
    register(&process, key(&installation), &hook(&receiver)).await?;
    // Connections, caches, statements and the first files exist before it counts.
    closed_loop(
        &publish(&process, key(&installation)),
        plan.connections,
        plan.events / 10,
        event_body(receiver.clock_us()),
    )
    .await?;
    receiver.wait_for(plan.events / 10, PATIENCE).await?;
    let before = installation.cpu_secs(&process).await?;
    let rate = throughput(plan, &process, key(&installation), &receiver, 1).await?;
    let used = installation.cpu_secs(&process).await? - before;
    report.add("sustained deliveries", "1/s", true, rate);
    report.add("processor time of service and database, for 10,000", "s", false, {
        used * 10_000.0 / plan.events as f64
    });
    report.add("resident memory of the service, highest", "MiB", false, {
        mib(process.memory_kib()?.1)
    });
    end(&installation, process).await
}

/// The process is ended before what it used is removed.
async fn end(installation: &Installation, process: Process) -> Result<(), BenchError> {
    drop(process);
    installation.database.close().await
}

/// The names of what is reported of a rate.
struct Names {
    p50: &'static str,
    p99: &'static str,
    flush: &'static str,
    by_flush: &'static str,
    stolen: &'static str,
}

const SLOW_RATE: Names = Names {
    p50: "300/s over ten endpoints, publish to receipt, p50",
    p99: "300/s over ten endpoints, publish to receipt, p99",
    flush: "300/s: p99 of a flush of the disk in that minute",
    by_flush: "300/s: p99 by that of the disk",
    stolen: "300/s: processor time that the host took meanwhile",
};

const FAST_RATE: Names = Names {
    p50: "2,000/s over ten endpoints, publish to receipt, p50",
    p99: "2,000/s over ten endpoints, publish to receipt, p99",
    flush: "2,000/s: p99 of a flush of the disk in that minute",
    by_flush: "2,000/s: p99 by that of the disk",
    stolen: "2,000/s: processor time that the host took meanwhile",
};

/// Latencies in milliseconds, and what the machine was like.
struct Latency {
    p50: f64,
    p99: f64,
    machine: Machine,
}

impl Latency {
    fn add_to(&self, report: &mut Report, names: &Names) {
        let Machine { flush_p99_ms, stolen_percent } = self.machine;
        report.add(names.p50, "ms", false, self.p50);
        report.add(names.p99, "ms", false, self.p99);
        report.add(names.flush, "ms", false, flush_p99_ms);
        report.add(names.by_flush, "times", false, self.p99 / flush_p99_ms);
        report.add(names.stolen, "%", false, stolen_percent);
    }
}

/// Ten accounts with an endpoint each, all at one rate together. Without `hanging`, every endpoint
/// answers at once; otherwise the last one never does, and the others are measured.
async fn over_endpoints(
    plan: &Plan,
    installation: &Installation,
    process: &Process,
    rate_per_sec: u32,
    hanging: bool,
) -> Result<Latency, BenchError> {
    let receiver = Receiver::start().await?;
    let black_hole = TcpListener::bind(("127.0.0.1", 0))
        .await
        .map_err(|source| BenchError::Io { what: "the receiver that hangs", source })?;
    let address = black_hole
        .local_addr()
        .map_err(|source| BenchError::Io { what: "the receiver that hangs", source })?;
    for (index, key) in installation.keys.iter().enumerate() {
        let url = match hanging && index + 1 == installation.keys.len() {
            true => format!("http://{address}/webhooks"),
            false => hook(&receiver),
        };
        register(process, key, &url).await?;
    }
    let probe = Probe::begin(installation.folder())?;
    let answering = installation.keys.len() - usize::from(hanging);
    let each = rate_per_sec / installation.keys.len() as u32;
    let warm_up = Duration::from_secs(1).min(plan.rate_for);
    for duration in [warm_up, plan.rate_for] {
        receiver.reset();
        let mut tasks = JoinSet::new();
        for (number, key) in (0..).zip(&installation.keys) {
            // One after the other, evenly spaced over all: ten at the same moment are another load.
            let offset = Duration::from_secs(1) * number / rate_per_sec;
            let rate = Rate { per_sec: each, offset, duration };
            let (target, body) = (publish(process, key), event_body(receiver.clock_us()));
            let connections = (plan.connections / ENDPOINTS).max(2);
            tasks.spawn(async move { fixed_rate(&target, connections, rate, body).await });
        }
        let mut count = 0;
        while let Some(done) = tasks.join_next().await {
            count = done.map_err(|error| BenchError::Request(error.to_string()))??.0;
        }
        receiver.wait_for(count * answering, PATIENCE).await?;
    }
    let mut latencies = receiver.take_latencies();
    latencies.sort();
    let machine = probe.end(installation.folder())?;
    Ok(Latency { p50: percentile_ms(&latencies, 50), p99: percentile_ms(&latencies, 99), machine })
}

async fn at_rate(
    plan: &Plan,
    database: &Database,
    rate_per_sec: u32,
) -> Result<Latency, BenchError> {
    let installation = Installation::create(&plan.server, database, ENDPOINTS).await?;
    let process = installation.start(&[])?;
    let found = over_endpoints(plan, &installation, &process, rate_per_sec, false).await?;
    end(&installation, process).await?;
    Ok(found)
}

async fn one_hangs(
    plan: &Plan,
    database: &Database,
    report: &mut Report,
) -> Result<(), BenchError> {
    let mut p99 = [0.0; 2];
    for (found, hanging) in p99.iter_mut().zip([false, true]) {
        let installation = Installation::create(&plan.server, database, ENDPOINTS).await?;
        let process = installation.start(&[])?;
        let rate = plan.rate_per_sec;
        *found = over_endpoints(plan, &installation, &process, rate, hanging).await?.p99;
        end(&installation, process).await?;
    }
    let [healthy, beside] = p99;
    report.add("one of ten endpoints hangs: p99 of the others", "ms", false, beside);
    report.add("one of ten endpoints hangs: by that without it", "times", false, beside / healthy);
    Ok(())
}

async fn fan_out(plan: &Plan, database: &Database, report: &mut Report) -> Result<(), BenchError> {
    let installation = Installation::create(&plan.server, database, 1).await?;
    let (process, receiver) = (installation.start(&[])?, Receiver::start().await?);
    for number in 0..ENDPOINTS {
        let url = format!("{}/{number}", hook(&receiver));
        register(&process, key(&installation), &url).await?;
    }
    let rate = throughput(plan, &process, key(&installation), &receiver, ENDPOINTS).await?;
    report.add("each event to ten endpoints: deliveries", "1/s", true, rate);
    end(&installation, process).await
}

#[expect(clippy::disallowed_methods, reason = "history is written for the present")]
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

const HOUR_MS: i64 = 3_600_000;

/// Most wait for hours, a hundredth is due at the start.
async fn many_retries(
    plan: &Plan,
    database: &Database,
    report: &mut Report,
) -> Result<(), BenchError> {
    let installation = Installation::create(&plan.server, database, 1).await?;
    let receiver = Receiver::start().await?;
    let first = installation.start(&[])?;
    for number in 0..ENDPOINTS {
        let url = format!("{}/{number}", hook(&receiver));
        register(&first, key(&installation), &url).await?;
    }
    drop(first);
    let now_ms = now_ms();
    let past =
        Span { from_ms: now_ms - 2 * HOUR_MS, to_ms: now_ms - HOUR_MS, events: plan.retries };
    let late = (now_ms - HOUR_MS / 100, now_ms - HOUR_MS / 100 + HOUR_MS);
    installation.fill(&retries(&installation.database, past, ENDPOINTS, late)).await?;
    let due = (plan.retries / 100) as usize;
    let process = installation.start(&[])?;
    report.add("scheduled retries: start until ready", "ms", false, {
        process.ready_after.as_secs_f64() * 1_000.0
    });
    let before = installation.cpu_secs(&process).await?;
    let started = now();
    receiver.wait_for(due, PATIENCE).await?;
    report.add("scheduled retries: those that are due", "1/s", true, {
        per_second(due, started.elapsed())
    });
    let used = installation.cpu_secs(&process).await? - before;
    report.add("scheduled retries: processor time, for 10,000 claimed", "s", false, {
        used * 10_000.0 / due as f64
    });
    report.add("scheduled retries: resident memory of the service", "MiB", false, {
        mib(process.memory_kib()?.1)
    });
    end(&installation, process).await
}

/// Events of history that are written in one transaction.
const FILLED_AT_ONCE: u64 = 1_000_000;

/// The same load on an empty installation, beside a long history, and while retention removes it.
async fn beside_history(
    plan: &Plan,
    database: &Database,
    report: &mut Report,
) -> Result<(), BenchError> {
    let installation = Installation::create(&plan.server, database, 1).await?;
    let receiver = Receiver::start().await?;
    let first = installation.start(&[])?;
    register(&first, key(&installation), &hook(&receiver)).await?;
    let rate = throughput(plan, &first, key(&installation), &receiver, 1).await?;
    report.add("deliveries before there is a history", "1/s", true, rate);
    drop(first);
    let now_ms = now_ms();
    let events = plan.history_rows / 2;
    let past = Span { from_ms: now_ms - 30 * HOUR_MS, to_ms: now_ms - 3 * HOUR_MS, events };
    for part in past.parts(FILLED_AT_ONCE) {
        installation.fill(&history(&installation.database, part)).await?;
    }
    installation.settle_down().await?;
    let process = installation.start(&[])?;
    let rate = throughput(plan, &process, key(&installation), &receiver, 1).await?;
    report.add("deliveries beside a long history", "1/s", true, rate);
    drop(process);
    let process = installation.start(&["--retention", "1h"])?;
    let rate = throughput(plan, &process, key(&installation), &receiver, 1).await?;
    report.add("deliveries while retention removes it", "1/s", true, rate);
    end(&installation, process).await
}
