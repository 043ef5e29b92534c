//! No query of the product reads a whole table: the suite runs once more with every statement
//! recorded, and each one's plan is looked at.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::Engine;
use crate::conformance::Opened;
use crate::port::{NoticeSink, Rules};
use crate::sqlite::SqliteStore;

/// What a plan may scan: intermediate results, which are as small as the query's limit.
const INTERMEDIATE: [&str; 3] = ["waiting", "(subquery-", "CONSTANT"];

/// Statements that may read a whole table: figures for `/metrics`, and the takeover at a start.
const MAY_SCAN: [&str; 2] = ["SELECT COUNT(*) FROM ", "WHERE token <> 0"];

/// The statements of one test; looks at their plans when the test has ended.
struct Recorder {
    store: SqliteStore,
    statements: Arc<Mutex<BTreeSet<String>>>,
}

fn scans(connection: &Connection, statement: &str) -> Vec<String> {
    let Ok(mut explain) = connection.prepare(&format!("EXPLAIN QUERY PLAN {statement}")) else {
        return Vec::new(); // PRAGMA, SAVEPOINT and their like have no plan
    };
    for parameter in 1..=explain.parameter_count() {
        explain.raw_bind_parameter(parameter, 1).unwrap();
    }
    let mut rows = explain.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let line: String = row.get("detail").unwrap();
        if let Some(scanned) = line.strip_prefix("SCAN ")
            && !INTERMEDIATE.iter().any(|name| scanned.starts_with(name))
        {
            found.push(format!("{line}: {statement}"));
        }
    }
    found
}

impl Drop for Recorder {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let Engine::Inline { writer: Some(writer), .. } = &*self.store.engine else { return };
        let statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = statements.iter().filter(|text| !MAY_SCAN.iter().any(|s| text.contains(s)));
        let found: Vec<_> =
            reading.flat_map(|statement| scans(&writer.connection, statement)).collect();
        assert!(statements.len() > 5, "statements were recorded");
        assert!(found.is_empty(), "whole tables are read:\n{}", found.join("\n"));
    }
}

async fn open(rules: Arc<dyn Rules>, notices: NoticeSink) -> Opened {
    let store = SqliteStore::in_memory(rules, notices).unwrap();
    let statements = Arc::new(Mutex::new(BTreeSet::new()));
    let recorded = Arc::clone(&statements);
    if let Engine::Inline { writer: Some(writer), .. } = &*store.engine {
        let mut writer = writer.lock().unwrap();
        let record = move |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(statement, _) = event {
                recorded.lock().unwrap().insert(statement.sql().into_owned());
            }
        };
        writer.connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(record)).unwrap();
    }
    (Arc::new(store.clone()), Box::new(Recorder { store, statements }))
}

crate::conformance_suite!(open);
