//! Accounts, endpoints, events and operating, watched.

use std::path::Path;

use async_trait::async_trait;
use parseflow_model::{
    Account, AccountId, ApiKey, Endpoint, EndpointNo, Event, EventId, Fact, KeyId, Month,
    NextSecret, Timestamp, Usage, WebhookId,
};
use parseflow_store::{
    AccountStore, Activation, EndpointChange, EndpointStore, EventStore, IdempotencyBegin,
    NewAccount, NewEndpoint, OperateStore, Page, PageRequest, PlanChange, Publish, Published,
    StoreError, StoreFigures, StoredAnswer, Swept,
};

use super::{Look, Seen, WatchedStore};

#[async_trait]
impl AccountStore for WatchedStore {
    async fn create_account(&self, new: NewAccount) -> Result<bool, StoreError> {
        self.look("create_account", self.real.create_account(new)).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, StoreError> {
        self.look("account", self.real.account(id)).await
    }

    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError> {
        self.look("account_by_email", self.real.account_by_email(email)).await
    }

    async fn set_plan(
        &self,
        id: &AccountId,
        change: PlanChange,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        self.change("set_plan", self.real.set_plan(id, change, now), |_| {
            let mut model = self.shared.model();
            let account = model.account(id);
            account.plan = change.plan;
            account.quota = change.documents_per_month.and_then(parseflow_model::Limit::count);
            let now_ms = self.shared.clock.elapsed_ms();
            for no in model.endpoints_of(id) {
                if let Some(endpoint) = model.endpoints.get_mut(&no) {
                    endpoint.closed_ms = endpoint.closed_ms.max(now_ms);
                }
            }
            Ok(Vec::new())
        })
        .await
    }

    async fn key_by_hash(&self, hash: &[u8; 32]) -> Result<Option<(ApiKey, Account)>, StoreError> {
        self.look("key_by_hash", self.real.key_by_hash(hash)).await
    }

    async fn create_key(&self, key: ApiKey, max: usize) -> Result<bool, StoreError> {
        self.look("create_key", self.real.create_key(key, max)).await
    }

    async fn keys(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<ApiKey>, StoreError> {
        self.look("keys", self.real.keys(account, page)).await
    }

    async fn revoke_key(
        &self,
        account: &AccountId,
        key: &KeyId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.look("revoke_key", self.real.revoke_key(account, key, now)).await
    }

    async fn usage(&self, account: &AccountId, period: Month) -> Result<Usage, StoreError> {
        self.look("usage", self.real.usage(account, period)).await
    }
}

#[async_trait]
impl EndpointStore for WatchedStore {
    async fn create_endpoint(
        &self,
        new: NewEndpoint,
        max: usize,
    ) -> Result<Option<Endpoint>, StoreError> {
        self.look("create_endpoint", self.real.create_endpoint(new, max)).await
    }

    async fn endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
    ) -> Result<Option<Endpoint>, StoreError> {
        self.look("endpoint", self.real.endpoint(account, id)).await
    }

    async fn endpoint_by_no(&self, no: EndpointNo) -> Result<Option<Endpoint>, StoreError> {
        self.look("endpoint_by_no", self.real.endpoint_by_no(no)).await
    }

    async fn endpoints(
        &self,
        account: &AccountId,
        page: &PageRequest,
    ) -> Result<Page<Endpoint>, StoreError> {
        self.look("endpoints", self.real.endpoints(account, page)).await
    }

    async fn update_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        change: EndpointChange,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError> {
        let told = change.clone();
        self.change(
            "update_endpoint",
            self.real.update_endpoint(account, id, change, now),
            |found| {
                let mut model = self.shared.model();
                let no = model.endpoint_no(id);
                let (Some(no), Some(_)) = (no, found) else {
                    return if no.is_some() == found.is_some() {
                        Ok(Vec::new())
                    } else {
                        Err(format!("{id} is there or not, against the model"))
                    };
                };
                let process = self.link.process;
                self.shared.note(|| format!("p{process} update_endpoint {id}: {told:?}"));
                if let Some(endpoint) = model.endpoints.get_mut(&no) {
                    endpoint.urls.extend(told.url);
                    if let Some((_, mask)) = told.events {
                        endpoint.mask = mask;
                    }
                    if let Some(disable_on_gone) = told.settings.disable_on_gone {
                        endpoint.disable_on_gone = disable_on_gone;
                    }
                }
                if let Some(active) = told.active {
                    model.set_active(no, active, self.shared.clock.elapsed_ms());
                }
                Ok(vec![Look::Health(no)])
            },
        )
        .await
    }

    async fn rotate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        next: NextSecret,
        now: Timestamp,
    ) -> Result<Option<Endpoint>, StoreError> {
        self.look("rotate_secret", self.real.rotate_secret(account, id, next, now)).await
    }

