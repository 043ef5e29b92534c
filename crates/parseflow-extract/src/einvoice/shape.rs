//! An electronic invoice in the shape of our invoices, with evidence.

use parseflow_model::{DocumentType, Extraction, Field, FieldSource};
use serde_json::{Map, Value};

use super::{Adjustment, Decimal, EInvoice, Line, Party, TaxPart};
use crate::warning;

/// The values under construction.
struct Shape {
    fields: Vec<Field>,
}

impl Shape {
    /// Records a value under its path and returns it; null when there is none.
    fn put(&mut self, name: String, value: Option<Value>, raw: String) -> Value {
        let Some(value) = value else { return Value::Null };
        self.fields.push(Field {
            name,
            value: value.clone(),
            raw_text: raw,
            confidence: 1.0,
            page: 1,
            bounds: None,
            source: FieldSource::Xml,
        });
        value
    }

    fn text(&mut self, name: &str, value: &Option<String>) -> Value {
        self.put(name.to_owned(), value.clone().map(Value::from), value.clone().unwrap_or_default())
    }

    fn money(&mut self, name: impl Into<String>, value: Option<Decimal>) -> Value {
        let rounded = value.map(|value| json_number(value.cents() * 10_000));
        self.put(name.into(), rounded, value.map(Decimal::printed).unwrap_or_default())
    }

    /// Prices, quantities and rates keep the decimals they are written with.
    fn decimal(&mut self, name: impl Into<String>, value: Option<Decimal>) -> Value {
        let number = value.map(|value| json_number(value.0));
        self.put(name.into(), number, value.map(Decimal::printed).unwrap_or_default())
    }
}

impl Decimal {
    fn printed(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.unsigned_abs() / 1_000_000, self.0.unsigned_abs() % 1_000_000);
        let part = format!("{part:06}");
        let part = part.trim_end_matches('0');
        if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
    }
}

fn json_number(millionths: i64) -> Value {
    if millionths % 1_000_000 == 0 {
        Value::from(millionths / 1_000_000)
    } else {
        Value::from(millionths as f64 / 1_000_000.0)
    }
}

/// The extraction of an electronic invoice. `media_type` is that of the file it came in.
pub(crate) fn extraction_of(invoice: &EInvoice, media_type: &str, pages: u32) -> Extraction {
    let kind =
        if invoice.is_credit_note { DocumentType::CreditNote } else { DocumentType::Invoice };
    let mut shape = Shape { fields: Vec::new() };
    let mut data = Map::new();
    let mut set = |key: &str, value: Value| data.insert(key.to_owned(), value);
    set("type", kind.as_str().into());
    set("invoiceNumber", shape.text("invoiceNumber", &invoice.number));
    set("invoiceDate", shape.text("invoiceDate", &invoice.issued));
    set("dueDate", shape.text("dueDate", &invoice.due));
    set("purchaseOrder", shape.text("purchaseOrder", &invoice.order));
    set("currency", shape.text("currency", &invoice.currency));
    set("vendor", vendor(&mut shape, invoice));
    set("customer", customer(&mut shape, &invoice.buyer));
    let lines = invoice.lines.iter().enumerate();
    set("lineItems", lines.map(|(index, item)| line(&mut shape, index, item)).collect());
    set("subtotal", shape.money("subtotal", invoice.net));
    let taxes = invoice.taxes.iter().enumerate();
    set("taxes", taxes.map(|(index, part)| tax_part(&mut shape, index, part)).collect());
    set("tax", shape.money("tax", invoice.tax));
    set("total", shape.money("total", invoice.gross));
    set("amountDue", shape.money("amountDue", invoice.due_amount));
    set("prepaid", shape.money("prepaid", invoice.prepaid));
    set("deliveryDate", shape.text("deliveryDate", &invoice.delivered));
    set("paymentTerms", shape.text("paymentTerms", &invoice.terms));
    let adjustments = invoice.adjustments.iter().enumerate();
    let adjustments = adjustments.map(|(index, part)| adjustment(&mut shape, index, part));
    set("adjustments", adjustments.collect());
    let mut warnings = Vec::new();
    if invoice.has_more {
        warnings.push(warning(
            "several_invoices",
            "The file holds several invoices; the first was read.",
        ));
    }
    if !adds_up(invoice) {
        warnings.push(warning("totals_disagree", "Net amount and tax do not add up to the total."));
    }
    let complete = invoice.number.is_some() && invoice.issued.is_some() && invoice.gross.is_some();
    Extraction {
        document_type: kind,
        confidence: if complete { 1.0 } else { 0.5 },
        data,
        fields: shape.fields,
        needs_review: !complete || !warnings.is_empty(),
        warnings,
        mime_type: media_type.to_owned(),
        language: None,
        page_count: pages,
        text: None,
        tables: None,
        printed: Vec::new(),
    }
}

