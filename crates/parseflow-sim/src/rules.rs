//! The product's rules, with a planted bug if one is asked for.

use parseflow_model::{Account, EndpointStatus, Fact, Health, Limit, Limits, Timestamp};
use parseflow_store::{Admission, EventBodies, HealthFacts, Rules};
use parseflow_worker::ProductRules;

use crate::plant::Plant;

/// See the module.
pub(crate) struct PlantedRules {
    pub(crate) real: ProductRules,
    pub(crate) plant: Option<Plant>,
}

impl Rules for PlantedRules {
    fn limits(&self, account: &Account) -> Limits {
        self.real.limits(account)
    }

    fn admit(&self, used: u64, documents: u64, limit: Limit) -> Admission {
        match self.real.admit(used, documents, limit) {
            Admission::Admitted { used, warns } if self.plant == Some(Plant::QuotaCountedTwice) => {
                Admission::Admitted { used: used + documents, warns }
            }
            admission => admission,
        }
    }

    fn bodies(&self, fact: &Fact, occurred_at: Timestamp) -> Result<EventBodies, String> {
        self.real.bodies(fact, occurred_at)
    }

    fn after_attempt(&self, health: &Health, facts: &HealthFacts) -> Health {
        let after = self.real.after_attempt(health, facts);
        let keeps = self.plant == Some(Plant::HealthNotReset)
            && facts.success
            && health.status == EndpointStatus::Failing;
        if keeps { Health { status: EndpointStatus::Failing, ..after } } else { after }
    }
}
