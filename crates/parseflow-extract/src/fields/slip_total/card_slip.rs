//! The slip of a terminal by itself: an amount, and what the card and the bank said.

use super::money_near;
use crate::fields::doc::{Candidate, Doc};
use crate::lexicon::folded;

/// Words for what is charged to a card, folded; they begin its row.
const AMOUNT: &[&str] = &[
    "amount", "total", "sale", "purchase", "betrag", "montant", "importe", "importo", "bedrag",
    "kwota", "valor", "zahlung", "amt", "summe", "somme",
];
/// Beginnings of rows that only slips of cards have.
const CARD: &[&str] = &[
    "aid",
    "tid",
    "terminal",
    "auth",
    "approved",
    "genehmig",
    "autoris",
    "aut",
    "mid",
    "pan",
    "zahlungerfolgt",
    "transactionaccept",
    "operacion",
    "akkoord",
    "posid",
    "kodautor",
    "zaakcept",
    "noterminal",
    "tml",
    "transazione",
    "cardholder",
    "kundenbeleg",
];

/// The amount of a slip that speaks of a terminal in two rows at least.
pub(super) fn amount(doc: &Doc<'_>) -> Option<Candidate<i64>> {
    const SPEAKING: usize = 2;
    let texts = || {
        doc.rows.iter().map(|row| row.segments.first().map_or(String::new(), |s| folded(&s.text)))
    };
    let speaking = texts().filter(|text| CARD.iter().any(|begin| text.starts_with(begin))).count();
    if speaking < SPEAKING {
        return None;
    }
    let rows = texts().enumerate();
    let mut rows = rows.filter(|(_, text)| AMOUNT.iter().any(|begin| text.starts_with(begin)));
    rows.find_map(|(index, _)| money_near(doc, index))
        .filter(|span| span.value > 0)
        .map(|span| Candidate::from_span(span, 0.75))
}
