//! Till receipts.

use parseflow_model::DocumentType;
use serde_json::{Map, Value};

use super::calibrate::{calibrated, group_of};
use super::doc::{Candidate, Doc};
use super::header;
use super::invoice::{Bill, label_confidence, put_currency, put_items, put_sum};
use super::items::{Item, Items};
use super::merchant::merchant;
use super::out::{Evidence, object};
use super::parties::nearest_to;
use super::slip_total::slip_total;
use super::{Reading, text_value};
use crate::lexicon::{Label, folded};
use crate::spans::{Number, Span};
use crate::warning;

/// Reads a receipt.
pub(super) fn read(doc: &Doc<'_>) -> Reading {
    let mut bill = Bill::read(doc);
    if bill.items.items.is_empty() {
        bill.items = plain_items(doc);
        bill.totals = super::totals::totals(doc, bill.items.sum(), &bill.items.rows);
    }
    if let Some(total) = slip_total(doc)
        && bill.totals.total.as_ref().is_none_or(|known| known.value != total.value)
    {
        // What the slip itself settles outweighs labels read as those of an invoice.
        bill.totals.closed = false;
        bill.totals.disagree = false;
        bill.totals.total = Some(total);
    }
    let mut out = Evidence::new(doc);
    let mut warnings = Vec::new();
    let mut data = object([("type", DocumentType::Receipt.as_str().into())]);
    data.insert("merchant".into(), Value::Object(put_merchant(doc, &bill, &mut out)));
    let date = bill.dates.issued.clone().map(|date| date.map(|date| Value::from(date.iso())));
    data.insert(
        "date".into(),
        out.put(
            "date",
            date.as_ref().map(|date| (date, if date.score > 0.45 { 0.92 } else { 0.75 })),
        ),
    );
    let time = time(doc).map(text_value);
    data.insert("time".into(), out.put("time", time.as_ref().map(|time| (time, 0.85))));
    data.insert("lineItems".into(), put_items(&mut out, &bill));
    put_sum(&mut out, &bill, &mut data, "subtotal", &bill.totals.subtotal);
    put_sum(&mut out, &bill, &mut data, "tax", &bill.totals.tax);
    put_sum(&mut out, &bill, &mut data, "total", &bill.totals.total);
    let method = payment_method(doc).map(text_value);
    data.insert(
        "paymentMethod".into(),
        out.put("paymentMethod", method.as_ref().map(|method| (method, 0.8))),
    );
    data.insert("currency".into(), put_currency(&mut out, &bill));
    if bill.totals.disagree {
        warnings.push(warning("totals_disagree", "Net amount and tax do not add up to the total."));
    }
    let of = |name: &str| {
        let found = out.fields.iter().find(|field| field.name == name);
        found.map_or(0.05, |field| calibrated(group_of(name), field.confidence))
    };
    let confidence = of("total") * of("date") * of("merchant.name");
    Reading {
        data,
        fields: out.fields,
        warnings,
        confidence,
        totals_disagree: bill.totals.disagree,
    }
}

/// The merchant stands at the top: its name in the first line that can be one.
fn put_merchant(doc: &Doc<'_>, bill: &Bill, out: &mut Evidence<'_, '_>) -> Map<String, Value> {
    let vendor = &bill.parties.vendor;
    let name = merchant(doc).or_else(|| vendor.name.clone());
    let mut put = |name: &str, found: Option<&Candidate<String>>, factor: f64| {
        let value = found.cloned().map(text_value);
        out.put(name, value.as_ref().map(|value| (value, factor * label_confidence(value.score))))
    };
    let tax = header::vat_ids(doc)
        .into_iter()
        .next()
        .or_else(|| header::tax_numbers(doc).into_iter().next());
    let phones = header::phones(doc);
    object([
        ("name", put("merchant.name", name.as_ref(), 1.0)),
        ("address", put("merchant.address", vendor.address.as_ref(), 0.95)),
        ("phone", put("merchant.phone", nearest_to(name.as_ref(), &phones), 0.95)),
        ("taxId", put("merchant.taxId", tax.as_ref(), 1.0)),
    ])
}

/// `14:32`, `14:32:05`, `2:32 PM`, as `HH:MM`.
fn time(doc: &Doc<'_>) -> Option<Candidate<String>> {
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        for (at, word) in segment.words.iter().enumerate() {
            let bare = word.text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
            let lower = bare.to_ascii_lowercase();
            let next = segment.words.get(at + 1).map(|word| folded(&word.text)).unwrap_or_default();
            let afternoon = lower.ends_with("pm") || next == "pm";
            let morning = lower.ends_with("am") || next == "am";
            let digits = lower.trim_end_matches("am").trim_end_matches("pm");
            let mut parts =
                digits.split(':').map(|part| part.parse::<u32>().ok().filter(|_| part.len() <= 2));
            let (Some(Some(hour)), Some(Some(minute))) = (parts.next(), parts.next()) else {
                continue;
            };
            if hour > 23 || minute > 59 || digits.split(':').count() > 3 {
                continue;
            }
            let hour = match (afternoon, morning, hour) {
                (true, _, 1..=11) => hour + 12,
                (_, true, 12) => 0,
                _ => hour,
            };
            return Some(Candidate::from_span(
                Span::of(segment, at, at + 1, format!("{hour:02}:{minute:02}")),
                0.9,
            ));
        }
    }
    None
}

