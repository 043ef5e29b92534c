//! The data folder: who may use it, and the master key in it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use parseflow_model::Dice;
use parseflow_webhooks::vault::{KeyRing, MasterKey};

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("the data folder {} cannot be created: {source}", path.display())]
    Create { path: PathBuf, source: io::Error },
    #[error("the data folder {} cannot be written to: {source}; make it writable or choose another with --data-dir", path.display())]
    NotWritable { path: PathBuf, source: io::Error },
    #[error("the data folder {} is in use by another running server; stop that one or choose another folder with --data-dir", path.display())]
    InUse { path: PathBuf },
    #[error("the master key {} cannot be read: {source}", path.display())]
    KeyUnreadable { path: PathBuf, source: io::Error },
    #[error("the master key {} cannot be created: {source}", path.display())]
    KeyNotCreated { path: PathBuf, source: io::Error },
    #[error("the master key {} is damaged: it must hold 64 hex digits; restore it from a backup, endpoint secrets cannot be read without it", path.display())]
    KeyDamaged { path: PathBuf },
    #[error("the master key {} is missing, but the data folder holds a database that was encrypted with it; restore it from a backup or name it with --master-key-file", path.display())]
    KeyMissing { path: PathBuf },
}

/// The database file inside the data folder.
pub(crate) fn database_file(data_dir: &Path) -> PathBuf {
    data_dir.join("parseflow.db")
}

/// Written by `parseflow migrate`: the installation has moved, and its database must not be used.
pub(crate) fn moved_file(data_dir: &Path) -> PathBuf {
    data_dir.join("moved-to-postgresql")
}

/// Says durably that the installation has moved.
pub(crate) fn mark_moved(data_dir: &Path) -> io::Result<()> {
    let text = "This installation was moved to PostgreSQL. To use the old database all the same, \
                which sends what waits a second time, delete this file.\n";
    let mut file = File::create(moved_file(data_dir))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    File::open(data_dir)?.sync_all()
}

/// Creates the data folder, for its owner only, and makes sure that files can be made in it.
pub(crate) fn prepare(data_dir: &Path) -> Result<(), FolderError> {
    let path = || data_dir.to_owned();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data_dir)
        .map_err(|source| FolderError::Create { path: path(), source })?;
    open_lock(data_dir).map_err(|source| FolderError::NotWritable { path: path(), source })?;
    Ok(())
}

fn open_lock(data_dir: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(data_dir.join("serve.lock"))
}

/// The right to serve from a data folder, held until dropped. The system gives it back when the
/// process ends, however it ends.
#[derive(Debug)]
pub(crate) struct ServeLock(#[expect(dead_code, reason = "held, never read")] File);

impl ServeLock {
    pub(crate) fn take(data_dir: &Path) -> Result<Self, FolderError> {
        let path = || data_dir.to_owned();
        let file = open_lock(data_dir)
            .map_err(|source| FolderError::NotWritable { path: path(), source })?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse { path: path() }),
            Err(TryLockError::Error(source)) => {
                Err(FolderError::NotWritable { path: path(), source })
            }
        }
    }
}

/// The keys of these files, of which there is at least one: the first one seals and is created when
/// there is none and nothing is encrypted yet.
pub(crate) fn key_ring(
    paths: &[PathBuf],
    database: &Path,
    dice: &dyn Dice,
) -> Result<KeyRing, FolderError> {
    let (first, others) = paths.split_first().expect("the settings have a default");
    let first = master_key(first, database, dice)?;
    Ok(KeyRing::new(first, read_keys(others)?))
}

/// The same, of files that must all exist.
pub(crate) fn read_ring(paths: &[PathBuf]) -> Result<KeyRing, FolderError> {
    let mut keys = read_keys(paths)?;
    let first = keys.remove(0);
    Ok(KeyRing::new(first, keys))
}

fn read_keys(paths: &[PathBuf]) -> Result<Vec<MasterKey>, FolderError> {
    paths.iter().map(|path| read_key(path)).collect()
}

/// Reads the master key, or creates it when there is none and nothing is encrypted yet.
fn master_key(path: &Path, database: &Path, dice: &dyn Dice) -> Result<MasterKey, FolderError> {
    match read_key(path) {
        Err(FolderError::KeyUnreadable { source, .. })
            if source.kind() == io::ErrorKind::NotFound =>
        {
            if database.exists() {
                return Err(FolderError::KeyMissing { path: path.to_owned() });
            }
            create_key(path, dice)
                .map_err(|source| FolderError::KeyNotCreated { path: path.to_owned(), source })?;
            read_key(path)
        }
        read => read,
    }
}

