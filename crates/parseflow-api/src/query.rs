//! Query parameters: names and values, decoded, each at most once.

use axum::extract::Query;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Uri;
use parseflow_model::AccountId;
use parseflow_store::{Page, PageRequest};
use ring::digest;

use crate::error::ApiError;

const LIMIT_DEFAULT: usize = 20;
const LIMIT_MAX: usize = 100;
const CHECK_BYTES: usize = 6;

/// The value of a query parameter. Parameters that nobody asks for are ignored.
pub(crate) fn parameter(uri: &Uri, name: &str) -> Result<Option<String>, ApiError> {
    let wrong = |message| ApiError::input(format!("?{name}"), message);
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(uri);
    let Query(pairs) = pairs.map_err(|_| wrong("cannot be decoded"))?;
    let mut values = pairs.into_iter().filter(|(key, _)| key == name).map(|(_, value)| value);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(wrong("must be given once")),
    }
}

/// One list of one account: its cursors work for no other.
pub(crate) struct List<'a> {
    pub(crate) name: &'a str,
    pub(crate) account: &'a AccountId,
}

impl List<'_> {
    /// Which page the query asks for: `limit` from 1 to 100 (20 if left out) and `cursor`.
    pub(crate) fn page(&self, uri: &Uri) -> Result<PageRequest, ApiError> {
        let limit = match parameter(uri, "limit")? {
            None => LIMIT_DEFAULT,
            Some(text) => {
                text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit)).ok_or_else(
                    || ApiError::input("?limit", "must be a whole number from 1 to 100"),
                )?
            }
        };
        let cursor = match parameter(uri, "cursor")? {
            None => None,
            Some(text) => Some(self.open(&text).ok_or(ApiError::InvalidCursor)?),
        };
        Ok(PageRequest { limit, cursor })
    }

    /// The cursor of the next page as told to the caller.
    pub(crate) fn next<T>(&self, page: &Page<T>) -> Option<String> {
        page.next_cursor.as_deref().map(|cursor| self.close(cursor))
    }

    /// The store's cursor behind a check value, so that a mistyped one is refused rather than
    /// understood as some other page.
    fn close(&self, cursor: &str) -> String {
        let mut bytes = self.check_value(cursor).to_vec();
        bytes.extend_from_slice(cursor.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn open(&self, text: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (check, cursor) = bytes.split_first_chunk::<CHECK_BYTES>()?;
        let cursor = std::str::from_utf8(cursor).ok()?;
        (*check == self.check_value(cursor)).then(|| cursor.to_owned())
    }

    fn check_value(&self, cursor: &str) -> [u8; CHECK_BYTES] {
        let text = format!("{}\n{}\n{cursor}", self.name, self.account);
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        *digest.as_ref().first_chunk().expect("SHA-256 has 32 bytes")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_works_only_for_the_list_that_returned_it() {
        let account: AccountId = "acc_a1b2c3d4e5f6g7h8".parse().unwrap();
        let keys = List { name: "keys", account: &account };
        let batches = List { name: "batches", account: &account };
        let cursor = keys.close("1776161100000.key_1");
        assert_eq!(keys.open(&cursor).as_deref(), Some("1776161100000.key_1"));
        assert_eq!(batches.open(&cursor), None);
        for wrong in ["", "x", "AAAAAAAA", &cursor[1..], &format!("{cursor}A")] {
            assert_eq!(keys.open(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn the_page_defaults_to_20_rows_and_has_at_most_100() {
        let account: AccountId = "acc_a1b2c3d4e5f6g7h8".parse().unwrap();
        let list = List { name: "keys", account: &account };
        let limit = |query: &str| {
            list.page(&format!("/x?{query}").parse().unwrap()).ok().map(|page| page.limit)
        };
        assert_eq!(limit(""), Some(20));
        assert_eq!(limit("limit=1"), Some(1));
        assert_eq!(limit("limit=100"), Some(100));
        for wrong in ["limit=0", "limit=101", "limit=x", "limit=", "limit=1&limit=2", "cursor="] {
            assert_eq!(limit(wrong), None, "{wrong}");
        }
    }
}
