//! PostgreSQL passes the suite, and what only it promises: several processes on one database.
//!
//! The server is the one that `PARSEFLOW_TEST_POSTGRES_URL` names; `cargo xtask test` starts one.

#![expect(clippy::unwrap_used, reason = "a database that cannot be prepared fails the test")]

mod database;
mod known;
mod nodes;
mod world;

use std::sync::Arc;

use parseflow_store::conformance::Opened;
use parseflow_store::{NoticeSink, Rules};

use database::Database;

mod suite {
    use super::*;

    pub(crate) async fn open(rules: Arc<dyn Rules>, notices: NoticeSink) -> Opened {
        let database = Database::create().await;
        let store = database.open("one", rules, notices).await;
        (Arc::new(store), Box::new(database))
    }

    parseflow_store::conformance_suite!(open);
}
