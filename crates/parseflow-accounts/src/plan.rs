//! What each plan allows.

use parseflow_model::{Account, Limit, Limits, Plan};

const MEGABYTE: u64 = 1_000_000;

/// The limits of each plan. The operator may change any of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlanTable {
    /// Extraction only.
    pub free: Limits,
    /// With webhooks.
    pub pro: Limits,
    /// With webhooks, the largest limits.
    pub enterprise: Limits,
}

impl Default for PlanTable {
    /// Free: 100 documents a month, 30 requests a minute, 5 MB a file. Pro: 5,000, 300, 25 MB.
    /// Enterprise: 100,000, 3,000, 50 MB. A megabyte is 1,000,000 bytes.
    fn default() -> Self {
        let limits = |documents, requests, megabytes: u64| Limits {
            documents_per_month: Limit::AtMost(documents),
            requests_per_minute: Limit::AtMost(requests),
            file_bytes_max: megabytes * MEGABYTE,
        };
        Self {
            free: limits(100, 30, 5),
            pro: limits(5_000, 300, 25),
            enterprise: limits(100_000, 3_000, 50),
        }
    }
}

impl PlanTable {
    /// The limits of a plan, before any account's overrides.
    pub fn of(&self, plan: Plan) -> Limits {
        match plan {
            Plan::Free => self.free,
            Plan::Pro => self.pro,
            Plan::Enterprise => self.enterprise,
        }
    }

    /// What `account` may do: its plan's limits, with its own overrides in their place.
    pub fn limits_of(&self, account: &Account) -> Limits {
        let plan = self.of(account.plan);
        Limits {
            documents_per_month: account.documents_per_month.unwrap_or(plan.documents_per_month),
            requests_per_minute: account.requests_per_minute.unwrap_or(plan.requests_per_minute),
            file_bytes_max: plan.file_bytes_max,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parseflow_model::Timestamp;

    fn account(plan: Plan) -> Account {
        Account {
            id: "acc_a1b2c3d4e5f6g7h8".parse().unwrap(),
            email: "owner@example.com".to_owned(),
            name: None,
            plan,
            documents_per_month: None,
            requests_per_minute: None,
            created_at: Timestamp::default(),
        }
    }

    #[test]
    fn an_account_without_overrides_has_the_limits_of_its_plan() {
        let table = PlanTable::default();
        for plan in Plan::ALL {
            assert_eq!(table.limits_of(&account(plan)), table.of(plan));
        }
        assert_eq!(table.free.documents_per_month, Limit::AtMost(100));
        assert_eq!(table.pro.requests_per_minute, Limit::AtMost(300));
        assert_eq!(table.enterprise.file_bytes_max, 50_000_000);
    }

    #[test]
    fn each_override_replaces_its_own_limit_only() {
        let table = PlanTable::default();
        let mut account = account(Plan::Pro);
        account.documents_per_month = Some(Limit::AtMost(0));
        let limits = table.limits_of(&account);
        assert_eq!(limits.documents_per_month, Limit::AtMost(0));
        assert_eq!(limits.requests_per_minute, table.pro.requests_per_minute);
        account.requests_per_minute = Some(Limit::Unlimited);
        assert_eq!(table.limits_of(&account).requests_per_minute, Limit::Unlimited);
    }

    #[test]
    fn a_larger_plan_never_allows_less() {
        let table = PlanTable::default();
        let count = |limit: Limit| limit.count().unwrap();
        for pair in Plan::ALL.windows(2) {
            let (small, large) = (table.of(pair[0]), table.of(pair[1]));
            assert!(count(small.documents_per_month) < count(large.documents_per_month));
            assert!(count(small.requests_per_minute) < count(large.requests_per_minute));
            assert!(small.file_bytes_max < large.file_bytes_max);
        }
    }
}
