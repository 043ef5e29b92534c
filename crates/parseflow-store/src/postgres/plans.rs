//! No query of the product reads a whole table: the suite runs once more with every statement
//! recorded, and each one's plan is looked at, as it is made for any values.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_postgres::types::Type;

use super::{PostgresOptions, PostgresStore, connect};
use crate::conformance::Opened;
use crate::port::{NoticeSink, Rules};

/// Statements that may read a whole table: figures for `/metrics`, and what is done once for a
/// process that starts or has died. `node` and `mark` have a handful of rows.
const MAY_SCAN: [&str; 3] =
    ["SELECT (SELECT COUNT(*) FROM due)", "lease_epoch", "WHERE epoch = $1"];

static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);

/// The statements of one test; looks at their plans when the test has ended.
struct Recorder {
    url: String,
    server: String,
    schema: String,
    statements: Arc<Mutex<BTreeSet<String>>>,
}

/// Lines of plans that read whole tables, and how many plans were looked at.
async fn scans(url: &str, statements: &BTreeSet<String>) -> (Vec<String>, usize) {
    let pool = connect::pool(url, 1).unwrap();
    let sql = pool.get().await.unwrap();
    sql.batch_execute("SET plan_cache_mode = force_generic_plan").await.unwrap();
    let (mut found, mut looked_at) = (Vec::new(), 0);
    for statement in statements {
        let kinds = sql.prepare(statement).await.unwrap().params().to_vec();
        let names: Vec<&str> = kinds.iter().map(Type::name).map(sql_name).collect();
        let nulls = vec!["NULL"; kinds.len()].join(", ");
        let (given, values) = match kinds.len() {
            0 => (String::new(), String::new()),
            _ => (format!(" ({})", names.join(", ")), format!(" ({nulls})")),
        };
        let prepare = format!("PREPARE looked_at{given} AS {statement}");
        // SET and its like have no plan.
        if sql.batch_execute(&prepare).await.is_err() {
            continue;
        }
        let plan = sql.query(&format!("EXPLAIN EXECUTE looked_at{values}"), &[]).await.unwrap();
        sql.batch_execute("DEALLOCATE looked_at").await.unwrap();
        looked_at += 1;
        for row in plan {
            let line: String = row.get(0);
            let small = ["on node", "on mark", "on usage"].iter().any(|name| line.contains(name));
            if line.contains("Seq Scan on") && !small {
                found.push(format!("{}: {statement}", line.trim()));
            }
        }
    }
    (found, looked_at)
}

/// The type's name in SQL: `_text` is `text[]`.
fn sql_name(name: &str) -> &str {
    match name {
        "_text" => "text[]",
        "_int4" => "integer[]",
        "_int8" => "bigint[]",
        "_int2" => "smallint[]",
        "_bool" => "boolean[]",
        "_bytea" => "bytea[]",
        name => name,
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let statements: BTreeSet<_> = statements
            .into_iter()
            .filter(|text| !MAY_SCAN.iter().any(|may| text.contains(may)))
            .collect();
        let (url, server) = (self.url.clone(), self.server.clone());
        let drop = format!("DROP SCHEMA {} CASCADE", self.schema);
        // A thread, because a runtime is ending around us.
        let looking = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let found = scans(&url, &statements).await;
                let pool = connect::pool(&server, 1).unwrap();
                pool.get().await.unwrap().batch_execute(&drop).await.unwrap();
                found
            })
        });
        let found = looking.join();
        if !std::thread::panicking() {
            let (found, looked_at) = found.unwrap();
            assert!(looked_at > 3, "{looked_at} plans");
            assert!(found.is_empty(), "whole tables are read:\n{}", found.join("\n"));
        }
    }
}

async fn open(rules: Arc<dyn Rules>, notices: NoticeSink) -> Opened {
    let server = std::env::var("PARSEFLOW_TEST_POSTGRES_URL")
        .expect("PARSEFLOW_TEST_POSTGRES_URL names a server; `cargo xtask test` starts one");
    let count = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let schema = format!("plans_{}_{count}", std::process::id());
    let pool = connect::pool(&server, 1).unwrap();
    let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    pool.get().await.unwrap().batch_execute(&create).await.unwrap();
    let join = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{join}options=-c%20search_path%3D{schema}");
    let options = PostgresOptions { connections: 4, ..PostgresOptions::new(&url, "one") };
    let store = PostgresStore::open(options, rules, notices).await.unwrap();
    let statements = Arc::clone(&store.inner.statements);
    (Arc::new(store), Box::new(Recorder { url, server, schema, statements }))
}

crate::conformance_suite!(open);