    async fn activate_secret(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<Activation, StoreError> {
        self.look("activate_secret", self.real.activate_secret(account, id, now)).await
    }

    async fn delete_endpoint(
        &self,
        account: &AccountId,
        id: &WebhookId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.change("delete_endpoint", self.real.delete_endpoint(account, id, now), |deleted| {
            let mut model = self.shared.model();
            match (model.endpoint_no(id), deleted) {
                (Some(no), true) => {
                    model.delete(no, self.shared.clock.elapsed_ms());
                    Ok(vec![Look::Health(no)])
                }
                (None, false) => Ok(Vec::new()),
                _ => Err(format!("{id} was deleted or not, against the model")),
            }
        })
        .await
    }
}

impl WatchedStore {
    fn published(&self, publish: &Publish, published: &Published) -> Seen {
        let Published::Stored { event, repeated, .. } = *published else {
            return Err("a key of this world is never used for another request".into());
        };
        let mut model = self.shared.model();
        if let Some(key) = &publish.key {
            model.key_used(&publish.account, &key.key, event, repeated, publish.now)?;
        }
        let types = match &publish.fact {
            Fact::Published { event_type, .. } if !repeated => vec![*event_type],
            _ => Vec::new(),
        };
        Ok(vec![Look::Events(publish.account.clone(), types, publish.only, publish.now)])
    }
}

#[async_trait]
impl EventStore for WatchedStore {
    async fn publish(&self, publish: Publish) -> Result<Published, StoreError> {
        let told = publish.clone();
        let seen = |published: &Published| self.published(&told, published);
        self.change("publish", self.real.publish(publish), seen).await
    }

    async fn event(&self, account: &AccountId, id: EventId) -> Result<Option<Event>, StoreError> {
        self.look("event", self.real.event(account, id)).await
    }

    async fn events(&self, ids: Vec<EventId>) -> Result<Vec<Event>, StoreError> {
        self.look("events", self.real.events(ids)).await
    }
}

#[async_trait]
impl OperateStore for WatchedStore {
    async fn ping(&self) -> Result<(), StoreError> {
        self.look("ping", self.real.ping()).await
    }

    async fn begin_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        fingerprint: &[u8; 32],
        boot: i64,
        now: Timestamp,
    ) -> Result<IdempotencyBegin, StoreError> {
        let begin = self.real.begin_idempotent(account, key, fingerprint, boot, now);
        self.look("begin_idempotent", begin).await
    }

    async fn end_idempotent(
        &self,
        account: &AccountId,
        key: &str,
        answer: StoredAnswer,
    ) -> Result<(), StoreError> {
        self.look("end_idempotent", self.real.end_idempotent(account, key, answer)).await
    }

    async fn abandon_idempotent(&self, account: &AccountId, key: &str) -> Result<(), StoreError> {
        self.look("abandon_idempotent", self.real.abandon_idempotent(account, key)).await
    }

    /// Virtual days hold thousands of sweeps that find nothing; few of them are really done.
    async fn sweep(
        &self,
        before: Timestamp,
        now: Timestamp,
        rows_max: usize,
    ) -> Result<Swept, StoreError> {
        if !self.shared.rng.chance(10) {
            self.link.gate().await;
            return Ok(Swept::default());
        }
        self.look("sweep", self.real.sweep(before, now, rows_max)).await
    }

    async fn figures(&self) -> Result<StoreFigures, StoreError> {
        self.look("figures", self.real.figures()).await
    }

    async fn backup(&self, path: &Path) -> Result<(), StoreError> {
        self.look("backup", self.real.backup(path)).await
    }
}
