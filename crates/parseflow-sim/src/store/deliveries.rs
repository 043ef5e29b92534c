//! Deliveries, watched; here the planted bugs of settling and taking over sit.

use std::time::Duration;

use async_trait::async_trait;
use parseflow_model::{AccountId, DeliveryId, DeliveryState, EndpointNo, Timestamp, WebhookId};
use parseflow_store::{
    Claim, ClaimedDue, DeliveryDetail, DeliveryRow, DeliveryStore, DispatcherLease, Heartbeat,
    Next, Page, PageRequest, Settled, Settlement, StoreError,
};

use super::{Look, Seen, WatchedStore};
use crate::plant::Plant;

/// Longer than any world lasts.
const FOR_EVER: Duration = Duration::from_secs(400 * 86_400);

impl WatchedStore {
    /// What is recorded when a bug is planted.
    fn planted(&self, mut settlement: Settlement) -> Settlement {
        let asked = settlement.attempt.outcome.retry_after_secs;
        settlement.next = match (self.shared.plant, settlement.next) {
            (Some(Plant::SettleForgetsDue), Next::Retry(_)) => Next::Delivered,
            (Some(Plant::RetryAfterShortens), Next::Retry(at)) => {
                let asked = asked.map(|secs| settlement.ended_at + Duration::from_secs(secs));
                Next::Retry(asked.unwrap_or(at))
            }
            (Some(Plant::OneAttemptTooMany), Next::Exhausted) => {
                Next::Retry(settlement.ended_at + Duration::from_secs(60))
            }
            (_, next) => next,
        };
        settlement
    }

    /// Whether a settlement was recorded or refused as it must be.
    fn settled(&self, settlement: &Settlement, settled: &Settled) -> Seen {
        let (id, process) = (settlement.attempt.delivery, self.link.process);
        let mut model = self.shared.model();
        match settled {
            Settled::Recorded(_) => {
                model.settled(process, settlement, self.shared.clock.elapsed_ms())?;
                let open = model.endpoints.get(&id.endpoint).is_some_and(|e| !e.deleted);
                let health = open.then_some(Look::Health(id.endpoint));
                Ok([Look::Delivery(id)].into_iter().chain(health).collect())
            }
            Settled::Stale if model.may_be_stale(process, settlement) => Ok(Vec::new()),
            Settled::Stale => Err(format!("{id} was refused although its claim holds")),
        }
    }

    /// The bug of dropping what a crashed process had in memory.
    async fn drop_firsts(&self, lease: &DispatcherLease, now: Timestamp) -> Result<(), StoreError> {
        for (endpoint, _) in self.real.wakeups().await? {
            let until = now + FOR_EVER;
            let claimed = self.real.claim_due(lease, endpoint, now, until, 1_000).await?;
            let kept = claimed.deliveries.into_iter().filter(|one| one.attempts_made > 0);
            let kept = kept.map(|one| (DeliveryId { event: one.event.id, endpoint }, one.claim));
            self.real.release(lease, kept.collect(), now).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl DeliveryStore for WatchedStore {
    fn is_shared(&self) -> bool {
        self.real.is_shared()
    }

    async fn heartbeat(
        &self,
        lease: Option<&DispatcherLease>,
        now: Timestamp,
    ) -> Result<Heartbeat, StoreError> {
        self.look("heartbeat", self.real.heartbeat(lease, now)).await
    }

    async fn leave(&self) -> Result<(), StoreError> {
        self.look("leave", self.real.leave()).await
    }

    async fn start_dispatcher(&self, now: Timestamp) -> Result<DispatcherLease, StoreError> {
        let started = async {
            let lease = self.real.start_dispatcher(now).await?;
            if self.shared.plant == Some(Plant::CrashDropsFirst) && self.link.process > 1 {
                self.drop_firsts(&lease, now).await?;
            }
            Ok(lease)
        };
        self.change("start_dispatcher", started, |_| {
            self.shared.note(|| format!("p{} takes over dispatching", self.link.process));
            self.shared.model().dispatcher_started(self.link.process, now);
            Ok(Vec::new())
        })
        .await
    }

    async fn wakeups(&self) -> Result<Vec<(EndpointNo, Timestamp)>, StoreError> {
        self.look("wakeups", self.real.wakeups()).await
    }

    async fn claim_due(
        &self,
        lease: &DispatcherLease,
        endpoint: EndpointNo,
        now: Timestamp,
        lease_until: Timestamp,
        max: usize,
    ) -> Result<ClaimedDue, StoreError> {
        let claim = self.real.claim_due(lease, endpoint, now, lease_until, max);
        self.change("claim_due", claim, |claimed| {
            self.shared.model().claimed(claimed, endpoint, now, lease_until)?;
            Ok(Vec::new())
        })
        .await
    }

    async fn spill(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<DeliveryId>,
        due_at: Timestamp,
    ) -> Result<(), StoreError> {
        let told = deliveries.clone();
        self.change("spill", self.real.spill(lease, deliveries, due_at), |()| {
            let mut model = self.shared.model();
            told.iter().for_each(|id| model.spilled(*id, due_at));
            Ok(told.iter().copied().map(Look::Delivery).collect())
        })
        .await
    }

    async fn release(
        &self,
        lease: &DispatcherLease,
        deliveries: Vec<(DeliveryId, Claim)>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let told = deliveries.clone();
        self.change("release", self.real.release(lease, deliveries, now), |()| {
            let mut model = self.shared.model();
            for (id, claim) in &told {
                match claim {
                    Claim::First => model.spilled(*id, now),
                    Claim::Due { token } => model.released(*id, *token),
                }
            }
            Ok(told.iter().map(|(id, _)| Look::Delivery(*id)).collect())
        })
        .await
    }

    async fn settle(
        &self,
        lease: &DispatcherLease,
        settlement: Settlement,
    ) -> Result<Settled, StoreError> {
        let told = settlement.clone();
        let settle = self.real.settle(lease, self.planted(settlement));
        self.change("settle", settle, |settled| {
            let attempt = &told.attempt;
            self.shared.note(|| {
                let (id, number, status) =
                    (attempt.delivery, attempt.number, attempt.outcome.status);
                format!("p{} settle {id} #{number} {status:?}", self.link.process)
            });
            self.settled(&told, settled)
        })
        .await
    }

    async fn deliveries(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        page: &PageRequest,
    ) -> Result<Option<Page<DeliveryRow>>, StoreError> {
        self.look("deliveries", self.real.deliveries(account, endpoint, page)).await
    }

    async fn delivery(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
    ) -> Result<Option<DeliveryDetail>, StoreError> {
        self.look("delivery", self.real.delivery(account, endpoint, id)).await
    }

    async fn redeliver(
        &self,
        account: &AccountId,
        endpoint: &WebhookId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<DeliveryState>, StoreError> {
        self.change("redeliver", self.real.redeliver(account, endpoint, id, now), |found| {
            if found.is_none() {
                return Ok(Vec::new());
            }
            self.shared.note(|| format!("p{} redeliver {id}: {found:?}", self.link.process));
            self.shared.model().redelivered(id, now);
            Ok(vec![Look::Delivery(id)])
        })
        .await
    }
}
