//! Judges a ZIP archive by its directory, before anything is unpacked.
//!
//! The directory only claims: whoever unpacks the archive counts again. But a claim that is over the
//! limits needs no further work.

use std::io::Cursor;

use zip::ZipArchive;

use crate::error::ApiError;
use crate::parts::ArchiveLimits;

/// Entries below this size are not judged by their ratio: a few kilobytes of zeros are no bomb.
const RATIO_BYTES_MIN: u64 = 1024 * 1024;

/// Refuses an archive that claims more than the limits. One whose directory cannot be read passes:
/// its batch fails with a code when it is opened.
pub(crate) fn judge(bytes: &[u8], files_max: u64, limits: &ArchiveLimits) -> Result<(), ApiError> {
    if bytes.len() as u64 > limits.bytes_max {
        return Err(ApiError::ArchiveTooLarge("the file itself is above the limit"));
    }
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Ok(()) };
    let files = archive.file_names().flatten().filter(|name| !name.ends_with('/')).count();
    if files as u64 > files_max {
        return Err(ApiError::TooManyFiles { files_max });
    }
    let mut unpacked_bytes: u64 = 0;
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_raw(index) else { return Ok(()) };
        unpacked_bytes = unpacked_bytes.saturating_add(entry.size());
        if unpacked_bytes > limits.unpacked_bytes_max {
            return Err(ApiError::ArchiveTooLarge("its files are above the limit once unpacked"));
        }
        let ratio = entry.size() / entry.compressed_size().max(1);
        if entry.size() > RATIO_BYTES_MIN && ratio > limits.ratio_max {
            return Err(ApiError::ArchiveTooLarge("one of its files is packed suspiciously well"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;

    use super::*;

    const LIMITS: ArchiveLimits =
        ArchiveLimits { bytes_max: 100_000, unpacked_bytes_max: 8_000_000, ratio_max: 200 };

    fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&str>) {
        let code = judge(bytes, 3, &LIMITS).err().map(|error| error.code().into_owned());
        assert_eq!(code.as_deref(), expected);
    }

    #[test]
    fn ordinary_archives_pass() {
        check(&zipped(&[("a.txt", b"one"), ("folder/b.txt", b"two")]), None);
        check(&zipped(&[]), None);
    }

    #[test]
    fn archives_above_a_limit_are_refused() {
        check(&zipped(&[("a", b""), ("b", b""), ("c", b""), ("d", b"")]), Some("too_many_files"));
        check(&zipped(&[("bomb", &vec![0; 2_000_000])]), Some("archive_too_large"));
        check(&vec![b'x'; 100_001], Some("archive_too_large"));
        let noise: Vec<u8> =
            (0..900_000u32).flat_map(|n| [(n % 7) as u8, (n % 11) as u8]).collect();
        let limits = ArchiveLimits { ratio_max: u64::MAX, unpacked_bytes_max: 1_000_000, ..LIMITS };
        let error = judge(&zipped(&[("large", &noise)]), 3, &limits).unwrap_err();
        assert_eq!(error.code(), "archive_too_large");
    }

    #[test]
    fn what_cannot_be_read_is_left_to_whoever_opens_it() {
        check(b"PK\x03\x04 and then nothing", None);
        let whole = zipped(&[("a.txt", b"one")]);
        check(&whole[..whole.len() - 10], None);
    }
}
