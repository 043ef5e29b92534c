//! SQLite passes the suite: in memory and on disk, where the writer has its own thread.

#![expect(clippy::unwrap_used, reason = "a store that does not open fails the test")]

use std::sync::Arc;

use parseflow_store::conformance::Opened;
use parseflow_store::{NoticeSink, Rules, SqliteStore};

mod in_memory {
    use super::*;

    pub(crate) async fn open(rules: Arc<dyn Rules>, notices: NoticeSink) -> Opened {
        (Arc::new(SqliteStore::in_memory(rules, notices).unwrap()), Box::new(()))
    }

    parseflow_store::conformance_suite!(open);
}

mod on_disk {
    use super::*;

    pub(crate) async fn open(rules: Arc<dyn Rules>, notices: NoticeSink) -> Opened {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("parseflow.db"), rules, notices).unwrap();
        (Arc::new(store), Box::new(folder))
    }

    parseflow_store::conformance_suite!(open);
}
