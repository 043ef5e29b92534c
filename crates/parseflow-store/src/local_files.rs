//! Uploaded files in a local folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use async_trait::async_trait;
use parseflow_model::Timestamp;

use crate::port::{DocumentFiles, StoreError};

/// Uploaded files, one each, in a folder. A file is complete or absent, also after a loss of power:
/// it is written under another name, flushed, renamed, and the folder is flushed.
#[derive(Debug, Clone)]
pub struct LocalFiles {
    folder: PathBuf,
}

impl LocalFiles {
    /// Uses `folder`, which is created if need be.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned() })
    }

    fn path(&self, name: &str) -> PathBuf {
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        debug_assert!(name.bytes().all(is_plain) && !name.starts_with('.'));
        self.folder.join(name)
    }

    async fn blocking<T: Send + 'static>(
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map_err(|error| StoreError::Unavailable(Box::new(error))),
            Err(_) => Err(StoreError::Closed),
        }
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("part");
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(&unfinished, path)?;
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[async_trait]
impl DocumentFiles for LocalFiles {
    async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), StoreError> {
        let path = self.path(name);
        Self::blocking(move || write_durably(&path, &bytes)).await
    }

    async fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(name);
        Self::blocking(move || match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn delete(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path(name);
        Self::blocking(move || match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    async fn written_before(&self, at: Timestamp, max: usize) -> Result<Vec<String>, StoreError> {
        let folder = self.folder.clone();
        Self::blocking(move || old_files(&folder, at, max)).await
    }
}

/// Names of files in `folder` that were written before `at`.
fn old_files(folder: &Path, at: Timestamp, max: usize) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let age = entry.metadata()?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let is_old = Timestamp::default() + age < at;
        if let (true, Ok(name)) = (is_old, entry.file_name().into_string()) {
            names.push(name);
        }
        if names.len() == max {
            break;
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_reads_back_until_it_is_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(&folder.path().join("documents")).unwrap();
        files.put("ext_1", b"bytes".to_vec()).await.unwrap();
        assert_eq!(files.get("ext_1").await.unwrap().as_deref(), Some(&b"bytes"[..]));
        files.delete("ext_1").await.unwrap();
        files.delete("ext_1").await.unwrap();
        assert_eq!(files.get("ext_1").await.unwrap(), None);
    }

    #[tokio::test]
    async fn files_are_found_by_their_age_also_unfinished_ones() {
        let folder = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(folder.path()).unwrap();
        files.put("ext_1", b"bytes".to_vec()).await.unwrap();
        fs::write(folder.path().join("ext_2.part"), b"by").unwrap();
        let (past, future) = (Timestamp::from_secs(1), Timestamp::from_secs(100_000_000_000));
        assert_eq!(files.written_before(past, 10).await.unwrap(), [""; 0]);
        let mut found = files.written_before(future, 10).await.unwrap();
        found.sort();
        assert_eq!(found, ["ext_1", "ext_2.part"]);
        assert_eq!(files.written_before(future, 1).await.unwrap().len(), 1);
    }
}
