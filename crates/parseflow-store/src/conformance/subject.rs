//! The store under test, with short ways to say what the tests say often.

use std::any::Any;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use parseflow_model::{
    Account, AccountId, ApiKey, Attempt, AttemptOutcome, Batch, BatchId, BatchStatus,
    CanonicalData, DeliveryId, Dice, Document, DocumentId, DocumentStatus, DocumentType, Endpoint,
    EndpointSettings, Event, EventType, Extraction, Fact, FailureKind, FileMeta, Health, KeyId,
    KeyMode, Limit, Limits, Plan, ReadingWishes, RequestedType, Timestamp, Trigger, WebhookId,
};
use serde_json::Map;

use crate::port::{
    Admission, Claim, ClaimedDelivery, DispatcherLease, EndpointChange, EventBodies, HealthFacts,
    NewAccount, NewEndpoint, Next, Notice, NoticeSink, PageRequest, Publish, Published, Rules,
    SettingsChange, Settled, Settlement, Store,
};

/// Rules as plain as they can be: the suite tests the store, not the product's rules.
#[derive(Debug, Clone, Copy)]
pub struct PlainRules;

impl Rules for PlainRules {
    fn limits(&self, account: &Account) -> Limits {
        Limits {
            documents_per_month: account.documents_per_month.unwrap_or(Limit::AtMost(100)),
            requests_per_minute: Limit::Unlimited,
            file_bytes_max: 1_000_000,
        }
    }

    fn admit(&self, used: u64, documents: u64, limit: Limit) -> Admission {
        let after = used + documents;
        match limit {
            Limit::AtMost(most) if after > most => Admission::Exceeded,
            Limit::AtMost(most) => {
                Admission::Admitted { used: after, warns: after * 5 >= most * 4 }
            }
            Limit::Unlimited => Admission::Admitted { used: after, warns: false },
        }
    }

    fn bodies(&self, fact: &Fact, _: Timestamp) -> Result<EventBodies, String> {
        let subject = match fact {
            Fact::DocumentFinished(document) => document.id.to_string(),
            Fact::BatchCompleted(batch, rows) => format!("{} {}", batch.id, rows.len()),
            Fact::BatchFailed(batch) => {
                let code = batch.failure.as_ref().map_or("", |failure| &failure.code);
                format!("{} {code}", batch.id)
            }
            Fact::QuotaWarning(quota) | Fact::QuotaExceeded(quota) => quota.used.to_string(),
            Fact::Published { .. } => "published".to_owned(),
        };
        let body = format!("{} {subject}", fact.event_type());
        Ok(EventBodies { body: body.into_bytes(), thin: None })
    }

    /// Failing after two failed attempts, disabled after four in a row or when it is gone.
    fn after_attempt(&self, health: &Health, facts: &HealthFacts) -> Health {
        use parseflow_model::{DisabledReason, EndpointStatus};
        if facts.success {
            return Health { last_success_at: Some(facts.ended_at), ..Health::fresh() };
        }
        let mut after = *health;
        after.consecutive_failures += 1;
        after.last_failure_at = Some(facts.ended_at);
        after.failing_since = health.failing_since.or(Some(facts.ended_at));
        if facts.gone || after.consecutive_failures >= 4 {
            after.status = EndpointStatus::Disabled;
            after.disabled_at = Some(facts.ended_at);
            after.disabled_reason = Some(match facts.gone {
                true => DisabledReason::Gone,
                false => DisabledReason::ConsecutiveFailures,
            });
        } else if facts.failed_attempts >= 2 {
            after.status = EndpointStatus::Failing;
        }
        after
    }
}

/// Dice that count: every throw differs, every run is the same.
struct Counting(AtomicU64);

impl Dice for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&next.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// An empty store, and what must live as long as it (a folder, a server).
pub type Opened = (Arc<dyn Store>, Box<dyn Any + Send + Sync>);

/// An empty store and what a test does with it.
pub struct Subject {
    /// The store under test.
    pub store: Arc<dyn Store>,
    notices: Arc<Mutex<Vec<Notice>>>,
    dice: Counting,
    _keep: Box<dyn Any + Send + Sync>,
}

