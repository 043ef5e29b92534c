//! What is measured, one function each.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parseflow_extract::{ExtractOptions, STACK_BYTES, extract};
use serde_json::{Value, json};

use crate::Plan;
use crate::error::BenchError;
use crate::load::{Connection, MakeBody, Rate, Target, closed_loop, fixed_rate, now};
use crate::receiver::{Receiver, SENT_AT_US};
use crate::report::{BARE_LOOP, Report, percentile_ms};
use crate::server::Server;

/// Longest wait for the last event of a scenario.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections that send documents.
const READERS: usize = 4;

/// Plays every scenario, run after run, so that a slow minute touches all of them.
pub(crate) async fn play(plan: &Plan) -> Result<Report, BenchError> {
    let samples = samples(&plan.samples)?;
    let mut report = Report::default();
    for _ in 0..plan.runs {
        bare_loop(plan, &mut report).await?;
        acknowledgements(plan, &mut report).await?;
        deliveries(plan, &mut report).await?;
        latency(plan, &mut report).await?;
        extraction_over_http(plan, &samples, &mut report).await?;
        extraction_alone(plan, &samples, &mut report)?;
    }
    Ok(report)
}

fn publish_target(server: &Server) -> Target {
    Target { address: server.address, path: "/api/v1/events".to_owned(), key: server.key.clone() }
}

/// About 590 bytes, as large as a small real event, with the time it was made.
pub(crate) fn event_body(clock_us: impl Fn() -> u128 + Send + Sync + 'static) -> MakeBody {
    let padding = "x".repeat(440);
    Arc::new(move |index| {
        let sent = clock_us();
        Bytes::from(format!(
            "{{\"event\":\"extraction.completed\",\"data\":{{\"id\":\"load_{index}\",\
             \"status\":\"completed\",{SENT_AT_US}{sent},\"padding\":\"{padding}\"}}}}"
        ))
    })
}

async fn register(server: &Server, receiver: &Receiver) -> Result<(), BenchError> {
    let target =
        Target { path: "/api/webhooks/notifications".to_owned(), ..publish_target(server) };
    let url = format!("http://{}/webhooks", receiver.address);
    let body = json!({"url": url, "events": ["extraction.completed"]}).to_string();
    let mut connection = Connection::open(&target).await?;
    connection.post("application/json", Bytes::from(body)).await?;
    Ok(())
}

pub(crate) fn per_second(count: usize, duration: Duration) -> f64 {
    count as f64 / duration.as_secs_f64().max(f64::EPSILON)
}

pub(crate) async fn bare_loop(plan: &Plan, report: &mut Report) -> Result<(), BenchError> {
    let receiver = Receiver::start().await?;
    let target =
        Target { address: receiver.address, path: "/webhooks".to_owned(), key: "none".to_owned() };
    let body = event_body(receiver.clock_us());
    let (_, took) = closed_loop(&target, plan.connections, plan.events, body).await?;
    report.add(BARE_LOOP, "1/s", false, per_second(plan.events, took));
    Ok(())
}

async fn acknowledgements(plan: &Plan, report: &mut Report) -> Result<(), BenchError> {
    let server = Server::start(&plan.server).await?;
    let (idle_kib, _) = server.memory_kib()?;
    report.add("resident memory, idle", "MiB", false, mib(idle_kib));
    let body = event_body(|| 0);
    let (mut took, all) =
        closed_loop(&publish_target(&server), plan.connections, plan.events, body).await?;
    took.sort();
    report.add("publish: durable acknowledgements", "1/s", true, per_second(plan.events, all));
    report.add("publish: acknowledgement p50", "ms", false, percentile_ms(&took, 50));
    report.add("publish: acknowledgement p99", "ms", false, percentile_ms(&took, 99));
    Ok(())
}

async fn deliveries(plan: &Plan, report: &mut Report) -> Result<(), BenchError> {
    let (server, receiver) = (Server::start(&plan.server).await?, Receiver::start().await?);
    register(&server, &receiver).await?;
    let body = event_body(receiver.clock_us());
    let started = now();
    let sent = closed_loop(&publish_target(&server), plan.connections, plan.events, body).await?;
    drop(sent);
    receiver.wait_for(plan.events, PATIENCE).await?;
    let all = started.elapsed();
    report.add("deliveries, publish to receipt", "1/s", true, per_second(plan.events, all));
    let (_, peak_kib) = server.memory_kib()?;
    report.add("resident memory, highest under that load", "MiB", false, mib(peak_kib));
    Ok(())
}

