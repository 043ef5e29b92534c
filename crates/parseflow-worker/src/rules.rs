//! The product's rules, as the store asks for them inside its transactions.

use parseflow_accounts::plan::PlanTable;
use parseflow_accounts::quota;
use parseflow_model::{Account, Fact, Health, Limit, Limits, Timestamp};
use parseflow_store::{Admission, EventBodies, HealthFacts, Rules};
use parseflow_webhooks::endpoint_health::{AttemptFacts, HealthRules, after_attempt};
use parseflow_webhooks::payload;

/// Plans, payloads and health, with the installation's settings.
#[derive(Debug, Clone)]
pub struct ProductRules {
    plans: PlanTable,
    public_url: String,
    health: HealthRules,
}

impl ProductRules {
    /// Rules with these plans, links that begin with `public_url`, and these health rules.
    pub fn new(plans: PlanTable, public_url: String, health: HealthRules) -> Self {
        Self { plans, public_url, health }
    }
}

impl Rules for ProductRules {
    fn limits(&self, account: &Account) -> Limits {
        self.plans.limits_of(account)
    }

    fn admit(&self, used: u64, documents: u64, limit: Limit) -> Admission {
        match quota::admit(used, documents, limit) {
            quota::Admission::Admitted { used, warns } => Admission::Admitted { used, warns },
            quota::Admission::Exceeded => Admission::Exceeded,
        }
    }

    fn bodies(&self, fact: &Fact, occurred_at: Timestamp) -> Result<EventBodies, String> {
        match payload::bodies(fact, occurred_at, &self.public_url) {
            Ok(bodies) => Ok(EventBodies { body: bodies.body, thin: bodies.thin }),
            Err(error) => Err(error.to_string()),
        }
    }

    fn after_attempt(&self, health: &Health, facts: &HealthFacts) -> Health {
        let facts = AttemptFacts {
            ended_at: facts.ended_at,
            success: facts.success,
            failed_attempts: facts.failed_attempts,
            gone: facts.gone,
        };
        after_attempt(health, &facts, &self.health)
    }
}