/// Reads the master key; it must exist.
fn read_key(path: &Path) -> Result<MasterKey, FolderError> {
    let mut text = String::new();
    let file = File::open(path)
        .map_err(|source| FolderError::KeyUnreadable { path: path.to_owned(), source })?;
    let read = file.take(1024).read_to_string(&mut text);
    read.map_err(|source| match source.kind() {
        io::ErrorKind::InvalidData => FolderError::KeyDamaged { path: path.to_owned() },
        _ => FolderError::KeyUnreadable { path: path.to_owned(), source },
    })?;
    let bytes = from_hex(text.trim());
    let bytes = bytes.ok_or_else(|| FolderError::KeyDamaged { path: path.to_owned() })?;
    Ok(MasterKey::from_bytes(bytes))
}

/// The name of this data folder among processes that share a database: made once, kept in the
/// folder. A copy of the folder must not keep it.
pub(crate) fn node_name(data_dir: &Path, dice: &dyn Dice) -> Result<String, FolderError> {
    let path = data_dir.join("node");
    let failed = |source| FolderError::NotWritable { path: data_dir.to_owned(), source };
    match fs::read_to_string(&path) {
        Ok(text) if !text.trim().is_empty() => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let mut bytes = [0u8; 16];
    dice.fill(&mut bytes);
    let name = hex(&bytes);
    let mut file = File::create(&path).map_err(failed)?;
    file.write_all(format!("{name}\n").as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    Ok(name)
}

/// Whether others than its owner may read the file.
pub(crate) fn others_may_read(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.mode() & 0o077 != 0)
}

/// Written under another name and flushed first: the key is whole or absent. When two processes
/// create it at once, the first one's stays.
fn create_key(path: &Path, dice: &dyn Dice) -> io::Result<()> {
    let (mut bytes, mut suffix) = ([0u8; 32], [0u8; 8]);
    dice.fill(&mut bytes);
    dice.fill(&mut suffix);
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}.part", hex(&suffix)));
    let mut file = OpenOptions::new().create_new(true).write(true).mode(0o600).open(&unfinished)?;
    let written = file
        .write_all(format!("{}\n", hex(&bytes)).as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| match fs::hard_link(&unfinished, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            linked => linked,
        });
    fs::remove_file(&unfinished)?;
    written?;
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0u8; 32];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::clock::SystemDice;

    #[test]
    fn the_master_key_is_created_once_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let (key, database) = (folder.path().join("master.key"), folder.path().join("db"));
        let dice = SystemDice::new();
        let ring = |key: &Path| KeyRing::from(master_key(key, &database, &dice).unwrap());
        let sealed = ring(&key).seal(&dice, "c", b"text");
        assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!others_may_read(&key));
        fs::write(&database, "").unwrap();
        assert_eq!(ring(&key).open("c", &sealed).unwrap(), b"text");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn older_keys_open_and_are_never_created() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (dice, database) = (SystemDice::new(), path("db"));
        let old = key_ring(&[path("old")], &database, &dice).unwrap();
        let sealed = old.seal(&dice, "c", b"text");
        let both = key_ring(&[path("new"), path("old")], &database, &dice).unwrap();
        assert_eq!(both.open("c", &sealed).unwrap(), b"text");
        assert_ne!(both.sealing_tag(), old.sealing_tag());
        let lost = key_ring(&[path("new"), path("lost")], &database, &dice).unwrap_err();
        assert!(matches!(lost, FolderError::KeyUnreadable { .. }), "{lost}");
        let lost = read_ring(&[path("lost"), path("new")]).unwrap_err();
        assert!(matches!(lost, FolderError::KeyUnreadable { .. }), "{lost}");
    }

    #[test]
    fn a_lost_or_damaged_master_key_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let (key, database) = (folder.path().join("master.key"), folder.path().join("db"));
        fs::write(&database, "").unwrap();
        let lost = master_key(&key, &database, &SystemDice::new()).unwrap_err();
        assert!(matches!(lost, FolderError::KeyMissing { .. }), "{lost}");
        let (short, long, letters) = ("00".repeat(31), "00".repeat(33), "zz".repeat(32));
        for damaged in ["", &short, &long, &letters, "\u{e9}"] {
            fs::write(&key, damaged).unwrap();
            let error = master_key(&key, &database, &SystemDice::new()).unwrap_err();
            assert!(matches!(error, FolderError::KeyDamaged { .. }), "{damaged:?}: {error}");
        }
        fs::write(&key, [0xff, 0xfe]).unwrap();
        assert!(matches!(read_key(&key), Err(FolderError::KeyDamaged { .. })));
    }

    #[test]
    fn one_server_at_a_time_uses_a_data_folder() {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path()).unwrap();
        let lock = ServeLock::take(folder.path()).unwrap();
        assert!(matches!(ServeLock::take(folder.path()), Err(FolderError::InUse { .. })));
        drop(lock);
        ServeLock::take(folder.path()).unwrap();
    }
}
