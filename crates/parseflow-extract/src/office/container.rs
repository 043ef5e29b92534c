//! The ZIP archive around the parts of an office file, read within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::corrupt;
use crate::{ExtractError, ExtractOptions};

/// Parts of one file, at most.
const ENTRIES_MAX: usize = 10_000;

/// An open archive.
pub(super) struct Container<'b> {
    archive: ZipArchive<Cursor<&'b [u8]>>,
    /// Bytes that may still come out of it.
    left: u64,
    limit: u64,
}

impl<'b> Container<'b> {
    /// Opens the archive's directory.
    ///
    /// # Errors
    /// `corrupt_file`, or `too_large` with too many parts.
    pub(super) fn open(
        bytes: &'b [u8],
        options: &ExtractOptions,
    ) -> Result<Container<'b>, ExtractError> {
        let archive = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| corrupt("the directory of its archive is missing or damaged"))?;
        if archive.len() > ENTRIES_MAX {
            return Err(ExtractError::TooLarge { limit: ENTRIES_MAX as u64, unit: "parts" });
        }
        let limit = options.decompressed_bytes_max;
        Ok(Container { archive, left: limit, limit })
    }

    /// Names of the parts that begin with `prefix` and end with `suffix`, in natural order: 2 before 10.
    pub(super) fn names(&self, prefix: &str, suffix: &str) -> Vec<String> {
        let fits = |name: &&str| name.starts_with(prefix) && name.ends_with(suffix);
        let mut names: Vec<String> = self
            .archive
            .file_names()
            .filter_map(Result::ok)
            .map(|name| name.into_owned())
            .filter(|name| fits(&name.as_str()))
            .collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    }

    /// A part as text; `None` if there is none of this name.
    ///
    /// # Errors
    /// `corrupt_file`, `encrypted`, or `too_large` when more comes out than allowed.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, ExtractError> {
        let mut entry = match self.archive.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                return Err(ExtractError::Encrypted);
            }
            Err(_) => return Err(corrupt("a part of its archive is damaged")),
        };
        let mut bytes = Vec::new();
        // What the archive declares is not believed: bytes are counted as they come out.
        let read = entry.by_ref().take(self.left + 1).read_to_end(&mut bytes);
        if read.is_err() {
            return Err(corrupt("a part of its archive is damaged"));
        }
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or(ExtractError::TooLarge {
            limit: self.limit,
            unit: "bytes after decompression",
        })?;
        Ok(Some(crate::text::decode(&bytes)))
    }

    /// A part that must be there.
    ///
    /// # Errors
    /// As [`Container::text`], and `corrupt_file` if it is missing.
    pub(super) fn required(&mut self, name: &str) -> Result<String, ExtractError> {
        self.text(name)?.ok_or_else(|| corrupt("a part of it is missing"))
    }
}
