//! From how good the evidence looks to how often such values are right.
//!
//! Every group of fields has two numbers, fitted on labelled documents (`cargo xtask train --data`):
//! the logit of what the rules say is stretched and shifted. Order is kept; exact sources are left alone.

use std::collections::HashMap;
use std::sync::OnceLock;

use parseflow_model::{Field, FieldSource};

/// Probabilities closer to 0 or 1 than this are never claimed for what was read from a page.
const MARGIN: f64 = 0.003;

/// The fields that share a calibration.
pub(crate) fn group_of(name: &str) -> &'static str {
    if let Some(column) = name.strip_prefix("lineItems[") {
        return match column.rsplit('.').next() {
            Some("description") => "item.description",
            Some("amount" | "quantity" | "unitPrice") => "item.number",
            _ => "item.other",
        };
    }
    match name {
        "invoiceNumber" => "number",
        "invoiceDate" => "issued",
        "date" => "receipt.date",
        "dueDate" => "due",
        "total" => "total",
        "subtotal" | "tax" => "sums",
        "amountDue" | "prepaid" => "due.amount",
        "currency" => "currency",
        "vendor.name" => "vendor",
        "merchant.name" => "merchant",
        "customer.name" => "customer",
        "vendor.taxId" | "customer.taxId" | "merchant.taxId" => "tax.id",
        "vendor.iban" | "iban" => "iban",
        "effectiveDate" | "endDate" => "effective",
        "governingLaw" => "law",
        "term" => "term",
        "openingBalance" | "closingBalance" => "balance",
        "accountHolder" => "holder",
        "period.from" | "period.to" => "period",
        "documentNumber" | "surname" | "givenNames" | "nationality" | "dateOfBirth" | "sex"
        | "expiryDate" | "issuingCountry" => "identity",
        _ if name.starts_with("parties") => "parties",
        _ if name.starts_with("taxes[") => "sums",
        _ => "other",
    }
}

pub(crate) fn shipped() -> &'static HashMap<String, [f64; 2]> {
    static TABLE: OnceLock<HashMap<String, [f64; 2]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        serde_json::from_str(include_str!("../../models/calibration.json"))
            .expect("the shipped calibration is an object of pairs")
    })
}

/// The probability that belongs to a raw confidence of a group.
pub(crate) fn calibrated(group: &str, raw: f64) -> f64 {
    let clamped = raw.clamp(MARGIN, 1.0 - MARGIN);
    let Some([stretch, shift]) = shipped().get(group) else { return clamped };
    let logit = (clamped / (1.0 - clamped)).ln();
    let value = 1.0 / (1.0 + (-(stretch * logit + shift)).exp());
    value.clamp(MARGIN, 1.0 - MARGIN)
}

/// Replaces the confidences of all fields read from a page.
pub(super) fn calibrate(fields: &mut [Field]) {
    for field in fields.iter_mut().filter(|field| field.source != FieldSource::Xml) {
        field.confidence = super::rounded(calibrated(group_of(&field.name), field.confidence));
    }
    // A total that was added up is no surer than what it was added up from.
    let part = |name: &str| {
        let field = fields.iter().find(|field| field.name == name);
        field.map_or(1.0, |field| field.confidence)
    };
    let parts = part("subtotal").min(part("tax"));
    let mut sums = fields.iter_mut().filter(|field| field.source == FieldSource::Derived);
    if let Some(total) = sums.find(|field| field.name == "total") {
        total.confidence = total.confidence.min(parts);
    }
}

#[cfg(test)]
mod tests {
    use super::{calibrated, group_of, shipped};

    #[test]
    fn order_is_kept_and_certainty_is_never_claimed() {
        let groups = shipped().keys().map(String::as_str).chain(["unknown group"]);
        for group in groups {
            let values: Vec<f64> =
                (0..=100).map(|percent| calibrated(group, f64::from(percent) / 100.0)).collect();
            assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{group}");
            assert!(values.iter().all(|value| *value > 0.0 && *value < 1.0), "{group}");
        }
    }

    #[test]
    fn cells_of_one_column_share_a_group() {
        assert_eq!(group_of("lineItems[12].amount"), group_of("lineItems[0].quantity"));
        assert_eq!(group_of("parties[1]"), "parties");
        assert_eq!(group_of("anything"), "other");
    }
}
