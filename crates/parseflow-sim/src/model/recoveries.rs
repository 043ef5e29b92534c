//! Recoveries: everything in their scope is sent again, once, and nothing else.

use std::collections::BTreeSet;

use parseflow_model::{
    DeliveryId, DeliveryState, EndpointNo, RecoveryId, RecoveryScope, Timestamp, WebhookId,
};
use parseflow_store::{NewRecovery, RecoveryBegun, RecoveryStep};

use super::deliveries::{DeliveryRecord, State};
use super::{Broken, Model};

/// A recovery that runs.
#[derive(Debug, Clone)]
pub(crate) struct RecoveryRecord {
    no: EndpointNo,
    scope: RecoveryScope,
    /// What was in its scope when it began, and has not been sent again since.
    left: BTreeSet<DeliveryId>,
}

impl RecoveryRecord {
    fn covers(&self, id: DeliveryId, delivery: &DeliveryRecord) -> bool {
        let (first, end) = self.scope.events();
        let state = match delivery.state {
            State::Pending | State::Done => return false,
            State::Exhausted => DeliveryState::Exhausted,
            State::Cancelled => DeliveryState::Cancelled,
            State::Skipped => DeliveryState::Skipped,
        };
        id.endpoint == self.no
            && (first..end).contains(&id.event)
            && self.scope.covers(state, delivery.event_type)
    }
}

impl Model {
    /// A recovery was begun, or refused as it must be.
    pub(crate) fn recovery_begun(
        &mut self,
        endpoint: &WebhookId,
        new: &NewRecovery,
        begun: &RecoveryBegun,
    ) -> Result<(), Broken> {
        let no = self.endpoint_no(endpoint);
        let running = self.recoveries.iter().find(|(_, record)| Some(record.no) == no);
        let disabled = no.is_some_and(|no| self.endpoints[&no].health.disabled.is_some());
        let fine = match begun {
            RecoveryBegun::NoEndpoint => no.is_none(),
            RecoveryBegun::EndpointDisabled => disabled,
            RecoveryBegun::AlreadyRunning(id) => running.is_some_and(|(known, _)| known == id),
            RecoveryBegun::Begun(_) => no.is_some() && !disabled && running.is_none(),
        };
        if !fine {
            return Err(format!("{endpoint} recovers: {begun:?}"));
        }
        if let (RecoveryBegun::Begun(_), Some(no)) = (begun, no) {
            let mut record = RecoveryRecord { no, scope: new.scope, left: BTreeSet::new() };
            let all = self.deliveries.iter();
            record.left =
                all.filter(|(id, one)| record.covers(**id, one)).map(|(id, _)| *id).collect();
            self.recoveries.insert(new.id.clone(), record);
        }
        Ok(())
    }

    /// A step was done: what it made due was in its scope, and at its end nothing is left of that.
    pub(crate) fn recovery_moved(
        &mut self,
        id: &RecoveryId,
        step: &RecoveryStep,
        now: Timestamp,
    ) -> Result<Vec<DeliveryId>, Broken> {
        let moved = match step {
            RecoveryStep::Moved(moved) | RecoveryStep::Completed(moved) => moved.clone(),
            RecoveryStep::Waiting => return Ok(Vec::new()),
            RecoveryStep::Ended => {
                let no = self.recoveries.remove(id).map(|record| record.no);
                let open = no.and_then(|no| self.endpoints.get(&no)).is_some_and(|endpoint| {
                    !endpoint.deleted && endpoint.health.disabled.is_none()
                });
                return if open {
                    Err(format!("{id} ends before its time"))
                } else {
                    Ok(Vec::new())
                };
            }
        };
        let Some(record) = self.recoveries.get(id).cloned() else {
            return Err(format!("{id} goes on after its end"));
        };
        for one in &moved {
            let Some(delivery) = self.deliveries.get_mut(one) else {
                return Err(format!("{id} recovers {one}, which never happened"));
            };
            if !record.covers(*one, delivery) {
                return Err(format!(
                    "{id} recovers {one}, which is not in its scope: {delivery:?}"
                ));
            }
            delivery.ask(now);
            self.sent_again(*one);
        }
        if matches!(step, RecoveryStep::Completed(_)) {
            let left = self.recoveries.remove(id).map(|record| record.left).unwrap_or_default();
            let forgotten = left.iter().find(|one| {
                self.deliveries.get(one).is_some_and(|delivery| record.covers(**one, delivery))
            });
            if let Some(one) = forgotten {
                return Err(format!("{id} is complete and has forgotten {one}"));
            }
        }
        Ok(moved)
    }

    /// No recovery has to take it up any more.
    pub(super) fn sent_again(&mut self, id: DeliveryId) {
        for record in self.recoveries.values_mut() {
            record.left.remove(&id);
        }
    }

    /// A recovery that must go on although nothing stands in its way.
    pub(crate) fn unrecovered(&self) -> Option<&RecoveryId> {
        let open = |record: &RecoveryRecord| {
            self.endpoints.get(&record.no).is_some_and(|endpoint| !self.is_paused(endpoint))
        };
        self.recoveries.iter().find(|(_, record)| open(record)).map(|(id, _)| id)
    }
}
