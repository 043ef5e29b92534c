//! A sixth set of agreements, drawn like the fifth in other words: letters of buyers and sellers of companies, standstills,
//! sureties, settlements, assignments, statements of work, leave and licence, offers of work. Written after the rules had been
//! mended for the fifth set, and read once.

mod english;
mod filed;
mod middle;
mod south;

use super::compacts::{Form, Tongue, drawn};
use super::rng::Rng;
use crate::label::Label;

const TONGUES: [&Tongue; 8] = [
    &english::ENGLISH,
    &middle::GERMAN,
    &south::FRENCH,
    &south::SPANISH,
    &south::ITALIAN,
    &middle::DUTCH,
    &south::PORTUGUESE,
    &middle::POLISH,
];

const fn form(
    title: &'static str,
    roles: (&'static str, &'static str),
    second: &'static str,
    dated: bool,
    text: &'static str,
) -> Form {
    Form { title, roles, second, dated, text }
}

/// The agreement of a seed.
pub(super) fn agreement(rng: &mut Rng) -> (Vec<u8>, Label) {
    drawn(rng, TONGUES)
}

/// An agreement of confidence as American companies file them.
pub(super) fn filed(rng: &mut Rng) -> (Vec<u8>, Label) {
    drawn(rng, [&filed::FILED; 8])
}
