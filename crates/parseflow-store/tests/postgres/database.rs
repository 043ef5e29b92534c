//! A database of its own for every test: a schema of the server's database, dropped at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use parseflow_store::postgres::PostgresOptions;
use parseflow_store::{NoticeSink, PostgresStore, Rules};
use tokio_postgres::{Client, NoTls};

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A schema that exists as long as the value.
pub(crate) struct Database {
    server: String,
    schema: String,
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Database {
    /// An empty one.
    pub(crate) async fn create() -> Self {
        let server = std::env::var("PARSEFLOW_TEST_POSTGRES_URL").expect(
            "PARSEFLOW_TEST_POSTGRES_URL names a PostgreSQL server; `cargo xtask test` starts one",
        );
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test_{}_{count}", std::process::id());
        let client = connect(&server).await;
        let create = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        client.batch_execute(&create).await.unwrap();
        Self { server, schema }
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        let join = if self.server.contains('?') { '&' } else { '?' };
        format!("{}{join}options=-c%20search_path%3D{}", self.server, self.schema)
    }

    /// A connection for what the port does not offer.
    pub(crate) async fn client(&self) -> Client {
        connect(&self.url()).await
    }

    /// Opens it as the process `node`. Another process is dead after ten seconds.
    pub(crate) async fn open(
        &self,
        node: &str,
        rules: Arc<dyn Rules>,
        notices: NoticeSink,
    ) -> PostgresStore {
        let options = PostgresOptions {
            connections: 8,
            dead_after: Duration::from_secs(10),
            ..PostgresOptions::new(self.url(), node)
        };
        PostgresStore::open(options, rules, notices).await.unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let drop = format!("DROP SCHEMA {} CASCADE", self.schema);
        let server = self.server.clone();
        // A thread, because a runtime may be ending around us.
        let dropping = std::thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let client = connect(&server).await;
                let _ = client.batch_execute(&format!("SET lock_timeout = '2s'; {drop}")).await;
            });
        });
        let _ = dropping.join();
    }
}
