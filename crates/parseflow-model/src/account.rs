//! Who uses the service: accounts, their plans and limits, their keys and what they have used.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::{AccountId, KeyId, Month, Timestamp, UnknownName};

/// What an account has subscribed to. Webhooks need Pro or Enterprise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Plan {
    /// Extraction only, no webhooks.
    Free,
    /// Webhooks, larger limits.
    Pro,
    /// The largest limits.
    Enterprise,
}

impl Plan {
    /// All plans, smallest first.
    pub const ALL: [Plan; 3] = [Plan::Free, Plan::Pro, Plan::Enterprise];

    /// `free`, `pro` or `enterprise`.
    pub fn as_str(self) -> &'static str {
        match self {
            Plan::Free => "free",
            Plan::Pro => "pro",
            Plan::Enterprise => "enterprise",
        }
    }

    /// Whether endpoints may be registered and are served.
    pub fn has_webhooks(self) -> bool {
        match self {
            Plan::Free => false,
            Plan::Pro | Plan::Enterprise => true,
        }
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Plan {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Plan::ALL
            .into_iter()
            .find(|plan| plan.as_str() == text)
            .ok_or(UnknownName { known: "free, pro, enterprise" })
    }
}

/// A countable limit, or none. Written as a number or `unlimited`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Limit {
    /// At most this many.
    AtMost(u64),
    /// No limit.
    Unlimited,
}

impl Limit {
    /// The number, or `None` where there is no limit.
    pub fn count(self) -> Option<u64> {
        match self {
            Limit::AtMost(count) => Some(count),
            Limit::Unlimited => None,
        }
    }

    /// How much of the limit `used` is, in whole percent rounded down, beyond 100 where it is more;
    /// `None` where there is no limit. A limit of nothing is always used up: 100.
    pub fn percent_used(self, used: u64) -> Option<u64> {
        let percent = match self.count()? {
            0 => 100,
            limit => u128::from(used) * 100 / u128::from(limit),
        };
        Some(u64::try_from(percent).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::AtMost(count) => write!(f, "{count}"),
            Limit::Unlimited => f.write_str("unlimited"),
        }
    }
}

impl FromStr for Limit {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        if text == "unlimited" {
            return Ok(Limit::Unlimited);
        }
        let count =
            text.parse().map_err(|_| UnknownName { known: "a whole number, or unlimited" })?;
        Ok(Limit::AtMost(count))
    }
}

/// What an account may do, after its own overrides of its plan's defaults.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Documents per calendar month (UTC).
    pub documents_per_month: Limit,
    /// Requests per minute for each API key.
    pub requests_per_minute: Limit,
    /// Largest document in bytes.
    pub file_bytes_max: u64,
}

/// A customer of the installation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// `acc_…`
    pub id: AccountId,
    /// Unique, lower case.
    pub email: String,
    /// A display name, if one was given.
    pub name: Option<String>,
    /// What the account has subscribed to.
    pub plan: Plan,
    /// Overrides the plan's documents per month.
    pub documents_per_month: Option<Limit>,
    /// Overrides the plan's requests per minute.
    pub requests_per_minute: Option<Limit>,
    /// When the account was created.
    pub created_at: Timestamp,
}

/// Whether a key's work is real or marked as a test.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum KeyMode {
    /// `dm_live_…`
    Live,
    /// `dm_test_…`: the same data, but its events carry `"test": true`.
    Test,
}

/// What a key may do beyond the ordinary API.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// `events:write`: publish events with `POST /api/v1/events`.
    EventsWrite,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Scope; 1] = [Scope::EventsWrite];

    /// The scope's public name.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::EventsWrite => "events:write",
        }
    }
}

impl FromStr for Scope {
    type Err = UnknownName;
    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let found = Scope::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or(UnknownName { known: "events:write" })
    }
}

/// An API key as stored: everything but the key itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiKey {
    /// `key_…`
    pub id: KeyId,
    /// Whose key it is.
    pub account: AccountId,
    /// A label chosen by its owner.
    pub name: String,
    /// SHA-256 of the whole key. The key has 192 random bits, so no slow hash is needed.
    pub hash: [u8; 32],
    /// The key's last four characters, to recognise it by.
    pub hint: String,
    /// Live or test.
    pub mode: KeyMode,
    /// What it may do beyond the ordinary API.
    pub scopes: BTreeSet<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// What an account has used in one month.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    /// The UTC calendar month.
    pub period: Month,
    /// Documents counted so far.
    pub used: u64,
}
