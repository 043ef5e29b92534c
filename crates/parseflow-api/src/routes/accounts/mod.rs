//! Accounts.

pub(crate) mod register;

use parseflow_model::Account;
use serde::Serialize;
use utoipa::ToSchema;

use crate::names::PlanName;

/// An account.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub(crate) struct AccountBody {
    #[schema(pattern = "^acc_[a-z0-9]{16}$")]
    id: String,
    email: String,
    name: Option<String>,
    /// `free`, `pro` or `enterprise`.
    #[schema(value_type = PlanName)]
    plan: &'static str,
    #[schema(format = DateTime)]
    created_at: String,
}

impl AccountBody {
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            email: account.email.clone(),
            name: account.name.clone(),
            plan: account.plan.as_str(),
            created_at: account.created_at.to_string(),
        }
    }
}
