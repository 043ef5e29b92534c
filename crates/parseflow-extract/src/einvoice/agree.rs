//! Whether an electronic invoice says what is printed on the page it travels in.

use parseflow_model::Extraction;
use serde_json::Value;

use super::EInvoice;
use crate::fields::Printed;
use crate::warning;

/// Takes over the places of values that are printed as the XML says, and warns of those that are not.
///
/// A value disagrees when it is printed nowhere and the page holds another one in its place.
pub(crate) fn compare(extraction: &mut Extraction, invoice: &EInvoice, printed: &Printed) {
    for field in &mut extraction.fields {
        let same = printed.fields.iter().find(|other| {
            other.name == field.name && squeezed(&other.value) == squeezed(&field.value)
        });
        if let Some(same) = same {
            (field.page, field.bounds) = (same.page, same.bounds);
            field.raw_text = same.raw_text.clone();
        }
    }
    let mut disagree = Vec::new();
    let mut check = |name: &'static str, is_printed: Option<bool>| {
        let another = printed.fields.iter().any(|field| field.name == name);
        if is_printed == Some(false) && another {
            disagree.push(name);
        }
    };
    let text = |value: &Option<String>| value.as_ref().map(|value| printed.has_text(value));
    check("invoiceNumber", text(&invoice.number));
    check("invoiceDate", invoice.issued.as_ref().map(|date| printed.has_date(date)));
    check("total", invoice.gross.map(|sum| printed.has_amount(sum.cents())));
    check("subtotal", invoice.net.map(|sum| printed.has_amount(sum.cents())));
    check("vendor.iban", text(&invoice.iban));
    if disagree.is_empty() {
        return;
    }
    let names = disagree.join(", ");
    extraction.needs_review = true;
    extraction.warnings.push(warning(
        "xml_disagrees",
        &format!("The printed page shows other values than the electronic invoice: {names}."),
    ));
}

fn squeezed(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    text.chars().filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect()
}
