//! Where events go, as this process last read it.
//!
//! Every change of an endpoint or a plan counts `mark.changes` up, under the lock of its account alone. So
//! what was read under an account's lock is still true, under that lock again, while the count is the same.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use parseflow_model::{AccountId, Endpoint};
use tokio_postgres::Row;

use super::rows::get;
use crate::port::StoreError;

/// Accounts that are remembered at most.
const ACCOUNTS_MAX: usize = 10_000;

/// The endpoints of accounts, oldest first.
pub(super) type Endpoints = HashMap<AccountId, Arc<[Endpoint]>>;

/// The endpoints of accounts, and the count of changes when they were read.
#[derive(Debug, Default)]
pub(super) struct Fanout {
    changes: i64,
    of: Endpoints,
}

impl Fanout {
    /// The endpoints of these accounts, and the count of changes at which they are right; `None` unless
    /// those of all of them are known.
    pub(super) fn known(&self, accounts: &HashSet<&AccountId>) -> Option<(i64, Endpoints)> {
        let known = |account: &&AccountId| {
            self.of.get_key_value(*account).map(|(id, of)| (id.clone(), Arc::clone(of)))
        };
        Some((self.changes, accounts.iter().map(known).collect::<Option<_>>()?))
    }

    /// Remembers what was read when the count of changes was `changes`.
    pub(super) fn keep(&mut self, changes: i64, read: &Endpoints) {
        if changes < self.changes {
            return;
        }
        if changes > self.changes || self.of.len() + read.len() > ACCOUNTS_MAX {
            self.of.clear();
        }
        self.changes = changes;
        self.of.extend(read.iter().map(|(account, of)| (account.clone(), Arc::clone(of))));
    }
}

/// How often endpoints and plans have changed: at most one row, for [`counted`].
pub(super) const CHANGES: &str = "SELECT value FROM mark WHERE name = 'changes'";

/// The count in a row of [`CHANGES`].
pub(super) fn counted(row: Option<&Row>) -> Result<i64, StoreError> {
    row.map_or(Ok(0), |row| get(row, "value"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> AccountId {
        format!("acc_{name:0>16}").parse().unwrap()
    }

    fn none_of(names: &[&str]) -> Endpoints {
        names.iter().map(|name| (account(name), Arc::from([]))).collect()
    }

    #[test]
    fn only_what_was_read_at_the_latest_count_is_known() {
        let (a, b) = (account("a"), account("b"));
        let mut fanout = Fanout::default();
        assert_eq!(fanout.known(&HashSet::from([&a])), None);
        fanout.keep(4, &none_of(&["a"]));
        assert_eq!(fanout.known(&HashSet::from([&a])), Some((4, none_of(&["a"]))));
        assert_eq!(fanout.known(&HashSet::from([&a, &b])), None);
        fanout.keep(3, &none_of(&["b"]));
        assert_eq!(fanout.known(&HashSet::from([&b])), None, "read before the others");
        fanout.keep(5, &none_of(&["b"]));
        assert_eq!(fanout.known(&HashSet::from([&a])), None, "may have changed since");
        assert_eq!(fanout.known(&HashSet::from([&b])), Some((5, none_of(&["b"]))));
    }

    #[test]
    fn no_more_accounts_are_remembered_than_the_most() {
        let mut fanout = Fanout::default();
        for number in 0..=ACCOUNTS_MAX {
            fanout.keep(1, &none_of(&[&number.to_string()]));
        }
        assert!(fanout.of.len() <= ACCOUNTS_MAX);
    }
}
