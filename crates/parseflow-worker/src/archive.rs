//! Opening the archive of a batch: every file in it becomes a document.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::failure::ReadFailure;

/// How much may come out of one archive.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ArchiveLimits {
    /// Files.
    pub(crate) files_max: usize,
    /// Bytes of one file.
    pub(crate) file_bytes_max: u64,
    /// Bytes of all files together.
    pub(crate) total_bytes_max: u64,
}

/// A file found in an archive.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct ArchivedFile {
    /// Its name without folders.
    pub(crate) name: String,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}

fn unreadable(detail: &'static str) -> ReadFailure {
    ReadFailure::UnreadableArchive { detail }
}

/// Folders, and what file managers leave behind.
fn is_ignored(name: &str) -> bool {
    let base = base_name(name);
    name.ends_with('/') || name.starts_with("__MACOSX/") || base.is_empty() || base.starts_with('.')
}

/// The part after the last folder. Archives may name files anywhere; nothing is written under a
/// name from an archive.
fn base_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

/// The files of a ZIP archive. What is declared is not believed: bytes are counted as they come out.
///
/// # Errors
/// `unreadable_archive`, `archive_too_large` or `empty_archive`.
pub(crate) fn open(bytes: &[u8], limits: &ArchiveLimits) -> Result<Vec<ArchivedFile>, ReadFailure> {
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable("its directory is damaged"))?;
    let mut files = Vec::new();
    let mut room = limits.total_bytes_max;
    for index in 0..archive.len() {
        let mut entry =
            archive.by_index(index).map_err(|_| unreadable("an entry is damaged or encrypted"))?;
        let path = entry.name().map_err(|_| unreadable("an entry has no readable name"))?;
        let path = path.into_owned();
        if is_ignored(&path) {
            continue;
        }
        if files.len() == limits.files_max {
            let limit = limits.files_max as u64;
            return Err(ReadFailure::ArchiveTooLarge { limit, unit: "files" });
        }
        let name: String = base_name(&path).chars().filter(|c| !c.is_control()).take(255).collect();
        let most = limits.file_bytes_max.min(room);
        let mut content = Vec::new();
        let read = entry.by_ref().take(most + 1).read_to_end(&mut content);
        read.map_err(|_| unreadable("an entry cannot be decompressed"))?;
        if content.len() as u64 > most {
            let (limit, unit) = if limits.file_bytes_max <= room {
                (limits.file_bytes_max, "bytes in one file")
            } else {
                (limits.total_bytes_max, "bytes in all files")
            };
            return Err(ReadFailure::ArchiveTooLarge { limit, unit });
        }
        room -= content.len() as u64;
        files.push(ArchivedFile { name, bytes: content });
    }
    if files.is_empty() {
        return Err(ReadFailure::EmptyArchive);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const LIMITS: ArchiveLimits =
        ArchiveLimits { files_max: 3, file_bytes_max: 1_000, total_bytes_max: 2_000 };

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn check(files: &[(&str, &[u8])], expected: Result<&[&str], &str>) {
        let opened = open(&zip(files), &LIMITS);
        let names = opened.map(|files| files.into_iter().map(|f| f.name).collect::<Vec<_>>());
        match (names, expected) {
            (Ok(names), Ok(expected)) => assert_eq!(names, expected),
            (Err(error), Err(code)) => assert_eq!(error.code(), code),
            (got, expected) => panic!("{got:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn files_lose_their_folders_and_leftovers_are_ignored() {
        let files: &[(&str, &[u8])] = &[
            ("folder/", b""),
            ("folder/a.pdf", b"a"),
            ("../../etc/b.pdf", b"b"),
            ("__MACOSX/folder/._a.pdf", b"x"),
            (".DS_Store", b"x"),
        ];
        check(files, Ok(&["a.pdf", "b.pdf"]));
    }

    #[test]
    fn limits_hold_for_what_comes_out() {
        check(&[("a", &[0; 1_001])], Err("archive_too_large"));
        check(&[("a", &[0; 900]), ("b", &[0; 900]), ("c", &[0; 900])], Err("archive_too_large"));
        check(&[("a", b""), ("b", b""), ("c", b""), ("d", b"")], Err("archive_too_large"));
        check(&[("folder/", b"")], Err("empty_archive"));
    }

    #[test]
    fn damaged_archives_are_unreadable() {
        let whole = zip(&[("a.pdf", &[7; 500])]);
        for cut in [0, 4, 30, whole.len() / 2, whole.len() - 5] {
            let error = open(&whole[..cut], &LIMITS).unwrap_err();
            assert_eq!(error.code(), "unreadable_archive", "cut at {cut}");
        }
        let mut flipped = whole;
        flipped[45] ^= 0xff;
        assert_eq!(open(&flipped, &LIMITS).unwrap_err().code(), "unreadable_archive");
    }
}
