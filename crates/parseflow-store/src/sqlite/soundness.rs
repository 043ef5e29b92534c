//! Whether the database file is whole.

use super::SqliteStore;
use super::rows::failed;
use crate::port::StoreError;

impl SqliteStore {
    /// What SQLite finds wrong with the file, at most 100 faults; empty when it is sound. Reads the
    /// whole file.
    ///
    /// # Errors
    /// The file cannot be read at all.
    pub async fn faults(&self) -> Result<Vec<String>, StoreError> {
        self.read(|connection| {
            let mut check = connection.prepare("PRAGMA quick_check(100)").map_err(failed)?;
            let lines = check.query_map([], |row| row.get::<_, String>(0)).map_err(failed)?;
            let lines = lines.collect::<Result<Vec<_>, _>>().map_err(failed)?;
            Ok(lines.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }
}
