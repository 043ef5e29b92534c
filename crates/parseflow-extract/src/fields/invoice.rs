//! Invoices and credit notes.

use parseflow_model::{DocumentType, ExtractionWarning};
use serde_json::{Map, Value};

use super::calibrate::{calibrated, group_of};
use super::currency::{Currency, currency};
use super::dates::{self, Dates};
use super::doc::{Candidate, Doc};
use super::header;
use super::items::{Item, Items, items, loose_items};
use super::numbers;
use super::out::{Evidence, decimal, money, object};
use super::parties::{Parties, email_of, nearest_to, parties};
use super::totals::{TaxLine, Totals, totals};
use super::{Reading, text_value};
use crate::warning;

/// Everything found, before it is put in shape.
pub(super) struct Bill {
    pub(super) parties: Parties,
    pub(super) dates: Dates,
    pub(super) number: Option<Candidate<String>>,
    pub(super) order: Option<Candidate<String>>,
    pub(super) currency: Option<Currency>,
    pub(super) items: Items,
    pub(super) totals: Totals,
}

impl Bill {
    pub(super) fn read(doc: &Doc<'_>) -> Bill {
        let items = items(doc);
        let totals = totals(doc, items.sum(), &items.rows);
        let number = numbers::document_number(doc);
        Bill {
            parties: parties(doc),
            dates: dates::dates(doc, number.as_ref()),
            number,
            order: numbers::purchase_order(doc),
            currency: currency(doc),
            items,
            totals,
        }
    }

    /// Looks for items that add up to the net or gross sum where those under a head do not.
    fn complete_items(&mut self, doc: &Doc<'_>) {
        if self.items_add_up() {
            return;
        }
        let totals = &self.totals;
        let printed = || [&totals.subtotal, &totals.total].into_iter().flatten();
        let sums: Vec<i64> = printed().map(|sum| sum.value).collect();
        let tax = totals.tax.as_ref().map(|tax| tax.row);
        let first = printed().map(|sum| sum.row).chain(tax).min();
        // What is taken for a sum may be the amount of an item: then those above the tax are tried.
        let above_tax = tax.filter(|_| tax != first);
        let mut ends = first.into_iter().chain(above_tax);
        let found = ends.find_map(|end| loose_items(doc, &sums, end));
        if let Some(items) = found.filter(|items| !items.add_allowances(&self.items)) {
            self.items = items.with_known(&self.items);
        }
    }

    /// Whether the items add up to the net or gross sum.
    pub(super) fn items_add_up(&self) -> bool {
        let Some(sum) = self.items.sum() else { return false };
        [&self.totals.subtotal, &self.totals.total]
            .into_iter()
            .flatten()
            .any(|candidate| (candidate.value - sum).abs() <= 2)
    }

    /// Probability that a sum is right: its label, and whether the sums agree.
    pub(super) fn sum_confidence(&self, candidate: &Candidate<i64>) -> f64 {
        let label = candidate.score.min(1.0);
        match (self.totals.closed, self.totals.disagree) {
            (true, _) if self.items_add_up() => 0.93 + 0.06 * label,
            (true, _) => 0.9 + 0.06 * label,
            (false, true) => 0.2 + 0.3 * label,
            (false, false) if self.items_add_up() => 0.75 + 0.2 * label,
            (false, false) => 0.35 + 0.45 * label,
        }
    }
}

pub(super) fn label_confidence(score: f64) -> f64 {
    0.3 + 0.67 * score.clamp(0.0, 1.0)
}

