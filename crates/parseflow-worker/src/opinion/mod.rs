//! A second opinion between reading and the event: a language model is asked about what was read.
//!
//! [`SecondOpinion`] is a [`DocumentReader`] around another one. It asks a [`LanguageModel`], within
//! a deadline, and lets `parseflow-extract` merge what the page bears out. Whatever goes wrong with the
//! model, the document is read as it would have been without it, with the warning `model_unavailable`.
//!
//! The reading itself stays in its confined process; only its result, the rows of text among it, is
//! looked at here. A model that fails again and again is left alone for a while, so that a dead one does
//! not cost every document its deadline.

mod http;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parseflow_extract::ExtractOptions;
use parseflow_extract::opinion::{Question, merge, question_of};
use parseflow_model::{DocumentFailure, Extraction, ExtractionWarning, Timestamp};
use parseflow_reader::DocumentReader;
use serde_json::Value;
use tokio::sync::Semaphore;

pub use http::{ChatModel, ModelAddress};

use crate::metrics::{Outcome, WorkerMetrics};
use crate::ports::Clock;

/// After so many failures in a row the model is left alone.
const FAILURES_MAX: u32 = 3;
/// For so long.
const REST: Duration = Duration::from_secs(60);

/// Why a model gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It cannot be reached, or the connection broke before there was an answer.
    #[error("it cannot be reached")]
    Unreachable,
    /// The connection broke during the answer.
    #[error("its answer broke off")]
    BrokenOff,
    /// It answered with another status than 200.
    #[error("it answered {0}")]
    Status(u16),
    /// The answer is too large.
    #[error("its answer is larger than {limit} bytes")]
    TooLarge {
        /// How large it may be.
        limit: usize,
    },
    /// The answer is not what the protocol or the schema asks for.
    #[error("its answer is not the JSON that was asked for")]
    NotJson,
    /// There was no answer in time.
    #[error("it did not answer within {} s", .limit.as_secs_f64())]
    TimedOut {
        /// How long it had.
        limit: Duration,
    },
    /// It failed several times in a row and is not asked for a minute.
    #[error("it failed before and is left alone for a minute")]
    LeftAlone,
}

impl ModelError {
    /// The label of its counter.
    fn label(&self) -> &'static str {
        match self {
            ModelError::Unreachable => "unreachable",
            ModelError::BrokenOff => "broken_off",
            ModelError::Status(_) => "status",
            ModelError::TooLarge { .. } => "too_large",
            ModelError::NotJson => "not_json",
            ModelError::TimedOut { .. } => "timeout",
            ModelError::LeftAlone => "left_alone",
        }
    }
}

/// Answers questions about documents. Dropping the future gives the question up.
#[async_trait]
pub trait LanguageModel: Send + Sync {
    /// The answer as the schema of the question has it, as far as the model keeps to it.
    ///
    /// # Errors
    /// See [`ModelError`]. A deadline is the caller's.
    async fn ask(&self, question: &Question) -> Result<Value, ModelError>;
}

/// How much a model may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpinionLimits {
    /// From waiting for a turn to the end of the answer.
    pub timeout: Duration,
    /// Questions asked at the same time.
    pub concurrency: usize,
    /// Bytes of a document's text that are sent.
    pub text_bytes_max: usize,
}

/// The reader; see the module.
pub struct SecondOpinion {
    inner: Arc<dyn DocumentReader>,
    model: Arc<dyn LanguageModel>,
    clock: Arc<dyn Clock>,
    limits: OpinionLimits,
    turns: Semaphore,
    trouble: Mutex<Trouble>,
    metrics: WorkerMetrics,
}

/// What went wrong lately.
#[derive(Debug, Default)]
struct Trouble {
    failures: u32,
    until: Option<Timestamp>,
}

impl SecondOpinion {
    /// Reads by `inner` and asks `model`.
    pub fn new(
        inner: Arc<dyn DocumentReader>,
        model: Arc<dyn LanguageModel>,
        clock: Arc<dyn Clock>,
        limits: OpinionLimits,
        metrics: WorkerMetrics,
    ) -> Self {
        let turns = Semaphore::new(limits.concurrency.max(1));
        let trouble = Mutex::default();
        Self { inner, model, clock, limits, turns, trouble, metrics }
    }

    async fn consult(&self, extraction: &mut Extraction, own: Option<&Value>) {
        let Some(question) = question_of(extraction, own, self.limits.text_bytes_max) else {
            return;
        };
        let answer = self.answer(&question).await;
        let label = answer.as_ref().map_or_else(ModelError::label, |_| "ok");
        self.metrics.questions.get_or_create(&Outcome::new(label)).inc();
        match answer {
            Ok(answer) => {
                let mut merged = extraction.clone();
                // Our mistake, should it panic; what was read stands all the same.
                let merging = AssertUnwindSafe(|| merge(&mut merged, own, &answer));
                if catch_unwind(merging).is_ok() {
                    *extraction = merged;
                }
                if question.is_cut {
                    let message = "The language model saw the beginning of the document only.";
                    extraction.warnings.push(warning("model_text_cut", message));
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the language model gave no answer");
                let message = format!("The language model gave no opinion: {error}.");
                extraction.warnings.push(warning("model_unavailable", &message));
            }
        }
    }

    async fn answer(&self, question: &Question) -> Result<Value, ModelError> {
        let now = self.clock.now();
        if self.trouble().until.is_some_and(|until| now < until) {
            return Err(ModelError::LeftAlone);
        }
        let limit = self.limits.timeout;
        let asked = async {
            // Never closed.
            let _turn = self.turns.acquire().await;
            self.model.ask(question).await
        };
        let answer = tokio::select! {
            answer = asked => answer,
            () = self.clock.sleep_until(now + limit) => Err(ModelError::TimedOut { limit }),
        };
        self.remember(answer.is_ok());
        answer
    }

    fn trouble(&self) -> std::sync::MutexGuard<'_, Trouble> {
        // Two numbers are whole after any panic.
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, is_well: bool) {
        let now = self.clock.now();
        let mut trouble = self.trouble();
        if is_well {
            *trouble = Trouble::default();
            return;
        }
        trouble.failures += 1;
        if trouble.failures >= FAILURES_MAX {
            // One more failure after the rest begins the next one.
            *trouble = Trouble { failures: FAILURES_MAX - 1, until: Some(now + REST) };
        }
    }
}

fn warning(code: &str, message: &str) -> ExtractionWarning {
    ExtractionWarning { code: code.to_owned(), message: message.to_owned() }
}

#[async_trait]
impl DocumentReader for SecondOpinion {
    async fn read(
        &self,
        bytes: Vec<u8>,
        options: ExtractOptions,
    ) -> Result<Extraction, DocumentFailure> {
        let own = options.wishes.schema.clone();
        let options = ExtractOptions { keep_printed: true, ..options };
        let mut extraction = self.inner.read(bytes, options).await?;
        self.consult(&mut extraction, own.as_ref()).await;
        extraction.printed = Vec::new();
        Ok(extraction)
    }
}
