//! What the loops count.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

/// How something ended: `ok`, or the kind or code of its failure.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Outcome {
    outcome: String,
}

impl Outcome {
    /// The label for `outcome`.
    pub(crate) fn new(outcome: &str) -> Self {
        Self { outcome: outcome.to_owned() }
    }
}

/// Counters of the loops. Cheap to clone.
#[derive(Clone, Debug)]
pub struct WorkerMetrics {
    pub(crate) attempts: Family<Outcome, Counter>,
    pub(crate) attempt_seconds: Histogram,
    pub(crate) in_flight: Gauge,
    pub(crate) waiting: Gauge,
    pub(crate) spilled: Counter,
    pub(crate) lateness_seconds: Histogram,
    pub(crate) documents: Family<Outcome, Counter>,
    pub(crate) document_seconds: Histogram,
    pub(crate) pages: Counter<u64, AtomicU64>,
    pub(crate) questions: Family<Outcome, Counter>,
}

impl WorkerMetrics {
    /// Counters that are part of `registry`.
    pub fn new(registry: &mut Registry) -> Self {
        let seconds = || Histogram::new(exponential_buckets(0.001, 2.0, 16));
        let metrics = Self {
            attempts: Family::default(),
            attempt_seconds: seconds(),
            in_flight: Gauge::default(),
            waiting: Gauge::default(),
            spilled: Counter::default(),
            lateness_seconds: seconds(),
            documents: Family::default(),
            document_seconds: seconds(),
            pages: Counter::default(),
            questions: Family::default(),
        };
        registry.register(
            "parseflow_attempts",
            "Attempts made, by outcome",
            metrics.attempts.clone(),
        );
        registry.register(
            "parseflow_attempt_duration_seconds",
            "Duration of attempts",
            metrics.attempt_seconds.clone(),
        );
        registry.register(
            "parseflow_attempts_in_flight",
            "Attempts running",
            metrics.in_flight.clone(),
        );
        registry.register(
            "parseflow_deliveries_in_memory",
            "Deliveries waiting in memory",
            metrics.waiting.clone(),
        );
        registry.register(
            "parseflow_deliveries_spilled",
            "First attempts given back to the store for want of room",
            metrics.spilled.clone(),
        );
        registry.register(
            "parseflow_attempt_lateness_seconds",
            "How long after it was due an attempt began",
            metrics.lateness_seconds.clone(),
        );
        registry.register(
            "parseflow_documents",
            "Documents read, by outcome",
            metrics.documents.clone(),
        );
        registry.register(
            "parseflow_document_duration_seconds",
            "Time spent reading documents",
            metrics.document_seconds.clone(),
        );
        registry.register("parseflow_pages", "Pages read", metrics.pages.clone());
        registry.register(
            "parseflow_model_questions",
            "Questions to the language model, by outcome",
            metrics.questions.clone(),
        );
        metrics
    }
}
