//! Cursors, the same for every database.

use parseflow_model::Timestamp;

use crate::port::Page;

/// The first `limit` of `rows` (which holds one more when there is another page) as a page.
pub(crate) fn paged<T>(mut rows: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Page<T> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = if more { rows.last().map(cursor) } else { None };
    Page { rows, next_cursor }
}

/// A cursor that is a number: rows below it follow. The beginning when absent or not ours.
pub(crate) fn cursor_number(cursor: Option<&str>) -> i64 {
    cursor.and_then(|text| text.parse().ok()).unwrap_or(i64::MAX)
}

/// A cursor for lists that are ordered by time and then id.
pub(crate) fn time_cursor(at: Timestamp, id: &str) -> String {
    format!("{}.{id}", at.millis())
}

/// Where such a list goes on: rows before this time and id follow. The beginning when absent or
/// not ours.
pub(crate) fn cursor_time(cursor: Option<&str>) -> (i64, String) {
    let parts = cursor.and_then(|text| text.split_once('.'));
    let parts = parts.and_then(|(millis, id)| Some((millis.parse().ok()?, id.to_owned())));
    parts.unwrap_or((i64::MAX, String::new()))
}
