//! What should be: a straightforward account of accounts, endpoints, deliveries and documents.
//!
//! The model hears of every change that committed and of every request that a receiver got, and says
//! what follows. It shares no code with the rules it checks. Each method either returns what must
//! now be found in the store, or the sentence that says what is wrong.

mod deliveries;
mod documents;
mod endpoints;
mod recoveries;
mod requests;

use std::collections::BTreeMap;

use parseflow_model::{
    AccountId, AttemptOutcome, BatchId, DeliveryId, DocumentId, EndpointNo, EventId, EventType,
    Month, Plan, RecoveryId, Timestamp, WebhookId,
};

pub(crate) use deliveries::{DeliveryRecord, State};
pub(crate) use documents::{BatchRecord, DocumentState};
pub(crate) use endpoints::{EndpointRecord, HealthRecord};
use recoveries::RecoveryRecord;

/// A sentence that says what is not as it must be.
pub(crate) type Broken = String;

/// The settings that the model needs to know.
#[derive(Debug, Clone)]
pub(crate) struct ModelRules {
    /// Delays after failed attempts, in milliseconds.
    pub(crate) delays_ms: Vec<i64>,
    /// Consecutive failure before disabling, in milliseconds.
    pub(crate) disable_after_ms: i64,
}

/// One account.
#[derive(Debug)]
pub(crate) struct AccountRecord {
    pub(crate) plan: Plan,
    /// Documents per month; `None` for no limit.
    pub(crate) quota: Option<u64>,
    pub(crate) used: BTreeMap<(i16, i8), u64>,
    warned: Vec<((i16, i8), u64)>,
    exceeded: Vec<(i16, i8)>,
}

impl AccountRecord {
    /// A new account.
    pub(crate) fn new(plan: Plan, quota: Option<u64>) -> Self {
        Self { plan, quota, used: BTreeMap::new(), warned: Vec::new(), exceeded: Vec::new() }
    }

    /// What is counted in the month.
    pub(crate) fn used_in(&self, month: Month) -> u64 {
        self.used.get(&key(month)).copied().unwrap_or(0)
    }

    /// Counts `documents` or refuses them; whether they were admitted, and the events that follow.
    pub(crate) fn count(&mut self, documents: u64, at: Timestamp) -> (bool, Vec<EventType>) {
        let month = key(at.month());
        let before = self.used.get(&month).copied().unwrap_or(0);
        let Some(quota) = self.quota else {
            self.used.insert(month, before + documents);
            return (true, Vec::new());
        };
        let mut events = Vec::new();
        let admitted = before + documents <= quota;
        let after = if admitted { before + documents } else { before };
        if admitted {
            self.used.insert(month, after);
        }
        if (!admitted || after * 5 >= quota * 4) && !self.warned.contains(&(month, quota)) {
            self.warned.push((month, quota));
            events.push(EventType::QuotaWarning);
        }
        if !admitted && !self.exceeded.contains(&month) {
            self.exceeded.push(month);
            events.push(EventType::QuotaExceeded);
        }
        (admitted, events)
    }
}

fn key(month: Month) -> (i16, i8) {
    (month.year, month.month)
}

/// What a receiver answered to one request, as the sender heard it.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) process: u32,
    pub(crate) number: u32,
    pub(crate) ended_at: Timestamp,
    pub(crate) outcome: AttemptOutcome,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) rules: ModelRules,
    pub(crate) accounts: BTreeMap<AccountId, AccountRecord>,
    pub(crate) endpoints: BTreeMap<EndpointNo, EndpointRecord>,
    pub(crate) deliveries: BTreeMap<DeliveryId, DeliveryRecord>,
    pub(crate) documents: BTreeMap<DocumentId, DocumentState>,
    pub(crate) batches: BTreeMap<BatchId, BatchRecord>,
    /// Recoveries that run.
    pub(crate) recoveries: BTreeMap<RecoveryId, RecoveryRecord>,
    /// What each publishing key stands for, and since when.
    pub(crate) keys: BTreeMap<(AccountId, String), (EventId, Timestamp)>,
    /// The process that dispatches.
    pub(crate) dispatcher: u32,
    /// The wall clock was set forward, so that leases end early.
    pub(crate) was_set_forward: bool,
    /// How far the wall clock was set back lately, in milliseconds.
    pub(crate) set_back_ms: i64,
}

impl Model {
    /// An empty world.
    pub(crate) fn new(rules: ModelRules) -> Self {
        Self {
            rules,
            accounts: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            deliveries: BTreeMap::new(),
            documents: BTreeMap::new(),
            batches: BTreeMap::new(),
            recoveries: BTreeMap::new(),
            keys: BTreeMap::new(),
            dispatcher: 0,
            was_set_forward: false,
            set_back_ms: 0,
        }
    }

    /// The account, which exists.
    pub(crate) fn account(&mut self, id: &AccountId) -> &mut AccountRecord {
        self.accounts.get_mut(id).expect("accounts are made before anything else and stay")
    }

    /// The endpoint with this public id, unless deleted.
    pub(crate) fn endpoint_no(&self, id: &WebhookId) -> Option<EndpointNo> {
        let found = self.endpoints.iter().find(|(_, e)| e.id == *id && !e.deleted);
        found.map(|(no, _)| *no)
    }

    /// Endpoints of the account that are not deleted, oldest first.
    pub(crate) fn endpoints_of(&self, account: &AccountId) -> Vec<EndpointNo> {
        let own = self.endpoints.iter().filter(|(_, e)| e.account == *account && !e.deleted);
        own.map(|(no, _)| *no).collect()
    }

    /// Whether the account's plan lets its endpoints be sent to.
    pub(crate) fn is_paused(&self, endpoint: &EndpointRecord) -> bool {
        self.accounts.get(&endpoint.account).is_none_or(|account| account.plan == Plan::Free)
    }
}
