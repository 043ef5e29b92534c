//! Agreements of seven kinds in English, German, French and Spanish: parties in a preamble, in a list, in a letter or
//! in a table of particulars, days in words and figures or left open, terms in words, until a day or without end, law in
//! many wordings beside courts of other places. Written with a look at how agreements read and without a look at the
//! engine's lists, and read once before any change.

mod clauses;
mod continent;
mod continent_words;
pub(super) mod draft;
mod english;
mod facts;

use super::rng::Rng;
use crate::label::Label;

/// The agreement of a seed; some are plain text.
pub(super) fn agreement(rng: &mut Rng) -> (Vec<u8>, Label) {
    let mut label = Label { document_type: Some("contract".to_owned()), ..Label::default() };
    let draft = if rng.chance(64) {
        english::agreement(rng, &mut label)
    } else {
        continent::agreement(rng, &mut label)
    };
    let bytes = if rng.chance(15) {
        draft.text()
    } else {
        let size = [9.0, 10.0, 10.5, 11.0][rng.range(0, 4) as usize];
        draft.pdf(size)
    };
    (bytes, label)
}