/// Reads an invoice, a credit note or an order: all three have one shape.
pub(super) fn read(doc: &Doc<'_>, kind: DocumentType) -> Reading {
    let mut bill = Bill::read(doc);
    bill.complete_items(doc);
    let mut out = Evidence::new(doc);
    let mut warnings = Vec::new();
    let text = |out: &mut Evidence<'_, '_>, name: &str, found: &Option<Candidate<String>>| {
        let value = found.clone().map(text_value);
        out.put(name, value.as_ref().map(|value| (value, label_confidence(value.score))))
    };
    let mut data = object([("type", kind.as_str().into())]);
    data.insert("invoiceNumber".into(), text(&mut out, "invoiceNumber", &bill.number));
    let date = |found: &Option<Candidate<crate::spans::CalendarDate>>| {
        found.clone().map(|date| date.map(|date| date.iso()))
    };
    data.insert("invoiceDate".into(), text(&mut out, "invoiceDate", &date(&bill.dates.issued)));
    data.insert("dueDate".into(), text(&mut out, "dueDate", &date(&bill.dates.due)));
    data.insert("purchaseOrder".into(), text(&mut out, "purchaseOrder", &bill.order));
    data.insert("currency".into(), put_currency(&mut out, &bill));
    let (vendor, customer) = put_parties(doc, &bill, &mut out, &mut warnings);
    data.insert("vendor".into(), Value::Object(vendor));
    data.insert("customer".into(), Value::Object(customer));
    data.insert("lineItems".into(), put_items(&mut out, &bill));
    put_totals(&mut out, &bill, &mut data);
    if bill.totals.disagree {
        warnings.push(warning("totals_disagree", "Net amount and tax do not add up to the total."));
    }
    if !bill.items.items.is_empty() && bill.items.sum().is_some() && !bill.items_add_up() {
        warnings.push(warning(
            "line_items_incomplete",
            "The amounts of the items do not add up to the net amount or the total.",
        ));
    }
    let confidence = confidence_of(&out);
    Reading {
        data,
        fields: out.fields,
        warnings,
        confidence,
        totals_disagree: bill.totals.disagree,
    }
}

pub(super) fn put_currency(out: &mut Evidence<'_, '_>, bill: &Bill) -> Value {
    let found = bill
        .currency
        .clone()
        .map(|currency| (currency.found.map(Value::from), currency.confidence));
    out.put("currency", found.as_ref().map(|(candidate, confidence)| (candidate, *confidence)))
}

fn put_parties(
    doc: &Doc<'_>,
    bill: &Bill,
    out: &mut Evidence<'_, '_>,
    warnings: &mut Vec<ExtractionWarning>,
) -> (Map<String, Value>, Map<String, Value>) {
    let (vendor, customer) = (&bill.parties.vendor, &bill.parties.customer);
    let mut put = |name: &str, found: Option<&Candidate<String>>, factor: f64| {
        let value = found.cloned().map(text_value);
        out.put(name, value.as_ref().map(|value| (value, factor * label_confidence(value.score))))
    };
    let tax = TaxIds::of(doc, vendor.name.as_ref(), customer.name.as_ref());
    let emails = header::emails(doc);
    let emails: Vec<_> = emails.into_iter().filter(|email| !is_of_customer(email, bill)).collect();
    let phones = header::phones(doc);
    let iban = header::iban(doc);
    if iban.as_ref().is_some_and(|(_, valid)| !valid) {
        warnings
            .push(warning("iban_check_digits", "The check digits of the printed IBAN are wrong."));
    }
    let vendor_map = object([
        ("name", put("vendor.name", vendor.name.as_ref(), 0.95)),
        ("address", put("vendor.address", vendor.address.as_ref(), 0.95)),
        ("email", put("vendor.email", email_of(vendor.name.as_ref(), &emails), 0.95)),
        ("phone", put("vendor.phone", nearest_to(vendor.name.as_ref(), &phones), 0.9)),
        ("taxId", put("vendor.taxId", tax.vendor.as_ref(), 1.0)),
        ("iban", put("vendor.iban", iban.as_ref().map(|(iban, _)| iban), 1.0)),
    ]);
    let customer_map = object([
        ("name", put("customer.name", customer.name.as_ref(), 0.95)),
        ("address", put("customer.address", customer.address.as_ref(), 0.95)),
        ("taxId", put("customer.taxId", tax.customer.as_ref(), 1.0)),
    ]);
    (vendor_map, customer_map)
}

