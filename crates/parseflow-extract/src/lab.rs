//! What the project's laboratory needs to train the models; no part of the library's interface.

use parseflow_model::DocumentType;

use crate::classify;
use crate::layout::{Page, rows_of};

/// Number of document types.
pub const KINDS: usize = DocumentType::ALL.len();

/// The features by which the type of a document is told.
pub fn type_features(pages: &[Page]) -> Vec<f64> {
    classify::features(&rows_of(pages))
}

/// The phrases that the first features stand for, in order.
pub fn type_phrases() -> &'static [&'static str] {
    classify::phrase_list()
}

/// The weights that training starts from and stays near.
pub fn type_prior() -> Vec<[f64; KINDS]> {
    classify::prior()
}

/// The pages of a file as the engine sees them; `None` where it is no PDF or plain text.
pub fn pages_of(bytes: &[u8]) -> Option<Vec<Page>> {
    let options = crate::ExtractOptions::default();
    match crate::detect(bytes).media_type {
        "application/pdf" => {
            crate::pdf::read(bytes, &options, &crate::Tools::default()).ok().map(|text| text.pages)
        }
        _ => crate::text::pages_of(&crate::text::decode(bytes), &options).ok(),
    }
}

/// The group whose calibration a field shares.
pub fn calibration_group(name: &str) -> &'static str {
    crate::fields::group_of(name)
}

/// Stretch and shift of each group as shipped.
pub fn shipped_calibration() -> &'static std::collections::HashMap<String, [f64; 2]> {
    crate::fields::shipped()
}
