//! What a caller asks of reading, as text, the same for every database.

use parseflow_model::ReadingWishes;

/// The wishes as JSON; `None` where nothing was asked for.
pub(crate) fn to_text(wishes: &ReadingWishes) -> Option<String> {
    let asks = *wishes != ReadingWishes::default();
    asks.then(|| serde_json::to_string(wishes).expect("JSON values and numbers can be written"))
}

/// The wishes of a stored text.
///
/// # Errors
/// When the text is not what [`to_text`] writes.
pub(crate) fn from_text(text: Option<&str>) -> Result<ReadingWishes, serde_json::Error> {
    text.map_or_else(|| Ok(ReadingWishes::default()), serde_json::from_str)
}
