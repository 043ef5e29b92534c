//! One log line and two metrics for every request. Neither keys nor bodies nor full paths appear.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::{Method, StatusCode};
use parseflow_model::AccountId;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use parseflow_store::StoreFigures;

use crate::request_id::RequestId;
use crate::routes::events::publish;

/// Upper bounds of the latency histogram in seconds; the longest covers a synchronous extraction.
const LATENCY_BOUNDS_SECS: [f64; 11] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0];

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct RequestLabels {
    /// The template, never the path: ids would make the series endless.
    route: String,
    method: &'static str,
    /// `2xx`, `4xx`, …
    status: &'static str,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

/// What `/metrics` tells about requests and about what waits in the store.
pub(crate) struct RequestMetrics {
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, Histogram, fn() -> Histogram>,
    deliveries_due: Gauge,
    work_queued: Gauge,
    endpoints_failing: Gauge,
    endpoints_disabled: Gauge,
}

impl RequestMetrics {
    pub(crate) fn register(registry: &Mutex<Registry>) -> Self {
        let metrics = Self {
            requests: Family::default(),
            latency: Family::new_with_constructor(|| Histogram::new(LATENCY_BOUNDS_SECS)),
            deliveries_due: Gauge::default(),
            work_queued: Gauge::default(),
            endpoints_failing: Gauge::default(),
            endpoints_disabled: Gauge::default(),
        };
        let mut registry = registry.lock().unwrap_or_else(PoisonError::into_inner);
        let requests = metrics.requests.clone();
        registry.register("parseflow_http_requests", "Requests answered", requests);
        let latency = metrics.latency.clone();
        registry.register("parseflow_http_request_seconds", "Time to answer", latency);
        let gauges = [
            ("parseflow_deliveries_due", "Deliveries waiting for a retry", &metrics.deliveries_due),
            ("parseflow_work_queued", "Documents and archives not read yet", &metrics.work_queued),
            ("parseflow_endpoints_failing", "Endpoints failing", &metrics.endpoints_failing),
            ("parseflow_endpoints_disabled", "Endpoints disabled", &metrics.endpoints_disabled),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        metrics
    }

    pub(crate) fn set_figures(&self, figures: &StoreFigures) {
        let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.deliveries_due.set(count(figures.deliveries_due));
        self.work_queued.set(count(figures.work_queued));
        self.endpoints_failing.set(count(figures.endpoints_failing));
        self.endpoints_disabled.set(count(figures.endpoints_disabled));
    }
}

/// One answered request.
pub(crate) struct Answered<'a> {
    pub(crate) id: &'a RequestId,
    pub(crate) method: &'a Method,
    /// The route's template; `None` for an unknown address.
    pub(crate) route: Option<&'a str>,
    pub(crate) status: StatusCode,
    pub(crate) latency: Duration,
    pub(crate) account: Option<&'a AccountId>,
    /// What went wrong on our side.
    pub(crate) causes: Option<&'a str>,
}

impl Answered<'_> {
    /// Counts the request and writes its line: an error where we are to blame, else information,
    /// and for debugging only what would bury the rest.
    pub(crate) fn record(&self, metrics: &RequestMetrics) {
        let route = self.route.unwrap_or("unknown");
        let labels = RequestLabels {
            route: route.to_owned(),
            method: known_method(self.method),
            status: class_of(self.status),
        };
        metrics.requests.get_or_create(&labels).inc();
        let labels = RouteLabels { route: route.to_owned() };
        metrics.latency.get_or_create(&labels).observe(self.latency.as_secs_f64());

        let (id, status) = (self.id.as_str(), self.status.as_u16());
        let method = known_method(self.method);
        let account = self.account.map(AccountId::as_str);
        let latency_ms = u64::try_from(self.latency.as_millis()).unwrap_or(u64::MAX);
        if self.status.is_server_error() {
            let causes = self.causes;
            tracing::error!(request_id = id, method, route, status, latency_ms, account, causes);
        } else if is_probe(route) || self.is_published() {
            tracing::debug!(request_id = id, method, route, status, latency_ms, account);
        } else {
            tracing::info!(request_id = id, method, route, status, latency_ms, account);
        }
    }

    /// As many as there are events: the delivery log has them, this one need not.
    fn is_published(&self) -> bool {
        let route = self.route == Some(publish::PATH);
        route && self.method == Method::POST && self.status.is_success()
    }
}

/// Asked every few seconds by machines: a line each would bury the others.
fn is_probe(route: &str) -> bool {
    matches!(route, "/healthz" | "/readyz" | "/metrics" | "/api/health")
}

/// Callers may invent methods: they must not invent metrics.
fn known_method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

fn class_of(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}
