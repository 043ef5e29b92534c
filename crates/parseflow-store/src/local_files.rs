//! Uploaded files in a local folder.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use async_trait::async_trait;

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
        debug_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-'));
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
}