/// Ways to pay, as the words of receipts.
const METHODS: &[(&str, &[&str])] = &[
    (
        "card",
        &[
            "visa",
            "mastercard",
            "maestro",
            "girocard",
            "amex",
            "card",
            "creditcard",
            "debitcard",
            "karte",
            "kartenzahlung",
            "ec",
            "eccash",
            "cb",
            "cartebancaire",
            "carte",
            "pin",
            "bancontact",
            "tarjeta",
            "carta",
            "vpay",
            "debit",
            "credit",
            "contactless",
            "bankkarte",
        ],
    ),
    (
        "cash",
        &["cash", "bar", "barzahlung", "especes", "contant", "efectivo", "contanti", "gegeben"],
    ),
    ("paypal", &["paypal"]),
    (
        "bank_transfer",
        &[
            "banktransfer",
            "wiretransfer",
            "uberweisung",
            "virement",
            "overschrijving",
            "transferencia",
            "bonifico",
        ],
    ),
    ("direct_debit", &["directdebit", "lastschrift", "prelevement", "incasso", "domiciliacion"]),
];

/// How it was paid: `card`, `cash`, `paypal`, `bank_transfer` or `direct_debit`.
fn payment_method(doc: &Doc<'_>) -> Option<Candidate<String>> {
    let labelled: Vec<usize> = doc.hits_of(Label::PaymentMethod).map(|hit| hit.row).collect();
    let mut best: Option<Candidate<String>> = None;
    for segment in doc.rows.iter().flat_map(|row| &row.segments) {
        for (at, word) in segment.words.iter().enumerate() {
            let fold = folded(&word.text);
            let Some((name, _)) = METHODS.iter().find(|(_, words)| words.contains(&fold.as_str()))
            else {
                continue;
            };
            let score = if labelled.contains(&segment.row) { 0.95 } else { 0.7 };
            if best.as_ref().is_none_or(|known| score > known.score) {
                best = Some(Candidate::from_span(
                    Span::of(segment, at, at + 1, (*name).to_owned()),
                    score,
                ));
            }
        }
    }
    best
}

/// Items of a receipt without a head: a text and an amount at the end of the row, above the sums.
fn plain_items(doc: &Doc<'_>) -> Items {
    let is_sum = |label: Label| {
        matches!(label, Label::Total | Label::Subtotal | Label::Tax | Label::AmountDue)
    };
    let first_sum = doc
        .hits
        .iter()
        .filter(|hit| is_sum(hit.label) && hit.words.0 == 0)
        .map(|hit| hit.row)
        .min();
    let mut found = Items::default();
    for (index, row) in doc.rows.iter().enumerate().take(first_sum.unwrap_or(0)) {
        let spans: Vec<&Span<Number>> = doc.numbers[index].iter().flatten().collect();
        let Some(amount) = spans.last().filter(|span| span.value.looks_like_money()) else {
            continue;
        };
        let Some(text) = row
            .segments
            .first()
            .filter(|s| s.text.chars().filter(|c| c.is_alphabetic()).count() >= 2)
        else {
            continue;
        };
        if doc.hits_in_row(index).iter().any(|hit| hit.words.0 == 0 && hit.segment == 0) {
            continue;
        }
        let same_segment = amount.bounds.x1 <= text.bounds.x1 + 0.5;
        let to = if same_segment { amount.words.0 } else { text.words.len() };
        if to == 0 {
            continue;
        }
        found.items.push(plain_item(text, to, amount));
        found.rows.push(index);
    }
    found
}

/// `2 x Coffee  5.60`: the quantity in front, the price from the amount when it divides evenly.
fn plain_item(text: &crate::layout::Segment, to: usize, amount: &Span<Number>) -> Item {
    let mut from = 0;
    let mut item = Item {
        amount: Some(Candidate::from_span(amount.clone(), 0.8).map(Number::cents)),
        ..Item::default()
    };
    let lead = text.words[0].text.trim_end_matches(['x', 'X', '×']);
    let marked = lead.len() < text.words[0].text.len()
        || text.words.get(1).is_some_and(|word| matches!(word.text.as_str(), "x" | "X" | "×"));
    if to > 1
        && let Some(count) = lead.parse::<i64>().ok().filter(|count| (1..=999).contains(count))
    {
        let skip = if lead.len() == text.words[0].text.len() && marked { 2 } else { 1 };
        from = skip.min(to - 1);
        item.quantity = Some(Candidate::from_span(Span::of(text, 0, 1, count * 10_000), 0.8));
    }
    let description = crate::spans::joined(&text.words[from..to]);
    item.description = Some(Candidate::from_span(Span::of(text, from, to, description), 0.8));
    item
}