/// Whether net and tax make the gross amount, within a cent for each rate.
fn adds_up(invoice: &EInvoice) -> bool {
    let (Some(net), Some(tax), Some(gross)) = (invoice.net, invoice.tax, invoice.gross) else {
        return true;
    };
    let slack = 1 + invoice.taxes.len() as i64;
    (net.cents() + tax.cents() - gross.cents()).abs() <= slack
}

fn vendor(shape: &mut Shape, invoice: &EInvoice) -> Value {
    let seller = &invoice.seller;
    let mut map = Map::new();
    map.insert("name".into(), shape.text("vendor.name", &seller.name));
    map.insert("address".into(), shape.text("vendor.address", &address(seller)));
    map.insert("email".into(), shape.text("vendor.email", &seller.email));
    map.insert("phone".into(), shape.text("vendor.phone", &seller.phone));
    map.insert("taxId".into(), shape.text("vendor.taxId", &tax_id(seller)));
    map.insert("iban".into(), shape.text("vendor.iban", &invoice.iban));
    map.insert("bic".into(), shape.text("vendor.bic", &invoice.bic));
    Value::Object(map)
}

fn customer(shape: &mut Shape, buyer: &Party) -> Value {
    let mut map = Map::new();
    map.insert("name".into(), shape.text("customer.name", &buyer.name));
    map.insert("address".into(), shape.text("customer.address", &address(buyer)));
    map.insert("taxId".into(), shape.text("customer.taxId", &tax_id(buyer)));
    Value::Object(map)
}

fn address(party: &Party) -> Option<String> {
    (!party.address.is_empty()).then(|| party.address.join(", "))
}

fn tax_id(party: &Party) -> Option<String> {
    party.vat_id.clone().or_else(|| party.tax_number.clone())
}

fn line(shape: &mut Shape, index: usize, item: &Line) -> Value {
    let name = |key: &str| format!("lineItems[{index}].{key}");
    let mut map = Map::new();
    map.insert("description".into(), shape.text(&name("description"), &item.description));
    map.insert("quantity".into(), shape.decimal(name("quantity"), item.quantity));
    map.insert("unit".into(), shape.text(&name("unit"), &item.unit));
    map.insert("unitPrice".into(), shape.decimal(name("unitPrice"), item.unit_price));
    map.insert("taxRate".into(), shape.decimal(name("taxRate"), item.tax_rate));
    map.insert("amount".into(), shape.money(name("amount"), item.amount));
    Value::Object(map)
}

fn tax_part(shape: &mut Shape, index: usize, part: &TaxPart) -> Value {
    let name = |key: &str| format!("taxes[{index}].{key}");
    let mut map = Map::new();
    map.insert("rate".into(), shape.decimal(name("rate"), part.rate));
    map.insert("base".into(), shape.money(name("base"), part.base));
    map.insert("amount".into(), shape.money(name("amount"), part.amount));
    Value::Object(map)
}

fn adjustment(shape: &mut Shape, index: usize, part: &Adjustment) -> Value {
    let name = |key: &str| format!("adjustments[{index}].{key}");
    let mut map = Map::new();
    map.insert("reason".into(), shape.text(&name("reason"), &part.reason));
    map.insert("amount".into(), shape.money(name("amount"), part.amount));
    map.insert("taxRate".into(), shape.decimal(name("taxRate"), part.tax_rate));
    Value::Object(map)
}