/// An address that stands nearer to the customer's name than to the vendor's.
fn is_of_customer(found: &Candidate<String>, bill: &Bill) -> bool {
    let distance = |name: &Option<Candidate<String>>| {
        let (a, b) = (name.as_ref()?.bounds?, found.bounds?);
        (name.as_ref()?.page == found.page).then(|| (a.y0 - b.y0).abs() + 0.5 * (a.x0 - b.x0).abs())
    };
    match (distance(&bill.parties.customer.name), distance(&bill.parties.vendor.name)) {
        (Some(customer), Some(vendor)) => customer < 90.0 && customer < vendor,
        _ => false,
    }
}

/// Which tax number belongs to whom.
struct TaxIds {
    vendor: Option<Candidate<String>>,
    customer: Option<Candidate<String>>,
}

impl TaxIds {
    fn of(
        doc: &Doc<'_>,
        vendor: Option<&Candidate<String>>,
        customer: Option<&Candidate<String>>,
    ) -> TaxIds {
        let ids = header::vat_ids(doc);
        let distance = |name: Option<&Candidate<String>>, id: &Candidate<String>| match (
            name.and_then(|n| n.bounds),
            id.bounds,
        ) {
            (Some(a), Some(b)) if name.is_some_and(|name| name.page == id.page) => {
                (a.y0 - b.y0).abs() + 0.7 * (a.x0 - b.x0).abs()
            }
            _ => 400.0,
        };
        let mut found = TaxIds { vendor: None, customer: None };
        let all_of_customer = !ids.is_empty() && ids.iter().all(|id| stands_under(customer, id));
        let numbers = header::tax_numbers(doc);
        if all_of_customer && numbers.iter().any(|number| !stands_under(customer, number)) {
            // The vendor's own is one without a country.
            found.customer = ids.first().cloned();
        } else if let [only] = ids.as_slice() {
            // A single number is the vendor's: the law makes him print it.
            let near_customer = distance(customer, only) < 80.0 && distance(vendor, only) > 160.0;
            if near_customer && customer_label_near(doc, only) {
                found.customer = Some(only.clone());
            } else {
                found.vendor = Some(only.clone());
            }
        } else if ids.len() > 1 {
            // A number in the lines under the customer's name is the customer's.
            let nearer = |id: &&Candidate<String>| {
                let own = if stands_under(customer, id) { 10_000 } else { 0 };
                (distance(customer, id) - distance(vendor, id)) as i64 - own
            };
            found.vendor = ids.iter().max_by_key(nearer).cloned();
            let vendor_id = found.vendor.as_ref().map(|id| id.value.clone());
            let rest = ids.iter().filter(|id| Some(&id.value) != vendor_id.as_ref());
            found.customer =
                rest.min_by_key(nearer).filter(|id| distance(customer, id) < 250.0).cloned();
        }
        if found.vendor.is_none() {
            let own: Vec<_> =
                numbers.into_iter().filter(|number| !stands_under(customer, number)).collect();
            found.vendor = nearest_to(vendor, &own).cloned();
        }
        found
    }
}

/// Whether a number stands in the lines under a name, with its left edge: a part of the same address.
fn stands_under(name: Option<&Candidate<String>>, id: &Candidate<String>) -> bool {
    const LINES: f64 = 7.0;
    let Some(name) = name.filter(|name| name.page == id.page) else { return false };
    let (Some(above), Some(own)) = (name.bounds, id.bounds) else { return false };
    let down = own.y0 - above.y0;
    // The label of the number may stand before it.
    let right = own.x0 - above.x0;
    (0.0..LINES * 1.5 * above.height()).contains(&down) && (-2.0..90.0).contains(&right)
}

fn customer_label_near(doc: &Doc<'_>, id: &Candidate<String>) -> bool {
    doc.hits_of(crate::lexicon::Label::Customer)
        .any(|hit| id.row.abs_diff(hit.row) <= 6 && hit.row <= id.row)
}