async fn latency(plan: &Plan, report: &mut Report) -> Result<(), BenchError> {
    let (server, receiver) = (Server::start(&plan.server).await?, Receiver::start().await?);
    register(&server, &receiver).await?;
    let target = publish_target(&server);
    // Connections, caches and the first files exist before it counts.
    let warm_up = plan.rate_per_sec as usize;
    closed_loop(&target, READERS, warm_up, event_body(receiver.clock_us())).await?;
    receiver.wait_for(warm_up, PATIENCE).await?;
    receiver.reset();
    let body = event_body(receiver.clock_us());
    let rate = Rate { per_sec: plan.rate_per_sec, offset: Duration::ZERO, duration: plan.rate_for };
    let (count, _) = fixed_rate(&target, plan.connections, rate, body).await?;
    receiver.wait_for(count, PATIENCE).await?;
    let mut latencies = receiver.take_latencies();
    latencies.sort();
    report.add("latency at a fixed rate, publish to receipt, p50", "ms", false, {
        percentile_ms(&latencies, 50)
    });
    report.add("latency at a fixed rate, publish to receipt, p99", "ms", false, {
        percentile_ms(&latencies, 99)
    });
    Ok(())
}

/// A sample document with its pages.
struct Sample {
    bytes: Bytes,
    pages: usize,
}

fn samples(folder: &Path) -> Result<Arc<Vec<Sample>>, BenchError> {
    let io = |source| BenchError::Io { what: "the samples", source };
    let mut samples = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_none_or(|extension| extension != "pdf") {
            continue;
        }
        let bytes = std::fs::read(&path).map_err(io)?;
        // Samples that show a failure have no pages to count.
        if let Ok(extraction) = extract(&bytes, &ExtractOptions::default()) {
            samples.push(Sample { bytes: bytes.into(), pages: extraction.page_count as usize });
        }
    }
    if samples.is_empty() {
        return Err(BenchError::NoSamples(folder.display().to_string()));
    }
    Ok(Arc::new(samples))
}

async fn extraction_over_http(
    plan: &Plan,
    samples: &Arc<Vec<Sample>>,
    report: &mut Report,
) -> Result<(), BenchError> {
    let server = Server::start(&plan.server).await?;
    let target = Target { path: "/api/v1/extract".to_owned(), ..publish_target(&server) };
    let (started, until) = (now(), plan.extract_for);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..READERS {
        let mut connection = Connection::open(&target).await?;
        let samples = Arc::clone(samples);
        tasks.spawn(async move {
            let mut pages = 0;
            for sample in samples.iter().cycle() {
                if started.elapsed() >= until {
                    break;
                }
                let (content_type, body) = form(&sample.bytes);
                let answer = connection.post(content_type, body).await?;
                let answer: Value = serde_json::from_slice(answer).unwrap_or_default();
                if answer["status"] != "completed" {
                    return Err(BenchError::Server("a document was not completed".to_owned()));
                }
                pages += sample.pages;
            }
            Ok(pages)
        });
    }
    let mut pages = 0;
    while let Some(done) = tasks.join_next().await {
        pages += done.map_err(|error| BenchError::Request(error.to_string()))??;
    }
    let rate = per_second(pages, started.elapsed());
    report.add("extraction over HTTP, answered with the result", "pages/s", false, rate);
    let (_, peak_kib) = server.memory_kib()?;
    report.add("resident memory, highest while extracting", "MiB", false, mib(peak_kib));
    Ok(())
}

fn extraction_alone(
    plan: &Plan,
    samples: &Arc<Vec<Sample>>,
    report: &mut Report,
) -> Result<(), BenchError> {
    let (samples, until) = (Arc::clone(samples), plan.extract_for);
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || {
        let started = now();
        let mut pages = 0;
        for sample in samples.iter().cycle() {
            if started.elapsed() >= until {
                break;
            }
            if extract(&sample.bytes, &ExtractOptions::default()).is_ok() {
                pages += sample.pages;
            }
        }
        per_second(pages, started.elapsed())
    });
    let rate = thread
        .map_err(|source| BenchError::Io { what: "a thread", source })?
        .join()
        .map_err(|_| BenchError::Server("the library panicked".to_owned()))?;
    report.add("extraction, the library alone on one thread", "pages/s", false, rate);
    Ok(())
}

fn form(file: &[u8]) -> (&'static str, Bytes) {
    const HEAD: &str = "--parseflow-bench-7d1f\r\nContent-Disposition: form-data; \
                        name=\"file\"; filename=\"sample.pdf\"\r\n\
                        Content-Type: application/pdf\r\n\r\n";
    const TAIL: &str = "\r\n--parseflow-bench-7d1f--\r\n";
    let body = [HEAD.as_bytes(), file, TAIL.as_bytes()].concat();
    ("multipart/form-data; boundary=parseflow-bench-7d1f", Bytes::from(body))
}

pub(crate) fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}
