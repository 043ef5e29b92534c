//! What the ranker chooses from in a document, for training it; no part of the engine.

use parseflow_model::DocumentType;
use serde_json::Value;

use crate::lexicon::Label;

use super::blocks::blocks;
use super::doc::Doc;
use super::invoice::Bill;
use super::out::money;
use super::rank::{Clues, Contest, Weighed};
use super::{dates, merchant, numbers, parties, party_guess, recipient, slip_total, sums, totals};

/// The candidates of one contest in one document.
pub(crate) struct Ballot {
    pub(crate) contest: Contest,
    /// Where the value stands in `data`.
    pub(crate) path: &'static str,
    /// The values as `data` gives them, with their clues.
    pub(crate) options: Vec<(Value, Clues)>,
}

/// All ballots of a document that is read as `kind`.
pub(crate) fn ballots(doc: &Doc<'_>, kind: DocumentType) -> Vec<Ballot> {
    match kind {
        DocumentType::Invoice | DocumentType::CreditNote | DocumentType::PurchaseOrder => {
            of_bill(doc)
        }
        DocumentType::Receipt => of_receipt(doc),
        _ => Vec::new(),
    }
}

fn ballot<T>(
    contest: Contest,
    path: &'static str,
    weighed: Vec<Weighed<T>>,
    value: impl Fn(T) -> Value,
) -> Ballot {
    let options = weighed.into_iter().map(|one| (value(one.found.value), one.clues)).collect();
    Ballot { contest, path, options }
}

fn of_bill(doc: &Doc<'_>) -> Vec<Ballot> {
    let bill = Bill::read(doc);
    let mut all = of_sums(doc, &bill);
    let mut of_number = numbers::labelled_numbers(doc);
    of_number.extend(numbers::numbers_like_dates(doc));
    let has_number = of_number.iter().any(|one| one.found.score >= Contest::Number.threshold());
    all.push(ballot(Contest::Number, "invoiceNumber", of_number, Value::from));
    all.push(issue_date(doc, &bill, "invoiceDate"));
    let due = dates::due_dates(doc, bill.dates.issued.as_ref());
    all.push(ballot(Contest::Due, "dueDate", due, |date| date.iso().into()));
    let blocks = blocks(doc);
    for (contest, label, path) in [
        (Contest::Customer, Label::Customer, "customer.name"),
        (Contest::Vendor, Label::Vendor, "vendor.name"),
    ] {
        let named = parties::labelled_parties(doc, &blocks, label).into_iter();
        let named = named.filter_map(|(found, clues)| {
            Some((parties::party_of(doc, &found).name?.value.into(), clues))
        });
        all.push(Ballot { contest, path, options: named.collect() });
    }
    // What is looked for only where labels and return address say nothing.
    let plain = parties::plain_parties(doc, &blocks);
    let vendor = &bill.parties.vendor;
    if plain.vendor.name.is_none() {
        let companies = party_guess::companies(doc, &blocks, plain.customer.name.as_ref());
        all.push(ballot(Contest::Company, "vendor.name", companies, Value::from));
    }
    if plain.customer.name.is_none() {
        let named = recipient::recipients(doc, &blocks, vendor.name.as_ref()).into_iter();
        let named = named.map(|(one, _)| one).collect();
        all.push(ballot(Contest::Recipient, "customer.name", named, Value::from));
    }
    if !has_number {
        let bare = numbers::bare_numbers(doc);
        all.push(ballot(Contest::BareNumber, "invoiceNumber", bare, Value::from));
    }
    all
}

fn of_sums(doc: &Doc<'_>, bill: &Bill) -> Vec<Ballot> {
    let taxes = totals::tax_table(doc, &bill.items.rows);
    let sums = sums::Sums::of(doc, &bill.items.rows, &taxes);
    vec![
        ballot(Contest::Gross, "total", sums.gross, money),
        ballot(Contest::Net, "subtotal", sums.net, money),
        ballot(Contest::Tax, "tax", sums.tax, money),
        ballot(Contest::AmountDue, "amountDue", sums.due, money),
    ]
}

fn issue_date(doc: &Doc<'_>, bill: &Bill, path: &'static str) -> Ballot {
    let issued = dates::issue_dates(doc, bill.number.as_ref());
    let contest = issued.first().map_or(Contest::Issued, |date| date.clues.contest());
    ballot(contest, path, issued, |date| date.iso().into())
}

fn of_receipt(doc: &Doc<'_>) -> Vec<Ballot> {
    let bill = Bill::read(doc);
    let mut all = of_sums(doc, &bill);
    all.push(issue_date(doc, &bill, "date"));
    let names = merchant::merchants(doc).into_iter();
    let whole =
        |name: Weighed<String>| (Value::from(merchant::whole(doc, name.found).value), name.clues);
    let options = names.map(whole).collect();
    all.push(Ballot { contest: Contest::Merchant, path: "merchant.name", options });
    all.push(ballot(Contest::Slip, "total", slip_total::slip_totals(doc), money));
    all
}