/// The items with the evidence for each of their values.
pub(super) fn put_items(out: &mut Evidence<'_, '_>, bill: &Bill) -> Value {
    let add_up = bill.items_add_up();
    let items = bill.items.items.iter().enumerate();
    let lines = items.map(|(index, item)| Value::Object(put_item(out, index, item, add_up)));
    Value::Array(lines.collect())
}

fn put_item(
    out: &mut Evidence<'_, '_>,
    index: usize,
    item: &Item,
    add_up: bool,
) -> Map<String, Value> {
    let sure = match (item.multiplies, add_up) {
        (true, true) => 0.98,
        (true, false) => 0.94,
        (false, true) => 0.88,
        (false, false) => 0.6,
    };
    let mut put = |key: &str, found: Option<Candidate<Value>>, confidence: f64| {
        out.put(
            format!("lineItems[{index}].{key}"),
            found.as_ref().map(|found| (found, confidence)),
        )
    };
    let text = |found: &Option<Candidate<String>>| found.clone().map(text_value);
    object([
        ("description", put("description", text(&item.description), 0.85)),
        ("quantity", put("quantity", item.quantity.clone().map(|c| c.map(decimal)), sure)),
        ("unit", put("unit", text(&item.unit), 0.75)),
        (
            "unitPrice",
            put(
                "unitPrice",
                item.unit_price.clone().map(|c| c.map(|n| money((n + 50 * n.signum()) / 100))),
                sure,
            ),
        ),
        ("taxRate", put("taxRate", item.tax_rate.clone().map(|c| c.map(decimal)), 0.8)),
        ("amount", put("amount", item.amount.clone().map(|c| c.map(money)), sure)),
    ])
}

fn put_totals(out: &mut Evidence<'_, '_>, bill: &Bill, data: &mut Map<String, Value>) {
    let totals = &bill.totals;
    put_sum(out, bill, data, "subtotal", &totals.subtotal);
    let lines = totals
        .taxes
        .iter()
        .enumerate()
        .map(|(index, line)| Value::Object(put_tax_line(out, bill, index, line)));
    let lines: Vec<Value> = lines.collect();
    data.insert("taxes".into(), Value::Array(lines));
    put_sum(out, bill, data, "tax", &totals.tax);
    put_sum(out, bill, data, "total", &totals.total);
    put_sum(out, bill, data, "amountDue", &totals.amount_due);
}

pub(super) fn put_sum(
    out: &mut Evidence<'_, '_>,
    bill: &Bill,
    data: &mut Map<String, Value>,
    name: &str,
    found: &Option<Candidate<i64>>,
) {
    let confidence = found.as_ref().map(|found| bill.sum_confidence(found));
    let value = found.clone().map(|found| found.map(money));
    data.insert(name.to_owned(), out.put(name, value.as_ref().zip(confidence)));
}

fn put_tax_line(
    out: &mut Evidence<'_, '_>,
    bill: &Bill,
    index: usize,
    line: &TaxLine,
) -> Map<String, Value> {
    let sure = if line.base.is_some() { 0.95 } else { 0.7 };
    let sure = if bill.totals.closed { sure } else { sure * 0.9 };
    let mut put = |key: &str, found: Option<Candidate<Value>>| {
        out.put(format!("taxes[{index}].{key}"), found.as_ref().map(|found| (found, sure)))
    };
    object([
        ("rate", put("rate", line.rate.clone().map(|c| c.map(decimal)))),
        ("base", put("base", line.base.clone().map(|c| c.map(money)))),
        ("amount", put("amount", Some(line.amount.clone().map(money)))),
    ])
}

/// Probability that number, date and total are all right; a missing one is as good as wrong.
fn confidence_of(out: &Evidence<'_, '_>) -> f64 {
    const MISSING: f64 = 0.05;
    let of = |name: &str| {
        let found = out.fields.iter().find(|field| field.name == name);
        found.map_or(MISSING, |field| calibrated(group_of(name), field.confidence))
    };
    ["total", "invoiceNumber", "invoiceDate"].into_iter().map(of).product()
}