impl Subject {
    /// Opens an empty store with [`PlainRules`], collecting its notices.
    pub async fn open<F, O>(open: F) -> Self
    where
        F: FnOnce(Arc<dyn Rules>, NoticeSink) -> O,
        O: Future<Output = Opened>,
    {
        let notices = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&notices);
        let sink: NoticeSink = Arc::new(move |notice| {
            heard.lock().expect("no test panics while it holds this").push(notice);
        });
        let (store, keep) = open(Arc::new(PlainRules), sink).await;
        Self { store, notices, dice: Counting(AtomicU64::new(1)), _keep: keep }
    }

    /// The notices since the last call.
    pub fn heard(&self) -> Vec<Notice> {
        std::mem::take(&mut *self.notices.lock().expect("no test panics while it holds this"))
    }

    /// First attempts handed over since the last look at the notices.
    pub fn handed_over(&self) -> Vec<(Arc<Event>, parseflow_model::EndpointNo)> {
        self.heard()
            .into_iter()
            .filter_map(|notice| match notice {
                Notice::First { event, endpoint, .. } => Some((event, endpoint)),
                _ => None,
            })
            .collect()
    }

    /// Bodies of the events handed over since the last look.
    pub fn bodies(&self) -> Vec<String> {
        let text = |event: Arc<Event>| String::from_utf8_lossy(&event.body).into_owned();
        self.handed_over().into_iter().map(|(event, _)| text(event)).collect()
    }

    /// `secs` seconds after the beginning of the test's time.
    pub fn at(secs: i64) -> Timestamp {
        Timestamp::from_secs(1_776_160_800 + secs)
    }

    /// A first page of `limit` rows.
    pub fn page(limit: usize) -> PageRequest {
        PageRequest { limit, cursor: None }
    }

    /// A key that belongs to `account`.
    pub fn key(&self, account: &AccountId, created_at: Timestamp) -> ApiKey {
        let mut hash = [0; 32];
        self.dice.fill(&mut hash);
        ApiKey {
            id: KeyId::random(&self.dice),
            account: account.clone(),
            name: "key".to_owned(),
            hash,
            hint: "abcd".to_owned(),
            mode: KeyMode::Live,
            scopes: Default::default(),
            created_at,
            revoked_at: None,
        }
    }

    /// Creates an account with a plan and a monthly limit.
    pub async fn account_with(&self, plan: Plan, limit: u64) -> AccountId {
        let id = AccountId::random(&self.dice);
        let account = Account {
            id: id.clone(),
            email: format!("{id}@example.com"),
            name: None,
            plan,
            documents_per_month: Some(Limit::AtMost(limit)),
            requests_per_minute: None,
            created_at: Self::at(0),
        };
        let key = self.key(&id, Self::at(0));
        let created = self.store.create_account(NewAccount { account, key }).await;
        assert!(created.expect("the store works"));
        id
    }

    /// Creates a Pro account with room for 100 documents.
    pub async fn account(&self) -> AccountId {
        self.account_with(Plan::Pro, 100).await
    }

    /// An endpoint to register that subscribes to `types`.
    pub fn new_endpoint(&self, account: &AccountId, types: &[EventType]) -> NewEndpoint {
        NewEndpoint {
            id: WebhookId::random(&self.dice),
            account: account.clone(),
            url: "https://example.com/hook".to_owned(),
            events: types.iter().map(|kind| kind.as_str().to_owned()).collect(),
            event_mask: types.iter().fold(0, |mask, kind| mask | kind.bit()),
            sealed_secret: vec![1, 2, 3],
            secret_hint: "3456".to_owned(),
            settings: EndpointSettings::default(),
            now: Self::at(0),
        }
    }

    /// Registers an endpoint that subscribes to every type.
    pub async fn endpoint(&self, account: &AccountId) -> Endpoint {
        let new = self.new_endpoint(account, &EventType::ALL);
        let created = self.store.create_endpoint(new, 20).await.expect("the store works");
        created.expect("there is room for it")
    }

    /// Has 410 Gone disable `endpoint`, or not.
    pub async fn disable_on_gone(&self, endpoint: &Endpoint, wish: bool) {
        let settings = SettingsChange { disable_on_gone: Some(wish), ..SettingsChange::default() };
        let change = EndpointChange { settings, ..EndpointChange::default() };
        let changed =
            self.store.update_endpoint(&endpoint.account, &endpoint.id, change, Self::at(1));
        assert!(changed.await.expect("the store works").is_some());
    }

    /// What every document of the suite is asked for.
    pub fn wishes() -> ReadingWishes {
        ReadingWishes {
            review_threshold: Some(0.9),
            schema: Some(serde_json::json!({"properties": {"total": {"type": "number"}}})),
            text: true,
            tables: false,
        }
    }

    /// A document of `account` that waits to be read.
    pub fn document(&self, account: &AccountId, batch: Option<&BatchId>) -> Document {
        Document {
            id: DocumentId::new(Self::at(0), &self.dice),
            account: account.clone(),
            batch: batch.cloned(),
            file: FileMeta {
                name: "invoice.pdf".to_owned(),
                size: 1_000,
                mime_type: "application/pdf".to_owned(),
            },
            requested: RequestedType::Auto,
            language: None,
            wishes: Self::wishes(),
            test: false,
            status: DocumentStatus::Processing,
            extraction: None,
            failure: None,
            created_at: Self::at(0),
            finished_at: None,
            processing_ms: None,
        }
    }

    /// A batch of `total` documents.
    pub fn batch(&self, account: &AccountId, total: u64) -> Batch {
        Batch {
            id: BatchId::new(Self::at(0), &self.dice),
            account: account.clone(),
            status: BatchStatus::Processing,
            document_events: true,
            test: false,
            requested: RequestedType::Auto,
            language: None,
            wishes: ReadingWishes::default(),
            archive: None,
            total,
            succeeded: 0,
            failed: 0,
            failure: None,
            created_at: Self::at(0),
            completed_at: None,
        }
    }

    /// A result of reading.
    pub fn extraction() -> Extraction {
        Extraction {
            document_type: DocumentType::Invoice,
            confidence: 0.94,
            data: Map::new(),
            fields: Vec::new(),
            warnings: Vec::new(),
            needs_review: false,
            mime_type: "application/pdf".to_owned(),
            language: Some("en".to_owned()),
            page_count: 1,
            text: None,
            tables: None,
            printed: Vec::new(),
        }
    }

    /// Publishes an event of this type at this time.
    pub async fn publish(
        &self,
        account: &AccountId,
        event_type: EventType,
        now: Timestamp,
    ) -> Published {
        let fact = Fact::Published { event_type, data: CanonicalData::default(), test: false };
        let publish = Publish { account: account.clone(), fact, only: None, key: None, now };
        self.store.publish(publish).await.expect("the store works")
    }

    /// Takes dispatching over.
    pub async fn dispatcher(&self, now: Timestamp) -> DispatcherLease {
        self.store.start_dispatcher(now).await.expect("the store works")
    }

    /// An account with one endpoint for every event, and a dispatcher: the usual beginning.
    pub async fn dispatching(&self) -> (AccountId, Endpoint, DispatcherLease) {
        let account = self.account().await;
        let endpoint = self.endpoint(&account).await;
        let lease = self.dispatcher(Self::at(0)).await;
        (account, endpoint, lease)
    }

    /// Publishes one event and returns the one first attempt that was handed over.
    pub async fn hand_over(&self, account: &AccountId, now: Timestamp) -> DeliveryId {
        self.heard();
        self.publish(account, EventType::ExtractionCompleted, now).await;
        let handed = self.handed_over();
        assert_eq!(handed.len(), 1, "one endpoint subscribes");
        DeliveryId { event: handed[0].0.id, endpoint: handed[0].1 }
    }

    /// The end of an attempt: HTTP `status`, then `next`.
    pub fn settlement(
        delivery: DeliveryId,
        claim: Claim,
        number: u32,
        status: u16,
        next: Next,
        ended_at: Timestamp,
    ) -> Settlement {
        let success = (200..300).contains(&status);
        let attempt = Attempt {
            delivery,
            number,
            trigger: Trigger::Schedule,
            started_at: ended_at - Duration::from_millis(5),
            duration_ms: 5,
            url: "https://example.com/hook".to_owned(),
            outcome: AttemptOutcome {
                failure: (!success).then_some(FailureKind::Status),
                status: Some(status),
                error: None,
                response_body: b"ok".to_vec(),
                ..AttemptOutcome::default()
            },
        };
        Settlement { claim, attempt, next, ended_at }
    }

    /// Records the end of an attempt that must be accepted.
    pub async fn settle(&self, lease: &DispatcherLease, settlement: Settlement) {
        let settled = self.store.settle(lease, settlement).await.expect("the store works");
        assert!(matches!(settled, Settled::Recorded(Some(_))), "{settled:?}");
    }

    /// Fails a first attempt; the next one is due at `retry_at`.
    pub async fn fail_first(
        &self,
        lease: &DispatcherLease,
        delivery: DeliveryId,
        now: Timestamp,
        retry_at: Timestamp,
    ) {
        let next = Next::Retry(retry_at);
        self.settle(lease, Self::settlement(delivery, Claim::First, 1, 503, next, now)).await;
    }

    /// Claims everything the endpoint has due at `now`, for a minute.
    pub async fn claim(
        &self,
        lease: &DispatcherLease,
        endpoint: parseflow_model::EndpointNo,
        now: Timestamp,
    ) -> Vec<ClaimedDelivery> {
        let until = now + Duration::from_secs(60);
        let claimed = self.store.claim_due(lease, endpoint, now, until, 100).await;
        claimed.expect("the store works").deliveries
    }
}
